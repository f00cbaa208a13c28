"""The child side of the pool: `python -m vary_data.engine.worker FD LIFELINE`.

A worker leads its own process group, so that whatever it starts (a browser, pdflatex) can be
killed with it. It ends itself, and them, as soon as its parent is gone, however that happened.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from typing import Any

from vary_data.base.errors import VaryError, WorkerBroken


def main() -> None:
    fd, lifeline = int(sys.argv[1]), int(sys.argv[2])
    for inherited in (fd, lifeline):
        os.set_inheritable(inherited, False)
    os.environ.pop("PYTHONPATH", None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, args=(lifeline,), daemon=True).start()
    serve(Connection(fd))


def serve(connection: Connection) -> None:
    """Open the worker's function, then answer one job after the other until the pipe closes."""
    opener = connection.recv()
    try:
        perform = opener()
    except VaryError as error:
        connection.send(("failed", error))
        return
    except Exception as error:
        connection.send(("failed", VaryError(f"a worker could not start: {describe(error)}")))
        return
    connection.send(("ready", None))
    while True:
        try:
            job = connection.recv()
        except EOFError:
            break
        connection.send((*_answer(perform, job), resident_bytes()))
    perform.close()


def _answer(perform: Any, job: Any) -> tuple[str, Any]:
    try:
        return "done", perform(job)
    except WorkerBroken as error:
        return "broken", str(error)
    except MemoryError:
        return "broken", "out of memory"
    except Exception as error:
        return "error", (type(error).__name__, describe(error))


def describe(error: BaseException) -> str:
    """The error on one line with the place in our code that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""  # noqa: PTH119
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}{place}"


def resident_bytes() -> int:
    """Memory held by this process (0 where /proc does not tell)."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _die_with_parent(lifeline: int) -> None:
    """The other end is held by the parent alone and never written to: reading ends when it dies."""
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
