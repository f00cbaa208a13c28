"""Running plans: which executor makes the shards, and what a run came to.

The commands and the Python API both call `run_plan`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from vary_data.base.cores import available_cores
from vary_data.base.errors import OutputError, UsageError, VaryError
from vary_data.base.storage import Location, each
from vary_data.dataset.footers import footers
from vary_data.dataset.rejection import Rejection
from vary_data.engine.executors.progress import Progress
from vary_data.engine.generator import Generator
from vary_data.engine.output import WHOLE, ConfigWriter, Share
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe
from vary_data.engine.shard import stored_report

EXECUTORS = ("local", "ray")


class TooManyRejected(VaryError):
    """A larger share of the input was rejected than the caller allows."""

    exit_code = 3


class Unstable(VaryError):
    """Tasks failed because of the machine; the same command tries just them again."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How plans are executed. None of it decides the content of the dataset.

    `workers` is the number of processes, by default one per available core (on Ray: one per
    CPU of the cluster).
    """

    workers: int | None = None
    executor: str = "local"
    ray_address: str | None = None
    share: Share = WHOLE
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise UsageError(f"unknown executor {self.executor!r}", "known: local, ray")
        if self.ray_address and self.executor != "ray":
            raise UsageError("a Ray address needs the executor 'ray'", "add --executor ray")
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"workers must be at least 1, not {self.workers}")


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one configuration holds after a run, shards of earlier runs included.

    `rejections` are the inputs that gave no sample; attempts that were drawn again are not
    among them. With a share of the plan, all values are those of the share.
    """

    name: str
    path: Location
    plan_id: str
    samples: int
    rejections: tuple[Rejection, ...]
    shards: int

    @property
    def reasons(self) -> dict[str, int]:
        """Number of rejections by reason, the most frequent reason first."""
        return dict(Counter(rejection.reason for rejection in self.rejections).most_common())

    @property
    def unstable(self) -> tuple[Rejection, ...]:
        """Rejections because of the machine, not of the input; another run tries them again."""
        return tuple(rejection for rejection in self.rejections if rejection.unstable)

    @property
    def reject_rate(self) -> float:
        """Rejections divided by all outcomes (samples and rejections)."""
        total = self.samples + len(self.rejections)
        return len(self.rejections) / total if total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "name": self.name,
            "plan_id": self.plan_id,
            "samples": self.samples,
            "rejected": len(self.rejections),
            "unstable": len(self.unstable),
            "shards": self.shards,
        }


def resolve_plans(recipes: Sequence[Recipe], load: Callable[[str], Generator]) -> list[RunPlan]:
    """The plans of several recipes, all before any work: a mistake in the last one costs nothing.

    Raises:
        UsageError: two recipes have the same name.
        SourceError: the sources of a recipe hold no task.
    """
    names = [recipe.name for recipe in recipes]
    if len(set(names)) < len(names):
        raise UsageError(f"two configurations have the same name: {', '.join(names)}")
    return [RunPlan.resolve(recipe, load(recipe.generator)) for recipe in recipes]


def run_plan(
    plan: RunPlan,
    output: Location,
    load: Callable[[str], Generator],
    settings: RunSettings,
    progress: Progress | None = None,
) -> RunResult:
    """Make the missing shards of a plan below `output`.

    Raises:
        PlanMismatch: the folder holds data of another recipe.
        OutputError: a file cannot be written, or shards disappeared; finished shards stay.
        VaryError: the workers, or the cluster, cannot work at all.
    """
    made = _executor(settings)(
        plan,
        output,
        load,
        overwrite=settings.overwrite,
        progress=progress,
        share=settings.share,
    )
    result = summarize(plan, output, settings.share)
    expected = sum(i in settings.share for i in range(len(plan.shards)))
    if result.shards < expected:
        raise OutputError(
            f"{result.path}: {expected - result.shards} of {expected} shards, or their reports, "
            f"disappeared during the run, which made {len(made)}",
            "run the same command again; did something clean up the folder?",
        )
    return result


def summarize(plan: RunPlan, output: Location, share: Share = WHOLE) -> RunResult:
    """The result of a configuration as it is in the output folder now."""
    target = ConfigWriter(output / plan.recipe.name)
    shared_indices = [i for i in range(len(plan.shards)) if i in share]
    feet = footers([target.shard(plan.shards[i]) for i in shared_indices])
    finished = [
        (plan.shards[i], foot)
        for i, foot in zip(shared_indices, feet, strict=True)
        if foot.get("vary.plan_id") == plan.plan_id
    ]
    found = each(lambda item: stored_report(target, *item), finished, target.remote)
    reports = [report for report in found if report]
    return RunResult(
        name=plan.recipe.name,
        path=target.folder,
        plan_id=plan.plan_id,
        samples=sum(report.samples for report in reports),
        rejections=tuple(r for report in reports for r in report.rejections if not r.retried),
        shards=len(reports),
    )


def check_reject_rate(result: RunResult, limit: float) -> None:
    """Fail where more than `limit` of the input was rejected, or all of it.

    Raises:
        TooManyRejected: see above.
    """
    if result.reject_rate > limit or (result.shards and not result.samples):
        rejected = len(result.rejections)
        raise TooManyRejected(
            f"{result.name}: {rejected:,} of {result.samples + rejected:,} were rejected "
            f"({result.reject_rate:.1%})",
            "`vary-data stats` shows the reasons",
        )


def check_unstable(result: RunResult) -> None:
    """Fail where tasks failed because of the machine.

    Raises:
        Unstable: see above.
    """
    if result.unstable:
        counts = Counter(rejection.reason for rejection in result.unstable)
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in counts.most_common())
        first = result.unstable[0]
        raise Unstable(
            f"{result.name}: {len(result.unstable):,} rejections are due to this machine, not to "
            f"the input ({reasons}; {first.key}: {first.detail})",
            "run the same command again: it tries just these tasks",
        )


def _executor(settings: RunSettings) -> Callable[..., Any]:
    if settings.executor == "ray":
        from vary_data.engine.executors import ray

        return partial(ray.run, workers=settings.workers, address=settings.ray_address)
    from vary_data.engine.executors import local

    return partial(local.run, workers=settings.workers or available_cores())
