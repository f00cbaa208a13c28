"""Worker processes that may crash, hang or leak without costing more than the task at hand.

The pools of the standard library and of PyPI were tried: a killed worker makes them hang or
lose every task in flight, and none kills what a worker started. Here every worker has a pipe of
its own (no shared lock to die with), leads a process group, and is watched by the caller's
thread: end of pipe or deadline, the whole group is killed, a new worker starts, and the task is
repeated once. A task that kills two workers is a failure with a reason; all others go on.
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
"""How long a worker may take to open its tools."""
TRIES = 2
"""How often a task may kill, hang or break a worker before it is given up."""
BROKEN_IN_A_ROW = 20
"""So many tasks in a row whose worker's tool died mean that the tool itself is unusable."""
BUFFER_BYTES = 256 << 20
"""Finished results held back for a slow task before them."""
RSS_LIMIT = 3 << 30
"""A worker that holds more memory after a task is replaced."""
LOG_LIMIT = 1 << 20
"""What a worker prints is kept for its last words, up to this many bytes."""


class Perform(Protocol):
    """What runs in a worker; made there by the pool's `opener`."""

    def __call__(self, job: Any) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job has no result: `timeout`, `crash`, `broken`, or the name of an exception."""

    reason: str
    detail: str


@dataclass(slots=True)
class _Job:
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
    job: _Job | None = None
    ready: bool = False

    def kill(self) -> str:
        """Kill the worker and all it started; how it had ended, in words."""
        status = self.process.poll()
        if status is None:
            # Its end of the pipe may close a moment before the process can be reaped.
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self.process.wait(0.05)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.connection.close()
        os.close(self.lifeline)
        words = _last_words(self.log)
        self.log.close()
        return f"{_exit_words(status)}{words}"


@dataclass(slots=True)
class SupervisedPool:
    """Runs jobs in `workers` processes and yields results in the order of the jobs.

    `opener` is pickled to each worker and called there once; what it returns is called with
    each job. `timeout` is the deadline of one job in seconds. Use as a context manager.
    """

    opener: Callable[[], Perform]
    workers: int
    timeout: float
    _pool: list[_Worker] = field(default_factory=list)
    _broken_in_a_row: int = 0

    def __enter__(self) -> SupervisedPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill every worker and what it started."""
        while self._pool:
            self._pool.pop().kill()

    def run(self, jobs: Iterable[Any]) -> Iterator[bytes | Failure]:
        """Results in the order of `jobs`, which is read only as far as workers need it.

        Raises:
            VaryError: workers cannot open their tools, or keep losing them.
        """
        waiting = (_Job(i, payload) for i, payload in enumerate(jobs))
        again: deque[_Job] = deque()
        finished: dict[int, bytes | Failure] = {}
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
                while not exhausted and not again and self._wants_job():
                    # A slow task must not let the others run ahead without bound.
                    if held > BUFFER_BYTES:
                        break
                    job = next(waiting, None)
                    if job is None:
                        exhausted = True
                    else:
                        self._give(job)
                while again and self._wants_job():
                    self._give(again.popleft())
                if exhausted and not again and not self._busy():
                    if following in finished:
                        continue
                    return
                for job, end in self._step():
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

    def _wants_job(self) -> bool:
        return len(self._pool) < self.workers or any(worker.job is None for worker in self._pool)

    def _give(self, job: _Job) -> None:
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
        # If it died meanwhile, the next wait says so.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.connection.send(worker.job.payload)

    def _step(self) -> list[tuple[_Job, bytes | Failure | None]]:
        """Wait for something to happen; the jobs it ended (None: to be tried again)."""
        busy = [worker for worker in self._pool if worker.job]
        pause = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ended = []
        by_connection = {worker.connection: worker for worker in busy}
        for connection in wait(list(by_connection), min(pause, 3600.0)):
            worker = by_connection[cast(Connection, connection)]
            try:
                message = worker.connection.recv()
            except (EOFError, ConnectionResetError, OSError):
                ended.append(self._lost(worker, "crash"))
            else:
                ended.extend(self._heard(worker, message))
        now = time.monotonic()
        for worker in [w for w in self._pool if w.job and w.deadline < now]:
            ended.append(self._lost(worker, "timeout"))
        return ended

    def _heard(
        self, worker: _Worker, message: tuple[Any, ...]
    ) -> list[tuple[_Job, bytes | Failure | None]]:
        job = worker.job
        assert job is not None
        word, content = message[:2]
        if word == "failed":
            raise content
        if word == "ready":
            worker.ready = True
            self._send(worker)
            return []
        if word == "broken":
            self._broken_in_a_row += 1
            if self._broken_in_a_row >= BROKEN_IN_A_ROW:
                raise VaryError(f"workers keep losing their tools: {content}")
            self._retire(worker)
            return [_again_or(job, Failure("broken", content))]
        self._broken_in_a_row = 0
        worker.job = None
        if message[2] > RSS_LIMIT:
            self._retire(worker)
        elif worker.log.seek(0, os.SEEK_CUR) > LOG_LIMIT:
            # The worker writes through the same open file, so its next line starts at 0 too.
            worker.log.truncate(0)
            worker.log.seek(0)
        if word == "error":
            return [(job, Failure(*content))]
        return [(job, content)]

    def _lost(self, worker: _Worker, reason: str) -> tuple[_Job, bytes | Failure | None]:
        job = worker.job
        assert job is not None
        end = self._retire(worker)
        if not worker.ready:
            # It never got as far as the job: not the job's fault, but it must not go on for ever.
            if job.tries > TRIES:
                raise VaryError(f"workers die or hang while they start: {end}")
            return job, None
        detail = f"no answer within {self.timeout:g} s" if reason == "timeout" else end
        return _again_or(job, Failure(reason, detail))

    def _retire(self, worker: _Worker) -> str:
        self._pool.remove(worker)
        return worker.kill()


def _again_or(job: _Job, failure: Failure) -> tuple[_Job, Failure | None]:
    return (job, None) if job.tries < TRIES else (job, failure)


def _spawn(opener: Callable[[], Perform]) -> _Worker:
    ours, theirs = socket.socketpair()
    lifeline_read, lifeline_write = os.pipe()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
    fds = (theirs.fileno(), lifeline_read)
    process = subprocess.Popen(
        [sys.executable, "-m", "vary_data.engine.worker", *map(str, fds)],
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    theirs.close()
    os.close(lifeline_read)
    connection = Connection(ours.detach())
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.send(opener)
    return _Worker(process, connection, lifeline_write, log, time.monotonic() + OPEN_SECONDS)


def _exit_words(status: int | None) -> str:
    if status is None:
        return "killed"
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"exited with {status}"


def _last_words(log: Any) -> str:
    """The last line that the worker printed, if any."""
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - 2000))
    lines = log.read().decode(errors="replace").strip().splitlines()
    return f" ({lines[-1].strip()[:200]})" if lines else ""
