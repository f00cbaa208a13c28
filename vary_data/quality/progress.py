"""A progress line on stderr; nothing if stderr is not a terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

UPDATE_SECONDS = 0.2

ProgressCallback = Callable[[int, int], None]
"""Called with the number of rows done so far and their total."""


@contextlib.contextmanager
def line(what: str) -> Iterator[ProgressCallback]:
    """A function to call with (done, total); its line is deleted at the end."""
    shown = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - shown >= UPDATE_SECONDS:
            shown = now
            print(f"\r\x1b[K{done:,} of {total:,} {what}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
