"""Runs shards on a Ray cluster: one Ray task makes one shard.

Ray starts tasks and repeats those whose worker or node died; no data passes through Ray. A task
supervises a worker process like a local run, writes its shard to storage that all nodes share,
and returns the report. A shard is a pure function and appears atomically, so a task that runs
twice, or whose driver was killed, only costs time.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import platform
import signal
import socket
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import ToolMissing, VaryError
from vary_data.base.storage import Location
from vary_data.engine.executors.folder import prepared
from vary_data.engine.executors.progress import Progress
from vary_data.engine.executors.ray_processes import ended_if_interrupted
from vary_data.engine.generator import Generator
from vary_data.engine.output import WHOLE, ConfigWriter, Share
from vary_data.engine.plan import RunPlan
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.provenance import versions
from vary_data.engine.scratch import remove_left_behind
from vary_data.engine.shard import OpenTaskRunner, ShardReport, run_shard

RAY_RETRIES = 10
"""How often Ray repeats a task whose worker or node died."""
MAX_SHARD_TRIES = 3
"""The run stops after this many exceptions of one shard, on any nodes."""
TASKS_PER_CPU = 2
"""Tasks submitted for each CPU of the cluster: waiting tasks make an autoscaler add nodes."""
CONNECT_SECONDS = 10.0
SLOW_SECONDS, SLOW_FACTOR = 600.0, 20.0
"""A task that takes longer than this, and this many times the longest one that has ended, may be
stopped: its shard is submitted once more. If it goes on, it finds the shard finished."""


@dataclass(frozen=True, slots=True)
class ShardJob:
    """The input of a Ray task; `part` is a plan of only this shard."""

    part: RunPlan
    folder: Location
    load: Callable[[str], Generator]
    directory: str
    """The driver's working directory, the base of relative paths, if the node has it."""
    versions: Mapping[str, str]


def run(
    plan: RunPlan,
    output: Location,
    load: Callable[[str], Generator],
    workers: int | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    share: Share = WHOLE,
    address: str | None = None,
) -> list[ShardReport]:
    """Make every missing shard of a plan below `output`; the reports of the new shards.

    `output` must be the same folder on every node: a shared folder or a URL. At most `workers`
    shards are submitted at a time (default: `TASKS_PER_CPU` for each CPU of the cluster).
    `address` is that of a cluster; without it Ray uses RAY_ADDRESS, else a cluster on this
    machine, else it starts one here.

    Raises:
        PlanMismatch: the folder contains the data of another recipe.
        ToolMissing: Ray is not installed.
        VaryError: no cluster answers, or shards failed; finished shards are kept.
    """
    progress = progress or Progress()
    reports: list[ShardReport] = []
    with prepared(plan, output.resolve(), load, overwrite, share) as (target, missing):
        progress.started(plan, missing)
        if not missing:
            return reports
        with _connected(address, workers) as ray:
            directory, installed = str(Path.cwd()), versions()

            def job(number: int) -> ShardJob:
                return ShardJob(plan.part(number), target.folder, load, directory, installed)

            for report in _run_jobs(ray, missing, job, workers):
                reports.append(report)
                progress.tasks(report.tasks, report.samples, report.rejections)
                progress.shard(report)
    return sorted(reports, key=lambda report: (report.split, report.index))


def make_shard(job: ShardJob) -> ShardReport:
    """Make one shard with one supervised worker: the function of a Ray task.

    Raises:
        VaryError: this node has other package versions, or the shard cannot be made here.
    """
    _check_node(job.versions)
    target = ConfigWriter(job.folder)
    directory = Path(job.directory)
    with contextlib.chdir(directory) if directory.is_dir() else contextlib.nullcontext():
        return run_shard(job.part, 0, _pool(job), target)


_pools: dict[str, SupervisedPool] = {}
"""The pool of this Ray worker process, by plan. Ray uses one process for many tasks; keeping the
pool avoids starting its tools (a browser, TeX formats) for every shard. It ends with the
process."""


def _pool(job: ShardJob) -> SupervisedPool:
    plan = job.part
    if plan.plan_id not in _pools:
        for other in list(_pools):
            _pools.pop(other).close()
        _pools[plan.plan_id] = SupervisedPool(
            OpenTaskRunner(job.load, plan.recipe), 1, plan.recipe.timeout, plan.stores
        )
    return _pools[plan.plan_id]


def _check_node(expected: Mapping[str, str]) -> None:
    """Check the versions of the packages that draw: equal pictures need equal versions.

    Raises:
        VaryError: a version differs from the driver's.
    """
    installed = versions()
    for name, version in expected.items():
        if name != "python" and installed.get(name) != version:
            raise VaryError(
                f"node {platform.node()} has {name} {installed.get(name, 'not installed')}, "
                f"the driver has {version}",
                "install the same versions on every node",
            )


