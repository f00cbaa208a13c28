"""Tasks that are computed from their position, for generators without sources of their own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from vary_data.base.seed import stable_hash
from vary_data.engine.generator import Task

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.corpus import LeftOut

Turn = tuple[str, ...]
"""What a task makes, as strings: a genre, or a backend and a chart type."""


class TurnTasks(Sequence[Task]):
    """`count` tasks whose turns follow in an order that is shuffled for each round, so that any
    stretch of tasks holds all turns evenly; then `problems`, each a rejection.

    `purpose` tells the shuffles of generators apart. A subclass adds `digest`, by which the engine
    knows computed tasks.
    """

    def __init__(
        self,
        recipe: Recipe,
        count: int,
        turns: Sequence[Turn],
        purpose: str,
        problems: Sequence[Task],
    ) -> None:
        self._name = recipe.name
        self._seed = recipe.seed
        self._count = count
        self._turns = turns
        self._purpose = purpose
        self._problems = problems
        self._round = (-1, turns)

    @abstractmethod
    def params(self, turn: Turn) -> dict[str, Any]:
        """The parameters of a task with this turn."""

    def __len__(self) -> int:
        return self._count + len(self._problems)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> list[Task]: ...
    def __getitem__(self, index: int | slice) -> Task | list[Task]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        if index >= self._count:
            return self._problems[index - self._count]
        key = f"{self._name}-{index:07d}"
        return Task(key, doc_id=key, params=self.params(self._turn(index)))

    def _turn(self, index: int) -> Turn:
        number, place = divmod(index, len(self._turns))
        if self._round[0] != number:
            ranked = sorted(self._turns, key=lambda turn: (self.rank(number, turn), turn))
            self._round = (number, ranked)
        return self._round[1][place]

    def rank(self, number: int, turn: Turn) -> float:
        """Where a turn comes in the round of this number: at random."""
        return stable_hash(self._seed, self._purpose, number, *turn)


def problem_facts(problems: Sequence[Task]) -> list[list[str]]:
    """Reason and detail of each, for the digest."""
    return [[task.params["problem"], task.params["detail"]] for task in problems]


def corpus_tasks(name: str, left_out: Sequence[LeftOut]) -> Iterator[Task]:
    """A task for each part of a user's corpus that cannot be used."""
    for number, part in enumerate(left_out):
        key = f"{name}-corpus-{number:05d}"
        yield Task(key, doc_id=key, params={"problem": part.reason, "detail": part.detail})
