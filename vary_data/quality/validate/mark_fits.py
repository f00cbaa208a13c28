"""By how many pixels marks do not show their values, from the boxes on the picture alone.

Axes are fitted to the boxes of the tick labels, so that the check shares nothing with the code that
drew the chart. Families: ends and lengths of bars; places of points, corners and heads; ends of
boxes, whiskers and candles; thickness of rivers; widths of funnels and areas of tree maps in
proportion. The box of a slice, ring, gauge, link or colored cell does not tell its value.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vary_data.quality.validate.fitted_axes import (
    Axis,
    any_number,
    fit,
    fitted_axes,
    last_digit,
)
from vary_data.quality.validate.linked import Errors, Linked, Path, Region
from vary_data.quality.validate.plane_fits import arrows, bins, shares

LENGTHS = frozenset(
    {"stacked_bar", "percent_bar", "waterfall", "theme_river", "horizontal_stacked_bar",
     "horizontal_percent_bar"}
)  # fmt: skip
"""Types whose values are as long as their bars, wherever these begin."""
BARS = frozenset(
    {"bar", "horizontal_bar", "grouped_bar", "diverging_bar", "histogram", "pictorial_bar",
     "horizontal_grouped_bar"}
)  # fmt: skip
"""Types whose bars begin at zero."""
POINTS = frozenset({"line", "multi_line", "step", "area", "dumbbell", "survival"})
"""Types whose points are at their values on one axis."""
UPRIGHT = frozenset({"histogram", "line", "multi_line", "step", "area", "theme_river", "survival"})
"""Types whose values are never from left to right; the ticks of a histogram there are the edges of
its bins, which are no names of the truth; those of a survival curve are numbers."""
PLANE = frozenset(
    {
        *("scatter", "bubble", "effect_scatter", "hexbin", "roc_curve", "pr_curve"),
        *("contour", "density"),
    }
)
SPREAD = {
    **dict.fromkeys(
        ("box", "violin", "box_points", "range_bar", "strip", "swarm"), ("min", "max", "y")
    ),
    "candlestick": ("low", "high", "y"),
    "interval_line": ("lower", "upper", "y"),
    "forest": ("lower", "upper", "x"),
    "gantt": ("start", "end", "x"),
}
"""Figures that are at the low and the high end of their marks, and their axis."""
MAX_ERROR = 4.0
"""Pixels by which a mark may be wrong: the middle of a tick label is not exactly at its tick."""
MAX_JITTER = 4.0
"""Pixels: what a hand draws farther beside its place is a wrong mark."""
AXIS_REACH = 60.0
"""Pixels from an axis of parallel coordinates to its tick labels, at most."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value whose mark is `pixels` away from where it should be."""

    path: Path
    value: str
    pixels: float


def misfits(
    chart_type: str,
    truth: Mapping[str, Any],
    regions: Sequence[Region],
    linked: Sequence[Linked],
    forms: Mapping[str, Any] | None = None,
    jitter: float = 0.0,
) -> Iterator[Misfit]:
    """The values whose marks are more than `MAX_ERROR` and their rounding off; `forms` are those of
    the axes, as in `meta.axes`. Both ends of a mark may be `jitter` pixels beside their places."""
    for value, error, slack in _errors(chart_type, truth, regions, linked, forms):
        if error > MAX_ERROR + slack + 2 * jitter:
            yield Misfit(value.path, value.value, error)


def jitter_of(meta: Mapping[str, Any]) -> float:
    """How far the marks of a chart may be beside their places, in pixels, as its `meta` says."""
    told = meta.get("jitter")
    return float(told) if isinstance(told, int | float) and 0 < told <= MAX_JITTER else 0.0


