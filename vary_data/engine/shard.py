"""Runs shards, the units of committed work.

A shard is a pure function of the plan and its number, and it appears atomically: the report is
written first, then the Parquet file is renamed, with the report's digest in its footer. Running it
again, or twice at the same time on two machines, writes the same rows.
"""

from __future__ import annotations

import json
import pickle
import platform
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from vary_data.base.seed import TaskSeed
from vary_data.dataset.footers import footers
from vary_data.dataset.rejection import Rejection
from vary_data.dataset.reports import DIGEST_KEY, UNSTABLE_KEY, read_report, report_digest
from vary_data.engine.failure import JobFailure
from vary_data.engine.generator import ChangesSamples, Generator, Task, TaskRunner
from vary_data.engine.output import ConfigWriter, footer_of
from vary_data.engine.plan import RunPlan, ShardSpec
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.provenance import kept_versions
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import deserialize, serialize, to_batch
from vary_data.engine.sample import Sample
from vary_data.engine.stored import MAX_RUNS, StoredShard, belongs, patience
from vary_data.engine.writer import ShardWriter, write_text


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The result of a shard. `failed_tasks` counts the tasks without any sample."""

    plan_id: str
    split: str
    index: int
    tasks: int
    samples: int
    failed_tasks: int
    rejections: tuple[Rejection, ...]
    bytes: int
    seconds: float
    host: str = field(default_factory=platform.node)

    @classmethod
    def of(
        cls,
        plan: RunPlan,
        shard: ShardSpec,
        writer: ShardWriter,
        failed_tasks: int,
        rejections: Sequence[Rejection],
        start: float,
    ) -> ShardReport:
        """The report of a shard that was written since `start` (of the monotonic clock)."""
        return cls(
            plan_id=plan.plan_id,
            split=shard.split,
            index=shard.index,
            tasks=len(shard.tasks),
            samples=writer.rows,
            failed_tasks=failed_tasks,
            rejections=tuple(rejections),
            bytes=writer.bytes,
            seconds=round(time.monotonic() - start, 3),
        )

    def to_dict(self) -> dict[str, Any]:
        """The content of the report's file; the usual values of rejections are left out."""
        plain = asdict(self)
        plain["rejections"] = [
            {k: v for k, v in item.items() if k not in _USUAL or v != _USUAL[k]}
            for item in plain["rejections"]
        ]
        return plain


_USUAL = {"cause": "content", "task": "", "runs": 1}

STOPPED = "stopped"
"""The reason of tasks that were left over when the run was stopped; the next run makes them."""

FILE_NAME = re.compile(r"(?!\.)[^/\\\x00-\x1f\x7f]{1,240}")
"""An id names the row's image file, here and in what others make of the dataset."""

Observer = Callable[[int, Sequence[Rejection]], None]
"""Called after each task with the number of its samples and its rejections."""


@dataclass(frozen=True, slots=True)
class OpenTaskRunner:
    """Makes, in a worker, the function that runs tasks."""

    load: Callable[[str], Generator]
    recipe: Recipe

    def __call__(self) -> RunTask:
        runner = self.load(self.recipe.generator).open(self.recipe)
        if self.recipe.degrade is not None:
            changer = self.load("degrade")
            assert isinstance(changer, ChangesSamples)
            runner = changer.around(runner, self.recipe)
        return RunTask(runner)


@dataclass(slots=True)
class RunTask:
    """Runs a task; the result is a pickled pair of Arrow rows (or None) and rejections."""

    runner: TaskRunner

    def __call__(self, job: tuple[Task, TaskSeed]) -> bytes:
        task, seed = job
        samples: list[Sample] = []
        rejections: list[Rejection] = []
        for outcome in self.runner.run(task, seed):
            if isinstance(outcome, Rejection):
                rejections.append(outcome)
            elif outcome.id != task.key and not outcome.id.startswith(f"{task.key}#"):
                raise ValueError(f"sample {outcome.id!r} is not named after its task {task.key!r}")
            elif not FILE_NAME.fullmatch(outcome.id):
                raise ValueError(f"sample {outcome.id[:80]!r} has an id that is no name of a file")
            else:
                samples.append(outcome)
        if not samples and not rejections:
            detail = "the task gave neither a sample nor a reason"
            rejections.append(Rejection(task.key, "nothing", detail))
        rows = serialize(to_batch(samples)) if samples else None
        return pickle.dumps((rows, rejections), pickle.HIGHEST_PROTOCOL)

    def close(self) -> None:
        self.runner.close()


