"""What a run tells while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vary_data.dataset.rejection import Rejection
from vary_data.engine.plan import RunPlan
from vary_data.engine.shard import ShardReport


@dataclass(frozen=True, slots=True)
class Progress:
    """Every hook may be left out. `tasks` gets how many tasks ended, their samples, rejections:
    one by one on this machine, a shard at a time from a cluster.
    """

    started: Callable[[RunPlan, Sequence[int]], None] = lambda plan, missing: None
    tasks: Callable[[int, int, Sequence[Rejection]], None] = lambda tasks, samples, rejections: None
    shard: Callable[[ShardReport], None] = lambda report: None
