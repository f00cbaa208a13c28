"""What there is to train on: the Parquet files of a dataset folder and their row groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trainer.data.kept import left_out
from trainer.errors import DataError, nearest
from vary_data.schema import COLUMNS

NEEDED = ("id", "image", "text", "messages", "kind")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The unit that is read at once: `rows` rows of one file, those that `kept` numbers where a
    keep-list leaves some out."""

    file: Path
    index: int
    rows: int
    kept: tuple[int, ...] | None = field(default=None, compare=False)

    def select(self, table: pa.Table) -> pa.Table:
        """Of a table with all rows of the group, those that count."""
        return table if self.kept is None else table.take(pa.array(self.kept, pa.int64()))


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration of a dataset (`chart-en`, say) in one split."""

    name: str
    groups: tuple[RowGroup, ...]

    @property
    def rows(self) -> int:
        return sum(group.rows for group in self.groups)


def open_catalog(
    sources: Sequence[str], split: str, chosen: Mapping[str, float] | None = None
) -> tuple[Configuration, ...]:
    """The configurations of all datasets in `sources`, or only the chosen ones.

    A source is a folder that `vary-data` wrote, one configuration inside it, a folder of Parquet
    files, or a hub id. Raises `DataError` where there is nothing to train on or the columns are
    not those of `vary_data.schema`.
    """
    if not sources:
        raise DataError("no dataset given", "use --dataset FOLDER")
    found: dict[str, list[RowGroup]] = {}
    for source in sources:
        for name, files in _configurations(_folder(source), split).items():
            found.setdefault(name, []).extend(g for file in files for g in _row_groups(file))
    if not found:
        there = sorted({p.name.split("-")[0] for s in sources for p in _parquet(_folder(s))})
        splits = f"it has: {', '.join(there)}" if there else "make one with vary-data"
        raise DataError(f"{', '.join(sources)} has no Parquet files of split {split!r}", splits)
    for name in chosen or ():
        if name not in found:
            raise DataError(f"the dataset has no configuration {name!r}", nearest(name, found))
    catalog = tuple(
        Configuration(name, tuple(groups))
        for name, groups in sorted(found.items())
        if (not chosen or name in chosen) and any(g.rows for g in groups)
    )
    if not catalog:
        raise DataError(f"{', '.join(sources)} has no rows in split {split!r}")
    return catalog


def has_split(sources: Sequence[str], split: str) -> bool:
    """Whether any source has files of this split."""
    return any(_configurations(_folder(source), split) for source in sources)


def _folder(source: str) -> Path:
    path = Path(source).expanduser()
    if path.is_dir():
        return path
    if path.exists() or source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise DataError(f"{source} is no dataset folder", "give a folder made by vary-data")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        folder = snapshot_download(source, repo_type="dataset", allow_patterns=["*.parquet"])
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise DataError(
            f"{source} is no local folder and could not be downloaded ({reason})"
        ) from error
    return Path(folder)


def _parquet(folder: Path) -> list[Path]:
    return [p for depth in ("", "data/", "*/data/") for p in folder.glob(f"{depth}*.parquet")]


def _configurations(folder: Path, split: str) -> dict[str, list[Path]]:
    nested = sorted(folder.glob(f"*/data/{split}-*.parquet"))
    if nested:
        names = sorted({file.parent.parent.name for file in nested})
        return {n: [f for f in nested if f.parent.parent.name == n] for n in names}
    flat = sorted(folder.glob(f"data/{split}-*.parquet")) or sorted(
        folder.glob(f"{split}-*.parquet")
    )
    return {folder.resolve().name: flat} if flat else {}


def _row_groups(file: Path) -> list[RowGroup]:
    try:
        with pq.ParquetFile(file) as parquet:
            metadata, schema = parquet.metadata, parquet.schema_arrow
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{file} cannot be read as Parquet ({reason})") from error
    for column in NEEDED:
        if column not in schema.names:
            raise DataError(f"{file} has no column {column!r}", "expected a dataset by vary-data")
        if _shape(schema.field(column).type) != _shape(COLUMNS[column]):
            raise DataError(
                f"{file}: column {column!r} is {schema.field(column).type}",
                f"expected {COLUMNS[column]}, as vary-data writes it",
            )
    missing = set(left_out(file, metadata.num_rows))
    groups, first = [], 0
    for i in range(metadata.num_row_groups):
        rows = metadata.row_group(i).num_rows
        kept = tuple(row for row in range(rows) if first + row not in missing)
        groups.append(RowGroup(file, i, len(kept), kept if len(kept) < rows else None))
        first += rows
    return groups


def _shape(kind: pa.DataType) -> object:
    """A type without the names of list items and the widths of strings, which writers differ in."""
    if pa.types.is_struct(kind):
        fields = (kind.field(i) for i in range(kind.num_fields))
        return frozenset((field.name, _shape(field.type)) for field in fields)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return ("list", _shape(kind.value_type))
    for name, test in (
        ("string", pa.types.is_string),
        ("string", pa.types.is_large_string),
        ("binary", pa.types.is_binary),
        ("binary", pa.types.is_large_binary),
    ):
        if test(kind):
            return name
    return str(kind)
