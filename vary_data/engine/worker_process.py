"""The parent's view of one worker process: its start, its end, its memory and processor time."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from renderers.environment import clean_environment, module_command, module_path
from vary_data.base.errors import OutputError
from vary_data.engine.channel import Closed, ParentEnd
from vary_data.engine.process_tree import kill_processes_below, processes_below
from vary_data.engine.scratch import Scratch, temporary_hint

MODULE = "vary_data.engine.worker"
LOG = "log"
MAX_LOG_BYTES = 1 << 20
"""Limit of a worker's log, whose last line explains a crash."""
MAX_LINE = 200


@dataclass(slots=True, eq=False)
class WorkerProcess:
    """A running worker; it leads a process group and has a private folder for temporary files."""

    process: subprocess.Popen[bytes]
    channel: ParentEnd
    lifeline: int
    folder: Path
    log: IO[bytes]

    def computed(self) -> float:
        """Processor time in seconds of the worker and of the children that it waited for."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        # utime, stime, cutime and cstime are fields 14 to 17; the state is field 3.
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self) -> int:
        """Memory of the worker itself; 0 if /proc does not have it."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def tools_bytes(self) -> int:
        """Memory of the programs below the worker, without what processes share; 0 without /proc.

        Chromium reserves an address space of terabytes, so a limit of that kind is impossible, and
        cgroups are not everywhere. Programs that a process starts from another thread than its
        first are not found: Chromium starts its pages from the first.
        """
        total = 0
        for pid in processes_below(self.process.pid, all_threads=False):
            with contextlib.suppress(OSError, ValueError):
                _, resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[:3]
                total += int(resident) - int(shared)
        return total * os.sysconf("SC_PAGE_SIZE")

    def limit_log(self) -> None:
        """Empty a log that grew too large; the worker shares the offset of the file."""
        if self.log.seek(0, os.SEEK_CUR) > MAX_LOG_BYTES:
            self.log.truncate(0)
            self.log.seek(0)

    def end(self) -> tuple[int | None, str]:
        """Kill the worker and its child processes, and remove its temporary files.

        Returns:
            The status with which it had ended (None: it was killed here), and a description of
            its end with the last line that it printed.
        """
        status = self.process.poll()
        if status is None:
            # The worker's end of the channel may close shortly before the process can be reaped.
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self.process.wait(0.05)
        if status is None:
            # Chromium leads a group of its own, and leaves with its worker only if it can run.
            kill_processes_below(self.process.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.channel.close()
        os.close(self.lifeline)
        last_line = _last_line(self.log)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status, f"{_described(status)}{last_line}"


def start_worker(opener: Callable[[], Any], scratch: Scratch, stores: bool) -> WorkerProcess:
    """Start a worker that calls `opener`; `stores`: it may read object stores.

    Raises:
        OutputError: no temporary file or process can be made on this machine.
    """
    folder = scratch.subfolder()
    environment = clean_environment(stores=stores, TMPDIR=str(folder), PYTHONPATH=module_path())
    with contextlib.ExitStack() as parents, contextlib.ExitStack() as workers:
        try:
            log = parents.enter_context((folder / LOG).open("w+b"))
            parent_end, worker_end = socket.socketpair()
            parents.enter_context(parent_end)
            workers.enter_context(worker_end)
            lifeline_read, lifeline_write = os.pipe()
            workers.callback(os.close, lifeline_read)
            parents.callback(os.close, lifeline_write)
            inherited = (worker_end.fileno(), lifeline_read)
            process = subprocess.Popen(
                module_command(MODULE, *map(str, inherited)),
                pass_fds=inherited,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment,
            )
        except OSError as error:
            raise OutputError(
                f"cannot start a worker: {error.strerror or error}", temporary_hint(error)
            ) from error
        parents.pop_all()  # they stay open as long as the worker runs
    channel = ParentEnd(parent_end)
    # If the worker is dead already, the pool finds out when it waits for it.
    with contextlib.suppress(Closed):
        channel.send(opener)
    return WorkerProcess(process, channel, lifeline_write, folder, log)


def _described(status: int | None) -> str:
    if status is None:
        return "killed"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"exited with {status}"


def _last_line(log: IO[bytes]) -> str:
    """The last line that the worker printed, if any."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - 2000))
    lines = log.read().decode(errors="replace").strip().splitlines()
    return f" ({lines[-1].strip()[:MAX_LINE]})" if lines else ""
