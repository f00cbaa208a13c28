"""Errors of programs that a renderer keeps open, such as Chromium."""

from __future__ import annotations


class BackendError(Exception):
    """A renderer failed for another reason than its input; `hint` is what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


class BackendDied(BackendError):
    """The program that draws crashed, hung or ran out of memory: open a new one."""


class ToolNotFound(BackendError):
    """A program or file that the renderer needs is not there."""
