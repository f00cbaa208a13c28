"""The errors that both packages raise on purpose.

VaryError                  one clear line: what, where, what to do          exit 1
├── UsageError             a flag, recipe key or value that is not valid    exit 2
├── SourceError            an input that cannot be read or is empty
├── OutputError            a folder or file that cannot be written
├── PlanMismatch           a folder that holds another recipe's data
├── ToolMissing            a program, font or package that must be installed first
├── WorkerBroken           a worker's own tool died (for example a browser)
└── TrainerError           the errors of training: see trainer/errors.py
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class VaryError(Exception):
    """A failure that is shown to the user as one line, without a traceback.

    Args:
        message: what failed and where.
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
    exit_code = 2


class SourceError(VaryError):
    pass


class OutputError(VaryError):
    pass


class PlanMismatch(VaryError):
    pass


class ToolMissing(VaryError):
    pass


class WorkerBroken(VaryError):
    """A worker's tool died; the task is repeated in a new worker."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …` for a misspelled name, or the list of all names if none is similar."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
