"""All exceptions of this project that are shown to the user.

VaryError                  one clear line: what, where, what to do            exit 1
├── UsageError             an invalid flag, recipe key or value               exit 2
├── SourceError            an input that cannot be read or is empty
├── OutputError            a folder or file that cannot be written
├── PlanMismatch           a folder that contains the data of another recipe
├── ToolMissing            a program, font or package that must be installed first
├── WorkerBroken           a tool of a worker died (for example its browser): the task is repeated
└── TrainerError           the errors of training: see `trainer/errors.py`
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class VaryError(Exception):
    """An error with an explanation for the user.

    Args:
        message: what went wrong, with the file, flag or key.
        hint: what to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[type[VaryError], tuple[str, str]]:
        return type(self), (self.message, self.hint)


class UsageError(VaryError):
    """An invalid flag, recipe key or value."""

    exit_code = 2


class SourceError(VaryError):
    """An input that cannot be read or is empty."""


class OutputError(VaryError):
    """A folder or file that cannot be written."""


class PlanMismatch(VaryError):
    """A folder that contains the data of another recipe."""


class ToolMissing(VaryError):
    """A program, font or package that must be installed first."""


class WorkerBroken(VaryError):
    """Raised in a worker whose tool died; the pool repeats the task once in a new worker."""


def nearest(word: object, known: Iterable[str]) -> str:
    """A hint for a misspelled name: `did you mean …`, or all names if none is similar.

    A name from a file may be any value, such as the null of an empty YAML key.
    """
    names = sorted(known)
    close = difflib.get_close_matches(str(word), names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
