"""Shards on a Ray cluster: one Ray task is one shard.

Ray starts tasks and repeats those that died with their worker or node; it carries no data. A
task supervises the same worker processes as a local run, writes its shard where everybody can
see it, and sends back the report. Since a shard is a pure function with an atomic end, a task
that runs twice, or whose driver was killed, costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import ToolMissing, VaryError
from vary_data.base.storage import Location
from vary_data.engine.executors.folder import prepared
from vary_data.engine.executors.progress import Progress
from vary_data.engine.generator import Generator
from vary_data.engine.output import WHOLE, ConfigWriter, Share, versions
from vary_data.engine.plan import RunPlan
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.shard import OpenTaskRunner, ShardReport, run_shard, stored_report

RAY_RETRIES = 10
"""How often Ray repeats a task whose worker or node died."""
TRIES = 3
"""How often a shard may end in an error of our own, on whichever nodes, before the run stops."""
AHEAD = 2
"""Tasks submitted for each CPU of the cluster: the waiting ones tell an autoscaler to add nodes."""
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ShardJob:
    """All that a Ray task needs to make one shard: a plan of that shard alone."""

    part: RunPlan
    folder: Location
    load: Callable[[str], Generator]
    directory: str
    """Where the driver runs: relative paths of the recipe start there, if it exists."""
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
    """Make every missing shard of a plan below `output`; the reports of those made now.

    `output` must be the same folder on every node: a shared one, or a URL. At most `workers`
    shards are under way at a time (default: as many as the cluster has CPUs). `address` is
    that of a cluster; without it Ray looks at RAY_ADDRESS, for a cluster on this machine, and
    else starts one here.

    Raises:
        PlanMismatch: the folder holds another recipe's data.
        ToolMissing: Ray is not installed.
        VaryError: no cluster answers, or shards could not be made; what is finished stays.
    """
    progress = progress or Progress()
    reports: list[ShardReport] = []
    place = output.resolve()
    with prepared(plan, place, overwrite, share) as (target, missing):
        progress.started(plan, missing)
        if not missing:
            return reports
        with _connected(address, workers) as ray:
            directory, installed = str(Path.cwd()), versions()

            def job(number: int) -> ShardJob:
                return ShardJob(plan.part(number), target.folder, load, directory, installed)

            for report in _spread(ray, missing, job, workers):
                reports.append(report)
                progress.tasks(report.tasks, report.samples, report.rejections)
                progress.shard(report)
    return sorted(reports, key=lambda report: (report.split, report.index))


def make_shard(job: ShardJob) -> ShardReport:
    """Make one shard in this process and one supervised worker; what a Ray task does.

    Raises:
        VaryError: this node is not like the driver's, or the shard cannot be made here.
    """
    _check_node(job.versions)
    target = ConfigWriter(job.folder)
    if not target.missing(job.part, [0]):
        # Made by an earlier try whose answer was lost with its node.
        report = stored_report(target, job.part.shards[0])
        if report:
            return report
    there = Path(job.directory)
    with contextlib.chdir(there) if there.is_dir() else contextlib.nullcontext():
        return run_shard(job.part, 0, _pool(job), target)


_pools: dict[str, SupervisedPool] = {}
"""The pool of this Ray worker process. Ray calls one process for many tasks; a pool that lives on
saves every shard the start of its tools (a browser, TeX formats). It ends with the process."""


def _pool(job: ShardJob) -> SupervisedPool:
    plan = job.part
    if plan.plan_id not in _pools:
        for other in list(_pools):
            _pools.pop(other).close()
        _pools[plan.plan_id] = SupervisedPool(
            OpenTaskRunner(job.load, plan.recipe), 1, plan.recipe.timeout
        )
    return _pools[plan.plan_id]


def _check_node(expected: Mapping[str, str]) -> None:
    """Equal pictures need equal versions of what draws them."""
    own = versions()
    for name, version in expected.items():
        if name != "python" and own.get(name) != version:
            raise VaryError(
                f"node {platform.node()} has {name} {own.get(name, 'not at all')}, "
                f"the driver has {version}",
                "install the same versions on every node",
            )


def _spread(
    ray: Any, numbers: Sequence[int], job: Callable[[int], ShardJob], workers: int | None
) -> Iterator[ShardReport]:
    """Submit the jobs of these shards, few at a time, and yield their reports as they come.

    Raises:
        VaryError: a shard failed `TRIES` times, or workers kept dying under some shards; all
            others are made first in the second case.
    """
    task = ray.remote(num_cpus=1, max_retries=RAY_RETRIES, scheduling_strategy="SPREAD")(make_shard)
    waiting = deque(numbers)
    running: dict[Any, int] = {}
    failures: Counter[int] = Counter()
    lost: list[str] = []
    while waiting or running:
        limit = workers or AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        while waiting and len(running) < limit:
            number = waiting.popleft()
            running[task.remote(job(number))] = number
        done, _ = ray.wait(list(running), timeout=10.0)
        for reference in done:
            number = running.pop(reference)
            try:
                yield ray.get(reference)
            except ray.exceptions.RayTaskError as error:
                failures[number] += 1
                if failures[number] == TRIES:
                    raise _explained(error) from error
                waiting.append(number)
            except ray.exceptions.RayError as error:
                lost.append(f"shard {number}: {_first_line(error)}")
    if lost:
        raise VaryError(
            f"{len(lost)} of {len(numbers)} shards were not made; {lost[0]}",
            "all others are finished; run the same command again",
        )


@contextlib.contextmanager
def _connected(address: str | None, workers: int | None) -> Iterator[Any]:
    """The module `ray`, connected; the connection ends here unless the caller made it.

    With the connection Ray ends every task of ours, also after Ctrl-C. Tasks are not cancelled
    one by one: a task that is cancelled just when it completes makes Ray 2.60 abort the driver
    ("Tried to complete task that was not pending").

    Raises:
        ToolMissing, VaryError: see `run`.
    """
    try:
        import ray
    except ImportError as error:
        raise ToolMissing(f"Ray cannot be used: {error}", "pip install 'vary-data[ray]'") from error
    if ray.is_initialized():
        yield ray
        return
    where = address or os.environ.get("RAY_ADDRESS")
    _check_answer(where)
    try:
        ray.init(
            address=address,
            # Only a cluster that is started here can be told how many CPUs it has.
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
    try:
        yield ray
    finally:
        ray.shutdown()


def _check_answer(address: str | None) -> None:
    """Ray itself waits for a minute, and then says so in fifty lines."""
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


def _explained(error: Any) -> VaryError:
    """What a task of ours raised on some node, as an error of ours."""
    cause = error.cause
    if isinstance(cause, VaryError):
        return cause
    return VaryError(f"a shard failed on the cluster: {type(cause).__name__}: {_first_line(cause)}")


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
