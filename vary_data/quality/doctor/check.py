"""The result of one check of this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

CheckState = Literal["ok", "missing", "absent", "note"]
"""`missing` stops a core command, `absent` only an optional one; a `note` needs no action."""

VERSION_TIMEOUT = 10.0
"""Seconds that a program may take to print its version."""


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """One dependency and its state.

    `group` is its heading, `detail` a version, path or list. `needed_by` names the commands that
    need it. To install it: the Debian `packages`, or the command line `fix`.
    """

    group: str
    name: str
    state: CheckState
    detail: str = ""
    needed_by: str = ""
    packages: tuple[str, ...] = ()
    fix: str = ""


def answer(command: Sequence[str]) -> str | None:
    """The output of a program on both streams; None if it is not installed or does not end.

    The exit status is ignored: some programs print their version and fail.
    """
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_TIMEOUT,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout + done.stderr).strip()


def first_line(text: str | None) -> str:
    """The first line of what a program printed; empty if it printed nothing."""
    return (text or "").partition("\n")[0].strip()
