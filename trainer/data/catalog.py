"""What there is to train on: the Parquet files of a dataset folder and their row groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trainer.data.kept import left_out
from trainer.data.mixture import Mixture, read_mixture
from trainer.errors import DataError, nearest
from vary_data.dataset.schema import COLUMNS

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


Taken = tuple[RowGroup, Sequence[int]]
"""A row group and the rows of it that an epoch shows."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration of a dataset (`chart-en`, say) in one split.

    `picks` holds, for each group, the rows that are taken, a row as often as an epoch shows it;
    without it every row is taken once.
    """

    name: str
    groups: tuple[RowGroup, ...]
    picks: tuple[Sequence[int], ...] = ()

    @property
    def rows(self) -> int:
        """Samples of an epoch."""
        return sum(len(rows) for _, rows in self.taken())

    def taken(self) -> Iterator[Taken]:
        """The row groups, each with its rows in an epoch."""
        yield from zip(
            self.groups, self.picks or [range(group.rows) for group in self.groups], strict=True
        )


SUFFIXES = (".yaml", ".yml")
MIXED = "train"
"""The split that a mixture is, as in the dataset that `vary-data mix` would write."""


def open_catalog(
    sources: Sequence[str], split: str, chosen: Mapping[str, float] | None = None
) -> tuple[Configuration, ...]:
    """The configurations of all datasets in `sources`, or only the chosen ones.

    A source is a folder that `vary-data` wrote, one configuration inside it, a folder of Parquet
    files, a hub id, or the description of a mixture (YAML), which is the split `train`; another
    split is that of the configurations it mixes. Raises `DataError` where there is nothing to
    train on or the columns are not those of `vary_data.dataset.schema`.
    """
    if not sources:
        raise DataError("no dataset given", "use --dataset FOLDER")
    found: dict[str, list[Taken]] = {}
    for source in sources:
        for name, taken in _read_source(source, split):
            found.setdefault(name, []).extend(taken)
    if not found:
        there = sorted({p.name.split("-")[0] for s in sources for p in _all_files(s)})
        splits = f"it has: {', '.join(there)}" if there else "make one with vary-data"
        raise DataError(f"{', '.join(sources)} has no Parquet files of split {split!r}", splits)
    if chosen and any(_is_mixture(source) for source in sources):
        raise DataError("a mixture says the shares itself", "leave out data.weights")
    for name in chosen or ():
        if name not in found:
            raise DataError(f"the dataset has no configuration {name!r}", nearest(name, found))
    catalog = tuple(
        _configuration(name, taken)
        for name, taken in sorted(found.items())
        if (not chosen or name in chosen) and any(len(rows) for _, rows in taken)
    )
    if not catalog:
        raise DataError(f"{', '.join(sources)} has no rows in split {split!r}")
    return catalog


def has_split(sources: Sequence[str], split: str) -> bool:
    """Whether any source has files of this split."""
    for source in sources:
        if not _is_mixture(source):
            if _configurations(_folder(source), split):
                return True
        elif split == MIXED or any(_other_split(read_mixture(Path(source).expanduser()), split)):
            return True
    return False


def _configuration(name: str, taken: Sequence[Taken]) -> Configuration:
    groups = tuple(group for group, _ in taken)
    if all(isinstance(rows, range) for _, rows in taken):
        return Configuration(name, groups)
    return Configuration(name, groups, tuple(rows for _, rows in taken))


def _read_source(source: str, split: str) -> Iterator[tuple[str, list[Taken]]]:
    if not _is_mixture(source):
        for name, files in _configurations(_folder(source), split).items():
            yield name, _whole(files)
    elif split == MIXED:
        yield from _mixed(read_mixture(Path(source).expanduser()))
    else:
        for name, files in _other_split(read_mixture(Path(source).expanduser()), split):
            yield name, _whole(files)


def _whole(files: Sequence[Path]) -> list[Taken]:
    return [(group, range(group.rows)) for file in files for group in _row_groups(file)]


def _mixed(mixture: Mixture) -> Iterator[tuple[str, list[Taken]]]:
    """The rows of a mixture; raises `DataError` where they are not those that were described."""
    for part in mixture.parts:
        files = sorted((mixture.folder(part) / "data").glob(f"{part.split}-*.parquet"))
        groups = [group for file in files for group in _row_groups(file)]
        rows = sum(group.rows for group in groups)
        if rows != part.rows:
            raise DataError(
                f"{mixture.file}: {mixture.folder(part)} has {rows} rows in split "
                f"{part.split!r}, {part.rows} when it was described",
                "describe the mixture again with `vary-data mix --describe`",
            )
        times, first = part.times(mixture.seed), 0
        taken: list[Taken] = []
        for group in groups:
            own = times[first : first + group.rows]
            taken.append((group, np.repeat(np.arange(group.rows), own).tolist()))
            first += group.rows
        yield part.config, taken


def _other_split(mixture: Mixture, split: str) -> Iterator[tuple[str, list[Path]]]:
    """A split of what is mixed, whole, but for parts that take their samples from it."""
    mixed = {(mixture.folder(part), part.split): part.config for part in mixture.parts}
    for folder, name in dict(sorted((f, name) for (f, _), name in mixed.items())).items():
        files = sorted((folder / "data").glob(f"{split}-*.parquet"))
        if files and (folder, split) not in mixed:
            yield name, files


def _is_mixture(source: str) -> bool:
    return source.endswith(SUFFIXES) and Path(source).expanduser().is_file()


def _folder(source: str) -> Path:
    path = Path(source).expanduser()
    if path.is_dir():
        return path
    if source.endswith(SUFFIXES):
        raise DataError(f"{source} does not exist", "`vary-data mix --describe` writes mixtures")
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


def _all_files(source: str) -> list[Path]:
    if _is_mixture(source):
        return []
    folder = _folder(source)
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
