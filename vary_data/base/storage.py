"""Folders and files on disk and at URLs.

A `Location` is a `Path`, or a `RemotePath` with the same methods for `s3://bucket/out`, `gs://…`,
`hf://datasets/…`, `sftp://…`: all protocols of fsspec. Credentials and endpoints are those of the
store's tools (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, `HF_TOKEN`, …).

A file appears complete or not at all. Object stores guarantee that for one upload, including a
multipart one; in other stores the upload gets a temporary name first and is then moved.
"""

from __future__ import annotations

import contextlib
import errno
import posixpath
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from vary_data.base.errors import ToolMissing, UsageError

if TYPE_CHECKING:
    import pyarrow.parquet as pq

T = TypeVar("T")

URL = re.compile(r"[a-z][a-z0-9+.-]*://")
ATOMIC_UPLOADS = frozenset(
    ("s3", "s3a", "gs", "gcs", "hf", "az", "abfs", "abfss", "adl", "oss", "r2", "memory")
)
"""Protocols of stores where an upload is not visible before it is complete."""
RETRY_DELAYS = (0.5, 2.0, 6.0, 18.0)
"""Seconds before each retry of a request that failed."""
PERMANENT_ERRORS = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
"""Errors that are not retried."""
PERMANENT_ERROR_NAMES = frozenset(
    ("NoCredentialsError", "ParamValidationError", "RepositoryNotFoundError")
)
"""Names of errors of optional packages that are not retried."""
THREADS = 16
"""Simultaneous requests to a store."""
TAIL_BYTES = 64 << 10
"""Bytes that are read of a shard's end: nearly always the complete footer."""


