"""Writes a Parquet shard atomically."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.base.errors import OutputError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location
from vary_data.engine.owner import owner
from vary_data.engine.rows import SCHEMA

ROW_GROUP_ROWS = 100
ROW_GROUP_BYTES = 64 << 20
CHUNKING = {"min_chunk_size": 256 << 10, "max_chunk_size": 1 << 20, "norm_level": 0}
"""Content-defined chunking with the parameters of `datasets`: the Hub stores equal parts once."""
IMAGE_BYTES = "image.bytes"
NO_DICTIONARY = (IMAGE_BYTES, "id", "text")


class ShardWriter:
    """Writes rows to a temporary file that becomes the shard when all rows are on disk.

    Image bytes are stored plain and uncompressed (they are already compressed), everything else
    with zstd; row groups are small, so that reading one row is cheap.
    """

    def __init__(self, path: Location, temporary: Path, footer: dict[str, str]) -> None:
        self.path = path
        self.rows = 0
        self.bytes = 0
        self._temporary = temporary
        self._batches: list[pa.RecordBatch] = []
        self._pending_rows = self._pending_bytes = 0
        metadata = {**(SCHEMA.metadata or {}), **footer}
        metadata["content_defined_chunking"] = json.dumps(CHUNKING)
        with _OutputErrors(self._temporary):
            self._temporary.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(
                self._temporary, SCHEMA.with_metadata(metadata), **_parquet_settings()
            )

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Delete the temporary file, if it was not committed."""
        with contextlib.suppress(OSError, pa.ArrowInvalid):
            self._writer.close()
        self._temporary.unlink(missing_ok=True)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows; they are held in memory until a row group is full."""
        self._batches.append(batch)
        self._pending_rows += batch.num_rows
        self._pending_bytes += batch.nbytes
        self.rows += batch.num_rows
        self.bytes += batch.nbytes
        if self._pending_rows >= ROW_GROUP_ROWS or self._pending_bytes >= ROW_GROUP_BYTES:
            self._flush()

    def commit(self, footer: Mapping[str, str] | None = None) -> None:
        """Move or upload the shard to its final path, durably, with more key-values."""
        self._flush()
        with _OutputErrors(self.path):
            self._writer.add_key_value_metadata(dict(footer or {}))
            self._writer.close()
            if isinstance(self.path, RemotePath):
                self.path.upload(self._temporary)
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._temporary.open("rb") as file:
                os.fsync(file.fileno())
            self._temporary.replace(self.path)
            _sync_folder(self.path.parent)

    def _flush(self) -> None:
        if self._batches:
            table = pa.Table.from_batches(self._batches).combine_chunks()
            with _OutputErrors(self._temporary):
                self._writer.write_table(table, row_group_size=max(1, table.num_rows))
            self._batches = []
            self._pending_rows = self._pending_bytes = 0


def write_text(path: Location, text: str) -> None:
    """Write a small file atomically: readers see the old or the new content, never a part.

    Raises:
        OutputError: the file cannot be written.
    """
    if isinstance(path, RemotePath):
        with _OutputErrors(path):
            path.write_bytes(text.encode())
        return
    temporary = path.with_name(f".{path.name}.incomplete.{owner()}")
    with _OutputErrors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)


def _leaves(path: str, dtype: pa.DataType) -> list[str]:
    """The Parquet columns below an Arrow column; settings are matched against these paths."""
    if pa.types.is_struct(dtype):
        fields = [dtype.field(i) for i in range(dtype.num_fields)]
        return [leaf for f in fields for leaf in _leaves(f"{path}.{f.name}", f.type)]
    if pa.types.is_list(dtype):
        return _leaves(f"{path}.list.element", dtype.value_type)
    return [path]


def _parquet_settings() -> dict[str, Any]:
    leaves = [leaf for field in SCHEMA for leaf in _leaves(field.name, field.type)]
    return {
        "compression": {leaf: "none" if leaf == IMAGE_BYTES else "zstd" for leaf in leaves},
        "use_dictionary": [leaf for leaf in leaves if leaf not in NO_DICTIONARY],
        "column_encoding": dict.fromkeys(NO_DICTIONARY, "PLAIN"),
        "write_page_index": True,
        # A decoder accepts a damaged JPEG silently; only the checksum detects it.
        "write_page_checksum": True,
        "use_content_defined_chunking": CHUNKING,
    }


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _OutputErrors(contextlib.AbstractContextManager[None]):
    """Context in which an `OSError` is raised again as an `OutputError` for the user."""

    def __init__(self, path: Location) -> None:
        self.path = path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            hint = {
                errno.ENOSPC: "the disk is full: free some space and run the same command again",
                errno.EDQUOT: "your quota is used up: free some space and run again",
                errno.EACCES: "choose another folder with -o or change its permissions",
                errno.EROFS: "the file system is read-only: choose another folder with -o",
                errno.ENOTDIR: "a folder is needed, but this is a file: choose another with -o",
            }.get(error.errno or 0, "finished shards are kept; run the same command to resume")
            raise OutputError(
                f"cannot write {self.path}: {error.strerror or error}", hint
            ) from error
