"""Running other programs on untrusted input. The caller provides the runner, with its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """How a program ended; `timed_out`: it exceeded its limit on processor time."""

    returncode: int
    timed_out: bool


class Runner(Protocol):
    """Runs a program to its end under limits, in `folder`, with exactly this environment.

    A program that is killed or stopped from outside is the runner's matter, not a result.
    """

    def __call__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float
    ) -> ProcessResult: ...
