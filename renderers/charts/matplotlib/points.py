"""Points in the plane: scatter plots and bubbles."""

from __future__ import annotations

import math
from collections.abc import Callable

from renderers.charts.drawing import XY, Path, Scale
from renderers.charts.matplotlib.axes import value_plane
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.edges import marker_ink
from renderers.charts.matplotlib.frame import Plot
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import MARKERS, ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.paths import point_paths
from renderers.charts.spec import AxisForm, ChartSpec, NumberFormat, Point, Points
from renderers.picture import Box

FAR_LABELS = (1.0, 2.0, 3.2)
"""How much farther a label may be from its point where it is crowded, in ems."""
DIRECTIONS = 12
"""In which such a label may be."""
LEADER_GAP = 2.0
"""Pixels between a leader and its label."""
LEADER_Z = 4.5
"""Above the points."""
MAX_LINE = 14
"""Characters of a point's name on one line."""
WRAPPED_WIDTH = 8
"""Of the lines of a longer name, in ems."""
POINT_SPACE = 0.08
"""Share of the span that an axis has beyond the outermost points."""
MAX_BUBBLE = 0.055
"""Radius of the largest bubble, as a share of the shorter side."""
MARKER_RADIUS = 0.6
"""In markers."""
MIN_BUBBLE = 0.35
"""Radius of the smallest bubble in ems."""
EDGE_DARKENING = 0.3
"""Opacity of black over a point's color in its edge."""
BUBBLE_ALPHA = 0.75
"""Bubbles may overlap."""
EDGE_LINE = 0.8
"""In strokes."""
LABEL_GAP = 0.25
"""Between a point and its name, in ems."""
DIAGONAL = 0.75
"""Of the distance of a name, in each direction, where it is diagonal from its point."""
FROM_ZERO_BELOW = 0.4
"""An axis starts at zero if the lowest value is below this share of the span."""
SPACE_FROM_ZERO = 0.06
"""Share of the span that such an axis has above the highest value."""


