"""Radar charts: one spoke for each category, one polygon for each series."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import Key, lay_out_frame
from renderers.charts.matplotlib.line_parts import add_line_obstacles
from renderers.charts.matplotlib.placed_text import AUTO, PLATE_PADDING
from renderers.charts.matplotlib.spacing import LABEL_GAP, NAME_GAP
from renderers.charts.matplotlib.style import LABEL_INK, ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend, readable_on, rgb
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec, Table
from renderers.charts.ticks import value_axis

MIN_RINGS = 4
ANGLE_DECIMALS = 3
"""The cosine of a vertical spoke is not exactly 0."""
FILL, MAX_FILL = 0.4, 0.35
"""Opacity of a polygon, as a share of the style's and at most: polygons overlap."""
NAME_SIZE = 0.95
"""Text size of the names, in ems."""
MAX_NAME_WIDTH = 0.26
"""Share of the width that a name may take before it wraps."""
NAME_AWAY = 0.5
"""Between a spoke and its name, in ems."""
NAME_HEIGHT_GAP = 0.8
"""Between a spoke and the name above or below it, in ems."""
MIN_RADIUS = 4
"""In ems."""
GRID_INK = 0.25
"""Opacity of the tick color over the grid color."""
MIN_LINE = 1.5
"""Pixels."""
MARKER = 0.85
"""In markers of the style."""
SCALE_SIZE = 0.8
"""Text size of the labels of the rings, in ems."""
SCALE_Z = 1.0
"""Z order of their plates: above the rings and below the polygons."""
AWAY = (0.0, 0.8, 1.6)
"""Ems from the spoke to such a label, in addition to a gap: the first is usual, with the others
it may keep off a line."""
PLATE_MARGIN = 2.0
"""Pixels around such a label, and between it and a point on the spoke, at least."""


