"""Random content about single observations: densities of one quantity, bins of two.

What they are about is listed in `words/<lang>/scenarios.txt`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from renderers.charts.catalog import ChartType
from renderers.charts.spec import (
    Curve,
    NumberFormat,
    Point,
    Points,
    PointSeries,
    Series,
    Summary,
    Table,
)
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import category_count, series_count
from vary_data.sources.charts.numbers import rounded
from vary_data.sources.charts.scenarios import scenario_content
from vary_data.sources.charts.tables import Make
from vary_data.sources.corpus import Corpus

Floats = npt.NDArray[np.float64]

WIDTHS = (0.055, 0.13)
"""Spread to each side of a peak, in the range of the quantity: from and to."""
REACH = 3.3
"""Spreads from a peak to the end of its curve: the density there is below a pixel."""
PLACES = 150
"""Places of a curve besides its peaks."""
TWO_PEAKS = 0.3
"""Share of the curves with two peaks, in plots of one or two curves."""
APART = 3.4
"""Spreads between two peaks at least: nearer ones make one peak."""
NOISE = 0.08
"""Of the peaks around their course over the groups, in the range of the quantity."""
COURSES: Mapping[str, Callable[[Floats], Floats]] = {
    "rise": lambda t: t,
    "fall": lambda t: 1 - t,
    "peak": lambda t: np.sin(np.pi * (t * 0.94 + 0.03)) ** 1.5,
}
"""How the peaks go from the first group to the last one, from 0 to 1; in others they are random."""
SIGNIFICANT = 3
"""Digits of the largest density."""


def density(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """The density of a quantity; several curves are those of groups."""
    count = series_count(chart_type, rng)
    title, axis, number, limits, groups, centers = _distribution(corpus, count, rng)
    bumps = [_bumps(center, limits, number, rng, several=len(centers) < 3) for center in centers]
    highest = max(height for curve in bumps for _, _, height in _tops(curve))
    y_number = NumberFormat(max(0, SIGNIFICANT - 1 - math.floor(math.log10(highest))))
    series = []
    for name, curve in zip(groups, bumps, strict=True):
        tops = [(x, round(y, y_number.decimals)) for x, _, y in _tops(curve)]
        series.append(PointSeries(name, tuple(Point(x, y) for x, y in tops), _curve(curve, tops)))
    data = Points(tuple(series), number, y_number)
    upwards = corpus.phrases["density"][0]
    return scenario_content(chart_type, corpus, data, title, rng, upwards, axis, unit_in_title=True)


def ridgeline(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """The density of a quantity in each of several groups, each with one peak."""
    count = category_count(chart_type, rng)
    title, axis, number, limits, groups, centers = _distribution(corpus, count, rng)
    rows, curves = [], []
    for center in centers:
        ((x, *_),) = curve = _bumps(center, limits, number, rng, several=False)
        rows.append((x,))
        height = _density(curve, np.array([x]))[0]
        curves.append(_curve(curve, [(x, float(height))]))
    data = Summary(tuple(groups), chart_type.fields, tuple(rows), number, tuple(curves))
    return scenario_content(chart_type, corpus, data, title, rng, axis, unit_in_title=True)


def histogram_2d(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """How many observations are in each pair of bins of two quantities."""
    rows = corpus.scenarios["bins of two"]
    title, *axes, sign = rows[int(rng.integers(len(rows)))]
    across_title, across, up_title, up = axes
    columns = _bins(across, category_count(chart_type, rng))
    lines = _bins(up, series_count(chart_type, rng))
    size = float(rng.choice([30, 90, 250, 800]))
    x = np.linspace(-1, 1, len(columns))[None, :]
    y = np.linspace(-1, 1, len(lines))[:, None]
    slope = rng.uniform(0.5, 0.9) * (1 if sign == "+" else -1)
    # A ridge along the diagonal, from narrow to wide, with its middle somewhere near the center.
    away = (y - slope * x) / rng.uniform(0.35, 0.6)
    middle = (x - rng.uniform(-0.4, 0.4)) / rng.uniform(0.6, 0.9)
    counts = size * np.exp(-(away**2 + middle**2) / 2) * rng.uniform(0.75, 1.25, away.shape)
    # Each bin has one at least: a cell without any would have no mark.
    values = np.maximum(np.round(counts), 1)
    series = [Series(name, tuple(row)) for name, row in zip(lines, values.tolist(), strict=True)]
    content = scenario_content(chart_type, corpus, Table(columns, tuple(series)), title, rng)
    return replace(content, category_title=across_title, series_title=up_title, unit_in_title=True)


def _bins(limits: str, count: int) -> tuple[str, ...]:
    """Names of so many bins; `limits` are the start of the first one and their width."""
    start, width = (int(number) for number in limits.split())
    edges = [start + width * i for i in range(count + 1)]
    return tuple(f"{low}-{high}" for low, high in pairwise(edges))


Bump = tuple[float, float, float, float]
"""A two-piece normal density: its peak, its spreads to the left and right, its weight."""


def _distribution(
    corpus: Corpus, count: int, rng: np.random.Generator
) -> tuple[str, str, NumberFormat, tuple[float, float], tuple[str, ...], Floats]:
    """What a density is of: title, axis title, number format and range of the quantity, `count` or
    fewer groups (one without a name for a single curve), and about where their peaks are."""
    rows = [row for row in corpus.scenarios["distribution"] if len(row[6].split(", ")) >= count]
    alone, by, axis, low, high, decimals, listed, how = rows[int(rng.integers(len(rows)))]
    names = listed.split(", ")
    first = int(rng.integers(0, len(names) - count + 1))
    groups = tuple(names[first : first + count]) if count > 1 else ("",)
    t = (first + np.arange(count)) / max(1, len(names) - 1)
    along = COURSES[how](t) if how in COURSES else rng.random(count)
    noise = rng.normal(0, NOISE / 2, count) if how in COURSES else 0.0
    shares = np.clip(0.3 + 0.4 * along + noise, 0.22, 0.78)
    limits = float(low), float(high)
    centers = limits[0] + (limits[1] - limits[0]) * shares
    title = alone if count == 1 else by
    return title, axis, NumberFormat(int(decimals)), limits, groups, centers


def _bumps(
    center: float,
    limits: tuple[float, float],
    number: NumberFormat,
    rng: np.random.Generator,
    *,
    several: bool,
) -> tuple[Bump, ...]:
    """One bump around a center, or two on both sides of it, all within the limits."""
    low, high = limits
    span = high - low
    if several and rng.random() < TWO_PEAKS:
        spread = rng.uniform(0.05, 0.065, 2) * span
        gap = rng.uniform(APART, APART + 1.5) * float(spread.max())
        weight = rng.uniform(0.35, 0.65)
        middle = min(max(center, low + gap / 2 + 0.2 * span), high - gap / 2 - 0.2 * span)
        peaks = rounded((middle - gap / 2, middle + gap / 2), number.decimals)
        return tuple(
            (x, float(s), float(s), float(w))
            for x, s, w in zip(peaks, spread, (weight, 1 - weight), strict=True)
        )
    (peak,) = rounded((center,), number.decimals)
    # To the longer side there is mostly more space.
    left, right = rng.uniform(*WIDTHS, 2) * span
    left, right = min(left, (peak - low) / REACH), min(right, (high - peak) / REACH)
    return ((peak, float(left), float(right), 1.0),)


def _density(bumps: Sequence[Bump], places: Floats) -> Floats:
    """The density at these places."""
    total = np.zeros(len(places))
    for peak, left, right, weight in bumps:
        spread = np.where(places < peak, left, right)
        height = weight * 2 / (math.sqrt(math.tau) * (left + right))
        total += height * np.exp(-(((places - peak) / spread) ** 2) / 2)
    return total


def _tops(bumps: Sequence[Bump]) -> list[tuple[float, Bump, float]]:
    """The place of each peak, its bump, and the density there."""
    heights = _density(bumps, np.array([bump[0] for bump in bumps]))
    return [(bump[0], bump, float(y)) for bump, y in zip(bumps, heights, strict=True)]


def _curve(bumps: Sequence[Bump], tops: Sequence[tuple[float, float]]) -> Curve:
    """Places of the density from its left to its right end, those of the peaks among them."""
    first = min(peak - REACH * left for peak, left, _, _ in bumps)
    last = max(peak + REACH * right for peak, _, right, _ in bumps)
    known = dict(tops)
    places = np.unique([*np.linspace(first, last, PLACES), *known])
    heights = _density(bumps, places)
    # Two bumps raise each other a little: no place beside a peak is higher than it.
    nearest = np.abs(places[:, None] - np.array(list(known))[None]).argmin(axis=1)
    heights = np.minimum(heights, np.array(list(known.values()))[nearest])
    return tuple(
        (float(x), known.get(float(x), float(y)))
        for x, y in zip(places.tolist(), heights.tolist(), strict=True)
    )


DISTRIBUTIONS: Mapping[str, Make] = {
    "density": density,
    "histogram_2d": histogram_2d,
    "ridgeline": ridgeline,
}
