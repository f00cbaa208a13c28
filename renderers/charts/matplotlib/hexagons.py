"""Hexagonal bins of the plane: how many observations are in each is printed, and shown by color."""

from __future__ import annotations

from itertools import pairwise

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.axes import value_plane
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import on_ramp
from renderers.charts.paths import point_paths
from renderers.charts.spec import ChartSpec


def hexbin(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A hexagon at each point; they touch: rows are shifted by half their width."""
    data = spec.points
    points = data.series[0].points
    columns, rows = sorted({p.x for p in points}), sorted({p.y for p in points})
    across = 2 * min(b - a for a, b in pairwise(columns))
    up = min(b - a for a, b in pairwise(rows))
    plot = value_plane(
        spec,
        style,
        canvas,
        AxisValues(columns[0] - across * 0.6, columns[-1] + across * 0.6, data.x_number),
        AxisValues(rows[0] - up * 0.8, rows[-1] + up * 0.8, data.y_number),
    )
    canvas.ramp = style.palette.ramp
    sizes = [p.size or 0.0 for p in points]
    low, span = min(sizes), max(sizes) - min(sizes) or 1.0
    half = (plot.x(columns[0] + across) - plot.x(columns[0])) / 2
    tall = (plot.y(rows[0]) - plot.y(rows[0] + up)) * 2 / 3
    font = style.font(style.label_size)
    for point, path in zip(points, point_paths(data)[0], strict=True):
        x, y = plot.x(point.x), plot.y(point.y)
        corners: list[XY] = [
            (x, y - tall), (x + half, y - tall / 2), (x + half, y + tall / 2),
            (x, y + tall), (x - half, y + tall / 2), (x - half, y - tall / 2),
        ]  # fmt: skip
        color = on_ramp(style.palette.ramp, ((point.size or 0.0) - low) / span)
        edge = style.palette.background
        canvas.mark(path, canvas.polygon(corners, Ink(color, edge, style.stroke)))
        label = stamp(data.size_number.print(point.size or 0.0), font)
        canvas.write(label, x, y, "value", AUTO, (0.5, 0.5), path=path)
    return plot.scales
