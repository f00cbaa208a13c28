"""Answers a test set with a model: in batches, by one or several processes, resumable."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch.distributed as dist
from PIL import Image

from trainer.data.pictures import decode
from trainer.data.rows import RowReader
from trainer.errors import RunError
from trainer.evaluation.answers import Journal, ModelAnswer
from trainer.evaluation.example import Example
from trainer.prediction import Asked, Reader, load_reader
from trainer.training.run import model_folder
from trainer.training.world import World
from vary_data.dataset.rejection import Rejected

GATHER_TIMEOUT = timedelta(days=7)
"""The maximum time for which a finished process waits for the slowest one."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Settings of greedy decoding, which decide an answer together with the model."""

    max_new_tokens: int = 2048
    no_repeat_ngram: int = 0
    no_repeat: bool = False


ProgressCallback = Callable[[int, int], None]


def answer_examples(
    model: Path,
    examples: Sequence[Example],
    decoding: Decoding,
    folder: Path,
    world: World,
    batch: int = 0,
    progress: ProgressCallback = lambda done, all: None,
) -> dict[str, ModelAnswer]:
    """Answers to all examples, by id; those that are in `folder` already are not asked again.

    `batch` pictures are read at a time, 0: as many as fit the device.

    Every process answers its share and returns the answers of all processes.

    Raises:
        RunError: `folder` has answers of another model or of other settings, or cannot be used.
    """
    group = None
    if world.size > 1:
        group = dist.new_group(backend="gloo", timeout=GATHER_TIMEOUT)
    journal = Journal(folder)
    problem = _prepare(folder, _identity(model, decoding), journal) if world.first else None
    for message in _gather(problem, world, group):
        if message:
            raise RunError(*message)
    answers = journal.read(examples) if world.first else {}
    answers = _gather(answers, world, group)[0]
    unanswered = list({e.id: e for e in examples if e.id not in answers}.values())
    # Long answers first: at the end no slot is left alone with one.
    unanswered.sort(key=lambda e: (-len(e.truth), e.id))
    share = unanswered[world.rank :: world.size]
    new = _answer_share(model, share, decoding, journal, world, batch, progress)
    for part in _gather(new, world, group):
        answers.update(part)
    return answers


def _answer_share(
    model: Path,
    share: Sequence[Example],
    decoding: Decoding,
    journal: Journal,
    world: World,
    batch: int,
    progress: ProgressCallback,
) -> dict[str, ModelAnswer]:
    if not share:
        return {}
    reader = load_reader(
        model, str(world.device), decoding.max_new_tokens, decoding.no_repeat_ngram,
        decoding.no_repeat,
    )  # fmt: skip
    rows = RowReader(("image",), cache_bytes=256 * 2**20)
    answers: dict[str, ModelAnswer] = {}
    for answer in answer_each(reader, rows, share, batch):
        journal.append([answer], world.rank)
        answers[answer.id] = answer
        progress(len(answers), len(share))
    return answers


def answer_each(
    reader: Reader, rows: RowReader, examples: Iterable[Example], batch: int = 0
) -> Iterator[ModelAnswer]:
    """An answer to each example, in order; one without a readable picture has an error."""
    taken: deque[tuple[Example, str]] = deque()

    def asked() -> Iterator[Asked]:
        for example in examples:
            try:
                picture = _picture(rows, example)
            except Rejected as error:
                taken.append((example, error.reason))
            else:
                taken.append((example, ""))
                yield picture, example.question

    def unread() -> Iterator[ModelAnswer]:
        while taken and taken[0][1]:
            example, reason = taken.popleft()
            yield ModelAnswer(example.id, "", example.key, error=reason)

    for new in reader.read_each(asked(), batch):
        yield from unread()
        example, _ = taken.popleft()
        yield ModelAnswer(example.id, new.text, example.key, new.tokens, new.finished)
    yield from unread()


def _picture(rows: RowReader, example: Example) -> Image.Image:
    """An example's picture.

    Raises:
        Rejected: it cannot be read.
    """
    try:
        image = rows.row(example.group, example.row)["image"]
    except (pa.ArrowException, OSError) as error:
        raise Rejected("row unreadable") from error
    if not image or not image["bytes"]:
        raise Rejected("no picture")
    return decode(image["bytes"])


def _prepare(folder: Path, identity: dict[str, Any], journal: Journal) -> tuple[str, str] | None:
    """Make the folder; returns a message and a hint if it cannot be used."""
    path = folder / "model.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            differing = sorted(name for name in identity if before.get(name) != identity[name])
            if differing:
                names = ", ".join(differing)
                return (
                    f"{folder} has answers of another run ({names} differ)",
                    "choose another --out",
                )
        else:
            path.write_text(json.dumps(identity, indent=1) + "\n", encoding="utf-8")
        journal.drop_incomplete_lines()
    except (OSError, ValueError, AttributeError) as error:
        return f"{folder} cannot be used ({error})", "choose another --out"
    return None


def _identity(model: Path, decoding: Decoding) -> dict[str, Any]:
    """Identifies the model by samples of its weight files, and the decoding settings."""
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
