"""What charts with lines share: markers, values near points, names at ends, keys, the axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from renderers.charts.drawing import XY, Path
from renderers.charts.labels import boxes_along_line
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.edges import marker_ink
from renderers.charts.matplotlib.frame import Plot
from renderers.charts.matplotlib.geometry import Vertex
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.pies import spread_out
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import NAME_SIZE
from renderers.charts.matplotlib.style import LABEL_INK, MARKERS, ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.palette import blend, contrast, readable_on, rgb
from renderers.charts.spec import ChartSpec, Series

FROM_ZERO_BELOW = 0.6
"""An axis starts at zero if the lowest value is below this share of the span."""
LABELED_SPACE = 0.9
"""Kept free beyond the line, in addition to a label, in ems."""
MARKER_EDGE = 1.2
"""Pixels."""
POINT_LABEL_GAP = 0.32
"""Between a marker and its value, in ems."""
DIAGONAL_GAP = 0.6
"""Factor of the gap, upwards and downwards, of labels at the side of their points."""
LINE_OBSTACLE_STEP = 5.0
"""Pixels between the boxes that represent a line when labels are placed."""
MAX_LINE_OBSTACLES = 40
MIN_LINE_CONTRAST = 1.7
"""WCAG ratio of a line against the background."""
STRONGER = 0.2
"""Opacity of the text color over the color of a line that is too faint."""
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (7.0, 4.0),
    (2.0, 3.0),
    (9.0, 3.0, 2.0, 3.0),
    (12.0, 4.0),
)
END_NAME_GAP = 0.9
"""Between the plot and the names of its lines, in ems."""
MAX_END_NAME = 0.22
"""Share of the width that such a name may take before it wraps."""
Place = tuple[XY, XY]


def axis_values(
    spec: ChartSpec,
    style: ChartStyle,
    series: Sequence[Series],
    stamps: list[list[Stamp]],
    zero: bool = False,
) -> AxisValues:
    """The range of the values that the lines go through."""
    course = spec.table.course
    columns = course.values if course else [s.values for s in series]
    numbers = [v for column in columns for v in column if not math.isnan(v)]
    low, high = min(numbers), max(numbers)
    span = high - low or abs(high) or 1.0
    if spec.axis.kind != "linear":
        pass
    elif zero or (low >= 0 and (style.variant % 2 == 0 or low < span * FROM_ZERO_BELOW)):
        low = min(0.0, low)
    tall = max(s.height for row in stamps for s in row) + style.base * LABELED_SPACE
    label_space = (tall, tall) if spec.labels else (0.0, style.base * 0.5)
    return AxisValues(
        low,
        high,
        series[0].number,
        (0.0 if low == 0 else label_space[0], label_space[1]),
        spec.axis,
    )


def line_points(plot: Plot, series: Series) -> list[XY]:
    """The places of the values of a line, in pixels."""
    return [(x, plot.y(v)) for x, v in zip(plot.centers, series.values, strict=True)]


def stairs(points: Sequence[XY]) -> list[XY]:
    """Horizontal to half-way, then straight up or down, then on: three corners for each point."""
    stairs = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        stairs += [(middle, y0), (middle, y1), (x1, y1)]
    return stairs


def draw_points(
    style: ChartStyle,
    canvas: Canvas,
    paths: Sequence[Path],
    points: Sequence[XY],
    places: Sequence[Vertex],
    key: Key,
    always: bool = False,
) -> None:
    """Draw markers where the style has them, and register where each value is: at its marker, or
    at its vertex in `places`."""
    marker = key.shape.removeprefix("line") if key.shape != "box" else style.marker
    size = style.marker_size
    if marker or always:
        edge = style.palette.background if style.variant == 2 else key.color
        ink = marker_ink(style, Ink(fill=key.color, edge=edge, line=MARKER_EDGE))
        dots = canvas.markers(points, marker or "o", size, ink)
        places = [(dots, i) for i in range(len(points))]
    half = size / 2 + 1
    for path, place, (x, y) in zip(paths, places, points, strict=True):
        canvas.mark(path, points=[place], pad=(half, half), round=True)
        box = (x - half, y - half, x + half, y + half)
        canvas.obstacles.append(box)
        canvas.points[path] = box


def add_line_obstacles(canvas: Canvas, path: Sequence[XY]) -> None:
    """Register the line as an obstacle for labels."""
    for start, stop in pairwise(path):
        length = math.dist(start, stop)
        count = max(1, min(MAX_LINE_OBSTACLES, int(length / LINE_OBSTACLE_STEP)))
        shares = [(i + 0.5) / count for i in range(count)]
        canvas.obstacles.extend(boxes_along_line(start, stop, shares))


def write_labels(
    style: ChartStyle,
    canvas: Canvas,
    plot: Plot,
    polylines: Sequence[Sequence[XY]],
    stamps: Sequence[Sequence[Stamp]],
    keys: Sequence[Key],
    paths: Sequence[Sequence[Path]],
    plate: bool = False,
) -> None:
    """Values near their points: above peaks, below dips, elsewhere where there is room."""
    gap = style.marker_size / 2 + style.base * POINT_LABEL_GAP
    x0, y0, x1, y1 = plot.box
    inside = (x0, y0 - style.base, x1 + style.base * 0.5, y1)
    background = rgb(style.plot_color)
    colored = len(polylines) > 1
    for polyline, labels, key, row in zip(polylines, stamps, keys, paths, strict=True):
        color = readable_on(background, key.color, blend(style.palette.ink, key.color, LABEL_INK))
        for i, (x, y) in enumerate(polyline):
            neighbors = [polyline[j][1] for j in (i - 1, i + 1) if 0 <= j < len(polyline)]
            dip = sum(y > other for other in neighbors) == len(neighbors)
            above = ((x, y - gap), (0.5, 1.0))
            below = ((x, y + gap), (0.5, 0.0))
            far = (
                ((x, y - gap - style.base), (0.5, 1.0)),
                ((x, y + gap + style.base), (0.5, 0.0)),
            )
            sides = (
                ((x + gap, y - gap * DIAGONAL_GAP), (0.0, 1.0)),
                ((x - gap, y - gap * DIAGONAL_GAP), (1.0, 1.0)),
                ((x + gap, y + gap * DIAGONAL_GAP), (0.0, 0.0)),
                ((x - gap, y + gap * DIAGONAL_GAP), (1.0, 0.0)),
            )
            ends: tuple[Place, ...] = ()
            if i in (0, len(polyline) - 1):
                # Inwards, off the spine.
                side = 0.0 if i == 0 else 1.0
                inner_x = x + (gap if i == 0 else -gap) * 0.5
                ends = (((inner_x, y - gap), (side, 1.0)), ((inner_x, y + gap), (side, 0.0)))
            middle = (above, below)
            if dip:
                middle, ends = (below, above), ends[::-1]
            places = (*middle, *ends, *sides, *far)
            back = style.plot_color if plate or style.label_plate else None
            ink = color if colored else AUTO
            canvas.write_near(labels[i], places, "value", ink, inside, back, row[i])


def end_stamps(style: ChartStyle, series: Sequence[Series]) -> list[Stamp]:
    """The names of lines, wrapped for the space at their right ends."""
    font = style.font(NAME_SIZE)
    widest = style.width * MAX_END_NAME
    return [stamp(wrap(s.name, font, widest) or s.name, font, "left") for s in series]


def name_ends(
    style: ChartStyle,
    canvas: Canvas,
    plot: Plot,
    ends: Sequence[XY],
    names: Sequence[Stamp],
    keys: Sequence[Key],
) -> None:
    """The name of each line to the right of its end, or joined to it where they crowd."""
    order = sorted(range(len(ends)), key=lambda i: ends[i][1])
    heights = [names[i].height + style.base * 0.35 for i in order]
    rows = spread_out([ends[i][1] for i in order], heights)
    x = plot.box[2] + style.base * END_NAME_GAP
    back = rgb(style.palette.background)
    for i, row in zip(order, rows, strict=True):
        path = (keys[i].name,)
        moved = abs(row - ends[i][1]) > style.base * 0.3
        if moved:
            start = (ends[i][0] + style.marker_size / 2 + 2, ends[i][1])
            leader = Ink(edge=keys[i].color, line=style.stroke)
            canvas.leader(start, (x - style.base * 0.25, row), leader, path, z=2.4)
        color = readable_on(back, keys[i].color, blend(style.palette.ink, keys[i].color, LABEL_INK))
        canvas.write(names[i], x, row, "legend", color, (0.0, 0.5), path=path, joined=moved)


def line_keys(style: ChartStyle, series: Sequence[Series]) -> tuple[Key, ...]:
    """The legend: colors, and dashes where the style has them or colors are used again."""
    keys = []
    for i, s in enumerate(series):
        marker = style.marker and (style.marker if style.variant < 2 else MARKERS[i % len(MARKERS)])
        if own := style.trim.markers:
            marker = own[i % len(own)]
        again = i // len(style.colors)
        dash = DASHES[(i if style.dashed else again) % len(DASHES)] if len(series) > 1 else ()
        keys.append(Key(s.name, _line_color(style, i), "line" + marker, dash=dash))
    return tuple(keys)


def _line_color(style: ChartStyle, index: int) -> str:
    """The color of a series, stronger where so thin a mark would hardly be seen."""
    background, color = rgb(style.plot_color), style.line_color(index)
    while contrast(rgb(color), background) < MIN_LINE_CONTRAST:
        color = blend(style.palette.ink, color, STRONGER)
    return color


def value_stamps(style: ChartStyle, series: Sequence[Series]) -> list[list[Stamp]]:
    """The printed values; something of their size where one is missing."""
    font = style.font(style.label_size)
    return [
        [stamp(s.number.print(0.0 if math.isnan(v) else v), font) for v in s.values] for s in series
    ]
