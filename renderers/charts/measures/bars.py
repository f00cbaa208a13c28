"""Bars show values by their ends: from zero, from the bar below, from the step before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise

from renderers.charts.drawing import Drawing, Mark, Scale
from renderers.charts.measures.reading import Reading, marks_by_path, read_at, shown, value_scale
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec

SCALE_ERROR = 0.001
"""Relative difference of the scales of two panels that counts as a pixel."""


def bars(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each bar from zero to its value; from the low end of an axis that leaves zero out."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    base = scale.low if spec.axis.cuts_zero else 0.0
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in shown(series, paths):
            yield from ends(marks[path], scale, axis, base, value)


def stacked(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each bar from the end of the one before it in its category."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    tops = [0.0] * len(spec.table.categories)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for i, (value, path) in enumerate(zip(series.values, paths, strict=True)):
            yield from ends(marks[path], scale, axis, tops[i], tops[i] + value)
            tops[i] += value


def waterfall(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each bar from where the one before ended; the last one from zero to the sum."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    values = spec.table.series[0].values
    steps = [*pairwise([0.0, *accumulate(values[:-1])]), (0.0, values[-1])]
    for path, (start, end) in zip(table_paths(spec.table)[0], steps, strict=True):
        yield from ends(marks[path], scale, axis, start, end)


def pyramid(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """The first series to the left of zero, the second one to the right."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    for sign, series, paths in zip(
        (-1, 1), spec.table.series, table_paths(spec.table), strict=True
    ):
        for value, path in zip(series.values, paths, strict=True):
            yield from ends(marks[path], scale, axis, 0.0, sign * value)


def panels(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each bar from the zero of its panel, all panels with one scale."""
    marks = marks_by_path(drawing)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        scale = drawing.scales[f"x/{series.name}"]
        for value, path in zip(series.values, paths, strict=True):
            yield from ends(marks[path], scale, 0, 0.0, value)
    per_pixel = [scale.per_pixel for scale in drawing.scales.values()]
    yield Reading(("scale",), max(per_pixel), min(per_pixel), max(per_pixel) * SCALE_ERROR)


def ends(mark: Mark, scale: Scale, axis: int, start: float, end: float) -> Iterator[Reading]:
    """Both ends of a bar along `axis`: 0 from left to right, 1 upwards."""
    wanted = sorted((start, end))
    places = sorted((mark.bbox[axis], mark.bbox[axis + 2]), key=scale.value_at)
    for expected, at in zip(wanted, places, strict=True):
        yield read_at(mark.path, expected, scale, at)
