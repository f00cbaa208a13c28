"""Running other programs on untrusted input. The caller provides the runner or the wrapper,
with its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

WAITING = 3
"""A program may take so many times its seconds of processor time on the clock: it waits while the
machine is busy or frozen, and is not to blame for it."""


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """How a program ended; `timed_out`: it exceeded its limit on processor time; `too_large`: its
    files exceeded theirs."""

    returncode: int
    timed_out: bool
    too_large: bool = False


class Runner(Protocol):
    """Runs a program to its end under limits, in `folder`, with exactly this environment.

    A program that is killed or stopped from outside is the runner's matter, not a result.
    """

    def __call__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
    ) -> ProcessResult: ...


class Wrapper(Protocol):
    """Gives limits to programs that a library starts, if the library can be told their folder.

    Puts a script of the name of each program into `folder`. It runs the program under limits, in
    `folder`, with exactly this environment, which the list of processes shows for a moment: no
    secrets. The result says how the programs ended; it is called after the library. A program that
    is killed or stopped from outside is no result, as above.
    """

    def __call__(
        self, programs: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
    ) -> Callable[[], ProcessResult]: ...
