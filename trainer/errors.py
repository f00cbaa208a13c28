"""Everything that the trainer raises on purpose.

TrainerError               one clear line: what, where, what to do          exit 1
├── SettingsError          a setting, recipe key or flag that makes no sense exit 2
├── DataError              a dataset that cannot be read or holds nothing to train on
├── WeightsError           weights or a tokenizer that do not fit the model
├── RunError               a run folder that cannot be written or belongs to other settings
└── OutOfMemory            the device is full: what to lower
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class TrainerError(Exception):
    """A failure with an explanation meant for the user.

    `hint` is the second half of the message: what to do about it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[type[TrainerError], tuple[str, str]]:
        return type(self), (self.message, self.hint)


class SettingsError(TrainerError):
    exit_code = 2


class DataError(TrainerError):
    pass


class WeightsError(TrainerError):
    pass


class RunError(TrainerError):
    pass


class OutOfMemory(TrainerError):
    pass


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …` for a misspelt name, or the list of all names when nothing is near."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
