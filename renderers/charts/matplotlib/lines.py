"""Lines and areas: single, several, stepped, filled, stacked; bars with a line on a second axis."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.line_parts import (
    END_NAME_GAP,
    add_line_obstacles,
    axis_values,
    draw_points,
    end_stamps,
    line_keys,
    line_points,
    name_ends,
    stairs,
    value_stamps,
    write_labels,
)
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP, LABEL_SPACE, NO_LABEL_SPACE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec

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
STAIR_CORNERS = 3
"""Corners of a stepped line from one point to the next."""
BAND_MARK = 2.0
"""Half the width of the mark of a value in a stacked area, in pixels."""


def lines(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`line`, `multi_line`, `step`."""
    data = spec.table
    stamps = value_stamps(style, data.series)
    keys = line_keys(style, data.series)
    names = end_stamps(style, data.series) if style.direct_names else []
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
    polylines = [line_points(plot, series) for series in data.series]
    for series, paths, points, key in zip(
        data.series, table_paths(data), polylines, keys, strict=True
    ):
        path = stairs(points) if spec.type == "step" else points
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
        name_ends(style, canvas, plot, [line[-1] for line in polylines], names, keys)
    return plot.scales


def area(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """One line, filled down to zero."""
    data = spec.table
    series = data.series[0]
    stamps = value_stamps(style, data.series)
    values = axis_values(spec, style, data.series, stamps, zero=True)
    plot = vertical_plot(spec, style, canvas, data.categories, values, spread=True)
    points = line_points(plot, series)
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
                plate = key.color if style.trim.grid_over else None
                canvas.write(labels[i], x + nudge, middle, "value", AUTO, (end, 0.5), plate, path)
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
