"""Points show values by their place: along one axis, in the plane, from a center."""

from __future__ import annotations

import math
from collections.abc import Iterator

from renderers.charts.drawing import Drawing
from renderers.charts.measures.bars import ends
from renderers.charts.measures.courses import course
from renderers.charts.measures.reading import (
    Reading,
    marks_by_path,
    place,
    read_at,
    shown,
    value_scale,
)
from renderers.charts.measures.shares import COLOR_STEP
from renderers.charts.palette import share_on_ramp
from renderers.charts.paths import point_paths, table_paths
from renderers.charts.spec import ChartSpec


def along_axis(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each point at its value on the only value axis."""
    marks = marks_by_path(drawing)
    scale, axis = value_scale(drawing)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in shown(series, paths):
            yield read_at(path, value, scale, place(marks[path])[axis])
    if spec.table.course is not None:
        yield from course(spec.table.course, spec.table, drawing)


def stacked_heights(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each point at the height of the sum so far in its category."""
    marks, scale = marks_by_path(drawing), drawing.scales["y"]
    tops = [0.0] * len(spec.table.categories)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for i, (value, path) in enumerate(zip(series.values, paths, strict=True)):
            tops[i] += value
            yield Reading(path, tops[i], scale.value_at(place(marks[path])[1]), scale.per_pixel)


def bars_and_line(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Bars on the left axis; the last series as points on the right one."""
    marks, left, right = marks_by_path(drawing), drawing.scales["y"], drawing.scales["y2"]
    *columns, last = zip(spec.table.series, table_paths(spec.table), strict=True)
    for series, paths in columns:
        for value, path in zip(series.values, paths, strict=True):
            yield from ends(marks[path], left, 1, 0.0, value)
    for value, path in zip(last[0].values, last[1], strict=True):
        yield Reading(path, value, right.value_at(place(marks[path])[1]), right.per_pixel)


def plane(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each point at its x and y; the areas of bubbles are as their sizes."""
    marks, x, y = marks_by_path(drawing), drawing.scales["x"], drawing.scales["y"]
    pairs = [
        (path, point)
        for series, paths in zip(spec.points.series, point_paths(spec.points), strict=True)
        for path, point in zip(paths, series.points, strict=True)
    ]
    for path, point in pairs:
        column, row = place(marks[path])
        yield read_at((*path, "x"), point.x, x, column)
        yield read_at((*path, "y"), point.y, y, row)
    if spec.type != "bubble":
        return
    diameters = {path: marks[path].bbox[2] - marks[path].bbox[0] for path, _ in pairs}
    sizes = {path: point.size or 0.0 for path, point in pairs}
    largest, smallest = max(sizes.values()), min(diameters.values())
    for path, size in sizes.items():
        share = diameters[path] / max(diameters.values())
        # Discs below the smallest visible one are drawn as large as that.
        if diameters[path] > smallest:
            per_pixel = 2 * largest * share / max(diameters.values())
            yield Reading((*path, "size"), size, largest * share**2, per_pixel)


def hexagons(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each hexagon at its x and y, in the color of its size on the ramp."""
    yield from plane(spec, drawing)
    marks = marks_by_path(drawing)
    (series,), (paths,) = spec.points.series, point_paths(spec.points)
    sizes = [point.size or 0.0 for point in series.points]
    low, span = min(sizes), max(sizes) - min(sizes)
    for size, path in zip(sizes, paths, strict=True):
        share, length = share_on_ramp(drawing.ramp, marks[path].color)
        per_pixel = (span or 1.0) / length * COLOR_STEP
        yield Reading((*path, "size"), size, low + share * span, per_pixel)


def spokes(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each corner as far from the center as its value."""
    marks, scale = marks_by_path(drawing), drawing.scales["y"]
    assert scale.center is not None
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in zip(series.values, paths, strict=True):
            distance = math.dist(place(marks[path]), scale.center)
            yield Reading(path, value, scale.value_at(distance), scale.per_pixel)


def parallel(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each corner of a line at the height of its value on the axis of its category."""
    marks = marks_by_path(drawing)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in zip(series.values, paths, strict=True):
            scale = drawing.scales[f"y/{path[-1]}"]
            yield Reading(path, value, scale.value_at(place(marks[path])[1]), scale.per_pixel)
