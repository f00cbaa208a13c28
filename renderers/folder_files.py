"""The only way in which files of a folder from outside are opened.

The folder that the user named is trusted, its contents are not. A name is resolved, links
included, and the file must then lie in the folder, be a regular file, and have a bounded size. A
link to a place outside, a device or a named pipe is rejected before it is opened for reading.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from renderers.rejected import Rejected


def source_file(root: Path, name: Any) -> Path:
    """The resolved path of a regular file inside `root`.

    Raises:
        Rejected: `outside`, `missing`, `not-a-file`, or `unreadable` (a loop of links, a name that
            is too long or has a zero byte).
    """
    if not isinstance(name, str) or not name:
        raise Rejected("missing", "no file name")
    shown = name[:120]
    try:
        path = (root / name).resolve(strict=True)
        if Path(name).is_absolute() or not path.is_relative_to(root.resolve()):
            raise Rejected("outside", shown)
        if not stat.S_ISREG(path.stat().st_mode):
            raise Rejected("not-a-file", f"{shown} is not a regular file")
    except (FileNotFoundError, NotADirectoryError):
        raise Rejected("missing", shown) from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Rejected("unreadable", f"{shown}: {reason}"[:200]) from error
    return path


def read_source(root: Path, name: Any, limit: int) -> bytes:
    """The bytes of a regular file inside `root`.

    Raises:
        Rejected: as `source_file`; `too-large` for more than `limit` bytes.
    """
    path = source_file(root, name)
    try:
        # The file may have been replaced since it was checked: a pipe must not block.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:  # noqa: PTH123 - a file descriptor
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise Rejected("not-a-file", f"{name[:120]} is not a regular file")
            if state.st_size > limit:
                raise Rejected("too-large", f"{state.st_size} bytes")
            data = file.read(limit + 1)
    except OSError as error:
        raise Rejected("unreadable", f"{name[:120]}: {error.strerror or error}") from error
    if len(data) > limit:
        raise Rejected("too-large", f"more than {limit} bytes")
    return data


def files_below(root: Path, suffixes: Sequence[str], start: str = "") -> Iterator[str]:
    """The names, relative to `root`, of files with these suffixes in `root/start`, sorted.

    Linked folders are not entered. Links to files are listed, so that each is counted: those that
    lead outside are rejected when they are read.
    """
    for where, folders, files in os.walk(root / start):
        folders.sort()
        for file in sorted(files):
            if Path(file).suffix.lower() in suffixes:
                yield (Path(where) / file).relative_to(root).as_posix()
