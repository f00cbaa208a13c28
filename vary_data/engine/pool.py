"""Worker processes that may crash, hang, stop or leak memory without affecting other tasks.

The pools of the standard library and of PyPI do not suffice: after a killed worker they hang or
lose all running tasks, and none kills the processes that a worker started. Here every worker
has its own channel (no lock is shared, so a killed worker cannot leave one held) and leads a
process group, and the caller's thread watches it without ever blocking on it: at the end of the
channel, at the deadline or above the memory limit the whole group is killed, a new worker starts,
and the task is repeated once. A task that fails in two workers gets a `JobFailure`; all other tasks
continue.
"""

from __future__ import annotations

import contextlib
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from vary_data.base.errors import VaryError
from vary_data.engine.channel import Closed
from vary_data.engine.failure import JobFailure, crashed, timed_out
from vary_data.engine.scratch import Scratch
from vary_data.engine.worker_process import WorkerProcess, start_worker

OPEN_SECONDS = 180.0
"""Deadline for a worker to open its tools."""
MAX_TRIES = 2
"""How often a task may kill, hang or break a worker before it fails."""
UNUSUAL_PATIENCE = 2.0
"""Factor of the deadline of a worker's first task, which fills caches, and of a repeated task."""
MAX_BROKEN_IN_A_ROW = 20
"""If the worker's tool dies in this many tasks in a row, the run stops: the tool is unusable."""
MAX_BUFFERED_BYTES = 256 << 20
"""Limit of finished results that wait for a slower earlier task."""
MAX_WORKER_BYTES = 1 << 30
"""A worker that uses more memory after a task is replaced."""
MAX_TASK_BYTES = 2 << 30
"""A worker that uses more memory during a task is killed."""
MAX_TOOLS_BYTES = 2 << 30
"""A worker is also killed when the programs that it started use more together."""
WATCH_SECONDS = 0.2
"""Interval of looking at the memory of workers."""
STOPPED_SECONDS = 2.0
"""If this process did not look at its workers for so much longer than it wanted, it was stopped or
busy itself, and all deadlines move by that time."""


class JobFunction(Protocol):
    """The function that runs in a worker; the pool's `opener` makes it there."""

    def __call__(self, job: Any) -> bytes: ...
    def close(self) -> None:
        """Called once, after the last job, where the function does not run in a process of its own.

        Workers are killed.
        """
        ...


@dataclass(slots=True)
class _PoolJob:
    number: int
    payload: Any
    patience: float
    tries: int = 0
    alone: bool = False
    """Whether no other job may run at the same time, because memory was short."""


@dataclass(slots=True, eq=False)
class _Worker:
    process: WorkerProcess
    deadline: float
    seconds: float = OPEN_SECONDS
    job: _PoolJob | None = None
    ready: bool = False
    jobs: int = 0
    computed: float = 0.0
    """Processor time when the job began."""


_Ended = tuple[_PoolJob, bytes | JobFailure | None]
"""A job and its result; None: it is to be repeated."""


