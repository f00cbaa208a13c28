"""Counts the pages of documents in child processes, which may crash or hang.

Run as `python -P -m renderers.pdf.probe`: each line of input is a JSON list
`[path, layout or null]`, each line of output a JSON page count (null when unreadable).
"""

from __future__ import annotations

import contextlib
import json
import queue
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from renderers.environment import clean_environment, module_command, module_path

CountRequest = tuple[str, tuple[int, int, int] | None]
"""A path and, for a reflowable book, page width, page height and font size."""


class _Child:
    """A counting process that is restarted after it dies."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def count(self, item: CountRequest, deadline: float) -> int | None:
        process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(item).encode() + b"\n")
            process.stdin.flush()
            with selectors.DefaultSelector() as selector:
                selector.register(process.stdout, selectors.EVENT_READ)
                if selector.select(deadline):
                    answer = process.stdout.readline()
                    if answer:
                        return _as_count(json.loads(answer))
        except BrokenPipeError:
            pass
        self.stop()
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
    items: Sequence[CountRequest], deadline: float = 30.0, processes: int = 2
) -> list[int | None]:
    """The page count of each item, in order; None without a result within `deadline` seconds.

    None does not give the cause: the file crashed or blocked a child, or it is encrypted or
    damaged. The worker that reads the pages determines it under the task's deadline.
    """
    counts: list[int | None] = [None] * len(items)
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
                counts[index] = child.count(items[index], deadline)
        finally:
            child.stop()

    threads = [threading.Thread(target=work) for _ in range(min(processes, len(items)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def _as_count(answer: object) -> int | None:
    return answer if isinstance(answer, int) else None


def _serve(lines: Iterable[str]) -> None:
    from renderers.pdf.document import load_page, open_document, silence
    from renderers.pdf.layout import BookLayout
    from renderers.rejected import Rejected

    silence()
    for line in lines:
        path, layout = json.loads(line)
        count: int | None = None
        try:
            document = open_document(Path(path), BookLayout(*layout) if layout else None)
        except Rejected:
            pass
        else:
            # A page tree can state any number of pages, so check that the last one exists.
            with contextlib.suppress(Rejected):
                load_page(document, document.page_count - 1)
                count = document.page_count
            document.close()
        print(json.dumps(count), flush=True)


if __name__ == "__main__":
    _serve(sys.stdin)
