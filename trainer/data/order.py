"""Which sample comes when: a seeded order that knows nothing of workers, ranks or restarts.

Every configuration is an endless sequence of epochs. An epoch permutes the configuration's row
groups, takes `shuffle_groups` of them at a time and permutes the rows of those, so that a reader
needs only a few row groups in memory and yet neighbours in a file are far apart in time.
Configurations take turns so that after any number of samples each is within one sample of its
share; without weights the shares are the sizes, and an epoch holds every row exactly once (of a
mixture: as often as the mixture takes it).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from trainer.data.catalog import Configuration, RowGroup, Taken
from trainer.errors import DataError


@dataclass(frozen=True, slots=True)
class Ref:
    """The n-th sample of a run: a row of a row group of a configuration."""

    n: int
    configuration: str
    group: RowGroup
    row: int


class EpochOrder:
    """One epoch of one configuration, as a function from position to row."""

    def __init__(self, taken: Sequence[Taken], seed: Sequence[int], mixed: int) -> None:
        self._seed = tuple(seed)
        shuffled = np.random.default_rng(self._seed).permutation(len(taken))
        size = mixed or len(taken)
        self._blocks = [
            [taken[g] for g in shuffled[i : i + size]] for i in range(0, len(taken), size)
        ]
        lengths = [sum(len(rows) for _, rows in block) for block in self._blocks]
        self._ends = np.cumsum(lengths).tolist()
        self._rows = lru_cache(maxsize=2)(self._block_rows)

    def _block_rows(self, block: int) -> list[tuple[RowGroup, int]]:
        rows = [(group, row) for group, picked in self._blocks[block] for row in picked]
        order = np.random.default_rng((*self._seed, block)).permutation(len(rows))
        return [rows[i] for i in order]

    def at(self, position: int) -> tuple[RowGroup, int]:
        block = bisect_right(self._ends, position)
        start = self._ends[block - 1] if block else 0
        return self._rows(block)[position - start]


class SampleOrder:
    """The samples of a run, one after the other; `counts` is all of its state.

    `counts[c]` says how many samples of configuration c have been handed out.
    """

    def __init__(
        self,
        catalog: Sequence[Configuration],
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
        self._mixed = shuffle_groups
        self.counts = {c.name: (counts or {}).get(c.name, 0) for c in catalog}
        self._epochs: dict[int, tuple[int, EpochOrder]] = {}

    @property
    def position(self) -> int:
        """Samples handed out so far."""
        return sum(self.counts.values())

    def copy(self) -> SampleOrder:
        """Another order that stands at the same sample."""
        return SampleOrder(self._catalog, self._weights, self._seed, self._mixed, self.counts)

    def take(self, count: int) -> list[Ref]:
        """The next samples."""
        return [self._next() for _ in range(count)]

    def _next(self) -> Ref:
        n = self.position
        lags = [
            share * (n + 1) - self.counts[c.name]
            for c, share in zip(self._catalog, self._shares, strict=True)
        ]
        chosen = max(range(len(lags)), key=lambda i: (round(lags[i], 9), -i))
        configuration = self._catalog[chosen]
        epoch, position = divmod(self.counts[configuration.name], self._sizes[chosen])
        group, row = self._epoch(chosen, epoch).at(position)
        self.counts[configuration.name] += 1
        return Ref(n, configuration.name, group, row)

    def _epoch(self, configuration: int, epoch: int) -> EpochOrder:
        cached = self._epochs.get(configuration)
        if cached is None or cached[0] != epoch:
            taken = [(g, rows) for g, rows in self._catalog[configuration].taken() if len(rows)]
            order = EpochOrder(taken, (self._seed, configuration, epoch), self._mixed)
            cached = self._epochs[configuration] = (epoch, order)
        return cached[1]
