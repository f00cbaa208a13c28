"""An index of all runs of n tokens of a test set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vary_data.quality.grams import GramHasher, Hashes
from vary_data.quality.wording import tokens, wording

RUN_TOKENS = 13
"""Length of a run: words, or characters of Chinese.

13 words as in GPT-3 (arXiv 2005.14165, appendix C): shorter runs are often common phrases. 13
Chinese characters are about eight words, longer than names, dates and four-character idioms.
"""
MIN_COMPARED_TOKENS = 5
"""A text shorter than a run is compared as a whole; a text shorter than this is not compared."""

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TestSample:
    """A sample of the test set; `tokens` is the length of the compared text."""

    __test__ = False  # not a test of pytest

    id: str
    config: str
    lang: str
    doc_id: str
    tokens: int


@dataclass(frozen=True, slots=True)
class TestIndex:
    """The runs of all samples of a test set.

    `runs` are the distinct runs, sorted. The runs of sample s, in the order of its text, are
    `runs[places[bounds[s]:bounds[s + 1]]]`. Run r is in the samples
    `owners[owned[r]:owned[r + 1]]`.
    """

    __test__ = False  # not a test of pytest

    n: int
    samples: tuple[TestSample, ...]
    runs: Hashes
    places: Indices
    bounds: Indices
    owners: Indices
    owned: Indices

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Mapping[str, Any]]], n: int = RUN_TOKENS) -> TestIndex:
        """Index (configuration, row) pairs; about 40 bytes per token of the test set.

        Rows need `id`, `lang`, `doc_id` and the columns of `wording`.
        """
        hasher = GramHasher(n)
        samples, found = [], []
        for config, row in rows:
            words = tokens(wording(row))
            samples.append(TestSample(row["id"], config, row["lang"], row["doc_id"], len(words)))
            found.append(hasher(words) if len(words) >= MIN_COMPARED_TOKENS else hasher([]))
        lengths = np.array([len(runs) for runs in found], np.int64)
        joined = np.concatenate([*found, np.empty(0, np.uint64)])
        runs, places = np.unique(joined, return_inverse=True)
        pairs = np.unique(np.stack([places, np.repeat(np.arange(len(found)), lengths)]), axis=1)
        owned = np.searchsorted(pairs[0], np.arange(len(runs) + 1))
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        return cls(n, tuple(samples), runs, places, bounds, pairs[1], owned)

    def find(self, hashes: Hashes) -> Indices:
        """For each hash the number of its run, or -1 if the test set does not have the run."""
        if not len(self.runs):
            return np.full(len(hashes), -1, np.int64)
        at = np.minimum(np.searchsorted(self.runs, hashes), len(self.runs) - 1)
        return np.where(self.runs[at] == hashes, at, -1)

    def samples_with(self, run: int) -> Indices:
        """The samples that have a run, by the run's index in `runs`."""
        return self.owners[self.owned[run] : self.owned[run + 1]]

    def different(self, sample: int) -> int:
        """The number of distinct runs of a sample."""
        return len(np.unique(self.places[self.bounds[sample] : self.bounds[sample + 1]]))

    def covered(self, sample: int, seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which tokens of a sample are in a run that was seen; `seen` has a flag for each run."""
        flags = seen[self.places[self.bounds[sample] : self.bounds[sample + 1]]]
        length = self.samples[sample].tokens
        width = min(self.n, length)
        edges = np.zeros(length + 1, np.int64)
        starts = np.flatnonzero(flags)
        edges[starts] += 1
        np.subtract.at(edges, starts + width, 1)
        covered: npt.NDArray[np.bool_] = np.cumsum(edges)[:length] > 0
        return covered
