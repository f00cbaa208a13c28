"""A file or folder at a URL, with the methods of `pathlib.Path`.

fsspec opens the URLs: `s3://bucket/out`, `gs://…`, `hf://datasets/…`, `sftp://…`. Credentials and
endpoints are those of the store's own tools (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, `HF_TOKEN`, …).

Writing a file is atomic. Object stores guarantee this for uploads, including multipart uploads;
for other protocols the upload has a temporary name and is then moved.
"""

from __future__ import annotations

import contextlib
import errno
import io
import posixpath
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from vary_data.base.errors import ToolMissing, UsageError

T = TypeVar("T")

ATOMIC_UPLOAD_PROTOCOLS = frozenset(
    ("s3", "s3a", "gs", "gcs", "hf", "az", "abfs", "abfss", "adl", "oss", "r2", "memory")
)
"""Protocols where an upload is not visible before it is complete."""
RETRY_PAUSES = (0.5, 2.0, 6.0, 18.0)
"""Seconds before each retry of a failed request."""
PERMANENT_ERRORS = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)
"""Errors for which a retry is useless."""
PERMANENT_ERROR_NAMES = frozenset(
    ("NoCredentialsError", "ParamValidationError", "RepositoryNotFoundError")
)
CONNECTION_ERROR_NAMES = frozenset(
    ("EndpointConnectionError", "ConnectTimeoutError", "ClientConnectorError", "ConnectError",
     "ConnectionRefusedError", "gaierror")
)  # fmt: skip
"""Errors of a store that cannot be reached, in the libraries that fsspec uses."""

_ANSWERED: set[str] = set()
"""The stores that answered this process: protocol and first part of the path."""


