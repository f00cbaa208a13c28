"""MinHash signatures: equal positions of two of them estimate how alike two texts are.

Broder, "On the resemblance and containment of documents" (1997): the least of all runs' hashes
under a random permutation is the same for two texts with the probability of their Jaccard
similarity, the share of runs that both have among those that either has.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vary_data.base.seed import TaskSeed
from vary_data.quality.grams import Hashes, mixed

PERMUTATIONS = 128
"""The estimate's standard error is sqrt(j(1-j)/128): 0.035 where the similarity j is 0.8."""
SHINGLE = 5
"""Tokens in a run: common phrases are shorter, and one changed word costs five runs."""
RECALL = 0.99
"""Of the pairs at the threshold, at least this share must meet in a band."""

Signatures = npt.NDArray[np.uint32]


class MinHasher:
    """Signatures of `PERMUTATIONS` numbers of 32 bits.

    A permutation is `a * h + b` modulo 2^64 with an odd `a`, a bijection; its upper half is kept.
    """

    def __init__(self) -> None:
        rng = TaskSeed.of(0, "minhash", "permutations").generator()
        factors, offsets = rng.integers(0, 2**64, (2, PERMUTATIONS, 1), np.uint64)
        self._factors, self._offsets = factors | np.uint64(1), offsets

    def __call__(self, runs: Hashes) -> Signatures:
        """The signature [PERMUTATIONS] of a text with at least one run."""
        least: Hashes = (self._factors * runs + self._offsets).min(axis=1)
        return (least >> np.uint64(32)).astype(np.uint32)


def band_size(threshold: float) -> int:
    """How many positions make a band, so that pairs at the threshold nearly always share one.

    With r positions of each of the 128 // r bands, a pair of similarity j shares a band with the
    probability 1 - (1 - j^r)^(128 // r); the largest r that gives `RECALL` at the threshold.
    """
    for size in range(16, 1, -1):
        if 1 - (1 - threshold**size) ** (PERMUTATIONS // size) >= RECALL:
            return size
    return 1


def bands(signatures: Signatures, size: int) -> Iterator[Hashes]:
    """For each band, one number per signature that is equal where the band is."""
    for start in range(0, PERMUTATIONS - size + 1, size):
        key = np.zeros(len(signatures), np.uint64)
        for column in range(start, start + size):
            key = mixed(key ^ signatures[:, column])
        yield key
