"""Answering a test set with a model: in batches, by one process or many, from where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch.distributed as dist

from trainer.data.pictures import decode
from trainer.data.rows import RowReader
from trainer.errors import RunError
from trainer.evaluation.answers import Journal, ModelAnswer
from trainer.evaluation.example import Example
from trainer.prediction import Reader, load_reader
from trainer.train.run import model_folder
from trainer.train.world import World
from vary_data.dataset.rejection import Rejected

PATIENCE = timedelta(days=7)
"""How long a process that is done waits for the slowest one."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """What decides an answer, besides the model; greedy."""

    max_new_tokens: int = 2048
    no_repeat_ngram: int = 0


Progress = Callable[[int, int], None]


def answer(
    model: Path,
    examples: Sequence[Example],
    decoding: Decoding,
    folder: Path,
    world: World,
    batch: int = 8,
    progress: Progress = lambda done, all: None,
) -> dict[str, ModelAnswer]:
    """Answers to all examples, by id; what `folder` holds already is not asked again.

    Every process answers its share and gets everybody's answers back. Raises `RunError` where
    `folder` holds the answers of another model or of other settings.
    """
    waiting = None
    if world.size > 1:
        waiting = dist.new_group(backend="gloo", timeout=PATIENCE)
    journal = Journal(folder)
    problem = _prepare(folder, _identity(model, decoding), journal) if world.first else None
    for other in _gather(problem, world, waiting):
        if other:
            raise RunError(*other)
    known = journal.read(examples) if world.first else {}
    known = _gather(known, world, waiting)[0]
    open_ones = list({e.id: e for e in examples if e.id not in known}.values())
    # Long ones first: if memory runs out it does so at once, and batches are of one length.
    open_ones.sort(key=lambda e: (-len(e.truth), e.id))
    share = open_ones[world.rank :: world.size]
    given = _answer_share(model, share, decoding, journal, world, batch, progress)
    for part in _gather(given, world, waiting):
        known.update(part)
    return known


def _answer_share(
    model: Path,
    share: Sequence[Example],
    decoding: Decoding,
    journal: Journal,
    world: World,
    batch: int,
    progress: Progress,
) -> dict[str, ModelAnswer]:
    if not share:
        return {}
    reader = load_reader(
        model, str(world.device), decoding.max_new_tokens, decoding.no_repeat_ngram
    )
    rows = RowReader(("image",), cache_bytes=256 * 2**20)
    given: dict[str, ModelAnswer] = {}
    for start in range(0, len(share), batch):
        some = share[start : start + batch]
        new = _answer_batch(reader, rows, some)
        journal.append(new, world.rank)
        given.update((g.id, g) for g in new)
        progress(len(given), len(share))
    return given


def _answer_batch(reader: Reader, rows: RowReader, some: Sequence[Example]) -> list[ModelAnswer]:
    pictures: list[Any] = []
    errors: list[str] = []
    for example in some:
        try:
            image = rows.row(example.group, example.row)["image"]
            if not image or not image["bytes"]:
                raise Rejected("no picture")
            pictures.append(decode(image["bytes"]))
            errors.append("")
        except Rejected as error:
            errors.append(str(error))
        except (pa.ArrowException, OSError):
            errors.append("row unreadable")
    asked = [example.question for example, why in zip(some, errors, strict=True) if not why]
    answers = iter(reader.read(pictures, asked) if pictures else ())
    given = []
    for example, why in zip(some, errors, strict=True):
        if why:
            given.append(ModelAnswer(example.id, "", example.key, error=why))
        else:
            said = next(answers)
            given.append(
                ModelAnswer(example.id, said.text, example.key, said.tokens, said.finished)
            )
    return given


def _prepare(folder: Path, identity: dict[str, Any], journal: Journal) -> tuple[str, str] | None:
    """Make the folder, or say why it cannot be used."""
    path = folder / "model.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            differing = sorted(name for name in identity if before.get(name) != identity[name])
            if differing:
                what = ", ".join(differing)
                return (
                    f"{folder} holds answers of another run ({what} differ)",
                    "choose another --out",
                )
        else:
            path.write_text(json.dumps(identity, indent=1) + "\n", encoding="utf-8")
        journal.mend()
    except (OSError, ValueError, AttributeError) as error:
        return f"{folder} cannot be used ({error})", "choose another --out"
    return None


def _identity(model: Path, decoding: Decoding) -> dict[str, Any]:
    """The model by the ends of its weight files, which training changes, and how it decodes."""
    folder = model_folder(model)
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin")):
        with file.open("rb") as stream:
            size = file.stat().st_size
            digest.update(f"{file.name} {size}".encode())
            digest.update(stream.read(2**20))
            for part in range(1, 9):
                stream.seek(part * size // 9)
                digest.update(stream.read(2**16))
    return {"model": str(folder), "weights": digest.hexdigest()[:16], **asdict(decoding)}


def _gather(value: Any, world: World, group: Any) -> list[Any]:
    if world.size == 1:
        return [value]
    values: list[Any] = [None] * world.size
    dist.all_gather_object(values, value, group=group)
    return values
