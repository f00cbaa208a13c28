"""Rejections: the exception `Rejected` and the record `Rejection` that is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renderers.rejected import Rejected as Rejected

Cause = Literal["content", "environment"]


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an input item gave no sample.

    `reason` is a short fixed word that is counted (`overlap`, `encrypted`, `timeout`); `detail`
    is the exact cause, for a person. `retried` marks an attempt that was drawn again afterwards:
    it shows a weakness of the renderer, but the input item was not lost.

    `cause` is `content` if the input is to blame: the rejection is final. It is `environment` if
    the machine is (a killed process, a full disk, a deadline that passed without work): the next
    run tries the task again, and after `runs` such runs the rejection becomes final, too. `task` is
    the key of the task, where that is not `key`.
    """

    key: str
    reason: str
    detail: str = ""
    attempt: int = 0
    retried: bool = False
    cause: Cause = "content"
    task: str = ""
    runs: int = 1

    def __post_init__(self) -> None:
        # Names of files and messages of parsers come from outside; terminals obey some characters.
        for name in ("key", "reason", "detail"):
            text = getattr(self, name)
            if not text.isprintable():
                object.__setattr__(self, name, _printable(text))

    @property
    def unstable(self) -> bool:
        """Whether another run may give a sample instead."""
        return self.cause == "environment" and not self.retried


def _printable(text: str) -> str:
    """A text on one line, with a mark in place of each control character."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)
