"""Progress callbacks of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vary_data.dataset.rejection import Rejection
from vary_data.engine.plan import RunPlan
from vary_data.engine.shard import ShardReport


@dataclass(frozen=True, slots=True)
class Progress:
    """Callbacks of a run, all optional.

    `tasks` gets the number of ended tasks, their samples and rejections: for each task in a
    local run, for each shard on a cluster.
    """

    started: Callable[[RunPlan, Sequence[int]], None] = lambda plan, missing: None
    tasks: Callable[[int, int, Sequence[Rejection]], None] = lambda tasks, samples, rejections: None
    shard: Callable[[ShardReport], None] = lambda report: None