def _errors(
    chart_type: str,
    truth: Mapping[str, Any],
    regions: Sequence[Region],
    linked: Sequence[Linked],
    forms: Mapping[str, Any] | None,
) -> Errors:
    axes = fitted_axes(truth, regions, forms)
    match chart_type:
        case "funnel" | "small_multiples":
            return _in_proportion(linked, 0)
        case "icicle":
            return _in_proportion(linked, 1)
        case "treemap":
            return _areas(linked)
        case "pyramid":
            return _pyramid(regions, linked)
        case "parallel":
            return _parallel(regions, linked)
        case "radar":
            return _radar(axes.get("y"), linked)
        case "stacked_area":
            return _stacked(axes.get("y"), linked)
        case "error_bar":
            return _whiskers(axes.get("y"), linked)
        case "lollipop":
            return _heads(axes.get("y"), linked)
        case "quiver":
            return arrows(axes, truth, regions, linked)
        case "histogram_2d":
            return bins(axes, linked)
        case "ternary":
            return shares(regions, linked)
    return _single(chart_type, truth, axes, linked)


def _single(
    chart_type: str, truth: Mapping[str, Any], axes: Mapping[str, Axis], linked: Sequence[Linked]
) -> Errors:
    """Each value by one side, the length or the middle of its box."""
    for item in linked:
        how, key = _measure(chart_type, item.path, truth)
        axis = axes.get(key)
        if axis and (number := item.number(axis.unit)) is not None:
            slack = axis.slack(number, item.rounding(axis.unit))
            yield item, axis.error(item.mark["bbox"], number, how), slack


def _measure(chart_type: str, path: Path, truth: Mapping[str, Any]) -> tuple[str, str]:
    """How a mark shows its value, and on which axis; an empty axis if its box does not tell."""
    if chart_type in PLANE:
        return "center", path[-1] if path[-1] in ("x", "y") else ""
    if chart_type == "bar_line":
        return ("center", "y2") if path[0] == list(truth["values"])[-1] else ("end", "y")
    if chart_type in SPREAD:
        low, high, key = SPREAD[chart_type]
        return {low: "low", high: "high"}.get(path[-1], ""), key if path[-1] in (low, high) else ""
    if chart_type == "bullet":
        first = next(iter(truth["values"][path[0]]))
        return "end" if path[-1] == first else "center", "x"
    axis = "y" if chart_type in UPRIGHT else "values"
    if chart_type in LENGTHS:
        return "length", axis
    if chart_type in BARS:
        return "end", axis
    return ("center", axis) if chart_type in POINTS else ("", "")


def _stacked(axis: Axis | None, linked: Sequence[Linked]) -> Errors:
    """Points, or upper ends of bands, at the height of the sum so far in their category."""
    sums: defaultdict[str, float] = defaultdict(float)
    slacks: defaultdict[str, float] = defaultdict(float)
    for item in linked:
        number = item.number(axis.unit) if axis else None
        if axis is None or number is None:
            return
        sums[item.path[-1]] += number
        slacks[item.path[-1]] += abs(axis.slope) * item.rounding(axis.unit)
        box, total = item.mark["bbox"], sums[item.path[-1]]
        # The mark is a point, or a slice of its band with the sum at its upper end.
        error = min(axis.error(box, total, how) for how in ("center", "high"))
        yield item, error, slacks[item.path[-1]]


def _whiskers(axis: Axis | None, linked: Sequence[Linked]) -> Errors:
    """The upper end of a whisker is at the mean and the error."""
    means: dict[Path, tuple[float, float]] = {}
    for item in linked:
        number = item.number(axis.unit) if axis else None
        if axis is None or number is None:
            continue
        slack = abs(axis.slope) * item.rounding(axis.unit)
        if item.path[-1] == "mean":
            means[item.path[:-1]] = (number, slack)
        elif item.path[-1] == "error" and item.path[:-1] in means:
            mean, more = means[item.path[:-1]]
            yield item, axis.error(item.mark["bbox"], mean + number, "high"), slack + more


def _heads(axis: Axis | None, linked: Sequence[Linked]) -> Errors:
    """The middle of a head, which is as wide as the box, at the far end of its stem."""
    for item in linked:
        number = item.number(axis.unit) if axis else None
        if axis is None or number is None:
            continue
        x0, y0, x1, y1 = item.mark["bbox"]
        radius = (x1 - x0) / 2
        middle = y0 + radius if number >= 0 else y1 - radius
        error = axis.error((x0, middle, x1, middle), number, "center")
        yield item, error, abs(axis.slope) * item.rounding(axis.unit)


