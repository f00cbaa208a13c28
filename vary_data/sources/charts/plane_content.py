"""Random content of the plane and the triangle: fields, vectors, shares of three parts.

What they are about is listed in `words/<lang>/scenarios.txt`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renderers.charts.catalog import ChartType
from renderers.charts.fields import field_value, level_below
from renderers.charts.spec import Field, NumberFormat, Point, Points, PointSeries, Summary
from renderers.charts.ticks import decimals_of, round_step, tick_range
from vary_data.sources.charts.content import ChartContent
from vary_data.sources.charts.description import category_count
from vary_data.sources.charts.number_format import unit_suffix
from vary_data.sources.charts.scenarios import scenario, scenario_content
from vary_data.sources.charts.tables import PERCENT, Make
from vary_data.sources.corpus import Corpus

Floats = npt.NDArray[np.float64]

GRID = (75, 100)
"""Rows and columns of a field."""
BEND = 0.7
"""Exponent of a slope: it becomes less steep."""
CALM = 0.15
"""Heights of the hills on a slope of a known direction."""
BANDS = (6, 9)
"""Bands of a contour plot, about: levels are round."""
AROUND = 0.03
"""A named place is this far within its band in all directions, in sides of the plot."""
PLACES_APART = 0.16
"""Distance of two named places at least, in sides of the plot."""
EDGE = 0.08
"""Distance of a named place from the ends of the axes, in sides of the plot."""
PLACES_TRIED = 4000
FIELDS_TRIED = 20
VECTOR_GRIDS = ((3, 3), (4, 3), (5, 3), (4, 4), (5, 4), (6, 4), (5, 5))
"""Columns and rows of arrows."""
LEAST_ARROW = 0.3
"""Length of the shortest arrow, in that of the longest."""
KEY_SHARE = 0.4
"""The arrow of the legend is at least so long, in the longest one."""
KEY_FACTORS = (1.0, 2.0, 5.0, 10.0)
"""It stands for one of these times a power of ten."""
LEAST_PART = 4
"""Percent that each of three parts has at least."""
PARTS_APART = 8
"""Percent by which two points of a triangle differ in one of their parts, at least."""
ALIKE = (18, 60)
"""Parameter of the Dirichlet distribution around the usual parts: how alike things are."""
TRIES_ALIKE = 100
"""Points that are tried before they may be less alike."""
LESS_ALIKE = 0.8
"""Factor of the parameter then."""


def contour(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """A field over two quantities, and in which band some named places are."""
    title, *axes, trend, named = scenario(corpus, "contour", rng)
    slope = tuple(float(part) for part in trend.split())
    across, up, height = (_axis(axes[i], axes[i + 1]) for i in (0, 2, 4))
    names = named.split(", ")
    count = min(category_count(chart_type, rng), len(names))
    places: list[tuple[float, float]] = []
    for _ in range(FIELDS_TRIED):
        field, number = _field(across.limits, up.limits, height.limits, slope, rng)
        places = _free_places(field, count, (across.number, up.number), rng)
        if len(places) == count:
            break
    points = []
    for name, (x, y) in zip(sorted(names[:count]), places, strict=False):
        low = level_below(field, field_value(field, x, y))
        points.append(Point(x, y, label=name, figures=field.levels[low : low + 2]))
    series = PointSeries("", tuple(points))
    data = Points((series,), across.number, up.number, number, field=field)
    content = scenario_content(
        chart_type, corpus, data, title, rng, up.title, across.title, unit_in_title=True
    )
    return replace(content, second_title=height.title)


def quiver(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """A flow in the plane, at places at equal distances."""
    title, *axes, largest, unit = scenario(corpus, "quiver", rng)
    across, up = (_axis(axes[i], axes[i + 1]) for i in (0, 2))
    low, high = chart_type.categories
    grids = [grid for grid in VECTOR_GRIDS if low <= grid[0] * grid[1] <= high]
    columns, rows = grids[int(rng.integers(len(grids)))]
    xs, ys = _lattice(across, columns), _lattice(up, rows)
    x, y = (2 * (found - found.mean()) / np.ptp(found) for found in np.meshgrid(xs, ys))
    u, v = _flow(x, y, rng)
    top = float(largest) * rng.uniform(0.5, 1.0)
    lengths = np.hypot(u, v)
    # None is too short to see where it points.
    wanted = LEAST_ARROW + (1 - LEAST_ARROW) * lengths / lengths.max()
    u, v = (part / lengths * wanted * top for part in (u, v))
    key = round_step(top * KEY_SHARE, KEY_FACTORS)
    # A tenth of the arrow of the legend can be read.
    decimals = decimals_of(key / 10)
    number = NumberFormat(decimals, suffix=unit_suffix(unit, corpus.lang))
    places = zip(*(np.ravel(found).tolist() for found in (*np.meshgrid(xs, ys), u, v)), strict=True)
    points = tuple(
        Point(a, b, figures=(round(c, decimals), round(d, decimals))) for a, b, c, d in places
    )
    data = Points((PointSeries("", points),), across.number, up.number, number, key=key)
    return scenario_content(
        chart_type, corpus, data, title, rng, up.title, across.title, unit_in_title=True
    )


def ternary(chart_type: ChartType, corpus: Corpus, rng: np.random.Generator) -> ChartContent:
    """Shares of three parts in named things."""
    title, listed, named = scenario(corpus, "ternary", rng)
    names = named.split(", ")
    count = min(category_count(chart_type, rng), len(names))
    parts, usual = zip(*(part.rsplit(" ", 1) for part in listed.split(", ")), strict=True)
    middle, alike = np.array([float(share) / 100 for share in usual]), rng.uniform(*ALIKE)
    rows: list[tuple[float, ...]] = []
    tries = 0
    while len(rows) < count:
        tries += 1
        if tries % TRIES_ALIKE == 0:
            alike *= LESS_ALIKE
        first, second = (float(round(100 * part)) for part in rng.dirichlet(middle * alike)[:2])
        row = (first, second, 100 - first - second)
        apart = (max(abs(a - b) for a, b in zip(row, other, strict=True)) for other in rows)
        if min(row) >= LEAST_PART and all(gap >= PARTS_APART for gap in apart):
            rows.append(row)
    chosen = sorted(int(i) for i in rng.permutation(len(names))[:count])
    number = replace(PERCENT, decimals=0)
    data = Summary(tuple(names[i] for i in chosen), tuple(parts), tuple(rows), number)
    return scenario_content(chart_type, corpus, data, title, rng)


class _Axis:
    """A quantity: the title of its axis, its range and its format."""

    def __init__(self, title: str, low: float, high: float) -> None:
        self.title, self.limits = title, (low, high)
        span = high - low
        # Two digits of the range and one that is estimated.
        self.number = NumberFormat(max(0, 2 - math.floor(math.log10(span))))


def _axis(title: str, limits: str) -> _Axis:
    low, high = (float(number) for number in limits.split())
    return _Axis(title, low, high)


def _field(
    across: tuple[float, float],
    up: tuple[float, float],
    height: tuple[float, float],
    slope: tuple[float, ...],
    rng: np.random.Generator,
) -> tuple[Field, NumberFormat]:
    """Hills and hollows on a slope, and the format of its levels. `slope` is how it rises along x
    and y; where both are 0, in any direction, and less than the hills do."""
    y, x = np.meshgrid(*(np.linspace(0, 1, count) for count in GRID), indexing="ij")
    angle = rng.uniform(0, math.tau)
    random = rng.uniform(0.2, 1.0) * np.array([math.cos(angle), math.sin(angle)])
    along, upwards = slope if any(slope) else random
    surface = along * x**BEND + upwards * y**BEND
    calm = CALM if any(slope) else 1.0
    for _ in range(int(rng.integers(1, 4))):
        # Hills are more frequent than hollows.
        strength = calm * rng.uniform(0.5, 1.2) * (1 if rng.random() < 0.7 else -1)
        (a, b), (wide, tall) = rng.uniform(0.1, 0.9, 2), rng.uniform(0.15, 0.4, 2)
        surface += strength * np.exp(-(((x - a) / wide) ** 2 + ((y - b) / tall) ** 2) / 2)
    low, high = height
    # A part of the possible range.
    span = (high - low) * rng.uniform(0.55, 1.0)
    start = low + (high - low - span) * rng.random()
    values = start + span * (surface - surface.min()) / np.ptp(surface)
    bands = int(rng.integers(BANDS[0], BANDS[1] + 1))
    step = round_step(span / bands)
    first, last = tick_range(start, start + span, step)
    decimals = decimals_of(step)
    levels = tuple(round(step * i, decimals) for i in range(first, last + 1))
    rows = tuple(tuple(row) for row in np.round(values, decimals + 3).tolist())
    return Field(across, up, rows, levels), NumberFormat(decimals)


def _free_places(
    field: Field,
    count: int,
    numbers: tuple[NumberFormat, NumberFormat],
    rng: np.random.Generator,
) -> list[tuple[float, float]]:
    """Up to `count` places that are well within their bands and apart from each other, in bands
    as different as there are."""
    limits = (field.x, field.y)
    found: list[tuple[float, float]] = []
    used: list[int] = []
    for tried in range(PLACES_TRIED):
        shares = rng.uniform(EDGE, 1 - EDGE, 2)
        x, y = (
            round(low + (high - low) * float(share), number.decimals)
            for share, (low, high), number in zip(shares, limits, numbers, strict=True)
        )
        band = level_below(field, field_value(field, x, y))
        if used.count(band) > tried // (PLACES_TRIED // 4):
            continue
        reach = [AROUND * (high - low) for low, high in limits]
        around = (
            field_value(field, x + reach[0] * math.cos(turn), y + reach[1] * math.sin(turn))
            for turn in np.arange(8) * math.tau / 8
        )
        if any(level_below(field, value) != band for value in around):
            continue
        scaled = [(high - low) * PLACES_APART for low, high in limits]
        if any(math.hypot((x - a) / scaled[0], (y - b) / scaled[1]) < 1 for a, b in found):
            continue
        found.append((x, y))
        used.append(band)
        if len(found) == count:
            break
    return found


def _lattice(axis: _Axis, count: int) -> Floats:
    """So many places at equal distances, at round numbers where that is possible."""
    low, high = axis.limits
    step = round((high - low) / (count + 1), axis.number.decimals)
    start = round((low + high - step * (count - 1)) / 2, axis.number.decimals)
    return np.round(start + step * np.arange(count), axis.number.decimals)


def _flow(x: Floats, y: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A stream with a vortex, a source or sink, or a saddle in it."""
    angle = rng.uniform(0, math.tau)
    strength = rng.uniform(0.6, 1.4)
    a, b = rng.uniform(-0.7, 0.7, 2)
    dx, dy = x - a, y - b
    calm = np.exp(-(dx**2 + dy**2) / 3)
    kinds = ((-dy, dx), (dy, -dx), (dx, dy), (-dx, -dy), (dx, -dy))
    along, up = kinds[int(rng.integers(len(kinds)))]
    u = math.cos(angle) * 0.8 + strength * along * calm
    v = math.sin(angle) * 0.8 + strength * up * calm
    return u, v


PLANE_CONTENT: Mapping[str, Make] = {
    "contour": contour,
    "quiver": quiver,
    "ternary": ternary,
}