@dataclass(slots=True)
class SupervisedPool:
    """Runs jobs in `workers` processes and yields results in the order of the jobs.

    `opener` is pickled to each worker and called there once; the function that it returns is
    called with each job. `timeout` is the deadline of a job in seconds. With `stores`, workers get
    the credentials of object stores. Use as a context manager.
    """

    opener: Callable[[], JobFunction]
    workers: int
    timeout: float
    stores: bool = False
    _pool: list[_Worker] = field(default_factory=list)
    _broken_in_a_row: int = 0
    _seen: float = 0.0
    _scratch: Scratch | None = None

    def __enter__(self) -> SupervisedPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def scratch(self) -> Scratch:
        """The private folder for temporary files of this pool.

        Raises:
            OutputError: temporary files cannot be written.
        """
        if self._scratch is None:
            self._scratch = Scratch.create()
        return self._scratch

    def close(self) -> None:
        """Kill every worker with its child processes, and remove all temporary files."""
        while self._pool:
            self._pool.pop().process.end()
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None

    def run(
        self, jobs: Iterable[Any], patience: Callable[[Any], float] = lambda job: 1.0
    ) -> Iterator[bytes | JobFailure]:
        """Results in the order of `jobs`, which are read only when a worker is free.

        `patience` is a factor of the deadline of a job.

        Raises:
            VaryError: workers cannot open their tools, or their tools keep dying.
            OutputError: workers or temporary files cannot be made on this machine.
        """
        waiting = (_PoolJob(i, payload, patience(payload)) for i, payload in enumerate(jobs))
        again: deque[_PoolJob] = deque()
        finished: dict[int, bytes | JobFailure] = {}
        held = 0
        following = 0
        exhausted = False
        self._seen = time.monotonic()
        try:
            while True:
                while following in finished:
                    result = finished.pop(following)
                    held -= len(result) if isinstance(result, bytes) else 0
                    following += 1
                    yield result
                while again and self._accepts(again[0]):
                    self._assign(again.popleft())
                # While one task is slow, the results of later ones must not fill the memory.
                while not exhausted and not again and held <= MAX_BUFFERED_BYTES:
                    if not self._accepts():
                        break
                    job = next(waiting, None)
                    if job is None:
                        exhausted = True
                    else:
                        self._assign(job)
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

    def _accepts(self, job: _PoolJob | None = None) -> bool:
        """Whether a job can start now."""
        if any(worker.job and worker.job.alone for worker in self._pool):
            return False
        if job and job.alone:
            return not self._busy()
        return len(self._pool) < self.workers or any(worker.job is None for worker in self._pool)

    def _assign(self, job: _PoolJob) -> None:
        if job.alone:
            # Idle workers hold memory, too: the job gets a new worker and the whole machine.
            for worker in list(self._pool):
                self._retire(worker)
        idle = next((w for w in self._pool if w.job is None), None)
        if idle is None:
            process = start_worker(self.opener, self.scratch, self.stores)
            idle = _Worker(process, time.monotonic() + OPEN_SECONDS)
            self._pool.append(idle)
        idle.job = job
        job.tries += 1
        if idle.ready:
            self._send(idle)

    def _send(self, worker: _Worker) -> None:
        assert worker.job is not None
        unusual = worker.jobs == 0 or worker.job.tries > 1
        worker.seconds = self.timeout * worker.job.patience * (UNUSUAL_PATIENCE if unusual else 1.0)
        worker.deadline = time.monotonic() + worker.seconds
        worker.computed = worker.process.computed()
        worker.jobs += 1
        # If the worker is dead, the next wait detects it.
        with contextlib.suppress(Closed):
            worker.process.channel.send(worker.job.payload)

    def _wait_for_events(self) -> list[_Ended]:
        """Wait for a message, a deadline or the next look at the memory; the ended jobs."""
        busy = [worker for worker in self._pool if worker.job]
        pause = min(worker.deadline for worker in busy) - time.monotonic()
        pause = max(0.0, min(pause, WATCH_SECONDS))
        ended: list[_Ended] = []
        with selectors.DefaultSelector() as selector:
            for worker in busy:
                writes = selectors.EVENT_WRITE if worker.process.channel.sending else 0
                selector.register(worker.process.channel, selectors.EVENT_READ | writes, worker)
            for key, events in selector.select(pause):
                ended.extend(self._communicate(cast(_Worker, key.data), events))
        now = time.monotonic()
        unseen, self._seen = now - self._seen - pause, now
        if unseen > STOPPED_SECONDS:
            for worker in self._pool:
                worker.deadline += unseen
        for worker in [w for w in self._pool if w.job]:
            if worker.deadline < now:
                ended.append(self._expired(worker))
            elif worker.process.resident_bytes() > MAX_TASK_BYTES:
                ended.append(self._too_large(worker, "it needs", MAX_TASK_BYTES))
            elif worker.process.tools_bytes() > MAX_TOOLS_BYTES:
                ended.append(self._too_large(worker, "its programs need", MAX_TOOLS_BYTES))
        return ended

    def _communicate(self, worker: _Worker, events: int) -> list[_Ended]:
        """Send and receive what is possible without waiting; the job, if it ended."""
        channel = worker.process.channel
        ended: list[_Ended] = []
        try:
            if events & selectors.EVENT_WRITE:
                channel.flush()
            messages = channel.receive() if events & selectors.EVENT_READ else []
        except Closed:
            return [self._died(worker)]
        for message in messages:
            ended.extend(self._handle_message(worker, message))
        return ended

    def _handle_message(self, worker: _Worker, message: tuple[Any, ...]) -> list[_Ended]:
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
            return [_retry_or_fail(job, JobFailure("broken", content, "environment"))]
        self._broken_in_a_row = 0
        worker.job = None
        if worker.process.resident_bytes() > MAX_WORKER_BYTES:
            self._retire(worker)
        else:
            worker.process.limit_log()
        if kind == "error":
            return [(job, JobFailure(*content))]
        return [(job, content)]

    def _died(self, worker: _Worker) -> _Ended:
        job = worker.job
        assert job is not None
        status, end = self._retire(worker)
        if not worker.ready:
            return _restart(job, end)
        failure = crashed(status, end)
        job.alone = job.alone or failure.cause == "environment"
        return _retry_or_fail(job, failure)

    def _expired(self, worker: _Worker) -> _Ended:
        job = worker.job
        assert job is not None
        computed = worker.process.computed() - worker.computed
        _, end = self._retire(worker)
        if not worker.ready:
            return _restart(job, f"not ready within {OPEN_SECONDS:g} s, {end}")
        return _retry_or_fail(job, timed_out(worker.seconds, computed))

    def _too_large(self, worker: _Worker, what: str, limit: int) -> _Ended:
        job = worker.job
        assert job is not None
        self._retire(worker)
        job.alone = True
        detail = f"{what} more than {limit / 2**30:g} GiB of memory"
        return _retry_or_fail(job, JobFailure("memory", detail))

    def _retire(self, worker: _Worker) -> tuple[int | None, str]:
        self._pool.remove(worker)
        return worker.process.end()


def _restart(job: _PoolJob, end: str) -> _Ended:
    """A job whose worker died before it got the job is repeated, but not endlessly.

    Raises:
        VaryError: too many workers died.
    """
    if job.tries > MAX_TRIES:
        raise VaryError(f"workers die or hang during their start: {end}")
    return job, None


def _retry_or_fail(job: _PoolJob, failure: JobFailure) -> _Ended:
    return (job, None) if job.tries < MAX_TRIES else (job, failure)
