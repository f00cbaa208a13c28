"""The protocols through which the engine knows generators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from vary_data.dataset.schema import LANGUAGES

if TYPE_CHECKING:
    from vary_data.base.seed import TaskSeed
    from vary_data.dataset.row_kinds import RowKind
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
    """Runs tasks in one worker process; keeps expensive tools (a browser, TeX formats) open."""

    def run(self, task: Task, seed: TaskSeed) -> Iterable[Outcome]:
        """The samples and rejections of a task; the same ones for the same task and seed.

        Raises:
            WorkerBroken: a tool of the worker died; the task is repeated in a new worker.
            Exception: any other exception rejects this task, with the exception as the reason.
        """
        ...

    def close(self) -> None:
        """Called once, after the last task; a pool kills its workers without it."""
        ...


class Generator(Protocol):
    """Lists the tasks of a recipe and opens task runners for them.

    `Options` is a frozen dataclass with the generator's settings. Every field has a default and a
    plain type (str, int, float, bool, tuple of str, or one of these or None), and is declared by
    `vary_data.base.options.option` where it has a range, choices or a role.

    A generator of rows of a new kind has a further method `row_kinds(recipe)`, which returns their
    `RowKind`s.
    """

    name: str
    """The name in a recipe, e.g. `render-charts`."""

    label: str
    """First part of the configuration's default name, e.g. `charts` in `charts-zh`."""

    Options: type[Any]

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """All tasks in a fixed order. The sequence may be lazy; it must not do a task's work."""
        ...

    def open(self, recipe: Recipe) -> TaskRunner:
        """Called once in each worker process."""
        ...


@runtime_checkable
class ComputedTasks(Protocol):
    """A sequence of tasks that are computed from their position and have the weight 1.

    They are not listed to make a plan; each is a document of its own. The split of a task follows
    from its position.
    """

    digest: str
    """A hash of what determines the tasks."""


@runtime_checkable
class ChoosesDocuments(Protocol):
    """A generator that follows `Recipe.fraction` and `Recipe.max_samples` before it reads its
    sources. For any other, the engine chooses among the listed tasks."""

    chooses_documents: bool


@runtime_checkable
class HasLanguages(Protocol):
    """A generator for other languages than English and Chinese."""

    languages: tuple[str, ...]
    """Their tags in the registry."""


@runtime_checkable
class DescribesRows(Protocol):
    """A generator that makes rows of kinds that are not built in, or copies rows."""

    def row_kinds(self, recipe: Recipe) -> Iterable[RowKind]:
        """The kinds of the rows; built-in ones may be left out."""
        ...


@runtime_checkable
class ChangesSamples(Protocol):
    """A generator that can also change the samples of others: `degrade`."""

    def around(self, runner: TaskRunner, recipe: Recipe) -> TaskRunner:
        """A task runner that changes what `runner` makes, as `recipe.degrade` says."""
        ...


def languages_of(generator: Generator) -> tuple[str, ...]:
    """The languages of a generator's texts: English and Chinese, or its own."""
    return generator.languages if isinstance(generator, HasLanguages) else LANGUAGES


def row_kinds(generator: Generator, recipe: Recipe) -> tuple[RowKind, ...]:
    """The row kinds that a generator describes; none for most."""
    return tuple(generator.row_kinds(recipe)) if isinstance(generator, DescribesRows) else ()
