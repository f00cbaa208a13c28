"""Lines and areas: single, several, stepped, filled, stacked; bars with a line on a second axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from renderers.charts.drawing import XY, Path, Scale
from renderers.charts.labels import boxes_along_line
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import AUTO, Canvas, Ink
from renderers.charts.matplotlib.frame import Plot, zero_line
from renderers.charts.matplotlib.geometry import Vertex
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.pies import spread_out
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP, LABEL_SPACE, NAME_SIZE, NO_LABEL_SPACE
from renderers.charts.matplotlib.style import LABEL_INK, MARKERS, ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.palette import blend, contrast, readable_on, rgb
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec, Series

TINT_BELOW_LINE = 0.15
"""Opacity of the area below a single line."""
BAR_LIFT = 1.55
"""The axis of the bars ends at this multiple of the highest one: the line runs above them."""
LINE_LIFT = 1.9
"""Spans of the line's values that its axis has below them, above the labels of the bars."""
INSIDE_LABEL_GAP = 0.35
"""Between the foot of a bar and the value inside it, in ems."""
BAR_LABEL_GAP = 0.25
"""Between a bar and the value above it, in ems."""
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
STAIR_CORNERS = 3
"""Corners of a stepped line from one point to the next."""
BAND_MARK = 2.0
"""Half the width of the mark of a value in a stacked area, in pixels."""
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


