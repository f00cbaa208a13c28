"""The processes that a process has started, directly or not, as /proc lists them."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def processes_below(process: int, threads: str = "*") -> list[int]:
    """The processes below another one, each after the one that started it.

    Without `threads`, only those that were started by the first thread of a process: much faster.
    """
    found = [process]
    for pid in found:
        for listed in Path(f"/proc/{pid}/task").glob(f"{threads or pid}/children"):
            with contextlib.suppress(OSError):
                found += map(int, listed.read_text().split())
    return found[1:]


def kill_processes_below(process: int) -> None:
    """Kill what a process has started: Chromium, for one, leads a process group of its own."""
    for pid in processes_below(process):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
