"""Lays out exactly what is published in a folder of its own; nothing else can be uploaded.

`OUT/.push` holds the card, the recipe, the list of sources, the Croissant description and a
picture; shards are links to those of the dataset, or copies without the rows that a keep-list
leaves out.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vary_data.base.errors import OutputError, SourceError
from vary_data.dataset.footers import footer
from vary_data.dataset.reader import Dataset, DatasetConfig, Shard
from vary_data.engine.writer import ShardWriter, write_text
from vary_data.hub.card import GRID, SOURCES, Card, sources_table
from vary_data.hub.croissant import FILE as CROISSANT
from vary_data.hub.croissant import croissant
from vary_data.hub.facts import Facts, gather
from vary_data.hub.grid import grid
from vary_data.hub.recipes import FILE as RECIPE
from vary_data.hub.recipes import recipes
from vary_data.testset.manifest import FILE as TESTSET

FOLDER = ".push"
KEEP = "vary.keep"
"""In the footer of a shard that was copied: which keep-list it was copied by."""
COPIED_ROWS = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """`files` are what is published, by their paths in the repository."""

    folder: Path
    facts: Facts
    files: tuple[str, ...]

    @property
    def card(self) -> Path:
        return self.folder / "README.md"

    @property
    def bytes(self) -> int:
        return sum((self.folder / file).stat().st_size for file in self.files)

    @property
    def replaced(self) -> list[str]:
        """Patterns of files that an earlier upload of the same configurations may have left."""
        return [f"{config.name}/data/*.parquet" for config in self.facts.configs]


def stage(
    dataset: Dataset, repo: str, endpoint: str, names: Sequence[str] = (), about: str = ""
) -> Stage:
    """Lay out the dataset (the configurations in `names`) for the repository `repo`.

    Raises:
        SourceError: a configuration is unfinished or empty.
        OutputError: the folder cannot be written.
    """
    root = dataset.path
    if not isinstance(root, Path):
        raise SourceError(f"{root} is not on this machine", "fetch it into a folder, push that")
    configs = tuple(dataset.config(name) for name in names) if names else dataset.configs
    facts = gather(configs)
    folder = root / FOLDER
    card = Card(repo, facts, recipes(configs), about, _testset_command(root))
    try:
        texts = _texts(card, endpoint)
        if card.testset:
            texts[TESTSET] = (root / TESTSET).read_text(encoding="utf-8")
        for name, text in texts.items():
            write_text(folder / name, text)
        (folder / GRID).write_bytes(grid(Dataset(root, configs)))
        files = [*texts, GRID]
        for config in configs:
            files += [_place(config, shard, folder) for shard in config.shards]
        _remove_others(folder, set(files))
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from error
    return Stage(folder, facts, tuple(sorted(files)))


def _texts(card: Card, endpoint: str) -> dict[str, str]:
    summary = f"{card.facts.rows:,} samples for document, OCR and chart models."
    described = croissant(card.repo, endpoint, card.facts, summary)
    texts = {
        "README.md": card.text(),
        SOURCES: sources_table(card.facts.origins),
        CROISSANT: json.dumps(described, ensure_ascii=False, indent=1) + "\n",
    }
    if card.recipes.text:
        texts[RECIPE] = card.recipes.text
    return texts


def _testset_command(root: Path) -> str:
    """The command that made the test set in a folder; empty where there is none."""
    try:
        return str(json.loads((root / TESTSET).read_text(encoding="utf-8"))["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _place(config: DatasetConfig, shard: Shard, folder: Path) -> str:
    """Link or copy a shard; its path in the repository."""
    name = f"{config.name}/data/{shard.path.name}"
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    left_out = config.keep_list.dropped_rows(shard.path.name)
    if not len(left_out):
        if target.is_symlink() or target.exists():
            target.unlink()
        target.symlink_to(str(shard.path.resolve()))
        return name
    by = hashlib.blake2b(left_out.tobytes(), digest_size=16).hexdigest()
    own = {**footer(shard.path), KEEP: by}
    if target.is_symlink() or footer(target) != own:
        target.unlink(missing_ok=True)
        with ShardWriter(target, folder / f".{shard.path.name}.incomplete", own) as writer:
            for batch in config.batches(shard, size=COPIED_ROWS):
                writer.write(batch)
            writer.commit()
    return name


def _remove_others(folder: Path, files: set[str]) -> None:
    """What an earlier call left and this one does not publish."""
    for path in list(_files(folder)):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for path in sorted(folder.glob("*/data"), reverse=True):
        if not any(path.iterdir()):
            shutil.rmtree(path.parent)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("**/*") if path.is_symlink() or path.is_file())
