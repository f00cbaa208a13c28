"""Confidence intervals by resampling documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Estimate:
    """A weighted mean over `count` samples with its percentile interval."""

    mean: float
    low: float
    high: float
    count: int


def estimate(
    values: Sequence[float],
    weights: Sequence[float],
    documents: Sequence[str],
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> Estimate:
    """Weighted mean and the percentile bootstrap's interval (Efron 1979).

    Whole documents are drawn with replacement: pages of one paper are no independent samples, and
    intervals over pages would be too narrow. With one document the interval is the mean itself.
    """
    _, index = np.unique(np.asarray(documents, dtype=str), return_inverse=True)
    weight = np.asarray(weights, np.float64)
    mass = np.bincount(index, weight)
    total = np.bincount(index, weight * np.asarray(values, np.float64))
    mean = _ratio(total.sum(), mass.sum())
    size = len(mass)
    times = rng.multinomial(size, np.full(size, 1 / size), size=draws)
    masses = times @ mass
    means = np.divide(times @ total, masses, out=np.full(draws, mean), where=masses > 0)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(mean, min(float(low), mean), max(float(high), mean), len(weight))


def _ratio(total: float, mass: float) -> float:
    return float(total / mass) if mass and math.isfinite(total) else 0.0