def _pyramid(regions: Sequence[Region], linked: Sequence[Linked]) -> Errors:
    """Bars to both sides of zero, where ticks have no signs."""
    ticks = sorted((r for r in regions if r["role"] == "x_tick"), key=lambda r: r["bbox"][0])
    zero = next((i for i, tick in enumerate(ticks) if any_number(tick["text"]) == 0), None)
    axis = fit(ticks[zero:], 0) if zero is not None else None
    for item in linked:
        if axis and (number := item.number(axis.unit)) is not None:
            error = axis.error(item.mark["bbox"], number, "length")
            yield item, error, abs(axis.slope) * item.rounding(axis.unit)


def _radar(axis: Axis | None, linked: Sequence[Linked]) -> Errors:
    """Corners as far from the center as their values; the first spoke and the ticks go up."""
    if axis is None or not linked:
        return
    first = [item for item in linked if item.path[-1] == linked[0].path[-1]]
    center = (sum(_middle(item.mark)[0] for item in first) / len(first), axis.offset)
    for item in linked:
        if (number := item.number(axis.unit)) is not None:
            error = abs(math.dist(_middle(item.mark), center) - abs(axis.slope) * number)
            yield item, error, abs(axis.slope) * item.rounding(axis.unit)


def _parallel(regions: Sequence[Region], linked: Sequence[Linked]) -> Errors:
    """Corners on the axis of their category, whose tick labels begin right of it."""
    columns: defaultdict[int, list[Region]] = defaultdict(list)
    for tick in regions:
        if tick["role"] == "y_tick":
            columns[round(tick["bbox"][0] / 4)].append(tick)
    ticks: list[list[Region]] = []
    for key in sorted(columns):
        # The first digits of labels do not all begin at the same pixel.
        if ticks and columns[key][0]["bbox"][0] - ticks[-1][0]["bbox"][0] < 2 * MAX_ERROR:
            ticks[-1] += columns[key]
        else:
            ticks.append(list(columns[key]))
    axes = [(min(t["bbox"][0] for t in found), fit(found, 1)) for found in ticks]
    for item in linked:
        x = _middle(item.mark)[0]
        near = [axis for left, axis in axes if axis and 0 <= left - x <= AXIS_REACH]
        if len(near) == 1 and (number := item.number(near[0].unit)) is not None:
            error = near[0].error(item.mark["bbox"], number, "center")
            yield item, error, abs(near[0].slope) * item.rounding(near[0].unit)


def _in_proportion(linked: Sequence[Linked], side: int) -> Errors:
    """Widths (side 0) or heights (1) in proportion to the largest value."""
    found = [(item, number) for item in linked if (number := any_number(item.value)) is not None]
    if not found:
        return
    widest, largest = max(found, key=lambda pair: pair[1])
    per_value = _size(widest.mark)[side] / largest if largest else 0.0
    for item, number in found:
        error = abs(_size(item.mark)[side] - number * per_value)
        yield item, error, per_value * last_digit(item.value)


def _areas(linked: Sequence[Linked]) -> Errors:
    """Areas in proportion to the values of one parent, as pixels by which a border would move."""
    parents: defaultdict[Path, list[tuple[Linked, float]]] = defaultdict(list)
    for item in linked:
        if (number := any_number(item.value)) is not None:
            parents[item.path[:-1]].append((item, number))
    for children in parents.values():
        total = sum(_size(item.mark)[0] * _size(item.mark)[1] for item, _ in children)
        values = sum(number for _, number in children)
        for item, number in children:
            width, height = _size(item.mark)
            error = abs(width * height - number / values * total) / (width + height)
            yield item, error, last_digit(item.value) / values * total / (width + height)


def _middle(mark: Region) -> tuple[float, float]:
    x0, y0, x1, y1 = mark["bbox"]
    return (x0 + x1) / 2, (y0 + y1) / 2


def _size(mark: Region) -> tuple[float, float]:
    x0, y0, x1, y1 = mark["bbox"]
    return max(x1 - x0, 1.0), max(y1 - y0, 1.0)
