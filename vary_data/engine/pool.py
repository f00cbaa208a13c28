"""Worker processes that may crash, hang or leak memory without affecting other tasks.

The pools of the standard library and of PyPI do not suffice: after a killed worker they hang or
lose all running tasks, and none kills the processes that a worker started. Here every worker
has its own pipe (no lock is shared, so a killed worker cannot leave one held) and leads a
process group, and the caller's thread watches it: at the end of the pipe or at the deadline the
whole group is killed, a new worker starts, and the task is repeated once. A task that fails in
two workers gets a `JobFailure`; all other tasks continue.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, cast

from vary_data.base.errors import VaryError

OPEN_SECONDS = 180.0
"""Deadline for a worker to open its tools."""
MAX_TRIES = 2
"""How often a task may kill, hang or break a worker before it fails."""
MAX_BROKEN_IN_A_ROW = 20
"""If the worker's tool dies in this many tasks in a row, the run stops: the tool is unusable."""
MAX_BUFFERED_BYTES = 256 << 20
"""Limit of finished results that wait for a slower earlier task."""
MAX_WORKER_BYTES = 3 << 30
"""A worker that uses more memory after a task is replaced."""
MAX_LOG_BYTES = 1 << 20
"""Limit of a worker's log, whose last line explains a crash."""


