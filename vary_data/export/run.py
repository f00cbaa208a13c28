"""An export: all rows of the chosen splits, or nothing."""

from __future__ import annotations

import importlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from vary_data.base.errors import OutputError, SourceError, nearest
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.rejection import Rejected
from vary_data.export.format import CONTROL_STRINGS, ExportedRow, ExportFormat
from vary_data.export.pictures import exported_picture
from vary_data.targets.regions import sound_regions

CONTROL = re.compile("|".join([*map(re.escape, CONTROL_STRINGS), r"<\|[^|<>\s]{1,40}\|>"]))
"""The known strings, and the form of Qwen's, LLaMA 3's and Phi's tokens, such as `<|im_end|>`."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Rows by split, rows left out by reason, and shards that do not exist by configuration."""

    rows: dict[str, int]
    left_out: dict[str, int]
    missing: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {"rows": self.rows, "left_out": self.left_out, "missing_shards": self.missing}


def export(
    configs: Sequence[DatasetConfig],
    form: str,
    folder: Path,
    *,
    split: str | None = None,
    allow_partial: bool = False,
) -> Exported:
    """Write the rows of `configs` to `folder`, in one of `vary_data.export.FORMATS`.

    Splits stay apart. The folder appears when everything is written.

    Raises:
        SourceError: no configuration has the split; shards are missing and `allow_partial` is not
            set; a row cannot be read or has no picture; or no row is left.
        OutputError: the folder is not empty, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder} is not an empty folder", "choose another folder with --to")
    splits = _splits(configs, split)
    missing = _missing(configs, splits)
    if missing and not allow_partial:
        parts = ", ".join(f"{name}: {text}" for name, text in missing.items())
        raise SourceError(
            f"the dataset is not complete ({parts})",
            "run the command that made it again, or export what is there with --allow-partial",
        )
    chosen: ExportFormat = importlib.import_module(f"vary_data.export.{form}").FORMAT
    left_out: Counter[str] = Counter()
    counts: dict[str, int] = {}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as name:
            content = Path(name) / "content"  # made here, so that it has the usual permissions
            content.mkdir()
            for part in splits:
                first = sum(counts.values())
                rows = _Rows(configs, part, first, chosen, left_out)
                chosen.write_split(part, rows, content)
                counts[part] = rows.count
            if not any(counts.values()):
                raise SourceError("no row can be exported", _reasons(left_out))
            chosen.finish(content, counts)
            if folder.exists():
                folder.rmdir()
            content.rename(folder)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from error
    return Exported(counts, dict(left_out), {k: n.missing for k, n in missing.items()})


class _Rows:
    """The rows of a split that can be exported, numbered from `first`."""

    def __init__(
        self,
        configs: Sequence[DatasetConfig],
        split: str,
        first: int,
        form: ExportFormat,
        left_out: Counter[str],
    ) -> None:
        self.configs = configs
        self.split = split
        self.first = first
        self.form = form
        self.left_out = left_out
        self.count = 0

    def __iter__(self) -> Iterator[ExportedRow]:
        for config in self.configs:
            for row in _read(config, self.split):
                if reason := self._problem(row):
                    self.left_out[reason] += 1
                    continue
                yield ExportedRow(row, exported_picture(self.first + self.count, row))
                self.count += 1

    def _problem(self, row: Mapping[str, Any]) -> str:
        """Why a row is left out; empty if it is not."""
        if self.form.plain_conversations and has_control_string(row):
            return "control-token"
        if self.form.layout:
            try:
                sound_regions(row)
            except Rejected as error:
                return error.reason
        return self.form.refuses(row)


def has_control_string(row: Mapping[str, Any]) -> bool:
    """Whether a text of the conversation has a string that other trainers read as a token."""
    texts = (p["text"] for m in row["messages"] for p in m["content"] if p["type"] == "text")
    return any(CONTROL.search(text) for text in texts if text)


def _read(config: DatasetConfig, split: str) -> Iterator[dict[str, Any]]:
    for shard in config.shards:
        if not shard.finished or shard.split != split:
            continue
        try:
            for batch in config.batches(shard):
                yield from batch.to_pylist()
        except (pa.ArrowException, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise SourceError(
                f"{shard.path} is damaged: {reason}", "`vary-data validate` lists damaged shards"
            ) from error


def _splits(configs: Sequence[DatasetConfig], split: str | None) -> list[str]:
    """The splits to export, in the order of the configurations."""
    known = list(dict.fromkeys(name for config in configs for name in config.splits))
    if split is None:
        return known
    if split not in known:
        raise SourceError(f"no configuration has a split {split!r}", nearest(split, known))
    return [split]


@dataclass(frozen=True, slots=True)
class _Missing:
    missing: int
    expected: int

    def __str__(self) -> str:
        return f"{self.missing} of {self.expected} shards are missing, damaged or unfinished"


def _missing(configs: Sequence[DatasetConfig], splits: Sequence[str]) -> dict[str, _Missing]:
    """Shards of these splits that are not finished or lack tasks, by configuration."""
    found = {}
    for config in configs:
        if missing := config.missing_shards(splits):
            expected = sum(shard.split in splits for shard in config.shards)
            found[config.name] = _Missing(len(missing), expected)
    return found


def _reasons(left_out: Mapping[str, int]) -> str:
    if not left_out:
        return "the chosen splits have no rows"
    return "left out: " + ", ".join(f"{reason} {count:,}" for reason, count in left_out.items())