@dataclass(frozen=True, slots=True, order=True)
class RemotePath:
    """A file or folder at a URL.

    Every failed request raises an `OSError`, after retries if the failure may be temporary.
    """

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, other: str) -> RemotePath:
        return RemotePath(f"{self.url.rstrip('/')}/{other}")

    @property
    def name(self) -> str:
        """The last part of the path, with its suffix."""
        return posixpath.basename(self.url.rstrip("/"))

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return posixpath.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        """The name from its last dot on, such as `.parquet`; empty without one."""
        return posixpath.splitext(self.name)[1]

    @property
    def parent(self) -> RemotePath:
        """The folder that contains it; a bucket is its own parent."""
        head, _, tail = self.url.rstrip("/").rpartition("/")
        return RemotePath(head if tail and not head.endswith("/") else self.url)

    def resolve(self) -> RemotePath:
        """The same path: URLs are always complete."""
        return self

    def exists(self) -> bool:
        """Whether there is a file or folder; a store that does not answer is an error."""
        return bool(self._type())

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return self._type() == "directory"

    def is_file(self) -> bool:
        """Whether it is a file."""
        return self._type() == "file"

    def _type(self) -> str:
        # fsspec's `exists` and `isdir` return False if the store does not answer.
        try:
            return str(self._with_retries(lambda fs, path: fs.info(path))["type"])
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def size(self) -> int:
        """Bytes of a file."""
        return int(self._with_retries(lambda fs, path: fs.info(path))["size"])

    def version(self) -> str:
        """A value that changes with the content: an ETag, or a date and size."""
        return str(self._with_retries(lambda fs, path: fs.ukey(path)))

    def iterdir(self) -> Iterator[RemotePath]:
        """The entries of a folder, without the folder itself, which some stores list."""
        for entry in self._with_retries(lambda fs, path: fs.ls(path, detail=False)):
            name = posixpath.basename(str(entry).rstrip("/"))
            if name and name != self.name:
                yield self / name

    def glob(self, pattern: str) -> Iterator[RemotePath]:
        """The entries of a folder for the pattern `*`, all files below it for `**/*`.

        Raises:
            ValueError: another pattern.
        """
        if pattern == "*":
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                yield from self.iterdir()
            return
        if pattern != "**/*":
            raise ValueError(f"the pattern {pattern} is not supported for {self}")
        for path, below in self._with_retries(_relative_files):
            yield self / posixpath.relpath(below, path)

    def read_bytes(self) -> bytes:
        """The whole content of a file."""
        return bytes(self._with_retries(lambda fs, path: fs.cat_file(path)))

    def read_text(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The whole content of a file, decoded."""
        return self.read_bytes().decode(encoding, errors)

    def tail(self, count: int) -> bytes:
        """The last `count` bytes, or all if there are fewer."""
        return bytes(self._with_retries(lambda fs, path: _tail(fs, path, count)))

    def open(self, mode: str = "rb") -> Any:
        """Open a file as a binary stream; only the ranges that are read are fetched.

        Raises:
            ValueError: a mode other than `rb`.
        """
        if mode != "rb":
            raise ValueError(f"a file at a URL opens for reading only, not {mode!r}")
        return _RangeFile(self)

    def download(self, target: Path) -> None:
        """Fetch the whole file.

        Raises:
            OSError: the file was not fetched completely.
        """
        self._with_retries(lambda fs, path: fs.get_file(path, str(target)))
        if (expected := self.size()) != (received := target.stat().st_size):
            raise OSError(errno.EIO, f"received only {received} of {expected} bytes")

    def upload(self, source: Path) -> None:
        """Upload a local file atomically.

        Raises:
            OSError: the file was not stored completely.
        """
        size = source.stat().st_size
        self._put(lambda fs, path: fs.put_file(str(source), path))
        if (stored := self.size()) != size:
            raise OSError(errno.EIO, f"the store has {stored} of {size} bytes")

    def write_bytes(self, data: bytes) -> None:
        """Write a small file atomically."""
        self._put(lambda fs, path: fs.pipe_file(path, data))

    def unlink(self, missing_ok: bool = False) -> None:
        """Remove a file; unless `missing_ok`, a missing one is a `FileNotFoundError`."""
        try:
            self._with_retries(lambda fs, path: fs.rm_file(path))
        except FileNotFoundError:
            if not missing_ok:
                raise

    def remove_tree(self) -> None:
        """Remove a folder and all below it; nothing is done if it does not exist."""
        if self.exists():
            self._with_retries(lambda fs, path: fs.rm(path, recursive=True))

    def _put(self, put: Callable[[Any, str], object]) -> None:
        if self.url.partition("://")[0] in ATOMIC_UPLOAD_PROTOCOLS:
            self._with_retries(put)
        else:
            mark = f".{self.name}.{uuid.uuid4().hex}.incomplete"
            self._with_retries(lambda fs, path: _put_and_move(fs, path, mark, put))

    @property
    def _store(self) -> str:
        protocol, _, path = self.url.partition("://")
        return f"{protocol}://{path.partition('/')[0]}"

    def _with_retries(self, request: Callable[[Any, str], T]) -> T:
        """The result of `request(filesystem, path)`, repeated after temporary failures.

        A store that never answered this process and cannot be reached is more likely to be named
        wrongly than to be down for a moment: that is not repeated.

        Raises:
            OSError: the request failed permanently or too often.
        """
        for pause in (*RETRY_PAUSES, None):
            try:
                fs, path = _filesystem(self.url)
                fs.invalidate_cache()
                result = request(fs, path)
                _ANSWERED.add(self._store)
                return result
            except (ToolMissing, UsageError):
                raise
            except PERMANENT_ERRORS:
                _ANSWERED.add(self._store)
                raise
            except Exception as error:
                kinds = {kind.__name__ for kind in type(error).__mro__}
                lost = bool(kinds & CONNECTION_ERROR_NAMES) and self._store not in _ANSWERED
                if pause is None or lost or kinds & PERMANENT_ERROR_NAMES:
                    if isinstance(error, OSError) and error.strerror:
                        raise
                    message = " ".join(str(error).split())[:300] or type(error).__name__
                    raise OSError(errno.EIO, message) from error
                time.sleep(pause)
        raise AssertionError("unreachable")


class _RangeFile(io.RawIOBase):
    """A file at a URL, opened for reading: every read is a request of its own, with retries."""

    def __init__(self, path: RemotePath) -> None:
        self._path, self._position = path, 0
        self._file: Any = path._with_retries(_opened)
        self._size = int(self._file.size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        end = min(self._position + len(buffer), self._size)
        if end <= self._position:
            return 0
        data = self._path._with_retries(self._fetch(self._position, end))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _fetch(self, start: int, end: int) -> Callable[[Any, str], bytes]:
        """A request for these bytes; after one that failed, the next opens the file again."""

        def fetch(fs: Any, path: str) -> bytes:
            file, self._file = self._file or _opened(fs, path), None
            file.seek(start)
            data = bytes(file.read(end - start))
            self._file = file
            return data

        return fetch


def _opened(fs: Any, path: str) -> Any:
    return fs.open(path, "rb", cache_type="none")


def _filesystem(url: str) -> tuple[Any, str]:
    import fsspec

    protocol = url.partition("://")[0]
    try:
        fs, path = fsspec.url_to_fs(url)
    except ImportError as error:
        raise ToolMissing(
            f"cannot open {url}: {error}",
            "pip install 'vary-data[s3]'" if protocol in ("s3", "s3a") else "install that package",
        ) from error
    except ValueError as error:
        raise UsageError(f"cannot open {url}: {error}") from error
    return fs, path


def _relative_files(fs: Any, path: str) -> list[tuple[str, str]]:
    return [(path, below) for below in fs.find(path)]


def _tail(fs: Any, path: str, count: int) -> bytes:
    try:
        return bytes(fs.cat_file(path, start=-count))
    except FileNotFoundError:
        raise
    except Exception:
        # Some stores refuse a range of 64 KiB if the file is smaller.
        return bytes(fs.cat_file(path))[-count:]


def _put_and_move(fs: Any, path: str, mark: str, put: Callable[[Any, str], object]) -> None:
    folder = posixpath.dirname(path)
    fs.makedirs(folder, exist_ok=True)
    temporary = posixpath.join(folder, mark)
    try:
        put(fs, temporary)
        fs.mv(temporary, path)
    except BaseException:
        if fs.exists(temporary):
            fs.rm_file(temporary)
        raise
