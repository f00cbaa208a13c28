"""The row groups of a split: what a trainer reads, of finished and unfinished datasets alike.

A dataset is a folder or at a URL; of files at URLs, only the footers are read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.base.errors import SourceError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, each, entries, parquet_metadata, relative
from vary_data.dataset.keep_list import KeepList
from vary_data.dataset.reader import DatasetConfig
from vary_data.dataset.schema import COLUMNS
from vary_data.dataset.target_choice import TargetChoice

TRAINING_COLUMNS = ("id", "image", "text", "messages", "kind")
"""Columns that a file must have to be trained on."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """One row group of a Parquet file, the unit that is read at once.

    `rows` counts its kept rows. `kept` has their numbers where a keep-list drops others, else None.
    """

    file: Location
    index: int
    rows: int
    kept: tuple[int, ...] | None = field(default=None, compare=False)
    target: TargetChoice | None = None
    """The form in which readers write the targets of its rows; None: as they are stored."""

    def select(self, table: pa.Table) -> pa.Table:
        """The kept rows of a table that has all rows of the group."""
        return table if self.kept is None else table.take(pa.array(self.kept, pa.int64()))


def split_configs(root: Location, split: str) -> list[DatasetConfig]:
    """The configurations in a folder that have files of a split, with or without a plan.

    The folder is a dataset, one configuration, or holds plain Parquet files `<split>-*.parquet`.
    """
    nested = {str(file.parent.parent): file.parent.parent
              for file in _matching(root, f"*/data/{split}-*.parquet")}  # fmt: skip
    if nested:
        return [DatasetConfig(nested[name]) for name in sorted(nested)]
    config = DatasetConfig(root.resolve())
    return [config] if split_files(config, split) else []


def split_files(config: DatasetConfig, split: str) -> list[Location]:
    """The Parquet files of a split that exist by now, in order."""
    pattern = f"{split}-*.parquet"
    return _matching(config.path / "data", pattern) or _matching(config.path, pattern)


def _matching(folder: Location, pattern: str) -> list[Location]:
    """The files below a folder whose relative path matches a pattern, in order."""
    if isinstance(folder, Path):
        return [*sorted(folder.glob(pattern))]
    depth = pattern.count("/")
    below = entries(folder, "**/*" if depth else "*")
    paths = ((file, relative(file, folder)) for file in below)
    return [file for file, path in paths if path.count("/") == depth and fnmatch(path, pattern)]


def row_groups(files: Sequence[Location]) -> list[RowGroup]:
    """The row groups of Parquet files, without the rows that a keep-list drops.

    Raises:
        SourceError: a file cannot be read or lacks a training column, or a keep-list is damaged
            or was made for other data.
    """
    lists = {folder: _keep_list(folder) for folder in dict.fromkeys(file.parent for file in files)}
    remote = any(isinstance(file, RemotePath) for file in files)
    footers = each(_checked_metadata, files, remote)
    return [
        group
        for file, footer in zip(files, footers, strict=True)
        for group in _groups(file, footer, lists[file.parent])
    ]


def _keep_list(data: Location) -> KeepList:
    """The keep-list of a folder `<configuration>/data`; other folders have none."""
    return DatasetConfig(data.parent).keep_list if data.name == "data" else KeepList()


def _groups(file: Location, metadata: pq.FileMetaData, keep_list: KeepList) -> Iterator[RowGroup]:
    listed = keep_list.shard_rows.get(file.name, metadata.num_rows)
    if listed != metadata.num_rows:
        raise SourceError(
            f"the keep-list of {file} was made for {listed} rows, but it has {metadata.num_rows}",
            "make it again with `vary-data dedup`",
        )
    kept = np.setdiff1d(np.arange(metadata.num_rows), keep_list.dropped_rows(file.name))
    first = 0
    for i in range(metadata.num_row_groups):
        rows = metadata.row_group(i).num_rows
        low, high = np.searchsorted(kept, [first, first + rows])
        numbers = tuple((kept[low:high] - first).tolist()) if high - low < rows else None
        yield RowGroup(file, i, int(high - low), numbers)
        first += rows


def _checked_metadata(file: Location) -> pq.FileMetaData:
    try:
        metadata = parquet_metadata(file)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{file} cannot be read as Parquet ({reason})") from error
    for column in TRAINING_COLUMNS:
        if column not in schema.names:
            raise SourceError(f"{file} has no column {column!r}", "expected a dataset by vary-data")
        if _shape(schema.field(column).type) != _shape(COLUMNS[column]):
            raise SourceError(
                f"{file}: column {column!r} is {schema.field(column).type}",
                f"expected {COLUMNS[column]}, as vary-data writes it",
            )
    return metadata


def _shape(dtype: pa.DataType) -> object:
    """A type without list item names and string widths, in which writers differ."""
    if pa.types.is_struct(dtype):
        fields = (dtype.field(i) for i in range(dtype.num_fields))
        return frozenset((field.name, _shape(field.type)) for field in fields)
    if pa.types.is_list(dtype) or pa.types.is_large_list(dtype):
        return ("list", _shape(dtype.value_type))
    for name, test in (
        ("string", pa.types.is_string),
        ("string", pa.types.is_large_string),
        ("binary", pa.types.is_binary),
        ("binary", pa.types.is_large_binary),
    ):
        if test(dtype):
            return name
    return str(dtype)