def scatter(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`scatter`, and `bubble` whose area is the third figure."""
    data = spec.points
    sized = any(p.size is not None for s in data.series for p in s.points)
    shapes = style.trim.markers or (MARKERS if style.variant % 2 else ("o",))
    keys = [
        Key(s.name, style.line_color(i), "o" if sized else shapes[i % len(shapes)])
        for i, s in enumerate(data.series)
    ]
    points = [p for s in data.series for p in s.points]
    sizes = [p.size for p in points if p.size is not None]
    biggest = min(style.width, style.height) * MAX_BUBBLE if sizes else 0.0
    across = _range([p.x for p in points], data.x_number, spec.x_axis)
    up = _range([p.y for p in points], data.y_number, spec.axis)
    plot = value_plane(spec, style, canvas, across, up, keys=keys if data.series[0].name else ())

    def half(point: Point) -> float:
        if point.size is None:
            return style.marker_size * MARKER_RADIUS + 1
        share = float((point.size / max(sizes)) ** 0.5)
        return max(biggest * share, style.base * MIN_BUBBLE)

    for series, paths, key in zip(data.series, point_paths(data), keys, strict=True):
        edge = (
            blend("#000000", key.color, EDGE_DARKENING)
            if style.variant > 1
            else style.palette.background
        )
        for path, point in zip(paths, series.points, strict=True):
            x, y, r = plot.x(point.x), plot.y(point.y), half(point)
            box = (x - r, y - r, x + r, y + r)
            canvas.obstacles.append(box)
            canvas.points[path] = box
            if point.size is not None:
                ink = Ink(key.color, edge, style.stroke, alpha=BUBBLE_ALPHA)
                disc = canvas.ellipse((x, y), 2 * r, 2 * r, ink)
                canvas.mark(path, disc, round=True)
            else:
                ink = marker_ink(style, Ink(key.color, edge, style.stroke * EDGE_LINE))
                dot = canvas.markers([(x, y)], key.shape, 2 * r, ink)
                canvas.mark(path, points=[(dot, 0)], pad=(r, r), round=True)
    _names(spec, style, canvas, plot, data, half)
    return plot.scales


def _names(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    plot: Plot,
    data: Points,
    half: Callable[[Point], float],
) -> None:
    """Write names and printed sizes next to their points."""
    font = style.font(style.label_size)
    joint = (": ", " (", "\n", ": ")[style.variant]
    for series, paths in zip(data.series, point_paths(data), strict=True):
        for path, point in zip(paths, series.points, strict=True):
            if not point.label:
                continue
            text, role = point.label, "category"
            if point.size is not None and spec.labels:
                size = data.size_number.print(point.size)
                text = f"{point.label}{joint}{size}" + (")" if joint == " (" else "")
                role = "label"
            elif len(text) > MAX_LINE:
                text = wrap(text, font, font.size * WRAPPED_WIDTH, 2) or text
            at = plot.x(point.x), plot.y(point.y)
            write_beside(style, canvas, stamp(text, font), role, path, at, half(point), plot.box)


def write_beside(
    style: ChartStyle,
    canvas: Canvas,
    label: Stamp,
    role: str,
    path: Path,
    at: XY,
    radius: float,
    frame: Box,
    plate: str | None = None,
) -> None:
    """Write a text next to the point of its path, which has this radius; where that is crowded,
    farther away and joined by a leader."""
    x, y = at
    r = radius + style.base * LABEL_GAP
    d = r * DIAGONAL
    places = (
        ((x + r, y), (0.0, 0.5)),
        ((x, y - r), (0.5, 1.0)),
        ((x - r, y), (1.0, 0.5)),
        ((x, y + r), (0.5, 0.0)),
        ((x + d, y - d), (0.0, 1.0)),
        ((x - d, y - d), (1.0, 1.0)),
        ((x + d, y + d), (0.0, 0.0)),
        ((x - d, y + d), (1.0, 0.0)),
    )
    # Farther away, where a leader is needed.
    far = tuple(
        place
        for reach in (r + style.base * more for more in FAR_LABELS)
        for place in _around(x, y, reach)
        if not canvas.meets_text(at, place[0])
    )
    best = canvas.best_place(label, (*places, *far), frame, path)
    (to_x, to_y), anchor = (*places, *far)[best]
    joined = best >= len(places)
    if joined:
        start = _toward((x, y), (to_x, to_y), radius)
        end = _toward((to_x, to_y), (x, y), LEADER_GAP)
        leader = Ink(edge=style.palette.faint, line=style.stroke)
        canvas.leader(start, end, leader, path, LEADER_Z)
    ink = style.palette.ink
    canvas.write(label, to_x, to_y, role, ink, anchor, plate, path, joined)


def _around(x: float, y: float, reach: float) -> list[tuple[XY, XY]]:
    """Places in all directions at this distance, with the anchor that faces the point."""
    places = []
    for i in range(DIRECTIONS):
        angle = 2 * math.pi * i / DIRECTIONS
        dx, dy = math.cos(angle), math.sin(angle)
        places.append(((x + reach * dx, y + reach * dy), (0.5 - dx / 2, 0.5 - dy / 2)))
    return places


def _toward(start: XY, end: XY, length: float) -> XY:
    """The place so far from the start on the way to the end."""
    share = length / (math.dist(start, end) or 1.0)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _range(values: list[float], number: NumberFormat, form: AxisForm) -> AxisValues:
    low, high = min(values), max(values)
    if form.kind != "linear":
        return AxisValues(low, high, number, form=form)
    span = high - low or abs(high) or 1.0
    # From zero where that costs little; otherwise with air around the outermost points.
    if 0 <= low < span * FROM_ZERO_BELOW:
        return AxisValues(0.0, high + span * SPACE_FROM_ZERO, number)
    below = low - span * POINT_SPACE
    return AxisValues(max(below, 0.0) if low >= 0 else below, high + span * POINT_SPACE, number)
