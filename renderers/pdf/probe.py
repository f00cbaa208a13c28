"""Counts the pages of documents in child processes, which may crash or hang.

Run as `python -P -m renderers.pdf.probe`: each line of input is a JSON list
`[path, layout or null]`, each line of output a JSON page count (null when unreadable).
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from renderers.environment import clean_environment, module_command, module_path

CountRequest = tuple[str, Sequence[Any] | None]
"""A path and, for a reflowable book, the values of its `BookLayout`."""


MAX_TRIES = 3
"""How often a file is counted again after its process was killed or kept waiting."""
WAITING = 6.0
"""A file may take so many times its seconds on the clock: it waits while the machine is busy."""
_OUTSIDE = frozenset((signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT))
"""Signals that come from outside; a parser that crashes dies of others."""


class CountingFailed(Exception):
    """This machine does not let the pages be counted; no file is to blame."""


class _Child:
    """A counting process that is restarted after it dies."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def count(self, item: CountRequest, seconds: float) -> int | None:
        """The pages of a file; None if it has crashed the process, taken more than `seconds` of its
        processor time, or cannot be read.

        The plan depends on the count, so a process that was killed or stopped from outside must not
        look like a damaged file.

        Raises:
            CountingFailed: that happened again and again.
        """
        for _ in range(MAX_TRIES):
            with contextlib.suppress(_Disturbed):
                return self._count(item, seconds)
        raise CountingFailed(f"the process that counts pages dies or hangs at {item[0]}")

    def _count(self, item: CountRequest, seconds: float) -> int | None:
        process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        began, computed = time.monotonic(), _computed(process.pid)
        try:
            process.stdin.write(json.dumps(item).encode() + b"\n")
            process.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                while not selector.select(min(1.0, seconds)):
                    if _computed(process.pid) - computed > seconds:
                        self.stop()
                        return None
                    if time.monotonic() - began > seconds * WAITING:
                        self.stop()
                        raise _Disturbed
            if answer := process.stdout.readline():
                return _as_count(json.loads(answer))
        except BrokenPipeError:
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1.0)  # its output ends shortly before it
        code = process.poll()
        self.stop()
        if code is None or -code in _OUTSIDE:
            raise _Disturbed
        return None

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            with contextlib.suppress(BrokenPipeError):
                self.process.communicate()
            self.process = None

    def _start(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            module_command("renderers.pdf.probe"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(PYTHONPATH=module_path()),
        )
        return self.process


def count_pages(
    items: Sequence[CountRequest], seconds: float = 30.0, processes: int = 2
) -> list[int | None]:
    """The page count of each item, in order; None without a result in `seconds` of computing.

    None does not give the cause: the file crashed or blocked a child, or it is encrypted or
    damaged. The worker that reads the pages determines it under the task's deadline.

    Raises:
        CountingFailed: the processes that count are killed or stopped again and again.
    """
    counts: list[int | None] = [None] * len(items)
    failures: list[Exception] = []
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(len(items)):
        waiting.put(index)

    def work() -> None:
        child = _Child()
        try:
            while True:
                try:
                    index = waiting.get_nowait()
                except queue.Empty:
                    return
                counts[index] = child.count(items[index], seconds)
        except (CountingFailed, OSError) as error:
            failures.append(error)
        finally:
            child.stop()

    threads = [threading.Thread(target=work) for _ in range(min(processes, len(items)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise CountingFailed(str(failures[0])) from failures[0]
    return counts


class _Disturbed(Exception):
    """A process was killed from outside, or did not compute."""


def _computed(pid: int) -> float:
    """Processor time of a process in seconds; without /proc the time of the clock."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _as_count(answer: object) -> int | None:
    return answer if isinstance(answer, int) else None


def count_here(item: CountRequest) -> int | None:
    """The pages of a file, counted in this process; None if it cannot be read."""
    from renderers.pdf.document import load_page, open_document, silence
    from renderers.pdf.layout import BookLayout
    from renderers.rejected import Rejected

    silence()
    path, layout = item
    count: int | None = None
    with contextlib.suppress(Rejected):
        document = open_document(Path(path), BookLayout(*layout) if layout else None)
        # A page tree can state any number of pages, so check that the last one exists.
        with contextlib.suppress(Rejected):
            load_page(document, document.page_count - 1)
            count = document.page_count
        document.close()
    return count


def _serve(lines: Iterable[str]) -> None:
    from renderers.pdf.start import import_pymupdf

    import_pymupdf()
    for line in lines:
        path, layout = json.loads(line)
        print(json.dumps(count_here((path, layout))), flush=True)


if __name__ == "__main__":
    _serve(sys.stdin)
