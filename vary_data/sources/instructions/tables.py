"""Rows of Parquet tables as the Hugging Face Hub has them: pictures are in a column.

A column of the type `Image` is a struct of `bytes` and `path`; several pictures are a list of them.
Pictures are not read here, only what is needed to find and group them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import JsonLine
from vary_data.dataset.rejection import Rejected
from vary_data.sources.coco import PictureRef, is_picture_type
from vary_data.sources.files import files_below, named_file, source_file

PICTURE = "\0picture"
"""The key of a row under which the reference of its picture is; no column has this name."""
GROUP = "\0group"
"""The key of what tells pictures apart: their path, or a hash of their bytes."""
SPLITS = {"train": ("train",), "validation": ("validation", "val"), "test": ("test",)}
"""Our splits by name, as names of files on the Hub begin."""


def hub_tables(source: Path, split: str, folder: str = "") -> list[Path]:
    """The Parquet files of a split below `source`, or below its subfolder `folder` if it exists.

    Empty if there is none, or `source` is a file of another kind.

    Raises:
        SourceError: one of them is a link to a place outside.
    """
    if not source.is_dir():
        return [named_file(source)] if source.suffix.lower() == ".parquet" else []
    root = source / folder if (source / folder).is_dir() else source
    starts = tuple(f"{name}{end}" for name in SPLITS[split] for end in ("-", ".parquet"))
    names = files_below(root, (".parquet",))
    chosen = [name for name in names if name.rpartition("/")[2].startswith(starts)]
    for name in chosen:
        try:
            source_file(source, (root / name).relative_to(source).as_posix())
        except Rejected as error:
            hint = "put the file itself there, for example with `hf download --local-dir`"
            raise SourceError(f"cannot read {root / name}: {error}", hint) from None
    return [root / name for name in chosen]


def table_rows(files: list[Path], grouped: bool = False) -> Iterator[tuple[str, JsonLine]]:
    """The rows of tables without their pictures, with `PICTURE` and, if `grouped`, `GROUP`.

    Raises:
        SourceError: a file cannot be read, or has no column with pictures.
    """
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                yield from _rows(file, path, grouped)
        except (OSError, pa.ArrowException) as error:
            hint = "is the download complete?"
            raise SourceError(f"cannot read {path}: {error}", hint) from error


def _rows(file: pq.ParquetFile, path: Path, grouped: bool) -> Iterator[tuple[str, JsonLine]]:
    schema = file.schema_arrow
    pictures = next((field for field in schema if is_picture_type(field.type)), None)
    if pictures is None:
        raise SourceError(f"no column of {path} has pictures", "expected a table of the Hub")
    middle = "" if pa.types.is_struct(pictures.type) else _list_path(file, pictures.name)
    texts = [f.name for f in schema if not is_picture_type(f.type) and not _is_binary(f.type)]
    number = 0
    for group in range(file.num_row_groups):
        columns = [*texts, f"{pictures.name}{middle}.path"]
        rows = file.read_row_group(group, columns=columns).to_pylist()
        found = [_single(row.pop(pictures.name)) for row in rows]
        hashes = _hashes(file, group, pictures.name) if grouped and not all(found) else []
        for place, (row, name) in enumerate(zip(rows, found, strict=True)):
            key = f"{path.name}:{number}"
            if name is not None:
                row[PICTURE] = PictureRef("parquet", str(path), key, number)
                row[GROUP] = name or (hashes[place] if hashes else "")
            yield key, JsonLine(number + 1, row)
            number += 1


def _single(value: Any) -> str | None:
    """The path of the picture of a row, empty if it has none; None if there is no picture.

    Several pictures keep theirs: whoever reads the picture rejects the row.
    """
    first = (value[0] if value else None) if isinstance(value, list) else value
    return None if first is None else str(first.get("path") or "")


def _hashes(file: pq.ParquetFile, group: int, name: str) -> list[str]:
    """A hash of the pictures of each row."""
    column = file.read_row_group(group, columns=[name])[name]
    return [
        hashlib.blake2b(repr(value.as_py()).encode(), digest_size=12).hexdigest()
        for value in column
    ]


def _list_path(file: pq.ParquetFile, name: str) -> str:
    """What is between a list column and the fields of its items, for example `.list.element`."""
    paths = [file.schema.column(i).path for i in range(len(file.schema))]
    path = next(path for path in paths if path.startswith(f"{name}.") and path.endswith(".path"))
    return str(path).removeprefix(name).removesuffix(".path")


def _is_binary(dtype: pa.DataType) -> bool:
    return bool(pa.types.is_binary(dtype) or pa.types.is_large_binary(dtype))
