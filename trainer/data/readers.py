"""Worker processes that read row groups: each group belongs to one of them.

Batches need samples of many row groups at a time. If every worker prepared whole batches, every
worker would read every group. Here each worker prepares its part of every batch, and the parts
are put together in the process that trains, in the order of the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, Self, TypeVar

from trainer.data.loader import open_loader
from trainer.data.order import Ref
from vary_data.dataset.row_groups import RowGroup


class Pinnable(Protocol):
    """A batch, or the batches of a step."""

    def pin_memory(self) -> Self:
        """A copy in pinned memory."""


P = TypeVar("P", bound=Pinnable)
Part = list[tuple[int, Any]]
"""Samples of one worker, each with its place in the batch."""


class GroupOwners:
    """The worker of each row group; a new group goes to the worker with the fewest rows."""

    def __init__(self, workers: int) -> None:
        self._rows = [0] * workers
        self._owners: dict[RowGroup, int] = {}

    def owner(self, group: RowGroup) -> int:
        """The number of the worker, which stays that of the group."""
        if group not in self._owners:
            worker = min(range(len(self._rows)), key=self._rows.__getitem__)
            self._rows[worker] += group.rows
            self._owners[group] = worker
        return self._owners[group]

    def parts(self, refs: Sequence[Ref]) -> list[Part]:
        """The part of each worker in a batch."""
        parts: list[Part] = [[] for _ in self._rows]
        for place, ref in enumerate(refs):
            parts[self.owner(ref.group)].append((place, ref))
        return parts


def open_readers(
    samples: Any,
    lists: Iterator[list[Ref]],
    collate: Callable[[Any], P],
    workers: int,
    prefetch: int = 2,
    pin: bool = False,
) -> Iterator[P]:
    """Batches in the order of `lists`, as those of `open_loader`, with each row group read by one
    worker.

    The arguments are those of `open_loader`; up to `prefetch` batches for each worker are
    prepared in advance.
    """
    count = max(1, workers)
    owners = GroupOwners(count)
    # The loader gives one part after the other to its workers, in turn.
    parts = (part for refs in lists for part in owners.parts(refs))
    loaded: Iterator[Any] = open_loader(
        _Placed(samples), parts, list, workers, prefetch * count, pin
    )
    return _joined(loaded, collate, count, pin)


def _joined(
    loaded: Iterator[Sequence[Sequence[Any]]],
    collate: Callable[[Any], P],
    count: int,
    pin: bool,
) -> Iterator[P]:
    """One batch of every `count` parts."""
    while True:
        parts = [part for _, part in zip(range(count), loaded, strict=False)]
        if not parts:
            return
        placed = sorted((entry for part in parts for entry in part), key=lambda entry: entry[0])
        batch = collate([sample for _, sample in placed])
        yield batch.pin_memory() if pin else batch


class _Placed:
    """A mapping from places and references to places and samples."""

    def __init__(self, samples: Any) -> None:
        self._samples = samples

    def __getitem__(self, entry: tuple[int, Ref]) -> tuple[int, Any]:
        return entry[0], self._samples[entry[1]]