@dataclass(slots=True)
class ShardWork:
    """What is to be done for a shard: nothing (`report`), some tasks (`stored`), or all."""

    shard: ShardSpec
    report: ShardReport | None = None
    stored: StoredShard | None = None
    again: Mapping[str, int] | None = None
    """The tasks to run, and in how many runs each of them has failed; None: all tasks."""

    @classmethod
    def of(cls, plan: RunPlan, shard: ShardSpec, target: ConfigWriter) -> ShardWork:
        """The work that is left when a shard begins: another run may have made it meanwhile."""
        (foot,) = footers([target.shard(shard)])
        report = stored_report(target, shard, foot) if foot else None
        if report is None or report.plan_id != plan.plan_id:
            return cls(shard)
        if any(rejection.unstable for rejection in report.rejections):
            stored = StoredShard(target.shard(shard), foot, report.rejections)
            return cls(shard, stored=stored, again=stored.runs())
        return cls(shard, report)

    def jobs(self, plan: RunPlan) -> Iterator[tuple[Task, TaskSeed]]:
        """The tasks that are to run, with their seeds; none if the shard is finished."""
        if self.report is None:
            for task, seed in plan.tasks_of(self.shard):
                if self.runs(task) is not None:
                    yield task, seed

    def runs(self, task: Task) -> int | None:
        """In how many runs a task has failed because of the machine; None: it is not run."""
        return 0 if self.again is None else self.again.get(task.key)


def run_shards(
    plan: RunPlan,
    numbers: Iterable[int],
    pool: SupervisedPool,
    target: ConfigWriter,
    observe: Observer = lambda samples, rejections: None,
) -> Iterator[ShardReport]:
    """Run shards one after the other in one pool; workers keep busy across shard boundaries.

    Of a shard in which tasks failed because of the machine, only these are run. Ctrl-C and SIGTERM
    finish the shard that is being written without its other tasks, which the next run makes.

    Raises:
        KeyboardInterrupt, SystemExit: see above.
        OutputError: a shard cannot be written; the shards before it are finished.
        VaryError: the workers cannot run at all.
    """
    shards = [plan.shards[i] for i in numbers]
    works: dict[int, ShardWork] = {}
    runs: dict[str, int] = {}

    def work_of(shard: ShardSpec) -> ShardWork:
        # Decided once, by whoever comes first: the jobs and the results must agree.
        if id(shard) not in works:
            works[id(shard)] = ShardWork.of(plan, shard, target)
            runs.update(works[id(shard)].again or {})
        return works[id(shard)]

    results = pool.run(
        (job for shard in shards for job in work_of(shard).jobs(plan)),
        lambda job: patience(runs.get(job[0].key, 0)),
    )
    for shard in shards:
        work = work_of(shard)
        yield work.report or _run(plan, work, results, target, pool.scratch.folder, observe)
        work.stored = None  # its rows are not needed any more
    # Exhaust the generator: closing it before its end would close the pool.
    next(results, None)


def run_shard(
    plan: RunPlan, number: int, pool: SupervisedPool, target: ConfigWriter
) -> ShardReport:
    """Run one shard; see `run_shards`."""
    (report,) = run_shards(plan, [number], pool, target)
    return report


def finished_report(target: ConfigWriter, plan: RunPlan, shard: ShardSpec) -> ShardReport | None:
    """The report of a shard; None if either is missing, damaged or of another plan."""
    (foot,) = footers([target.shard(shard)])
    if foot.get("vary.plan_id") != plan.plan_id:
        return None
    return stored_report(target, shard, foot)


