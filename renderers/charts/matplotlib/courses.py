"""Lines through many points, of which the axis names a few; gaps where values are missing."""

from __future__ import annotations

import math

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib import lines
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.line_parts import (
    add_line_obstacles,
    axis_values,
    line_keys,
    value_stamps,
    write_labels,
)
from renderers.charts.matplotlib.lines import TINT_BELOW_LINE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec

DENSE = 120
"""From this number of points on, a line is thinner."""
THINNER = 0.6
"""Factor of its width then."""
MIN_LINE = 1.2
"""Pixels."""
SPOT = 0.5
"""Size of the dots at named points, in markers."""
HALF_MARK = 2.0
"""Half the box of a point without a dot, in pixels."""


def line_chart(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`line` and `multi_line`."""
    draw = lines.lines if spec.table.course is None else _course
    return draw(spec, style, canvas)


def area_chart(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`area`."""
    draw = lines.area if spec.table.course is None else _course
    return draw(spec, style, canvas)


def _course(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    data = spec.table
    course = data.course
    assert course is not None
    filled = spec.type == "area"
    stamps = value_stamps(style, data.series)
    keys = tuple(Key(k.name, k.color, "line", dash=k.dash) for k in line_keys(style, data.series))
    plot = vertical_plot(
        spec,
        style,
        canvas,
        data.categories,
        axis_values(spec, style, data.series, stamps, zero=filled),
        keys=keys if data.series[0].name else (),
        places=course.places,
    )
    zero_line(style, canvas, plot)
    left, right = plot.box[0], plot.box[2]
    columns = [left + (right - left) * at for at in course.at]
    index = {at: i for i, at in enumerate(course.at)}
    named = [index[place] for place in course.places]
    width = style.line_width * (THINNER if len(columns) > DENSE else 1.0)
    spots = spec.labels or style.variant == 1
    marked: list[list[XY]] = []
    for series, values, paths, key in zip(
        data.series, course.values, table_paths(data), keys, strict=True
    ):
        points = [
            None if math.isnan(v) else (x, plot.y(v)) for x, v in zip(columns, values, strict=True)
        ]
        ink = Ink(edge=key.color, line=max(MIN_LINE, width), dash=key.dash)
        vertices = {}
        for first, run in _runs(points):
            if filled or (
                len(data.series) == 1 and style.variant == 2 and spec.axis.kind == "linear"
            ):
                base = plot.y(max(0.0, plot.y_axis.low if plot.y_axis else 0.0))
                alpha = style.fill_alpha if filled else TINT_BELOW_LINE
                under = [(run[0][0], base), *run, (run[-1][0], base)]
                canvas.polygon(under, Ink(fill=key.color, alpha=alpha), z=1.5)
            shows = (series.name,) if series.name else ()
            drawn = canvas.polyline(run, ink, shows=shows)
            vertices.update({first + i: (drawn, i) for i in range(len(run))})
            if spec.labels:
                add_line_obstacles(canvas, run)
        places: list[XY] = []
        half = style.marker_size * SPOT / 2 if spots else HALF_MARK
        for path, i in zip(paths, named, strict=True):
            place = points[i]
            assert place is not None, "a value at a name is not missing"
            places.append(place)
            canvas.mark(path, points=[vertices[i]], pad=(half, half), round=True)
            x, y = place
            canvas.points[path] = (x - half, y - half, x + half, y + half)
        if spots:
            size = style.marker_size * SPOT * 2
            canvas.markers(places, "o", size, Ink(fill=key.color))
        marked.append(places)
    if spec.labels:
        write_labels(style, canvas, plot, marked, stamps, keys, table_paths(data), plate=True)
    return plot.scales


def _runs(points: list[XY | None]) -> list[tuple[int, list[XY]]]:
    """The stretches without gaps: the index of the first point of each, and its points."""
    runs: list[tuple[int, list[XY]]] = []
    for i, point in enumerate(points):
        if point is None:
            continue
        if i == 0 or points[i - 1] is None:
            runs.append((i, []))
        runs[-1][1].append(point)
    return runs
