"""The order of samples: seeded, and independent of workers, ranks and restarts.

Every source is an endless sequence of epochs. An epoch permutes the source's row groups, takes
`shuffle_groups` of them at a time and permutes their rows, so that a reader needs only a few row
groups in memory and yet neighbors in a file are far apart in time. Sources alternate so that
after any number of samples each is within one sample of its share; without weights the shares are
the sizes, and an epoch has every row exactly once (of a mixture: as often as the mixture takes
it).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trainer.data.catalog import EpochRows, TrainingSource
from trainer.errors import DataError
from vary_data.dataset.row_groups import RowGroup


@dataclass(frozen=True, slots=True)
class Ref:
    """The n-th sample of a run: a row of a row group of a configuration."""

    n: int
    configuration: str
    group: RowGroup
    row: int


class EpochOrder:
    """One epoch of one source, as a function from position to row."""

    def __init__(
        self, epoch_rows: Sequence[EpochRows], seed: Sequence[int], shuffle_groups: int
    ) -> None:
        self._seed = tuple(seed)
        groups = len(epoch_rows)
        shuffled = np.random.default_rng(self._seed).permutation(groups)
        size = shuffle_groups or groups
        self._blocks = [
            [epoch_rows[g] for g in shuffled[i : i + size]] for i in range(0, groups, size)
        ]
        lengths = [sum(len(rows) for _, rows in block) for block in self._blocks]
        self._ends = np.cumsum(lengths).tolist()
        self._rows = lru_cache(maxsize=2)(self._block_rows)

    def _block_rows(self, block: int) -> list[tuple[RowGroup, int]]:
        rows = [(group, row) for group, picked in self._blocks[block] for row in picked]
        order = np.random.default_rng((*self._seed, block)).permutation(len(rows))
        return [rows[i] for i in order]

    def at(self, position: int) -> tuple[RowGroup, int]:
        """The row group and the row in it at a position of the epoch, from 0.

        Neighboring positions are fast: the order of the last two blocks of row groups is kept.
        """
        block = bisect_right(self._ends, position)
        start = self._ends[block - 1] if block else 0
        return self._rows(block)[position - start]


class SampleOrder:
    """The samples of a run in order; `counts` is the complete state.

    `counts[name]` is the number of samples that were taken of the source of that name.
    """

    def __init__(
        self,
        catalog: Sequence[TrainingSource],
        weights: Mapping[str, float],
        seed: int,
        shuffle_groups: int,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self._sizes = [c.rows for c in catalog]
        shares = [weights.get(c.name, 0.0) if weights else float(c.rows) for c in catalog]
        if min(shares) < 0 or sum(shares) <= 0:
            raise DataError("the weights of the configurations must be positive")
        self._catalog = list(catalog)
        self._shares = [share / sum(shares) for share in shares]
        self._weights = dict(weights)
        self._seed = seed
        self._shuffle_groups = shuffle_groups
        self.counts = {c.name: (counts or {}).get(c.name, 0) for c in catalog}
        self._epochs: dict[int, tuple[int, EpochOrder]] = {}

    @property
    def position(self) -> int:
        """Samples taken so far."""
        return sum(self.counts.values())

    def copy(self) -> SampleOrder:
        """An independent order at the same sample."""
        return SampleOrder(
            self._catalog, self._weights, self._seed, self._shuffle_groups, self.counts
        )

    def take(self, count: int) -> list[Ref]:
        """The next samples."""
        return [self._next() for _ in range(count)]

    def _next(self) -> Ref:
        n = self.position
        lags = [
            share * (n + 1) - self.counts[c.name]
            for c, share in zip(self._catalog, self._shares, strict=True)
        ]
        # Rounding makes equal lags equal on every machine; the first source then wins.
        chosen = max(range(len(lags)), key=lambda i: (round(lags[i], 9), -i))
        source = self._catalog[chosen]
        epoch, position = divmod(self.counts[source.name], self._sizes[chosen])
        group, row = self._epoch(chosen, epoch).at(position)
        self.counts[source.name] += 1
        return Ref(n, source.name, group, row)

    def _epoch(self, index: int, epoch: int) -> EpochOrder:
        """An epoch of the source with this index in the catalog."""
        cached = self._epochs.get(index)
        if cached is None or cached[0] != epoch:
            rows = [entry for entry in self._catalog[index].epoch_rows() if len(entry[1])]
            order = EpochOrder(rows, (self._seed, index, epoch), self._shuffle_groups)
            cached = self._epochs[index] = (epoch, order)
        return cached[1]
