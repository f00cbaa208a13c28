"""Files and folders on disk or at URLs.

A `Location` is a `Path`, or a `RemotePath` with the same methods for any URL that fsspec supports.
The functions of this module work with both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from vary_data.base.remote_path import RemotePath

if TYPE_CHECKING:
    import pyarrow.parquet as pq

T = TypeVar("T")

URL = re.compile(r"[a-z][a-z0-9+.-]*://")
MAX_CONCURRENT_REQUESTS = 16
FOOTER_READ_BYTES = 64 << 10
"""Bytes of a Parquet file's end that are read first: nearly always the whole footer."""

Location = Path | RemotePath


def location(text: str | Location) -> Location:
    """The location of a path or URL; `file://` URLs are paths on this machine."""
    name = str(text)
    if isinstance(text, Path) or not URL.match(name):
        return Path(name)
    if name.startswith("file://"):
        return Path(unquote(urlsplit(name).path))
    return RemotePath(name.rstrip("/"))


def entries(folder: Location, pattern: str = "*") -> list[Location]:
    """The sorted entries of a folder; empty if the folder does not exist."""
    found: list[Location] = list(folder.glob(pattern))
    return sorted(found, key=str)


def relative(path: Location, folder: Location) -> str:
    """The path relative to a folder, with slashes."""
    if isinstance(path, Path) and isinstance(folder, Path):
        return path.relative_to(folder).as_posix()
    return str(path).removeprefix(str(folder)).lstrip("/")


def size_of(path: Location) -> int:
    """The size of a file in bytes."""
    return path.size() if isinstance(path, RemotePath) else path.stat().st_size


def remove_tree(folder: Location) -> None:
    """Delete a folder with its contents, if it exists."""
    import shutil

    if isinstance(folder, RemotePath):
        folder.remove_tree()
    elif folder.is_dir():
        shutil.rmtree(folder)


@contextmanager
def parquet(path: Location, **options: Any) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; from a URL only the ranges that are read are fetched."""
    import pyarrow.parquet as pq

    if isinstance(path, Path):
        with pq.ParquetFile(path, **options) as file:
            yield file
    else:
        with path.open() as handle, pq.ParquetFile(handle, pre_buffer=True, **options) as file:
            yield file


def parquet_metadata(path: Location) -> pq.FileMetaData:
    """The footer of a Parquet file.

    Raises:
        OSError: the file cannot be read.
        pyarrow.ArrowInvalid: it is not a Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(path, Path):
        return pq.read_metadata(path)
    end = path.tail(FOOTER_READ_BYTES)
    needed = int.from_bytes(end[-8:-4], "little") + 12
    if needed > len(end) and len(end) == FOOTER_READ_BYTES:
        end = path.tail(needed)
    return pq.read_metadata(pa.BufferReader(end))


def each(function: Callable[[Any], T], items: Sequence[Any], remote: bool) -> Iterator[T]:
    """`function` of every item, in order; concurrently if `remote` items wait for a store."""
    if not remote or len(items) < 2:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(MAX_CONCURRENT_REQUESTS) as pool:
        yield from pool.map(function, items)