@dataclass(frozen=True, slots=True, order=True)
class RemotePath:
    """A file or folder at a URL. Every failure is an `OSError`; temporary ones are retried."""

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, other: str) -> RemotePath:
        return RemotePath(f"{self.url.rstrip('/')}/{other}")

    @property
    def name(self) -> str:
        return posixpath.basename(self.url.rstrip("/"))

    @property
    def stem(self) -> str:
        return posixpath.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        return posixpath.splitext(self.name)[1]

    @property
    def parent(self) -> RemotePath:
        head, _, tail = self.url.rstrip("/").rpartition("/")
        return RemotePath(head if tail and not head.endswith("/") else self.url)

    def resolve(self) -> RemotePath:
        return self

    def exists(self) -> bool:
        return bool(self._type())

    def is_dir(self) -> bool:
        return self._type() == "directory"

    def is_file(self) -> bool:
        return self._type() == "file"

    def _type(self) -> str:
        # `exists` and `isdir` of fsspec return False when the store does not respond.
        try:
            return str(self._ask(lambda fs, path: fs.info(path))["type"])
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def size(self) -> int:
        return int(self._ask(lambda fs, path: fs.info(path))["size"])

    def version(self) -> str:
        """A string that changes with the content: an ETag, or a date and size."""
        return str(self._ask(lambda fs, path: fs.ukey(path)))

    def iterdir(self) -> Iterator[RemotePath]:
        for entry in self._ask(lambda fs, path: fs.ls(path, detail=False)):
            name = posixpath.basename(str(entry).rstrip("/"))
            if name and name != self.name:
                yield self / name

    def glob(self, pattern: str) -> Iterator[RemotePath]:
        """`*` (the entries of a folder) or `**/*` (every file below it)."""
        if pattern == "*":
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield from self.iterdir()
            return
        if pattern != "**/*":
            raise ValueError(f"the pattern {pattern} is not supported for {self}")
        for path, below in self._ask(_files_below):
            yield self / posixpath.relpath(below, path)

    def read_bytes(self) -> bytes:
        return bytes(self._ask(lambda fs, path: fs.cat_file(path)))

    def read_text(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self.read_bytes().decode(encoding, errors)

    def tail(self, count: int) -> bytes:
        """The last `count` bytes, or all if there are fewer."""
        return bytes(self._ask(lambda fs, path: _tail(fs, path, count)))

    def open(self, mode: str = "rb") -> Any:
        """Open for reading; only the ranges that are read are fetched."""
        if mode != "rb":
            raise ValueError(f"a file at a URL can only be opened for reading, not {mode!r}")
        return self._ask(lambda fs, path: fs.open(path, "rb", cache_type="none"))

    def download(self, target: Path) -> None:
        """Fetch the complete file.

        Raises:
            OSError: it cannot be fetched, or only a part of it.
        """
        self._ask(lambda fs, path: fs.get_file(path, str(target)))
        if (size := self.size()) != target.stat().st_size:
            raise OSError(errno.EIO, f"only {target.stat().st_size} of {size} bytes arrived")

    def upload(self, source: Path) -> None:
        """Upload a local file, completely or not at all.

        Raises:
            OSError: it cannot be uploaded.
        """
        size = source.stat().st_size
        self._put(lambda fs, path: fs.put_file(str(source), path))
        if (stored := self.size()) != size:
            raise OSError(errno.EIO, f"the store has {stored} of {size} bytes")

    def write_bytes(self, data: bytes) -> None:
        """Write a small file, completely or not at all."""
        self._put(lambda fs, path: fs.pipe_file(path, data))

    def unlink(self, missing_ok: bool = False) -> None:
        try:
            self._ask(lambda fs, path: fs.rm_file(path))
        except FileNotFoundError:
            if not missing_ok:
                raise

    def remove_tree(self) -> None:
        if self.exists():
            self._ask(lambda fs, path: fs.rm(path, recursive=True))

    def _put(self, put: Callable[[Any, str], object]) -> None:
        if self.url.partition("://")[0] in ATOMIC_UPLOADS:
            self._ask(put)
        else:
            temporary = f".{self.name}.{uuid.uuid4().hex}.incomplete"
            self._ask(lambda fs, path: _put_and_move(fs, path, temporary, put))

    def _ask(self, request: Callable[[Any, str], T]) -> T:
        """The result of a request, with retries; other failures are raised as `OSError`s."""
        for delay in (*RETRY_DELAYS, None):
            try:
                fs, path = _filesystem(self.url)
                fs.invalidate_cache()
                return request(fs, path)
            except (ToolMissing, UsageError, *PERMANENT_ERRORS):
                raise
            except Exception as error:
                if delay is None or type(error).__name__ in PERMANENT_ERROR_NAMES:
                    if isinstance(error, OSError) and error.strerror:
                        raise
                    reason = " ".join(str(error).split())[:300] or type(error).__name__
                    raise OSError(errno.EIO, reason) from error
                time.sleep(delay)
        raise AssertionError("unreachable")


Location = Path | RemotePath


def location(text: str | Location) -> Location:
    """The location of a path or URL; `file://` is a path on this machine."""
    url = str(text)
    if isinstance(text, Path) or not URL.match(url):
        return Path(url)
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    return RemotePath(url.rstrip("/"))


def entries(folder: Location, pattern: str = "*") -> list[Location]:
    """The sorted entries of a folder; none if it does not exist."""
    found: list[Location] = list(folder.glob(pattern))
    return sorted(found, key=str)


def relative(path: Location, folder: Location) -> str:
    """The path below a folder, with slashes."""
    if isinstance(path, Path) and isinstance(folder, Path):
        return path.relative_to(folder).as_posix()
    return str(path).removeprefix(str(folder)).lstrip("/")


def size_of(path: Location) -> int:
    return path.size() if isinstance(path, RemotePath) else path.stat().st_size


def remove_tree(folder: Location) -> None:
    """Delete a folder with its content, if it exists."""
    import shutil

    if isinstance(folder, RemotePath):
        folder.remove_tree()
    elif folder.is_dir():
        shutil.rmtree(folder)


@contextmanager
def parquet(path: Location, **options: Any) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; at a URL, only the ranges that are read are fetched."""
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
        OSError, pyarrow.ArrowInvalid: it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(path, Path):
        return pq.read_metadata(path)
    end = path.tail(TAIL_BYTES)
    needed = int.from_bytes(end[-8:-4], "little") + 12
    if needed > len(end) and len(end) == TAIL_BYTES:
        end = path.tail(needed)
    return pq.read_metadata(pa.BufferReader(end))


def each(function: Callable[[Any], T], items: Sequence[Any], remote: bool) -> Iterator[T]:
    """`function` of every item, in order; concurrently for requests to a store."""
    if not remote or len(items) < 2:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(function, items)


def _filesystem(url: str) -> tuple[Any, str]:
    import fsspec

    protocol = url.partition("://")[0]
    try:
        fs, path = fsspec.url_to_fs(url)
    except ImportError as error:
        raise ToolMissing(
            f"cannot open {url}: {error}",
            "pip install 'vary-data[s3]'" if protocol in ("s3", "s3a") else "install this package",
        ) from error
    except ValueError as error:
        raise UsageError(f"cannot open {url}: {error}") from error
    return fs, path


def _files_below(fs: Any, path: str) -> list[tuple[str, str]]:
    return [(path, below) for below in fs.find(path)]


def _tail(fs: Any, path: str, count: int) -> bytes:
    try:
        return bytes(fs.cat_file(path, start=-count))
    except FileNotFoundError:
        raise
    except Exception:
        # Some stores refuse to give the last 64 KiB of a smaller file.
        return bytes(fs.cat_file(path))[-count:]


def _put_and_move(fs: Any, path: str, name: str, put: Callable[[Any, str], object]) -> None:
    folder = posixpath.dirname(path)
    fs.makedirs(folder, exist_ok=True)
    temporary = posixpath.join(folder, name)
    try:
        put(fs, temporary)
        fs.mv(temporary, path)
    except BaseException:
        if fs.exists(temporary):
            fs.rm_file(temporary)
        raise
