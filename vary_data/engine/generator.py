"""The protocols through which the engine knows generators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from vary_data.base.seed import TaskSeed
    from vary_data.engine.recipe import Recipe
    from vary_data.engine.sample import Outcome


@dataclass(frozen=True, slots=True)
class Task:
    """The smallest piece that can fail, time out or be repeated.

    `key` is unique within its configuration and stable: it names the samples. `doc_id` decides
    the split, so that everything made from one document falls into the same one. `weight` is
    the number of samples expected of it, which decides how many tasks fill a shard. `params`
    is plain JSON data.
    """

    key: str
    doc_id: str
    weight: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)


class TaskRunner(Protocol):
    """What one worker process holds open for its whole life: a browser, a TeX format, fonts."""

    def run(self, task: Task, seed: TaskSeed) -> Iterable[Outcome]:
        """Everything that the task ends in. Same task and seed, same outcomes.

        Raise `WorkerBroken` when a tool of the worker died: the task is repeated in a new one.
        Any other exception rejects this task alone, with the exception as the reason.
        """
        ...

    def close(self) -> None: ...


class Generator(Protocol):
    """A generator of data: lists its tasks and opens performers for them.

    `Options` is a frozen dataclass with the settings that only this generator has; every field has
    a default and its type is a plain one (str, int, float, bool, tuple of str, or None).
    """

    name: str
    """As in a recipe, e.g. `render-charts`."""

    label: str
    """Stem of the configuration's default name, e.g. `charts` in `charts-zh`."""

    Options: type[Any]

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """Every task in a fixed order. May be lazy; must not do a task's work."""
        ...

    def open(self, recipe: Recipe) -> TaskRunner:
        """Called once in each worker process."""
        ...
