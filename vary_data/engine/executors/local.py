"""Runs all shards on this machine, in one pool."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from vary_data.base.storage import Location
from vary_data.engine.executors.folder import prepared
from vary_data.engine.executors.progress import Progress
from vary_data.engine.generator import Generator
from vary_data.engine.output import WHOLE, Share
from vary_data.engine.plan import RunPlan
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.shard import OpenTaskRunner, ShardReport, run_shards


def run(
    plan: RunPlan,
    output: Location,
    load: Callable[[str], Generator],
    workers: int,
    overwrite: bool = False,
    progress: Progress | None = None,
    share: Share = WHOLE,
) -> list[ShardReport]:
    """Make every missing shard of a plan below `output`; the reports of the new shards.

    If several runs make one plan, each makes its `share`.

    Raises:
        PlanMismatch: the folder contains the data of another recipe.
        OutputError: a file cannot be written; finished shards are kept.
        VaryError: the workers cannot run at all.
    """
    progress = progress or Progress()
    reports: list[ShardReport] = []
    with prepared(plan, output, load, overwrite, share) as (target, missing):
        progress.started(plan, missing)
        if not missing:
            return reports
        opener = OpenTaskRunner(load, plan.recipe)
        with SupervisedPool(opener, workers, plan.recipe.timeout, plan.stores) as pool:
            for report in run_shards(plan, missing, pool, target, partial(progress.tasks, 1)):
                reports.append(report)
                progress.shard(report)
    return reports
