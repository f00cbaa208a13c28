"""The deadline of a page, in the main thread of a worker."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class PageDeadline(BaseException):
    """The deadline of a page. Not an `Exception`, so that `except Exception` does not catch it."""


@contextmanager
def page_deadline(seconds: float) -> Iterator[None]:
    """Raise `PageDeadline` inside the block after `seconds` of processor time, in the main thread
    of a worker: a page is not to blame for the time in which the machine did something else."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(signal_number: int, frame: FrameType | None) -> None:
        raise PageDeadline

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
