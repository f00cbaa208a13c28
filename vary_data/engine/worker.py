"""The worker process of the pool: `python -P -m vary_data.engine.worker FD LIFELINE`.

A worker leads its own process group, so that its child processes (a browser, pdflatex) can be
killed with it. It kills them and itself as soon as its parent has died, for whatever reason.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from vary_data.base.errors import VaryError, WorkerBroken
from vary_data.engine.channel import WorkerEnd
from vary_data.engine.failure import environment_error
from vary_data.engine.process_tree import kill_processes_below
from vary_data.engine.scratch import remove_after_owner

STUCK_SECONDS = 3600.0
"""After so much processor time without a look at the parent, the kernel ends the worker: compiled
code that holds Python's lock and never ends keeps the thread that looks from running."""
LOOK_SECONDS = 60.0


def main() -> None:
    """Serve tasks on the socket that the parent process opened, until it closes."""
    fd, lifeline = int(sys.argv[1]), int(sys.argv[2])
    for inherited in (fd, lifeline):
        os.set_inheritable(inherited, False)
    os.environ.pop("PYTHONPATH", None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_VIRTUAL, STUCK_SECONDS)
    watch = threading.Thread(target=_end_after_parent, args=(lifeline,), daemon=True)
    watch.start()
    with contextlib.suppress(EOFError):
        serve(WorkerEnd(socket.socket(fileno=fd)))
    # The parent kills this process; if it has died, `watch` does, and must not end before.
    watch.join()


def serve(connection: WorkerEnd) -> None:
    """Open the worker's function, then run one job after the other; returns if it cannot open.

    Raises:
        EOFError: the parent has died.
    """
    opener = connection.receive()
    try:
        function = opener()
    except VaryError as error:
        connection.send(("failed", error))
        return
    except Exception as error:
        failure = VaryError(
            f"a worker could not start: {describe(error)}", environment_error(error)
        )
        connection.send(("failed", failure))
        return
    connection.send(("ready", None))
    while True:
        connection.send(run_job(function, connection.receive()))


def run_job(function: Any, job: Any) -> tuple[str, Any]:
    """How a job ended, and its result or what went wrong: a message to the pool."""
    try:
        return "done", function(job)
    except WorkerBroken as error:
        return "broken", str(error)
    except Exception as error:
        advice = environment_error(error)
        if advice:
            return "broken", f"{describe(error)}; {advice}"
        return "error", (type(error).__name__, describe(error))


def describe(error: BaseException) -> str:
    """The error on one line with the file and line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""  # noqa: PTH119
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}{place}"


def _private_folder() -> Path:
    """The folder of the pool for temporary files; that of this worker is inside."""
    return Path(os.environ.get("TMPDIR", "/")).parent


def _end_after_parent(lifeline: int) -> None:
    """When the parent dies, kill the tools, remove the temporary files, and kill this process.

    Only the parent holds the other end of the pipe and never writes to it, so it is at its end
    when the parent dies.
    """
    end = select.poll()
    end.register(lifeline, select.POLLIN)
    while not end.poll(LOOK_SECONDS * 1000):
        signal.setitimer(signal.ITIMER_VIRTUAL, STUCK_SECONDS)
    try:
        kill_processes_below(os.getpid())
        remove_after_owner(_private_folder())
    finally:
        # Whatever went wrong, this process ends, with the tools that its task has started since.
        try:
            kill_processes_below(os.getpid())
        finally:
            os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
