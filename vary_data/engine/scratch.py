"""Private temporary folders: one for each pool, with one inside for each worker.

A folder has a random name and the rights 0700. Its process holds a lock on the file `owner` inside,
so another run can tell whether the folder is in use: whatever a killed run left (Chromium profiles,
TeX folders, unfinished shards for a URL) is removed by its workers, or when the next one starts.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from vary_data.base.errors import OutputError

PREFIX = "vary-data-"
OWNER = "owner"
MADE = "made"
"""Name of the file `owner` until it is locked."""
LEAVE_SECONDS = 1.0
ABANDONED_SECONDS = 30.0
"""How long a worker tries to remove the folder of its dead parent, also on a busy machine."""
UNMADE_SECONDS = 86_400
"""How old a folder without owner must be until another run removes it."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A private folder that exists until `close`."""

    folder: Path
    _lock: int

    @classmethod
    def create(cls) -> Scratch:
        """Remove what killed runs of this user left, and make a folder.

        Raises:
            OutputError: the folder for temporary files cannot be written.
        """
        base = Path(tempfile.gettempdir())
        _sweep(base)
        try:
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
            lock = os.open(folder / MADE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            # The lock is on the open file, which no child inherits: it ends with this process.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Under its name it is locked from the start: others remove folders with a free owner.
            (folder / MADE).rename(folder / OWNER)
        except OSError as error:
            raise OutputError(
                f"cannot write temporary files in {base}: {error.strerror or error}",
                temporary_hint(error),
            ) from error
        return cls(folder, lock)

    def subfolder(self) -> Path:
        """A new folder inside, for a worker.

        Raises:
            OutputError: it cannot be made.
        """
        try:
            return Path(tempfile.mkdtemp(dir=self.folder))
        except OSError as error:
            raise OutputError(
                f"cannot write temporary files in {self.folder.parent}: {error.strerror or error}",
                temporary_hint(error),
            ) from error

    def close(self) -> None:
        """Remove the folder and what workers of killed runs have left; errors are ignored."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._lock)
        # Dying workers of a killed run may have written while its folder was removed.
        _sweep(self.folder.parent)


def temporary_hint(error: OSError) -> str:
    """What to do if a temporary file cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full: free some space, or set TMPDIR to a folder on another disk"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return "too many files are open: raise the limit with `ulimit -n 4096`, or use fewer -j"
    return "set TMPDIR to a folder that you can write"


def remove_left_behind(seconds: float = LEAVE_SECONDS) -> None:
    """Remove the folders of processes on this machine that have just been ended from outside.

    Ray kills a worker together with all processes that it has started, so no process removes its
    files.
    """
    end = time.monotonic() + seconds
    base = Path(tempfile.gettempdir())
    _sweep(base)  # at least once: this process may have been stopped until after the end
    while any(base.glob(f"{PREFIX}*")) and time.monotonic() < end:
        time.sleep(0.05)
        _sweep(base)


def remove_after_owner(folder: Path, seconds: float = ABANDONED_SECONDS) -> None:
    """Remove a private folder whose owner is ending; called by a worker that outlives it.

    The lock may be held for a moment longer than the owner was seen to live, and a killed tool
    may still write. Another worker may have removed the folder before a tool of this one was
    killed: Chromium makes it again, without the file `owner`.
    """
    if not folder.name.startswith(PREFIX):
        return
    end = time.monotonic() + seconds
    while True:
        _remove_if_abandoned(folder)
        if not (folder / OWNER).exists():
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.is_dir() or time.monotonic() >= end:
            return
        time.sleep(0.02)


def _sweep(base: Path) -> None:
    """Remove the folders of this user's runs that have ended."""
    for folder in base.glob(f"{PREFIX}*"):
        _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    with contextlib.suppress(OSError):
        if folder.is_symlink() or folder.lstat().st_uid != os.getuid():
            return
        if not (folder / OWNER).exists() and folder.lstat().st_mtime < time.time() - UNMADE_SECONDS:
            # Its process was killed before the file had its name; nothing else is inside.
            (folder / MADE).unlink(missing_ok=True)
            folder.rmdir()
            return
        handle = os.open(folder / OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(folder)
        finally:
            os.close(handle)


def _remove(folder: Path) -> None:
    """Remove a folder, the file `owner` last: what cannot be removed now, a later run will."""
    for item in folder.iterdir():
        if item.name != OWNER:
            if item.is_dir() and not item.is_symlink():
                shutil.rmtree(item)
            else:
                item.unlink()
    shutil.rmtree(folder, ignore_errors=True)
