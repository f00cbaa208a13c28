"""Starts the processes of a run on one computer, and lets one of them report a failure.

`torchrun` does the same for several computers, but surrounds every message with its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from trainer.errors import TrainerError

FIRST_REPORTS_SECONDS = 5.0
"""How long other processes wait with their message: the first one that ends ends them."""
REPORT = "VARY_TRAIN_REPORT"
"""The environment variable with a path that the process creates which reports a failure."""
GRACE_SECONDS = 10.0
"""Time to end after SIGTERM."""


def launch(arguments: Sequence[str], processes: int) -> int:
    """Run `python ARGUMENTS` in so many processes, and give the exit code of the run.

    When one of them fails, the others are ended.
    """
    shared = os.environ | {
        "WORLD_SIZE": str(processes),
        "LOCAL_WORLD_SIZE": str(processes),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(_free_port()),
    }
    shared.setdefault("OMP_NUM_THREADS", "1")  # as torchrun: the processes share the cores
    folder = tempfile.mkdtemp()
    shared[REPORT] = str(Path(folder, "reported"))
    running: list[subprocess.Popen[bytes]] = []
    try:
        for rank in range(processes):
            ranks = {"RANK": str(rank), "LOCAL_RANK": str(rank)}
            running.append(subprocess.Popen([sys.executable, *arguments], env=shared | ranks))
        return _wait(running)
    finally:
        _end(running)
        shutil.rmtree(folder, ignore_errors=True)


def is_launched() -> bool:
    """Whether this process is one of several, of `launch` or torchrun."""
    return "RANK" in os.environ


@contextmanager
def one_report() -> Iterator[None]:
    """A block whose error is reported once, although it occurs in all processes.

    All but the first wait before they pass it on, and are ended while they wait if the first one
    has it, too.

    Raises:
        TrainerError: That of the block, with the number of the process.
        SystemExit: Another process has reported.
    """
    rank = int(os.environ.get("RANK", "0"))
    try:
        yield
    except TrainerError as error:
        if rank:
            time.sleep(FIRST_REPORTS_SECONDS)
        if not _is_first_report():
            raise SystemExit(error.exit_code) from error
        if rank == 0:
            raise
        raise type(error)(f"process {rank}: {error.message}", error.hint) from error


def _is_first_report() -> bool:
    """Whether no process of `launch` has reported before; torchrun's are not asked."""
    path = os.environ.get(REPORT)
    if path is None:
        return True
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _wait(running: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until all have ended well or one has not."""
    while True:
        codes = [process.poll() for process in running]
        for code in codes:
            if code:
                return code if code > 0 else 128 - code  # as a shell reports a signal
        if None not in codes:
            return 0
        time.sleep(0.05)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
