"""All shards on this machine, through one pool."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vary_data.card import check_readme, write_card
from vary_data.errors import OutputError
from vary_data.kind import Kind
from vary_data.output import Configuration
from vary_data.plan import Plan
from vary_data.pool import SupervisedPool
from vary_data.sample import Rejection
from vary_data.shard import OpenPerformer, ShardReport, run_shards


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run tells while it goes on; every hook may be left out."""

    started: Callable[[Plan, Sequence[int]], None] = lambda plan, missing: None
    task: Callable[[int, Sequence[Rejection]], None] = lambda samples, rejections: None
    shard: Callable[[ShardReport], None] = lambda report: None


def run(
    plan: Plan,
    output: Path,
    load: Callable[[str], Kind],
    workers: int,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> list[ShardReport]:
    """Make every missing shard of a plan below `output`; the reports of those made now.

    Raises:
        PlanMismatch: the folder holds another recipe's data.
        OutputError: something cannot be written; what is finished stays.
        VaryError: the workers cannot do their work at all.
    """
    progress = progress or Progress()
    check_readme(output)
    target = Configuration(output / plan.recipe.name)
    with locked(target):
        missing = target.prepare(plan, overwrite)
        progress.started(plan, missing)
        reports = []
        opener = OpenPerformer(load, plan.recipe)
        try:
            if missing:
                with SupervisedPool(opener, workers, plan.recipe.timeout) as pool:
                    for report in run_shards(plan, missing, pool, target, progress.task):
                        reports.append(report)
                        progress.shard(report)
        finally:
            write_card(output)
    return reports


@contextlib.contextmanager
def locked(target: Configuration) -> Iterator[None]:
    """Refuse to share a configuration with another run; the lock ends with the process."""
    lock = target.engine / "lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(
            f"cannot write {target.folder}: {error.strerror}", "choose another folder with -o"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise OutputError(
            f"another run is writing {target.folder}", "wait for it or choose another --name"
        ) from None
    try:
        yield
    finally:
        os.close(handle)