def _run_jobs(
    ray: Any, numbers: Sequence[int], job: Callable[[int], ShardJob], workers: int | None
) -> Iterator[ShardReport]:
    """Submit the jobs of these shards, few at a time, and yield their reports as they end.

    Raises:
        VaryError: a shard raised `MAX_SHARD_TRIES` times; or, after all other shards are made,
            if the workers of some shards kept dying.
    """
    task = ray.remote(num_cpus=1, max_retries=RAY_RETRIES, scheduling_strategy="SPREAD")(make_shard)
    waiting = deque(numbers)
    running: dict[Any, int] = {}
    submitted: dict[Any, float] = {}
    ended: set[int] = set()
    failures: Counter[int] = Counter()
    lost: list[str] = []
    longest = math.inf
    while set(waiting) - ended or set(running.values()) - ended:
        limit = workers or TASKS_PER_CPU * max(1, int(ray.cluster_resources().get("CPU", 1)))
        while waiting and len(running) < limit:
            number = waiting.popleft()
            if number in ended:
                continue
            reference = task.remote(job(number))
            running[reference], submitted[reference] = number, time.monotonic()
        done, late = ray.wait(list(running), timeout=10.0)
        slow = _slow(late, running, submitted, max(SLOW_SECONDS, SLOW_FACTOR * longest))
        waiting += [number for number in slow if number not in waiting]
        for reference in done:
            number, seconds = running.pop(reference), time.monotonic() - submitted.pop(reference)
            if number in ended:
                continue
            try:
                report = ray.get(reference)
                longest = seconds if math.isinf(longest) else max(longest, seconds)
                ended.add(number)
                yield report
            except ray.exceptions.RayTaskError as error:
                failures[number] += 1
                if failures[number] == MAX_SHARD_TRIES:
                    raise _as_vary_error(error) from error
                waiting.append(number)
            except ray.exceptions.RayError as error:
                ended.add(number)
                lost.append(f"shard {number}: {_first_line(error)}")
    if lost:
        raise VaryError(
            f"{len(lost)} of {len(numbers)} shards were not made; {lost[0]}",
            "all others are finished; run the same command again",
        )


def _slow(
    late: Sequence[Any], running: Mapping[Any, int], submitted: Mapping[Any, float], limit: float
) -> list[int]:
    """The shards to submit once more: those of tasks without a result after `limit` seconds."""
    tries = Counter(running.values())
    slow = [r for r in late if time.monotonic() - submitted[r] > limit]
    return [running[reference] for reference in slow if tries[running[reference]] == 1]


@contextlib.contextmanager
def _connected(address: str | None, workers: int | None) -> Iterator[Any]:
    """The module `ray`, connected; disconnects at the end unless the caller had connected.

    Ray ends all tasks of a connection with it, also after Ctrl-C. Tasks are not canceled one by
    one: canceling a task just when it completes makes Ray 2.60 abort the driver ("Tried to
    complete task that was not pending").

    Raises:
        ToolMissing: Ray is not installed.
        VaryError: no cluster answers.
    """
    try:
        import ray
    except ImportError as error:
        raise ToolMissing(f"Ray cannot be used: {error}", "pip install 'vary-data[ray]'") from error
    if ray.is_initialized():
        yield ray
        return
    where = address or os.environ.get("RAY_ADDRESS")
    _check_reachable(where)
    terminate = signal.getsignal(signal.SIGTERM)
    try:
        try:
            # Ray adds the current folder to the module search path of its workers: not that of the
            # user, where a `calendar.py` of anybody may be.
            waiting = _signals_wait(ray._private.utils)
            with ended_if_interrupted(ray), contextlib.chdir("/"), waiting:
                ray.init(
                    address=address,
                    # The number of CPUs can only be set for a cluster that is started here.
                    num_cpus=workers if where == "local" else None,
                    logging_level=logging.ERROR,
                    log_to_driver=False,
                    include_dashboard=None if where else False,
                )
        except Exception as error:
            raise VaryError(
                f"no Ray cluster answers at {where or 'this machine'}: {_first_line(error)}",
                "see `ray status`, or start one with `ray start --head`",
            ) from error
        with _own_sigterm(terminate):
            yield ray
    finally:
        with ended_if_interrupted(ray):
            ray.shutdown()
        remove_left_behind()


@contextlib.contextmanager
def _signals_wait(of_ray: Any) -> Iterator[None]:
    """Context in which SIGINT and SIGTERM wait for its end; a second signal does not, and one that
    is ignored stays so.

    The exception of a handler that runs while Ray connects leaves the driver in an endless
    destructor (Ray 2.60). Ray's own handler of SIGTERM, which would replace that of this context,
    is not installed; `of_ray` is the module that installs it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    both = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in both.items() if callable(handler)}
    received: list[int] = []

    def note(number: int, frame: Any) -> None:
        received.append(number)
        if len(received) == 1:
            sys.stderr.write("stops when Ray has started …\n")
        else:
            signal.signal(number, handlers[signal.Signals(number)])
            signal.raise_signal(number)

    installs = of_ray.set_sigterm_handler
    of_ray.set_sigterm_handler = lambda handler: None
    for number in handlers:
        signal.signal(number, note)
    try:
        yield
    finally:
        of_ray.set_sigterm_handler = installs
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if received:
            signal.raise_signal(received[0])


@contextlib.contextmanager
def _own_sigterm(handler: Any) -> Iterator[None]:
    """Context in which SIGTERM ends the driver as `handler` says, and with status 143.

    Ray installs a handler that ends it with 15, and gives the exception of any handler that runs
    within `ray.wait` the status 1.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def note(number: int, frame: Any) -> None:
        received.append(number)
        handler(number, frame)

    signal.signal(signal.SIGTERM, note if callable(handler) else handler)
    try:
        yield
    except SystemExit as error:
        raise SystemExit(128 + received[0] if received else error.code) from error
    finally:
        signal.signal(signal.SIGTERM, handler)


def _check_reachable(address: str | None) -> None:
    """Check quickly whether a cluster answers; Ray itself waits a minute and prints fifty lines.

    Raises:
        VaryError: no connection to the address.
    """
    host, colon, port = (address or "").rpartition("://")[2].rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except OSError as error:
        raise VaryError(
            f"no Ray cluster answers at {address}: {error.strerror or error}",
            "name its address, HOST:6379, with --ray-address; `ray start --head` starts one",
        ) from error


def _as_vary_error(error: Any) -> VaryError:
    """The exception of a task on a node as a `VaryError`."""
    cause = error.cause
    if isinstance(cause, VaryError):
        return cause
    return VaryError(f"a shard failed on the cluster: {type(cause).__name__}: {_first_line(cause)}")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
