"""Runs shards, the units of committed work.

A shard is a pure function of the plan and its number, and it appears atomically: the report is
written first, then the Parquet file is renamed. Running it again, or twice at the same time on
two machines, writes the same rows.
"""

from __future__ import annotations

import json
import pickle
import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field

from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.failure import JobFailure
from vary_data.engine.generator import Generator, Task, TaskRunner
from vary_data.engine.output import ConfigWriter, footer_of, owner
from vary_data.engine.plan import RunPlan, ShardSpec
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.recipe import Recipe
from vary_data.engine.rows import deserialize, serialize, to_batch
from vary_data.engine.sample import Sample
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


Observer = Callable[[int, Sequence[Rejection]], None]
"""Called after each task with the number of its samples and its rejections."""


@dataclass(frozen=True, slots=True)
class OpenTaskRunner:
    """Makes, in a worker, the function that runs tasks."""

    load: Callable[[str], Generator]
    recipe: Recipe

    def __call__(self) -> RunTask:
        return RunTask(self.load(self.recipe.generator).open(self.recipe))


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
            else:
                samples.append(outcome)
        if not samples and not rejections:
            detail = "the task gave neither a sample nor a reason"
            rejections.append(Rejection(task.key, "nothing", detail))
        rows = serialize(to_batch(samples)) if samples else None
        return pickle.dumps((rows, rejections), pickle.HIGHEST_PROTOCOL)

    def close(self) -> None:
        self.runner.close()


def run_shards(
    plan: RunPlan,
    numbers: Iterable[int],
    pool: SupervisedPool,
    target: ConfigWriter,
    observe: Observer = lambda samples, rejections: None,
) -> Iterator[ShardReport]:
    """Run shards one after the other in one pool; workers keep busy across shard boundaries.

    Raises:
        OutputError: a shard cannot be written; the shards before it are finished.
        VaryError: the workers cannot run at all.
    """
    shards = [plan.shards[i] for i in numbers]
    results = pool.run(job for shard in shards for job in plan.tasks_of(shard))
    for shard in shards:
        yield _run(plan, shard, results, target, observe)
    # Exhaust the generator: closing it before its end would close the pool.
    next(results, None)


def run_shard(
    plan: RunPlan, number: int, pool: SupervisedPool, target: ConfigWriter
) -> ShardReport:
    """Run one shard; see `run_shards`."""
    (report,) = run_shards(plan, [number], pool, target)
    return report


def stored_report(target: ConfigWriter, shard: ShardSpec) -> ShardReport | None:
    """The report that was written with a shard; None if there is none."""
    try:
        stored = json.loads(target.report(shard).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    rejections = tuple(Rejection(**rejection) for rejection in stored.pop("rejections"))
    return ShardReport(**stored, rejections=rejections)


def _run(
    plan: RunPlan,
    shard: ShardSpec,
    results: Iterator[bytes | JobFailure],
    target: ConfigWriter,
    observe: Observer,
) -> ShardReport:
    start = time.monotonic()
    rejections: list[Rejection] = []
    failed = 0
    temporary = target.temporary(shard, owner())
    with ShardWriter(target.shard(shard), temporary, footer_of(shard, plan)) as writer:
        for task, _ in plan.tasks_of(shard):
            rows, rejections_of_task = _outcome(task, next(results))
            if rows is not None:
                writer.write(deserialize(rows))
            else:
                failed += 1
            rejections.extend(rejections_of_task)
            observe(0 if rows is None else deserialize(rows).num_rows, rejections_of_task)
        report = ShardReport(
            plan_id=plan.plan_id,
            split=shard.split,
            index=shard.index,
            tasks=len(shard.tasks),
            samples=writer.rows,
            failed_tasks=failed,
            rejections=tuple(rejections),
            bytes=writer.bytes,
            seconds=round(time.monotonic() - start, 3),
        )
        write_text(target.report(shard), json.dumps(asdict(report), ensure_ascii=False) + "\n")
        writer.commit()
    return report


def _outcome(task: Task, result: bytes | JobFailure) -> tuple[bytes | None, list[Rejection]]:
    if isinstance(result, JobFailure):
        return None, [Rejection(task.key, result.reason, result.detail, cause=result.cause)]
    rows, rejections = pickle.loads(result)
    return rows, rejections