def stored_report(
    target: ConfigWriter, shard: ShardSpec, footer: Mapping[str, str]
) -> ShardReport | None:
    """The report that was written with the shard with this footer; None if there is none."""
    stored = read_report(target.report(shard), footer)
    if stored is None:
        return None
    rejections = tuple(Rejection(**rejection) for rejection in stored.pop("rejections"))
    return ShardReport(**stored, rejections=rejections)


def _run(
    plan: RunPlan,
    work: ShardWork,
    results: Iterator[bytes | JobFailure],
    target: ConfigWriter,
    private: Path,
    observe: Observer,
) -> ShardReport:
    start = time.monotonic()
    shard = work.shard
    rejections: list[Rejection] = []
    failed = 0
    stop: BaseException | None = None
    temporary = target.temporary(shard, private)
    before = kept_versions(work.stored.footer) if work.stored else {}
    with ShardWriter(target.shard(shard), temporary, footer_of(shard, plan) | before) as writer:
        for task, _ in plan.tasks_of(shard):
            runs = work.runs(task)
            if runs is None:
                assert work.stored is not None
                rows, rejections_of_task = work.stored.outcome(task.key)
            elif stop:
                rows, rejections_of_task = None, [not_made(task, runs)]
            else:
                try:
                    rows, rejections_of_task = _outcome(task, next(results), runs)
                except (KeyboardInterrupt, SystemExit) as error:
                    stop = error
                    rows, rejections_of_task = None, [not_made(task, runs)]
            if rows is not None:
                writer.write(rows)
            else:
                failed += 1
            rejections.extend(rejections_of_task)
            if not stop:
                observe(0 if rows is None else rows.num_rows, rejections_of_task)
        if stop and not writer.rows:
            raise stop
        report = ShardReport.of(plan, shard, writer, failed, rejections, start)
        with target.committing():
            made = None if work.again else finished_report(target, plan, shard)
            if made and not any(rejection.unstable for rejection in made.rejections):
                return made  # another run was faster
            commit(target, shard, writer, report)
    if stop:
        raise stop
    return report


def commit(
    target: ConfigWriter, shard: ShardSpec, writer: ShardWriter, report: ShardReport
) -> None:
    """Write the report of a shard, then the shard."""
    plain = report.to_dict()
    write_text(target.report(shard), json.dumps(plain, ensure_ascii=False) + "\n")
    writer.commit(_report_keys(plain, report.rejections))


def not_made(task: Task, runs: int = 0) -> Rejection:
    """The rejection of a task that the run did not come to. Such a run does not count."""
    return Rejection(task.key, STOPPED, "the run was stopped", cause="environment", runs=runs)


def _report_keys(plain: Mapping[str, Any], rejections: Sequence[Rejection]) -> dict[str, str]:
    """The key-values of the footer that belong to the report."""
    unstable = sum(rejection.unstable for rejection in rejections)
    return {
        DIGEST_KEY: report_digest(plain),
        **({UNSTABLE_KEY: str(unstable)} if unstable else {}),
    }


def _outcome(
    task: Task, result: bytes | JobFailure, runs: int
) -> tuple[pa.RecordBatch | None, list[Rejection]]:
    """The rows and rejections of a task that had failed in `runs` runs before."""
    if isinstance(result, JobFailure):
        found = [Rejection(task.key, result.reason, result.detail, cause=result.cause)]
        rows = None
    else:
        rows, found = pickle.loads(result)
    named = [replace(r, task="" if r.key == task.key else task.key) for r in found]
    counted = [_counted(rejection, runs + 1) for rejection in named]
    if rows is None:
        return None, counted
    batch = deserialize(rows)
    assert belongs(batch.column("id")[0].as_py(), task.key), "a result of another task"
    return batch, counted


def _counted(rejection: Rejection, runs: int) -> Rejection:
    """A rejection with its number of runs; the last one is final."""
    if not rejection.unstable:
        return rejection
    if runs < MAX_RUNS:
        return replace(rejection, runs=runs)
    detail = f"{rejection.detail}; it failed like this in {runs} runs"
    return replace(rejection, runs=runs, cause="content", detail=detail)
