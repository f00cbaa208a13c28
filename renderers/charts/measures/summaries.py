"""Marks that show several figures of a category by several of their points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renderers.charts.drawing import Drawing
from renderers.charts.measures.bars import ends
from renderers.charts.measures.reading import (
    Reading,
    marks_by_path,
    place,
    read_at,
    value_scale,
)
from renderers.charts.spec import ChartSpec


def boxes(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Points of a box: its figures in the order of the fields."""
    for name, row in zip(spec.summary.categories, spec.summary.rows, strict=True):
        yield from _rows(drawing, name, spec.summary.fields, row)


def candles(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Points of a candle: lower and upper end of its body, lowest, highest. Its color shows the
    direction: all that rise have one color, all that fall another."""
    marks, scale = marks_by_path(drawing), drawing.scales["y"]
    colors: dict[bool, set[str]] = {True: set(), False: set()}
    for name, (start, end, low, high) in zip(
        spec.summary.categories, spec.summary.rows, strict=True
    ):
        colors[end >= start].add(marks[(name,)].color)
        fields = ("open", "close") if end >= start else ("close", "open")
        row = (min(start, end), max(start, end), low, high)
        yield from _rows(drawing, name, (*fields, "low", "high"), row)
    if max(map(len, colors.values())) > 1 or colors[True] & colors[False]:
        yield Reading(("color",), 0.0, 1.0, 0.0 * scale.per_pixel)


def error_bars(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Points of an error bar: the mean, the upper and the lower end of its whisker."""
    for name, (mean, error) in zip(spec.summary.categories, spec.summary.rows, strict=True):
        row = (mean, mean + error, mean - error)
        yield from _rows(drawing, name, ("mean", "error", "error"), row)


def dumbbells(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """A dot for each figure, on a horizontal axis."""
    marks, scale = marks_by_path(drawing), drawing.scales["x"]
    for name, row in zip(spec.summary.categories, spec.summary.rows, strict=True):
        for field, value in zip(spec.summary.fields, row, strict=True):
            column = place(marks[name, field])[0]
            yield read_at((name, field), value, scale, column)


def intervals(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Points of a mark: its figures in the order of the fields, on the only value axis."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    data = spec.summary
    for name, row in zip(data.categories, data.rows, strict=True):
        points = marks[(name,)].points
        for field, value, point in zip(data.fields, row, points, strict=True):
            yield read_at((name, field), value, scale, point[axis])


def bullets(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """A bar from zero to the first figure, and a line across at the second one."""
    marks, scale = marks_by_path(drawing), drawing.scales["x"]
    first, second = spec.summary.fields
    for name, (value, target) in zip(spec.summary.categories, spec.summary.rows, strict=True):
        yield from ends(marks[name, first], scale, 0, 0.0, value)
        column = place(marks[name, second])[0]
        yield Reading((name, second), target, scale.value_at(column), scale.per_pixel)


def _rows(
    drawing: Drawing, name: str, fields: Sequence[str], row: Sequence[float]
) -> Iterator[Reading]:
    scale = drawing.scales["y"]
    points = marks_by_path(drawing)[(name,)].points
    for field, value, (_, y) in zip(fields, row, points, strict=True):
        yield read_at((name, field), value, scale, y)
