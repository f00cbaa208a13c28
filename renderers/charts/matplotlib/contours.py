"""Filled contours of a field over two measured axes, with a color bar and named places."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import contourpy
import numpy as np
from matplotlib.patches import Patch

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.axes import value_plane
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import Plot
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import NAME_GAP, TICK_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp
from renderers.charts.palette import blend, luminance, on_ramp, rgb
from renderers.charts.paths import point_paths
from renderers.charts.spec import ChartSpec, Field

BAR_GAP, BAR_WIDTH = 0.9, 1.2
"""Between the plot and the color bar, and its width, in ems."""
FIELD_Z, LINE_Z = 1.0, 1.6
"""Of the lowest band, and of the lines between bands; all bands lie between both."""
LINE_STRENGTH = 0.45
"""Opacity of a line between two bands over their color."""
MARKER = 0.62
"""Diameter of a named place, in ems."""
LABEL_GAP = 0.3
"""Between a place and its name, in ems."""
DIAGONAL = 0.75
"""Of the distance of a name, in each direction, where it is diagonal from its place."""


def contour(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A band for each two neighboring levels; the color of a named place is that of the band that
    was painted there last."""
    data = spec.points
    field = data.field
    assert field is not None
    font = style.font(TICK_SIZE)
    labels = [stamp(data.size_number.print(level), font) for level in field.levels]
    pad = style.base * NAME_GAP
    beside = style.base * (BAR_GAP + BAR_WIDTH) + pad + max(s.width for s in labels)
    # The field ends where the axes do.
    ending = dataclasses.replace(style, end_on_tick=False)
    across = AxisValues(*field.x, data.x_number)
    plot = value_plane(
        spec, ending, canvas, across, AxisValues(*field.y, data.y_number), beyond=beside
    )
    canvas.ramp = style.palette.ramp
    bands = len(field.levels) - 1
    colors = [on_ramp(style.palette.ramp, i / (bands - 1)) for i in range(bands)]
    layers = _layers(field, plot, canvas, colors)
    lined = style.variant > 0
    if lined:
        _lines(spec, field, plot, canvas, style)
    _color_bar(style, canvas, plot, colors, labels)
    _places(spec, style, canvas, plot, layers, plated=lined)
    return plot.scales


def _layers(field: Field, plot: Plot, canvas: Canvas, colors: list[str]) -> list[Patch]:
    """What is at or above each level, the lowest one first, each painted over those below it: so
    no seam shows between two bands."""
    painted = [canvas.rectangle(plot.box, Ink(fill=colors[0]), z=FIELD_Z)]
    made = _generator(field, plot)
    beyond = field.levels[-1] + abs(field.levels[-1] - field.levels[0]) + 1
    for i, level in enumerate(field.levels[1:-1], 1):
        rings: list[list[XY]] = []
        for points, starts in zip(*made.filled(level, beyond), strict=True):
            rings += [points[a : b - 1].tolist() for a, b in pairwise(starts)]
        if rings:
            z = FIELD_Z + i / (10 * len(colors))
            painted.append(canvas.outlines(rings, Ink(fill=colors[i]), z=z))
    return painted


def _generator(field: Field, plot: Plot) -> contourpy.ContourGenerator:
    values = np.asarray(field.values)
    rows, columns = values.shape
    xs = [plot.x(float(x)) for x in np.linspace(*field.x, columns)]
    ys = [plot.y(float(y)) for y in np.linspace(*field.y, rows)]
    return contourpy.contour_generator(
        xs, ys, values, fill_type=contourpy.FillType.OuterOffset,
        line_type=contourpy.LineType.Separate,
    )  # fmt: skip


def _lines(spec: ChartSpec, field: Field, plot: Plot, canvas: Canvas, style: ChartStyle) -> None:
    """A line at each level."""
    middle = on_ramp(style.palette.ramp, 0.5)
    ink = Ink(edge=blend(style.palette.ink, middle, LINE_STRENGTH), line=style.stroke)
    made = _generator(field, plot)
    for level in field.levels[1:-1]:
        name = spec.points.size_number.print(level)
        for line in made.lines(level):
            canvas.polyline(np.asarray(line).tolist(), ink, LINE_Z, shows=(name,))


def _color_bar(
    style: ChartStyle, canvas: Canvas, plot: Plot, colors: list[str], labels: list[Stamp]
) -> None:
    """The color of each band, and every level at its edge."""
    _, top, right, bottom = plot.box
    left = right + style.base * BAR_GAP
    end = left + style.base * BAR_WIDTH
    high = (bottom - top) / len(colors)
    for i, color in enumerate(colors):
        box = (left, bottom - high * (i + 1), end, bottom - high * i)
        canvas.rectangle(box, Ink(color, color, 0.5), z=2.0)
    frame = Ink(edge=style.palette.faint, line=style.stroke)
    canvas.rectangle((left, top, end, bottom), frame, z=2.6)
    x = end + style.base * NAME_GAP
    for i, label in enumerate(labels):
        y = bottom - high * i
        if style.has_strokes:
            canvas.segments([((end, y), (end + style.base * NAME_GAP / 2, y))], frame, z=2.6)
        canvas.write(label, x, y, "y2_tick", style.palette.faint, (0.0, 0.5))


def _places(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    plot: Plot,
    layers: list[Patch],
    *,
    plated: bool,
) -> None:
    (series,), (paths,) = spec.points.series, point_paths(spec.points)
    size = style.base * MARKER
    inks = (style.palette.ink, style.palette.background)
    edge, fill = sorted(inks, key=lambda color: luminance(rgb(color)))
    dots = []
    for path, point in zip(paths, series.points, strict=True):
        x, y, r = plot.x(point.x), plot.y(point.y), size / 2
        dot = canvas.markers([(x, y)], "o", size, Ink(fill, edge, max(1.2, style.stroke * 1.5)))
        above = (layer for layer in reversed(layers[1:]) if _covers(layer, x, y))
        at = next(above, layers[0])
        canvas.mark(path, points=[(dot, 0)], pad=(r, r), round=True, painted=at)
        box = (x - r, y - r, x + r, y + r)
        canvas.obstacles.append(box)
        canvas.points[path] = box
        dots.append((x, y))
    font = style.font(style.label_size, bold=True)
    for path, point, (x, y) in zip(paths, series.points, dots, strict=True):
        name = stamp(point.label, font)
        r = size / 2 + style.base * LABEL_GAP
        d = r * DIAGONAL
        places = (
            ((x + r, y), (0.0, 0.5)),
            ((x - r, y), (1.0, 0.5)),
            ((x, y - r), (0.5, 1.0)),
            ((x, y + r), (0.5, 0.0)),
            ((x + d, y - d), (0.0, 1.0)),
            ((x - d, y - d), (1.0, 1.0)),
            ((x + d, y + d), (0.0, 0.0)),
            ((x - d, y + d), (1.0, 0.0)),
        )
        plate = style.palette.background if plated or style.label_plate else None
        ink = style.palette.ink if plate else AUTO
        canvas.write_near(name, places, "category", ink, plot.box, plate, path)


def _covers(layer: Patch, x: float, y: float) -> bool:
    """Whether a shape covers a place: by the crossings of its outlines to the left of it."""
    inside = False
    for polygon in layer.get_path().to_polygons(closed_only=True):
        ring = np.asarray(polygon, float)
        x0, y0 = ring[:-1].T
        x1, y1 = ring[1:].T
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        inside ^= bool(np.count_nonzero(crosses & (at < x)) % 2)
    return inside
