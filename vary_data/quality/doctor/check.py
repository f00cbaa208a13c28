"""One thing that a machine has or lacks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "missing", "absent", "note"]
"""`missing` stops a core command; `absent` only an optional one; a `note` needs no mending."""

SECONDS = 10.0
"""How long a program may take to tell its version."""


@dataclass(frozen=True, slots=True)
class Check:
    """`group` is the heading it stands under, `detail` a version, path or list. `needed_by` names
    the commands that cannot do without. What mends it: `packages` of Debian to install, or the
    command line `fix`."""

    group: str
    name: str
    state: State
    detail: str = ""
    needed_by: str = ""
    packages: tuple[str, ...] = ()
    fix: str = ""


def answer(command: Sequence[str]) -> str | None:
    """What a program prints, on either stream; None when it is not there or does not answer.

    The exit status is not looked at: some programs tell their version and fail.
    """
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout + done.stderr).strip()


def first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0].strip()
