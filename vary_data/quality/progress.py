"""One line on stderr that counts up; nothing at all where stderr is no terminal."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

SECONDS = 0.2


@contextlib.contextmanager
def line(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, total); its line is wiped at the end."""
    shown = 0.0

    def show(done: int, total: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - shown >= SECONDS:
            shown = now
            print(f"\r\x1b[K{done:,} of {total:,} {what}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
