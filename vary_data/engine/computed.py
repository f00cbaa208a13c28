"""Tasks that are computed from their position, so that a plan of a billion takes no memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from vary_data.base.seed import stable_hash

PERIOD = 10_000
"""Positions after which the pattern of splits repeats. Divisible by the shares that people use, and
by no number of chart types."""


@dataclass(frozen=True, slots=True)
class PeriodicPositions(Sequence[int]):
    """The positions that have one of `offsets` (in order) as their rest by `PERIOD`.

    The sequence holds those from number `start` to `stop`.
    """

    offsets: tuple[int, ...]
    start: int
    stop: int

    @classmethod
    def below(cls, offsets: tuple[int, ...], end: int) -> PeriodicPositions:
        """All such positions below `end`."""
        periods, rest = divmod(end, PERIOD)
        return cls(offsets, 0, periods * len(offsets) + bisect_left(offsets, rest))

    def __len__(self) -> int:
        return self.stop - self.start

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> PeriodicPositions: ...
    def __getitem__(self, index: int | slice) -> int | PeriodicPositions:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                raise ValueError("positions have only slices with a step of 1")
            return PeriodicPositions(self.offsets, self.start + start, self.start + stop)
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        periods, place = divmod(self.start + index % len(self), len(self.offsets))
        return periods * PERIOD + self.offsets[place]


def periodic_splits(count: int, splits: Mapping[str, float]) -> dict[str, PeriodicPositions]:
    """The positions of each split among `count`.

    Each period has the same pattern, in which each split has its share of the positions.
    """
    shuffled = sorted(range(PERIOD), key=lambda offset: stable_hash("split", offset))
    positions = {}
    first, share_before = 0, 0.0
    for name, share in splits.items():
        share_before += share
        end = round(share_before * PERIOD)
        offsets = tuple(sorted(shuffled[first:end]))
        positions[name] = PeriodicPositions.below(offsets, count)
        first = end
    return positions
