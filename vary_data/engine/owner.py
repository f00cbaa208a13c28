"""Who writes a temporary file: its name ends with its owner, and a living one keeps it.

An owner is a process: host, namespace of process ids (containers share a host name), process id and
start time (ids are used again). Whether it lives can be decided only on its own host; files of
other hosts are left alone until they are old.
"""

from __future__ import annotations

import os
import platform
import time
from functools import cache
from pathlib import Path

SEPARATOR = "~"
FOREIGN_SECONDS = 24 * 3600.0
"""A temporary file of another host that was not written for so long has no owner any more: a row
group takes minutes."""


@cache
def _place() -> str:
    """This host and its namespace of process ids."""
    try:
        namespace = os.readlink("/proc/self/ns/pid").rpartition("[")[2].rstrip("]")  # noqa: PTH115
    except OSError:
        namespace = "0"
    host = "".join(c if c.isalnum() or c == "-" else "_" for c in platform.node())
    return f"{host}{SEPARATOR}{namespace}"


def owner() -> str:
    """The suffix of the temporary files of this process."""
    return f"{_place()}{SEPARATOR}{os.getpid()}{SEPARATOR}{_started(os.getpid())}"


def is_abandoned(path: Path) -> bool:
    """Whether the process that wrote a temporary file has ended, as far as this host can tell."""
    parts = path.name.rpartition(".")[2].split(SEPARATOR)
    if len(parts) == 4 and SEPARATOR.join(parts[:2]) == _place() and parts[2].isdecimal():
        return _started(int(parts[2])) != parts[3]
    try:
        return time.time() - path.stat().st_mtime > FOREIGN_SECONDS
    except OSError:
        return False


def _started(pid: int) -> str:
    """The start time of a process in clock ticks since boot; empty if there is no such process.

    Without /proc it is `0` for every running process.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        pass
    if Path("/proc/self/stat").exists():
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "0"
