"""What a long preparation is doing, told to the command that waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_show: ContextVar[Callable[[str], None] | None] = ContextVar("show", default=None)


def note(text: str) -> None:
    """Tell what is being done now. It may be called often: the command chooses what to print."""
    if show := _show.get():
        show(text)


@contextmanager
def noted(show: Callable[[str], None]) -> Iterator[None]:
    """Give all notes of this thread to `show`."""
    token = _show.set(show)
    try:
        yield
    finally:
        _show.reset(token)
