"""Collects the published files in a separate folder; nothing else can be uploaded.

`OUT/.push` contains the card, the recipe, the list of sources, the Croissant description and a
picture. Shards are links to those of the dataset, or copies without the rows that a keep-list
excludes.
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
KEEP_LIST_KEY = "vary.keep"
"""Key in the footer of a copied shard: the hash of the keep-list that was applied."""
COPIED_ROWS = 100


@dataclass(frozen=True, slots=True)
class Stage:
    """The published `files`, by their paths in the repository."""

    folder: Path
    facts: Facts
    files: tuple[str, ...]

    @property
    def card(self) -> Path:
        return self.folder / "README.md"

    @property
    def bytes(self) -> int:
        """The size of all files to publish."""
        return sum((self.folder / file).stat().st_size for file in self.files)

    @property
    def replaced(self) -> list[str]:
        """Patterns of files that an earlier upload of the same configurations may have left."""
        return [f"{config.name}/data/*.parquet" for config in self.facts.configs]


def stage(
    dataset: Dataset, repo: str, endpoint: str, names: Sequence[str] = (), about: str = ""
) -> Stage:
    """Prepare the dataset (all configurations, or `names`) for the repository `repo`.

    Raises:
        SourceError: a configuration is unfinished or empty.
        OutputError: the folder cannot be written.
    """
    root = dataset.path
    if not isinstance(root, Path):
        raise SourceError(f"{root} is not on this machine", "copy it to a folder and push that")
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
    """The command that made the test set in a folder; empty if there is none."""
    try:
        return str(json.loads((root / TESTSET).read_text(encoding="utf-8"))["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _place(config: DatasetConfig, shard: Shard, folder: Path) -> str:
    """Link or copy a shard; its path in the repository."""
    name = f"{config.name}/data/{shard.path.name}"
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    dropped_rows = config.keep_list.dropped_rows(shard.path.name)
    if not len(dropped_rows):
        if target.is_symlink() or target.exists():
            target.unlink()
        target.symlink_to(str(shard.path.resolve()))
        return name
    keep_list_hash = hashlib.blake2b(dropped_rows.tobytes(), digest_size=16).hexdigest()
    copy_footer = {**footer(shard.path), KEEP_LIST_KEY: keep_list_hash}
    if target.is_symlink() or footer(target) != copy_footer:
        target.unlink(missing_ok=True)
        with ShardWriter(target, folder / f".{shard.path.name}.incomplete", copy_footer) as writer:
            for batch in config.batches(shard, size=COPIED_ROWS):
                writer.write(batch)
            writer.commit()
    return name


def _remove_others(folder: Path, files: set[str]) -> None:
    """Remove the files of an earlier call that are not published now."""
    for path in list(_files(folder)):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for path in sorted(folder.glob("*/data"), reverse=True):
        if not any(path.iterdir()):
            shutil.rmtree(path.parent)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("**/*") if path.is_symlink() or path.is_file())
