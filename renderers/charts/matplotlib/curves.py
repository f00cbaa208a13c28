"""Curves: survival over time, estimates with an interval, ROC and precision-recall curves."""

from __future__ import annotations

from itertools import pairwise

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.axes import value_plane, vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.line_parts import DASHES
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import MARKERS, ChartStyle
from renderers.charts.paths import left_to_right, point_paths, table_paths
from renderers.charts.spec import ChartSpec

MIN_LINE = 1.5
"""Pixels."""
DROPS = (1, 3, 2)
"""Steps of a survival curve between two times, in turns."""
CENSORED = (0.5, 0.75)
"""Height of the strokes of censored cases, in ems; where between two times they are."""
WHOLE = 100.0
BAND_ALPHA = (0.18, 0.35)
"""Opacity of an interval at the least and at the largest `fill_alpha`."""
FROM_ZERO_BELOW = 0.6
"""An axis starts at zero if the lowest value is below this share of the span."""
AIR = 0.06
"""Share of the span that an axis has beyond the data."""
MARKER_RADIUS = 0.6
"""In markers."""
CHANCE_DASH = (4.0, 3.0)


def survival(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Shares that are left over time: each curve is level at the times that the axis names, and
    falls in steps between them."""
    data = spec.table
    keys = [
        Key(s.name, style.color(i), "line", dash=DASHES[i] if style.dashed else ())
        for i, s in enumerate(data.series)
    ]
    values = AxisValues(0, WHOLE, data.series[0].number)
    plot = vertical_plot(spec, style, canvas, data.categories, values, keys=keys, spread=True)
    for s, (series, paths, key) in enumerate(
        zip(data.series, table_paths(data), keys, strict=True)
    ):
        points: list[XY] = [(plot.centers[0], plot.y(series.values[0]))]
        at = [0]
        for i, ((x0, a), (x1, b)) in enumerate(
            pairwise(zip(plot.centers, series.values, strict=True))
        ):
            drops = DROPS[(i + s) % len(DROPS)]
            for d in range(1, drops + 1):
                # Away from both times, where the curve must be level.
                x = x0 + (x1 - x0) * (0.15 + 0.7 * (d - 0.5) / drops)
                points += [(x, points[-1][1]), (x, plot.y(a + (b - a) * d / drops))]
            points.append((x1, points[-1][1]))
            at.append(len(points) - 1)
        ink = Ink(edge=key.color, line=max(MIN_LINE, style.line_width), dash=key.dash)
        line = canvas.polyline(points, ink, shows=(series.name,))
        half = style.marker_size / 2 + 1
        for path, index in zip(paths, at, strict=True):
            canvas.mark(path, points=[(line, index)], pad=(half, half), round=True)
        if style.variant % 2:
            size = style.base * CENSORED[0] / 2
            ends = [points[i] for i in at[1:]]
            strokes = [((x, y - size), (x, y + size)) for x, y in ends]
            canvas.segments(strokes, Ink(edge=key.color, line=MIN_LINE), z=3)
    return plot.scales


def interval_line(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A line of means in the band of their intervals."""
    data = spec.summary
    numbers = [v for row in data.rows for v in row]
    low, high = min(numbers), max(numbers)
    span = high - low or 1.0
    if 0 <= low < span * FROM_ZERO_BELOW:
        low = 0.0
    elif low >= 0:
        low = max(0.0, low - span * AIR)
    values = AxisValues(low, high + span * AIR, data.number)
    plot = vertical_plot(spec, style, canvas, data.categories, values, spread=True)
    zero_line(style, canvas, plot)
    color = style.color(0)
    rows = [[(x, plot.y(v)) for x, v in zip(plot.centers, column, strict=True)]
            for column in zip(*data.rows, strict=True)]  # fmt: skip
    alpha = min(max(style.fill_alpha * 0.4, BAND_ALPHA[0]), BAND_ALPHA[1])
    band = canvas.polygon([*rows[0], *rows[2][::-1]], Ink(fill=color, alpha=alpha), z=1.5)
    line = canvas.polyline(rows[1], Ink(edge=color, line=max(MIN_LINE, style.line_width)))
    if style.variant == 0:
        edge = Ink(edge=color, line=style.stroke, dash=CHANCE_DASH)
        canvas.polyline(rows[0], edge, z=2)
        canvas.polyline(rows[2], edge, z=2)
    if style.marker:
        canvas.markers(rows[1], style.marker, style.marker_size, Ink(fill=color))
    count = len(data.categories)
    for i, name in enumerate(data.categories):
        # The band begins at the lower edge and returns along the upper one.
        figures = [(band, i), (line, i), (band, 2 * count - 1 - i)]
        canvas.mark((name,), points=figures, pad=(2.0, 0.0))
    return plot.scales


def rates(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`roc_curve` and `pr_curve`: measured points on the unit square, joined."""
    data = spec.points
    several = len(data.series) > 1
    keys = [
        Key(
            s.name,
            style.color(i),
            "line" + (MARKERS[i] if style.variant % 2 else "o"),
            dash=DASHES[i] if style.dashed and several else (),
        )
        for i, s in enumerate(data.series)
    ]
    across, up = AxisValues(0.0, 1.0, data.x_number), AxisValues(0.0, 1.0, data.y_number)
    plot = value_plane(spec, style, canvas, across, up, keys=keys if data.series[0].name else ())
    if spec.type == "roc_curve":
        chance = Ink(edge=style.palette.faint, line=style.stroke, dash=CHANCE_DASH)
        canvas.polyline([(plot.x(0), plot.y(0)), (plot.x(1), plot.y(1))], chance, z=1.2)
    for series, order, paths, key in zip(
        data.series, left_to_right(data), point_paths(data), keys, strict=True
    ):
        found = [series.points[i] for i in order]
        points = [(plot.x(p.x), plot.y(p.y)) for p in found]
        ends = ((0.0, 0.0), (1.0, 1.0)) if spec.type == "roc_curve" else ()
        course = [(plot.x(x), plot.y(y)) for x, y in ends]
        course = [course[0], *points, course[1]] if course else points
        ink = Ink(edge=key.color, line=max(MIN_LINE, style.line_width), dash=key.dash)
        canvas.polyline(course, ink, shows=(series.name,) if series.name else ())
        size = style.marker_size * 2 * MARKER_RADIUS
        dots = canvas.markers(points, key.shape.removeprefix("line"), size, Ink(fill=key.color))
        for i, index in enumerate(order):
            pad = (size / 2, size / 2)
            canvas.mark(paths[index], points=[(dots, i)], pad=pad, round=True)
    return plot.scales
