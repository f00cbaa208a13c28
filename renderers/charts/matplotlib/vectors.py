"""Arrows at places of the plane, and the arrow of the legend that tells their lengths."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

from renderers.charts.drawing import XY, Path, Scale
from renderers.charts.matplotlib.axes import value_plane
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import NAME_GAP, NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import clear_on, on_ramp
from renderers.charts.paths import point_paths
from renderers.charts.spec import ChartSpec

LONGEST = 0.92
"""The longest arrow, in distances of the tails."""
AIR = 0.95
"""Between the outermost tails and the ends of an axis, in distances of the tails."""
HEAD = (0.62, 0.22)
"""Length and half the width of a head, in ems."""
HEAD_SHARE = 0.5
"""Of an arrow that its head takes at most."""
SHAFT = 1.7
"""Width, in strokes."""
TAIL = 0.28
"""Diameter of the disc at a tail, in ems."""
KEY_HEIGHT = 1.5
"""Of the row of the legend above the plot, in ems."""
COLORED = (2, 3)
"""Variants whose arrows have colors by their lengths."""
LEAST_COLOR = 0.35
"""Where on the ramp the shortest arrows begin: paler ones are hardly seen."""
PAD = 2.0
"""Pixels around the box of an arrow, which may be level or upright."""


def quiver(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """An arrow for each point; its tail is at the point."""
    data = spec.points
    assert data.key is not None
    (series,), (paths,) = data.series, point_paths(data)
    columns, rows = sorted({p.x for p in series.points}), sorted({p.y for p in series.points})
    across, up = (min(b - a for a, b in pairwise(found)) for found in (columns, rows))
    plot = value_plane(
        spec,
        dataclasses.replace(style, end_on_tick=False),
        canvas,
        AxisValues(columns[0] - across * AIR, columns[-1] + across * AIR, data.x_number),
        AxisValues(rows[0] - up * AIR, rows[-1] + up * AIR, data.y_number),
        lifted=style.base * KEY_HEIGHT,
    )
    lengths = [math.hypot(*point.figures) for point in series.points]
    room = min(plot.x(columns[0] + across) - plot.x(columns[0]), plot.y(0) - plot.y(up))
    per_unit = room * LONGEST / max(lengths)
    colored = style.variant in COLORED
    for path, point, length in zip(paths, series.points, lengths, strict=True):
        u, v = point.figures
        tail = (plot.x(point.x), plot.y(point.y))
        tip = (tail[0] + u * per_unit, tail[1] - v * per_unit)
        color = style.line_color(0)
        if colored:
            share = LEAST_COLOR + (1 - LEAST_COLOR) * length / max(lengths)
            color = on_ramp(style.palette.ramp, share)
        color = clear_on(style.plot_color, color, style.palette.ink)
        _arrow(style, canvas, path, tail, tip, color)
        disc = style.base * TAIL
        canvas.ellipse(tail, disc, disc, Ink(fill=color), z=3.2)
    scales = dict(plot.scales)
    scales["key"] = _key(spec, style, canvas, plot.box[2], plot.box[1], data.key * per_unit)
    return scales


def _key(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, right: float, top: float, length: float
) -> Scale:
    """The arrow of the legend above the right end of the plot, and what it stands for: its mark has
    this text as path."""
    data = spec.points
    assert data.key is not None
    text = data.size_number.print(data.key)
    name = stamp(text, style.font(NAME_SIZE))
    y = top - style.base * KEY_HEIGHT / 2
    left = right - name.width - style.base * NAME_GAP - length
    _arrow(style, canvas, (text,), (left, y), (left + length, y), style.palette.ink)
    canvas.write(name, right, y, "legend", style.palette.ink, (1.0, 0.5))
    return Scale(0.0, data.key, length, data.key, left)


def _arrow(style: ChartStyle, canvas: Canvas, path: Path, tail: XY, tip: XY, color: str) -> None:
    """An arrow, whose mark has two points: its tail and its tip."""
    length = math.dist(tail, tip)
    along = ((tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length)
    head = min(style.base * HEAD[0], length * HEAD_SHARE)
    half = head * HEAD[1] / HEAD[0]
    neck = (tip[0] - along[0] * head, tip[1] - along[1] * head)
    ink = Ink(edge=color, line=max(1.2, style.stroke * SHAFT))
    shaft = canvas.polyline([tail, neck], ink, z=3)
    sides = [
        (neck[0] - side * along[1] * half, neck[1] + side * along[0] * half) for side in (-1, 1)
    ]
    point = canvas.polygon([tip, *sides], Ink(fill=color), z=3.1)
    canvas.mark(path, points=[(shaft, 0), (point, 0)], pad=(PAD, PAD))
