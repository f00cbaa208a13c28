"""A cache on this machine for inputs at URLs.

Files are stored by the hash of their content and shared by all workers of a machine. When the
cache is full, the least recently used files are removed, except those that a process holds.

The folder is `VARY_CACHE` (default `~/.cache/vary-data/inputs`), its size `VARY_CACHE_GIB` (20).
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vary_data.base.errors import SourceError, UsageError, WorkerBroken
from vary_data.base.remote_path import RemotePath

DEFAULT_GIB = 20.0


class ChangedSource(Exception):
    """A file at a URL has changed since the run was planned."""


@dataclass(slots=True)
class HeldFile:
    """A cached file that is not removed before `release`; `sha256` is that of its content."""

    path: Path
    sha256: str
    _handle: int = -1

    def release(self) -> None:
        """Allow that the file is removed; may be called again."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


@dataclass(frozen=True, slots=True)
class InputCache:
    """Keeps at most `limit` bytes below `folder`, or a single larger file."""

    folder: Path
    limit: int

    @classmethod
    def of_this_machine(cls) -> InputCache:
        """The cache that the environment variables define.

        Raises:
            UsageError: VARY_CACHE_GIB is not a number.
        """
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = os.environ.get("VARY_CACHE") or Path(base) / "vary-data" / "inputs"
        size = os.environ.get("VARY_CACHE_GIB") or DEFAULT_GIB
        try:
            return cls(Path(folder), int(float(size) * 2**30))
        except ValueError:
            raise UsageError(f"VARY_CACHE_GIB={size} is not a number") from None

    def hold(self, source: RemotePath, sha256: str = "") -> HeldFile:
        """The file at a URL, fetched once; with `sha256`, its content must have this hash.

        Raises:
            FileNotFoundError: the file does not exist.
            ChangedSource: its content has another hash.
            OSError: the store or this machine's disk failed.
        """
        name = hashlib.sha256(str(source).encode()).hexdigest()
        held = self._stored(sha256, source.suffix) if sha256 else None
        if held:
            return held
        with self._exclusive_lock(name):
            # Another worker may have fetched it in the meantime.
            held = self._stored(sha256, source.suffix) if sha256 else None
            return held or self._fetch(source, sha256)

    def _stored(self, sha256: str, suffix: str) -> HeldFile | None:
        path = self._place(sha256, suffix)
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.fstat(handle).st_nlink == 0:  # removed between the two calls
            os.close(handle)
            return None
        os.utime(handle)
        return HeldFile(path, sha256, handle)

    def _fetch(self, source: RemotePath, sha256: str) -> HeldFile:
        temporary = self.folder / f".{uuid.uuid4().hex}"
        try:
            source.download(temporary)
            with temporary.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 and found != sha256:
                raise ChangedSource(f"{source} has changed since the run was planned")
            with self._exclusive_lock("room"):
                self._make_room(temporary.stat().st_size)
                path = self._place(found, source.suffix)
                path.parent.mkdir(exist_ok=True)
                temporary.replace(path)
                held = self._stored(found, source.suffix)
        finally:
            temporary.unlink(missing_ok=True)
        assert held is not None, "files are only removed under the lock held here"
        return held

    def _make_room(self, size: int) -> None:
        files = [(path.stat(), path) for path in self.folder.glob("??/*")]
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda item: item[0].st_mtime_ns):
            if total + size <= self.limit:
                return
            with contextlib.suppress(FileNotFoundError, BlockingIOError):
                handle = os.open(path, os.O_RDONLY)
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
                    total -= stat.st_size
                finally:
                    os.close(handle)

    def _place(self, sha256: str, suffix: str) -> Path:
        return self.folder / sha256[:2] / f"{sha256[2:]}{suffix.lower()}"

    @contextlib.contextmanager
    def _exclusive_lock(self, name: str) -> Iterator[None]:
        locks = self.folder / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        handle = os.open(locks / name[:2], os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def hold_for_task(source: RemotePath, sha256: str) -> HeldFile:
    """The file for a task in a worker; the task is repeated if the store does not answer.

    Raises:
        FileNotFoundError: the input was deleted.
        ChangedSource: the input has changed.
        WorkerBroken: the store does not answer; the pool repeats the task.
    """
    try:
        return InputCache.of_this_machine().hold(source, sha256)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WorkerBroken(f"cannot fetch {source}: {error.strerror or error}") from error


def local_only(source: str, what: str) -> str:
    """The unchanged path of an input that can only be read from disk.

    Raises:
        SourceError: the path is a URL.
    """
    from vary_data.base.storage import URL

    if URL.match(source):
        raise SourceError(f"{what} cannot be read from {source}", "copy it to a folder first")
    return source
