"""Samples with given quartiles, for charts that draw single observations or their density."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TAIL = 1.6
"""Exponent of the distances in the outer quarters: observations are denser near the middle."""
BANDWIDTH = 0.35
"""Of the density, in distances of the quartiles."""


def sample_with_quartiles(row: Sequence[float], inside: int) -> Floats:
    """`[4 · inside + 5]`, ascending: a sample with exactly this minimum, first quartile, median,
    third quartile and maximum (linear interpolation), `inside` observations between two of them."""
    shares = np.arange(1, inside + 1) / (inside + 1)
    outer = (1 - (1 - shares) ** TAIL, shares, shares, shares**TAIL)
    parts = [[row[0]]]
    for (low, high), share in zip(pairwise(row), outer, strict=True):
        parts += [(low + (high - low) * share).tolist(), [high]]
    return np.array([value for part in parts for value in part])


def density(sample: Floats, places: Floats) -> Floats:
    """`[places]`: a Gaussian kernel density of the sample, its largest value 1."""
    q1, q3 = np.quantile(sample, (0.25, 0.75))
    width = max((q3 - q1) * BANDWIDTH, np.ptp(sample) * 0.02, 1e-12)
    found = np.exp(-(((places[:, None] - sample[None]) / width) ** 2) / 2).sum(axis=1)
    return np.asarray(found / found.max())
