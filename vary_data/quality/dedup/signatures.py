"""MinHash signatures: the share of equal positions estimates the similarity of two texts.

Broder, "On the resemblance and containment of documents" (1997): the probability that two texts
have the same smallest hash of a run under a random permutation is their Jaccard similarity, the
number of shared runs divided by the number of runs of both.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from vary_data.base.seed import TaskSeed
from vary_data.quality.grams import Hashes, murmur_finalize

PERMUTATIONS = 128
"""The estimate's standard error is sqrt(j(1-j)/128): 0.035 where the similarity j is 0.8."""
SHINGLE_TOKENS = 5
"""Tokens in a run: common phrases are shorter, and a changed word changes only five runs."""
MIN_RECALL = 0.99
"""At least this share of the pairs at the threshold must share a band."""

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
    """The largest number of positions per band with `MIN_RECALL` at the threshold.

    With r positions per band, a pair of similarity j shares one of the 128 // r bands with
    probability 1 - (1 - j^r)^(128 // r).
    """
    for size in range(16, 1, -1):
        if 1 - (1 - threshold**size) ** (PERMUTATIONS // size) >= MIN_RECALL:
            return size
    return 1


def bands(signatures: Signatures, size: int) -> Iterator[Hashes]:
    """For each band, one number per signature, equal for equal bands."""
    for start in range(0, PERMUTATIONS - size + 1, size):
        key = np.zeros(len(signatures), np.uint64)
        for column in range(start, start + size):
            key = murmur_finalize(key ^ signatures[:, column])
        yield key
