"""What a folder has of an earlier run, and how a configuration grows.

Rows depend on the task and the seed, not on the number of tasks. So a run of the same recipe with a
larger size takes over the rows of the earlier plan: they are written into the shards of the larger
one, in which the new tasks are marked as not made yet, as after Ctrl-C. The run then makes just
these. The shards are byte for byte those of a fresh run.

The new plan is written first and names the earlier one (`before`) until all rows are taken over, so
that a growth that was killed goes on.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from vary_data import __version__
from vary_data.base.errors import PlanMismatch, UsageError
from vary_data.base.storage import entries, parquet_metadata
from vary_data.dataset.footers import footer
from vary_data.dataset.rejection import Rejection
from vary_data.engine.generator import ComputedTasks, Generator, Task
from vary_data.engine.output import WHOLE, ConfigWriter, Share, footer_of
from vary_data.engine.plan import RunPlan, ShardSpec
from vary_data.engine.provenance import kept_versions
from vary_data.engine.recipe import Recipe
from vary_data.engine.scratch import Scratch
from vary_data.engine.shard import ShardReport, commit, not_made, stored_report
from vary_data.engine.stored import StoredShard
from vary_data.engine.writer import ShardWriter

Load = Callable[[str], Generator]
Outcome = tuple[pa.RecordBatch | None, list[Rejection]]


def check_folder(
    target: ConfigWriter, plan: RunPlan, load: Load, overwrite: bool = False, share: Share = WHOLE
) -> list[str]:
    """Check that the folder can take this plan; nothing is written.

    Returns:
        What will be done with an earlier run, for the user.

    Raises:
        PlanMismatch: the folder has rows of another recipe.
        UsageError: a share of a plan for which the configuration must grow.
    """
    if overwrite:
        return []
    if is_rowless(target, plan, share):
        return ["an earlier run of another recipe made no sample and is replaced"]
    earlier = earlier_plan(target, plan, load)
    if earlier is None:
        target.check(plan)
        return []
    _check_share(target, earlier, plan, share)
    return [f"grows from {len(earlier.tasks):,} to {len(plan.tasks):,} tasks; rows are kept"]


def begin(
    target: ConfigWriter, plan: RunPlan, load: Load, overwrite: bool = False, share: Share = WHOLE
) -> bool:
    """Take over what an earlier run left; whether the folder is to be replaced instead.

    Raises:
        PlanMismatch: the sources of the earlier plan have changed.
        UsageError: a share of a plan for which the configuration must grow.
        OutputError: the folder cannot be written.
    """
    if overwrite or is_rowless(target, plan, share):
        return True
    stored, recipe = target.stored_plan() or {}, target.stored_recipe()
    unfinished = stored.get("before") and stored.get("plan_id") != plan.plan_id
    if unfinished and recipe and plan.recipe.extends(recipe):
        begin(target, _resolved(recipe, load), load, share=share)
    earlier = earlier_plan(target, plan, load)
    if earlier is not None:
        _check_share(target, earlier, plan, share)
        _grow(target, earlier, plan)
    return False


def is_rowless(target: ConfigWriter, plan: RunPlan, share: Share = WHOLE) -> bool:
    """Whether the folder holds an ended run of another plan without any row.

    Such a run does not occupy its name. Another process may make a share of it, or without locks
    all of it: then only a run with all its shards counts as ended.
    """
    stored = target.stored_plan()
    if stored is None or stored.get("plan_id") == plan.plan_id or not share.whole:
        return False
    shards = entries(target.folder / "data")
    planned = stored.get("shards")
    if target.remote and not (
        isinstance(planned, dict) and shards and len(shards) == sum(planned.values())
    ):
        return False
    try:
        return all(parquet_metadata(path).num_rows == 0 for path in shards)
    except (OSError, pa.ArrowInvalid):
        return False  # a damaged shard may hold rows


def earlier_plan(target: ConfigWriter, plan: RunPlan, load: Load) -> RunPlan | None:
    """The plan whose rows are to be taken over; None if there is none.

    Raises:
        PlanMismatch: its sources have changed.
    """
    stored = target.stored_plan() or {}
    if stored.get("plan_id") == plan.plan_id:
        before = stored.get("before")
        stored = before if isinstance(before, dict) else {}
        recipe = stored.get("recipe")
    else:
        recipe = target.stored_recipe()
    if not isinstance(recipe, dict) or stored.get("version") != __version__:
        return None
    if not plan.recipe.extends(recipe):
        return None
    earlier = _resolved(recipe, load)
    if earlier.plan_id != stored.get("plan_id"):
        raise PlanMismatch(
            f"{target.folder} cannot grow: its sources have changed",
            "use another --name or -o, or --overwrite to replace it",
        )
    return earlier


def _check_share(target: ConfigWriter, earlier: RunPlan, plan: RunPlan, share: Share) -> None:
    if not share.whole:
        raise UsageError(
            f"{target.folder} must grow from {len(earlier.tasks):,} to {len(plan.tasks):,} tasks, "
            "which parts of a run cannot do",
            "run the command once without --shards; from its first sample on it can be stopped",
        )


def _grow(target: ConfigWriter, earlier: RunPlan, plan: RunPlan) -> None:
    before = {
        "plan_id": earlier.plan_id,
        "version": __version__,
        "recipe": earlier.recipe.to_dict(),
    }
    target.write_plan(plan, before=before)
    scratch = Scratch.create()
    try:
        places = _Places(earlier)
        # From the last shard on: shards of both plans may have the same name, and rows only move
        # to later shards, so a shard is replaced after all that need its rows.
        for shard in reversed(plan.shards):
            if footer(target.shard(shard)).get("vary.plan_id") != plan.plan_id:
                _take_over(target, plan, shard, places, scratch)
    finally:
        scratch.close()
    _remove_shards(target, earlier, plan)
    target.write_plan(plan)


class _Places:
    """Where the tasks of a plan are."""

    def __init__(self, plan: RunPlan) -> None:
        self.plan = plan
        self._computed = isinstance(plan.tasks, ComputedTasks)
        self._first: dict[str, list[tuple[int, int]]] = defaultdict(list)
        """Of computed tasks: first position and number of each shard, by split."""
        self._listed: dict[str, tuple[int, int]] = {}
        """Of listed tasks: position and number of the shard, by key."""
        for number, shard in enumerate(plan.shards):
            if self._computed:
                self._first[shard.split].append((shard.tasks[0], number))
            else:
                for position in shard.tasks:
                    self._listed[plan.tasks[position].key] = (position, number)

    def begins_after(self, position: int) -> bool:
        """Whether it is known that no task from `position` on is here."""
        return self._computed and position >= len(self.plan.tasks)

    def shard_of(self, task: Task, position: int, split: str) -> int | None:
        """The number of the shard with this very task; None if there is none.

        `position` and `split` are those of the task in a larger plan of the same recipe.
        """
        if self._computed:
            place = bisect_right(self._first[split], (position, len(self.plan.shards))) - 1
            number = self._first[split][place][1] if place >= 0 else None
        else:
            position, number = self._listed.get(task.key, (-1, None))
        if number is None or not 0 <= position < len(self.plan.tasks):
            return None
        return number if self.plan.tasks[position] == task else None


def _take_over(
    target: ConfigWriter, plan: RunPlan, shard: ShardSpec, places: _Places, scratch: Scratch
) -> None:
    """Write the shard of the new plan with the rows that are there; nothing if there are none."""
    if places.begins_after(shard.tasks[0]):
        return
    start = time.monotonic()
    needed: dict[int, set[str]] = defaultdict(set)
    for position in shard.tasks:
        task = plan.tasks[position]
        number = places.shard_of(task, position, shard.split)
        if number is not None:
            needed[number].add(task.key)
    outcomes: dict[str, Outcome] = {}
    feet: list[Mapping[str, str]] = []
    for number, keys in sorted(needed.items()):
        found = _outcomes(target, places.plan, places.plan.shards[number], keys)
        if found:
            outcomes.update(found[0])
            feet.append(found[1])
    if not any(rows is not None for rows, _ in outcomes.values()):
        return
    rejections: list[Rejection] = []
    failed = 0
    footer_now = footer_of(shard, plan) | kept_versions(*feet)
    temporary = target.temporary(shard, scratch.folder)
    with ShardWriter(target.shard(shard), temporary, footer_now) as writer:
        for task, _ in plan.tasks_of(shard):
            rows, of_task = outcomes.get(task.key) or (None, [not_made(task)])
            if rows is not None:
                writer.write(rows)
            failed += rows is None
            rejections += of_task
        report = ShardReport.of(plan, shard, writer, failed, rejections, start)
        with target.committing():
            commit(target, shard, writer, report)


def _outcomes(
    target: ConfigWriter, plan: RunPlan, shard: ShardSpec, keys: set[str]
) -> tuple[dict[str, Outcome], Mapping[str, str]] | None:
    """The outcomes of these tasks of a shard, and its footer; None if it is not finished."""
    foot = footer(target.shard(shard))
    report = stored_report(target, shard, foot) if foot else None
    if report is None or report.plan_id != plan.plan_id:
        return None
    stored = StoredShard(target.shard(shard), foot, report.rejections)
    found = {}
    for task, _ in plan.tasks_of(shard):
        outcome = stored.outcome(task.key)  # in order: rows are read one after the other
        if task.key in keys:
            found[task.key] = outcome
    return found, foot


def _remove_shards(target: ConfigWriter, earlier: RunPlan, plan: RunPlan) -> None:
    """Remove the shards and reports of the earlier plan that were not replaced."""
    kept = {shard.file_name for shard in plan.shards}
    for shard in earlier.shards:
        path = target.shard(shard)
        if footer(path).get("vary.plan_id") == earlier.plan_id:
            path.unlink(missing_ok=True)
        if shard.file_name not in kept:
            target.report(shard).unlink(missing_ok=True)


def _resolved(recipe: Mapping[str, Any], load: Load) -> RunPlan:
    """The plan of a stored recipe.

    Raises:
        UsageError: the recipe is damaged.
    """
    generator = load(str(recipe.get("generator")))
    return RunPlan.resolve(Recipe.from_dict(recipe, generator.Options), generator)
