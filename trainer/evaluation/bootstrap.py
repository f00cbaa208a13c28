"""Confidence intervals by resampling documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Matrix = NDArray[np.float64]

MAX_COUNTS = 2**22
"""Counts that are drawn at a time; limits the memory."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A weighted mean over `count` samples with its percentile interval."""

    mean: float
    low: float
    high: float
    count: int


def estimate(
    values: ArrayLike,
    weights: ArrayLike,
    documents: Sequence[str],
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> list[Estimate]:
    """Weighted means and the percentile bootstrap's intervals (Efron 1979), one per metric.

    `values` and `weights` are [samples, metrics]; a value is NaN if a metric does not apply to a
    sample. Whole documents are drawn with replacement: pages of one paper are not independent
    samples, and intervals over pages would be too narrow. With one document the interval is the
    mean.
    """
    value = np.asarray(values, np.float64)
    applies = ~np.isnan(value)
    weight = np.where(applies, np.asarray(weights, np.float64), 0.0)
    _, index = np.unique(np.asarray(documents, dtype=str), return_inverse=True)
    mass = _by_document(index, weight)
    total = _by_document(index, weight * np.where(applies, value, 0.0))
    means = _divide(total.sum(0), mass.sum(0), np.zeros(value.shape[1]))
    drawn = _resampled(total, mass, means, rng, draws)
    edges = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = np.minimum(edges[0], means), np.maximum(edges[1], means)
    counts = applies.sum(0)
    return [
        Estimate(float(m), float(a), float(b), int(n))
        for m, a, b, n in zip(means, low, high, counts, strict=True)
    ]


def _by_document(index: NDArray[np.intp], rows: Matrix) -> Matrix:
    """[documents, metrics] sums."""
    sums = np.zeros((index.max() + 1, rows.shape[1]))
    np.add.at(sums, index, rows)
    return sums


def _resampled(
    total: Matrix, mass: Matrix, means: Matrix, rng: np.random.Generator, draws: int
) -> Matrix:
    """[draws, metrics] means; a draw without values of a metric has the metric's mean."""
    size = len(mass)
    share = np.full(size, 1 / size)
    block = max(1, MAX_COUNTS // size)
    parts = []
    for start in range(0, draws, block):
        times = rng.multinomial(size, share, size=min(block, draws - start)).astype(np.float64)
        parts.append(_divide(times @ total, times @ mass, means))
    return np.concatenate(parts)


def _divide(total: Matrix, mass: Matrix, default: Matrix) -> Matrix:
    result = np.broadcast_to(default, total.shape).copy()
    return np.divide(total, mass, out=result, where=mass > 0)
