"""The worker process of the pool: `python -m vary_data.engine.worker FD LIFELINE`.

A worker leads its own process group, so that its child processes (a browser, pdflatex) can be
killed with it. It kills this group as soon as its parent has died, for whatever reason.
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
    threading.Thread(target=_kill_group_after_parent, args=(lifeline,), daemon=True).start()
    serve(Connection(fd))


def serve(connection: Connection) -> None:
    """Open the worker's function, then run one job after the other until the pipe closes."""
    opener = connection.recv()
    try:
        run_job = opener()
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
        connection.send((*_run_job(run_job, job), resident_bytes()))
    run_job.close()


def _run_job(run_job: Any, job: Any) -> tuple[str, Any]:
    try:
        return "done", run_job(job)
    except WorkerBroken as error:
        return "broken", str(error)
    except MemoryError:
        return "broken", "out of memory"
    except Exception as error:
        return "error", (type(error).__name__, describe(error))


def describe(error: BaseException) -> str:
    """The error on one line with the file and line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""  # noqa: PTH119
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}{place}"


def resident_bytes() -> int:
    """Memory used by this process; 0 if /proc does not have it."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _kill_group_after_parent(lifeline: int) -> None:
    """Kill this process group when the parent dies.

    Only the parent holds the other end of the pipe and never writes to it, so reading returns
    when the parent dies.
    """
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
