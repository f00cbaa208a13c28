"""The processes that a process has started, directly or not, as /proc lists them."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def processes_below(process: int, all_threads: bool = True) -> list[int]:
    """The processes below another one, each after the one that started it.

    Without `all_threads`, only those that the first thread of a process started: much faster.
    """
    found = [process]
    for pid in found:
        for thread in _threads(pid) if all_threads else [str(pid)]:
            with contextlib.suppress(OSError):
                listed = Path(f"/proc/{pid}/task/{thread}/children").read_text()
                found += map(int, listed.split())
    return found[1:]


def kill_processes_below(process: int) -> None:
    """Kill what a process has started: Chromium, for one, leads a process group of its own."""
    for pid in processes_below(process):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _threads(pid: int) -> list[str]:
    """The threads of a process; none if it ends meanwhile, which `Path.glob` would raise."""
    try:
        return os.listdir(f"/proc/{pid}/task")  # noqa: PTH208
    except OSError:
        return []