def lines(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`line`, `multi_line`, `step`."""
    data = spec.table
    stamps = value_stamps(style, data.series)
    keys = line_keys(style, data.series)
    names = _end_stamps(style, data.series) if style.direct_names else []
    plot = vertical_plot(
        spec,
        style,
        canvas,
        data.categories,
        axis_values(spec, style, data.series, stamps),
        keys=keys if data.series[0].name and not names else (),
        spread=True,
        beyond=max((s.width for s in names), default=0) + style.base * END_NAME_GAP
        if names
        else 0.0,
    )
    zero_line(style, canvas, plot)
    polylines = [_line_points(plot, series) for series in data.series]
    for series, paths, points, key in zip(
        data.series, table_paths(data), polylines, keys, strict=True
    ):
        path = _stairs(points) if spec.type == "step" else points
        ink = Ink(edge=key.color, line=style.line_width, dash=key.dash)
        line = canvas.polyline(path, ink, shows=(series.name,) if series.name else ())
        step = STAIR_CORNERS if spec.type == "step" else 1
        places = [(line, i * step) for i in range(len(points))]
        draw_points(style, canvas, paths, points, places, key)
        if spec.labels:
            add_line_obstacles(canvas, path)
        tinted = len(data.series) == 1 and style.variant == 1 and spec.axis.kind == "linear"
        if tinted and spec.type == "line":
            base = plot.y(max(0.0, plot.y_axis.low if plot.y_axis else 0.0))
            under = [(points[0][0], base), *points, (points[-1][0], base)]
            canvas.polygon(under, Ink(fill=key.color, alpha=TINT_BELOW_LINE), z=1.5)
    if spec.labels:
        write_labels(style, canvas, plot, polylines, stamps, keys, table_paths(data))
    if names:
        _name_ends(style, canvas, plot, [line[-1] for line in polylines], names, keys)
    return plot.scales


def area(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """One line, filled down to zero."""
    data = spec.table
    series = data.series[0]
    stamps = value_stamps(style, data.series)
    values = axis_values(spec, style, data.series, stamps, zero=True)
    plot = vertical_plot(spec, style, canvas, data.categories, values, spread=True)
    points = _line_points(plot, series)
    color = style.color(0)
    base = plot.y(0)
    outline = [(points[0][0], base), *points, (points[-1][0], base)]
    canvas.polygon(outline, Ink(fill=color, alpha=style.fill_alpha))
    line = canvas.polyline(points, Ink(edge=color, line=style.line_width), shows=())
    paths = table_paths(data)
    places = [(line, i) for i in range(len(points))]
    draw_points(style, canvas, paths[0], points, places, Key("", color))
    if spec.labels:
        add_line_obstacles(canvas, points)
        write_labels(style, canvas, plot, [points], stamps, [Key("", color)], paths)
    return plot.scales


def stacked_area(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bands on top of each other; printed values are in the middle of their band."""
    data = spec.table
    stamps = value_stamps(style, data.series)
    keys = tuple(Key(s.name, style.color(i)) for i, s in enumerate(data.series))
    totals = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    plot = vertical_plot(
        spec,
        style,
        canvas,
        data.categories,
        AxisValues(0, max(totals), data.series[0].number),
        keys=keys,
        spread=True,
    )
    below = [0.0] * len(data.categories)
    for series, key, labels in zip(data.series, keys, stamps, strict=True):
        above = [b + v for b, v in zip(below, series.values, strict=True)]
        low = [(x, plot.y(v)) for x, v in zip(plot.centers, below, strict=True)]
        high = [(x, plot.y(v)) for x, v in zip(plot.centers, above, strict=True)]
        ink = Ink(fill=key.color, edge=style.palette.background, line=style.stroke)
        band = canvas.polygon([*low, *high[::-1]], ink)
        for i, name in enumerate(data.categories):
            x = plot.centers[i]
            edges = [(band, 2 * len(low) - 1 - i), (band, i)]
            canvas.mark((series.name, name), points=edges, pad=(BAND_MARK, 0.0))
            if spec.labels:
                middle = (low[i][1] + high[i][1]) / 2
                end = 0.0 if i == 0 else 1.0 if i == len(data.categories) - 1 else 0.5
                nudge = style.base * LABEL_GAP * (1 - 2 * end)
                path = (series.name, name)
                canvas.write(labels[i], x + nudge, middle, "value", AUTO, (end, 0.5), path=path)
        below = above
    return plot.scales


def bar_line(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bars on the left axis, a line on the right one."""
    data = spec.table
    first, second = data.series
    stamps = value_stamps(style, data.series)
    keys = (
        Key(first.name, style.color(0)),
        Key(second.name, style.color(1), "line" + (style.marker or "o")),
    )
    tall = max(s.height for row in stamps for s in row) + style.base * LABEL_SPACE
    label_space = tall if spec.labels else style.base * NO_LABEL_SPACE
    # The labels of bars are inside, at the foot; the line is in the upper part.
    lowest, highest = min(0.0, *first.values), max(0.0, *first.values)
    lift = BAR_LIFT if spec.labels else 1.0
    swing = max(second.values) - min(second.values) or 1.0
    below = swing * LINE_LIFT if spec.labels else 0.0
    low2 = min(0.0, min(second.values) - below)
    plot = vertical_plot(
        spec,
        style,
        canvas,
        data.categories,
        AxisValues(lowest, highest * lift, first.number, (label_space if lowest < 0 else 0.0, 0.0)),
        keys=keys,
        second=AxisValues(low2, max(second.values), second.number, (0.0, label_space)),
        lifted=low2 < 0 <= min(second.values),
    )
    half = plot.slot * style.bar_width / 2
    polylines = [
        (x, plot.y(v, second=True)) for x, v in zip(plot.centers, second.values, strict=True)
    ]
    for i, name in enumerate(data.categories):
        x = plot.centers[i]
        value = first.values[i]
        top, bottom = sorted((plot.y(value), plot.y(0)))
        box = (x - half, top, x + half, bottom)
        shape = canvas.rectangle(box, Ink(fill=keys[0].color), radius=style.radius)
        canvas.mark((first.name, name), shape)
        if spec.labels:
            label = stamps[0][i]
            inside = (
                label.height + style.base * LABEL_SPACE < box[3] - box[1] and label.width < 2 * half
            )
            anchor = (0.5, 1.0)
            if value < 0:
                y, anchor = box[3] + style.base * BAR_LABEL_GAP, (0.5, 0.0)
            elif inside:
                y = box[3] - style.base * INSIDE_LABEL_GAP
            else:
                y = box[1] - style.base * BAR_LABEL_GAP
            canvas.write(label, x, y, "value", AUTO, anchor, path=(first.name, name))
    zero_line(style, canvas, plot)
    ink = Ink(edge=keys[1].color, line=max(2.0, style.line_width))
    line = canvas.polyline(polylines, ink, shows=(second.name,))
    paths = table_paths(data)
    places = [(line, i) for i in range(len(polylines))]
    draw_points(style, canvas, paths[1], polylines, places, keys[1], always=True)
    if spec.labels:
        add_line_obstacles(canvas, polylines)
        write_labels(style, canvas, plot, [polylines], stamps[1:], keys[1:], paths[1:], plate=True)
    return plot.scales


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


def _line_points(plot: Plot, series: Series) -> list[XY]:
    return [(x, plot.y(v)) for x, v in zip(plot.centers, series.values, strict=True)]


def _stairs(points: Sequence[XY]) -> list[XY]:
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
        dots = canvas.markers(
            points, marker or "o", size, Ink(fill=key.color, edge=edge, line=MARKER_EDGE)
        )
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
    background = rgb(style.palette.background)
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
            back = style.palette.background if plate or style.label_plate else None
            ink = color if colored else AUTO
            canvas.write_near(labels[i], places, "value", ink, inside, back, row[i])


def _end_stamps(style: ChartStyle, series: Sequence[Series]) -> list[Stamp]:
    font = style.font(NAME_SIZE)
    widest = style.width * MAX_END_NAME
    return [stamp(wrap(s.name, font, widest) or s.name, font, "left") for s in series]


def _name_ends(
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
        moved = abs(row - ends[i][1]) > style.base * 0.3
        if moved:
            start = (ends[i][0] + style.marker_size / 2 + 2, ends[i][1])
            leader = Ink(edge=keys[i].color, line=style.stroke)
            canvas.polyline([start, (x - style.base * 0.25, row)], leader, z=2.4)
        color = readable_on(back, keys[i].color, blend(style.palette.ink, keys[i].color, LABEL_INK))
        path = (keys[i].name,)
        canvas.write(names[i], x, row, "legend", color, (0.0, 0.5), path=path, joined=moved)


def line_keys(style: ChartStyle, series: Sequence[Series]) -> tuple[Key, ...]:
    """The legend: colors, and dashes where the style has them or colors are used again."""
    keys = []
    for i, s in enumerate(series):
        marker = style.marker and (style.marker if style.variant < 2 else MARKERS[i % len(MARKERS)])
        again = i // len(style.colors)
        dash = DASHES[(i if style.dashed else again) % len(DASHES)] if len(series) > 1 else ()
        keys.append(Key(s.name, _line_color(style, i), "line" + marker, dash=dash))
    return tuple(keys)


def _line_color(style: ChartStyle, index: int) -> str:
    """The color of a series, stronger where so thin a mark would hardly be seen."""
    background, color = rgb(style.palette.background), style.color(index)
    while contrast(rgb(color), background) < MIN_LINE_CONTRAST:
        color = blend(style.palette.ink, color, STRONGER)
    return color


def value_stamps(style: ChartStyle, series: Sequence[Series]) -> list[list[Stamp]]:
    """The printed values; something of their size where one is missing."""
    font = style.font(style.label_size)
    return [
        [stamp(s.number.print(0.0 if math.isnan(v) else v), font) for v in s.values] for s in series
    ]