class JobFunction(Protocol):
    """The function that runs in a worker; the pool's `opener` makes it there."""

    def __call__(self, job: Any) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job has no result: `timeout`, `crash`, `broken`, or the name of an exception."""

    reason: str
    detail: str


@dataclass(slots=True)
class _PoolJob:
    number: int
    payload: Any
    tries: int = 0


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    lifeline: int
    log: Any
    deadline: float
    job: _PoolJob | None = None
    ready: bool = False

    def kill(self) -> str:
        """Kill the worker and its child processes; a message about how the worker had ended."""
        status = self.process.poll()
        if status is None:
            # The worker's end of the pipe may close shortly before the process can be reaped.
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self.process.wait(0.05)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.connection.close()
        os.close(self.lifeline)
        last_line = _last_log_line(self.log)
        self.log.close()
        return f"{_describe_exit(status)}{last_line}"


@dataclass(slots=True)
class SupervisedPool:
    """Runs jobs in `workers` processes and yields results in the order of the jobs.

    `opener` is pickled to each worker and called there once; the function that it returns is
    called with each job. `timeout` is the deadline of a job in seconds. Use as a context manager.
    """

    opener: Callable[[], JobFunction]
    workers: int
    timeout: float
    _pool: list[_Worker] = field(default_factory=list)
    _broken_in_a_row: int = 0

    def __enter__(self) -> SupervisedPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill every worker with its child processes."""
        while self._pool:
            self._pool.pop().kill()

    def run(self, jobs: Iterable[Any]) -> Iterator[bytes | JobFailure]:
        """Results in the order of `jobs`, which are read only when a worker is free.

        Raises:
            VaryError: workers cannot open their tools, or their tools keep dying.
        """
        waiting = (_PoolJob(i, payload) for i, payload in enumerate(jobs))
        again: deque[_PoolJob] = deque()
        finished: dict[int, bytes | JobFailure] = {}
        held = 0
        following = 0
        exhausted = False
        try:
            while True:
                while following in finished:
                    result = finished.pop(following)
                    held -= len(result) if isinstance(result, bytes) else 0
                    following += 1
                    yield result
                while not exhausted and not again and self._has_free_worker():
                    # While one task is slow, the results of later ones must not fill the memory.
                    if held > MAX_BUFFERED_BYTES:
                        break
                    job = next(waiting, None)
                    if job is None:
                        exhausted = True
                    else:
                        self._assign(job)
                while again and self._has_free_worker():
                    self._assign(again.popleft())
                if exhausted and not again and not self._busy():
                    if following in finished:
                        continue
                    return
                for job, end in self._wait_for_events():
                    if end is None:
                        again.append(job)
                    else:
                        finished[job.number] = end
                        held += len(end) if isinstance(end, bytes) else 0
        except BaseException:
            self.close()
            raise

    def _busy(self) -> bool:
        return any(worker.job for worker in self._pool)

    def _has_free_worker(self) -> bool:
        return len(self._pool) < self.workers or any(worker.job is None for worker in self._pool)

    def _assign(self, job: _PoolJob) -> None:
        idle = next((w for w in self._pool if w.job is None), None)
        if idle is None:
            idle = _spawn(self.opener)
            self._pool.append(idle)
        idle.job = job
        job.tries += 1
        if idle.ready:
            self._send(idle)

    def _send(self, worker: _Worker) -> None:
        assert worker.job is not None
        worker.deadline = time.monotonic() + self.timeout
        # If the worker is dead, the next wait detects it.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.connection.send(worker.job.payload)

    def _wait_for_events(self) -> list[tuple[_PoolJob, bytes | JobFailure | None]]:
        """Wait for a message or a deadline; the ended jobs (None: to be repeated)."""
        busy = [worker for worker in self._pool if worker.job]
        pause = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ended = []
        by_connection = {worker.connection: worker for worker in busy}
        for connection in wait(list(by_connection), min(pause, 3600.0)):
            worker = by_connection[cast(Connection, connection)]
            try:
                message = worker.connection.recv()
            except (EOFError, ConnectionResetError, OSError):
                ended.append(self._worker_died(worker, "crash"))
            else:
                ended.extend(self._handle_message(worker, message))
        now = time.monotonic()
        for worker in [w for w in self._pool if w.job and w.deadline < now]:
            ended.append(self._worker_died(worker, "timeout"))
        return ended

    def _handle_message(
        self, worker: _Worker, message: tuple[Any, ...]
    ) -> list[tuple[_PoolJob, bytes | JobFailure | None]]:
        job = worker.job
        assert job is not None
        kind, content = message[:2]
        if kind == "failed":
            raise content
        if kind == "ready":
            worker.ready = True
            self._send(worker)
            return []
        if kind == "broken":
            self._broken_in_a_row += 1
            if self._broken_in_a_row >= MAX_BROKEN_IN_A_ROW:
                raise VaryError(f"the tools of workers keep dying: {content}")
            self._retire(worker)
            return [_retry_or_fail(job, JobFailure("broken", content))]
        self._broken_in_a_row = 0
        worker.job = None
        if message[2] > MAX_WORKER_BYTES:
            self._retire(worker)
        elif worker.log.seek(0, os.SEEK_CUR) > MAX_LOG_BYTES:
            # The worker shares the file offset, so its next line also starts at 0.
            worker.log.truncate(0)
            worker.log.seek(0)
        if kind == "error":
            return [(job, JobFailure(*content))]
        return [(job, content)]

    def _worker_died(
        self, worker: _Worker, reason: str
    ) -> tuple[_PoolJob, bytes | JobFailure | None]:
        job = worker.job
        assert job is not None
        end = self._retire(worker)
        if not worker.ready:
            # The worker died before it got the job: the job is repeated, but not endlessly.
            if job.tries > MAX_TRIES:
                raise VaryError(f"workers die or hang during their start: {end}")
            return job, None
        detail = f"no answer within {self.timeout:g} s" if reason == "timeout" else end
        return _retry_or_fail(job, JobFailure(reason, detail))

    def _retire(self, worker: _Worker) -> str:
        self._pool.remove(worker)
        return worker.kill()


def _retry_or_fail(job: _PoolJob, failure: JobFailure) -> tuple[_PoolJob, JobFailure | None]:
    return (job, None) if job.tries < MAX_TRIES else (job, failure)


def _spawn(opener: Callable[[], JobFunction]) -> _Worker:
    parent_end, child_end = socket.socketpair()
    lifeline_read, lifeline_write = os.pipe()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the worker runs
    fds = (child_end.fileno(), lifeline_read)
    process = subprocess.Popen(
        [sys.executable, "-m", "vary_data.engine.worker", *map(str, fds)],
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    child_end.close()
    os.close(lifeline_read)
    connection = Connection(parent_end.detach())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.send(opener)
    return _Worker(process, connection, lifeline_write, log, time.monotonic() + OPEN_SECONDS)


def _describe_exit(status: int | None) -> str:
    if status is None:
        return "killed"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"exited with {status}"


def _last_log_line(log: Any) -> str:
    """The last line that the worker printed, if any."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - 2000))
    lines = log.read().decode(errors="replace").strip().splitlines()
    return f" ({lines[-1].strip()[:200]})" if lines else ""