def radar(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Spokes for the categories and a polygon for each series, on one scale."""
    data = spec.table
    keys = [Key(s.name, style.color(i)) for i, s in enumerate(data.series)]
    margins = lay_out_frame(spec, style, canvas, keys if data.series[0].name else ()).margins
    canvas.plot_area(margins.box)
    font = style.font(NAME_SIZE)
    widest = margins.width * MAX_NAME_WIDTH
    names = [stamp(wrap(name, font, widest, 2) or name, font) for name in data.categories]
    radius = min(
        margins.width / 2 - max(s.width for s in names) - style.base,
        margins.height / 2 - max(s.height for s in names) - style.base * NAME_HEIGHT_GAP,
    )
    radius = max(radius, style.base * MIN_RADIUS)
    center = ((margins.left + margins.right) / 2, (margins.top + margins.bottom) / 2)
    count = len(data.categories)
    angles = [math.pi / 2 - 2 * math.pi * i / count for i in range(count)]
    number = data.series[0].number
    top = max(v for s in data.series for v in s.values)
    axis = value_axis(0, top, number, MIN_RINGS + style.variant % 2)

    def spoke_point(i: int, value: float, more: float = 0.0) -> XY:
        r = radius * value / axis.high + more
        return center[0] + r * math.cos(angles[i]), center[1] - r * math.sin(angles[i])

    grid = Ink(edge=blend(style.palette.faint, style.palette.grid, GRID_INK), line=style.stroke)
    for tick in axis.ticks[1:]:
        if style.variant < 2:
            canvas.polygon([spoke_point(i, tick) for i in range(count)], grid, z=0.5)
        else:
            size = 2 * radius * tick / axis.high
            canvas.ellipse(center, size, size, grid, z=0.5)
    canvas.segments([(center, spoke_point(i, axis.high)) for i in range(count)], grid, z=0.5)

    for i, name in enumerate(names):
        # The highest label of the scale is at the end of the first spoke.
        shown = not i and not spec.labels
        x, y = spoke_point(i, axis.high, style.base * (NAME_HEIGHT_GAP if shown else NAME_AWAY))
        anchor = (0.5 - math.cos(angles[i]) * 0.5, 0.5 + math.sin(angles[i]) * 0.5)
        side = round(math.cos(angles[i]), ANGLE_DECIMALS)
        anchor = (0.5 if side == 0 else 0.0 if side > 0 else 1.0, anchor[1])
        canvas.write(name, x, y, "category", style.palette.ink, anchor)

    alpha = min(MAX_FILL, style.fill_alpha * FILL)
    for series, paths, key in zip(data.series, table_paths(data), keys, strict=True):
        points = [spoke_point(i, v) for i, v in enumerate(series.values)]
        canvas.polygon(points, Ink(fill=key.color, alpha=alpha), z=2)
        line = Ink(edge=key.color, line=max(MIN_LINE, style.line_width))
        canvas.polyline([*points, points[0]], line, z=3, shows=paths[0][:-1])
        add_line_obstacles(canvas, [*points, points[0]])
        size = style.marker_size * MARKER
        dots = canvas.markers(points, style.marker or "o", size, Ink(fill=key.color))
        half = size / 2 + 1
        for i, (path, (x, y)) in enumerate(zip(paths, points, strict=True)):
            canvas.mark(path, points=[(dots, i)], pad=(half, half), round=True)
            box = (x - half, y - half, x + half, y + half)
            canvas.obstacles.append(box)
            canvas.points[path] = box
    _values(spec, style, canvas, data, keys, spoke_point)
    if not spec.labels:
        _scale(style, canvas, [spoke_point(0, tick) for tick in axis.ticks[1:]], axis.labels[1:])
    return {"y": Scale(axis.low, axis.high, radius, axis.step, center=center)}


def _scale(style: ChartStyle, canvas: Canvas, places: Sequence[XY], labels: Sequence[str]) -> None:
    """The labels of the rings at the first spoke, each on the side where fewer lines and points
    are. Their plates hide the rings, but lie below the data."""
    font = style.font(SCALE_SIZE)
    gap = max(style.base * LABEL_GAP, style.marker_size * MARKER / 2 + PLATE_MARGIN)
    pad = max(PLATE_MARGIN, font.size * PLATE_PADDING)
    for (x, y), text in zip(places, labels, strict=True):
        label = stamp(text, font)
        sides = [
            ((x + side * (gap + style.base * away), y), (0.5 - side / 2, 0.5))
            for away in AWAY
            for side in (-1, 1)
        ]
        at, anchor = sides[canvas.best_place(label, sides)]
        ink = AUTO if style.label_plate else style.palette.faint
        x0, y0, x1, y1 = canvas.write(label, *at, "y_tick", ink, anchor)
        plate = Ink(fill=style.palette.background)
        canvas.rectangle((x0 - pad, y0 - pad, x1 + pad, y1 + pad), plate, z=SCALE_Z)


def _values(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    data: Table,
    keys: list[Key],
    spoke_point: Callable[[int, float, float], XY],
) -> None:
    if not spec.labels:
        return
    font = style.font(style.label_size)
    background = rgb(style.palette.background)
    gap = style.base * NAME_GAP
    for series, paths, key in zip(data.series, table_paths(data), keys, strict=True):
        mixed = blend(style.palette.ink, key.color, LABEL_INK)
        color = readable_on(background, mixed) if len(keys) > 1 else style.palette.ink
        for i, value in enumerate(series.values):
            x, y = spoke_point(i, value, 0.0)
            label = stamp(series.number.print(value), font)
            out_x, out_y = spoke_point(i, value, gap)
            places = (
                ((out_x, out_y), (0.0 if out_x > x + 1 else 1.0 if out_x < x - 1 else 0.5, 0.5)),
                ((x + gap, y), (0.0, 0.5)),
                ((x - gap, y), (1.0, 0.5)),
                ((x, y - gap), (0.5, 1.0)),
                ((x, y + gap), (0.5, 0.0)),
                ((x + gap, y + gap), (0.0, 0.0)),
                ((x - gap, y - gap), (1.0, 1.0)),
            )
            plate = style.palette.background if style.label_plate else None
            ink = color if plate else AUTO
            canvas.write_near(label, places, "value", ink, None, plate, paths[i])
