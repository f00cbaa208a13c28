"""Figures of a category on one value axis: ranges, targets, estimates, spans of time."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.expected import interval_label
from renderers.charts.matplotlib.axes import horizontal_plot, vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP, LABEL_SPACE, NO_LABEL_SPACE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec

FROM_ZERO_BELOW = 0.5
"""An axis starts at zero if the lowest value is below this share of the span."""
AIR = 0.06
"""Share of the span that an axis has beyond the data."""
TRACK_TINT = 0.45
"""Opacity of the grid color over the background in the track of a bullet."""
BULLET, TRACK, TARGET = 0.36, 0.72, 0.6
"""Heights of the bar, its track and the line of the target, in slots."""
TARGET_LINE = 3.0
"""Width of a target, in strokes."""
SQUARE = 0.75
"""Side of an estimate, in ems."""
WHISKER = 1.6
"""Width of an interval, in strokes."""
NO_EFFECT = 1.0
"""The ratio of two equal groups."""
NO_EFFECT_DASH = (4.0, 3.0)
TASK = 0.58
"""Height of a task, in slots."""


def range_bar(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A floating bar from the minimum to the maximum of each category."""
    data = spec.summary
    font = style.font(style.label_size)
    stamps = [[stamp(data.number.print(v), font) for v in row] for row in data.rows]
    numbers = [v for row in data.rows for v in row]
    low, high = min(numbers), max(numbers)
    span = high - low or 1.0
    if 0 <= low < span * FROM_ZERO_BELOW and not spec.labels:
        low = 0.0
    tall = max(s.height for pair in stamps for s in pair) + style.base * LABEL_SPACE
    room = tall if spec.labels else style.base * NO_LABEL_SPACE
    values = AxisValues(low, high, data.number, (room if low else 0.0, room))
    plot = vertical_plot(spec, style, canvas, data.categories, values)
    zero_line(style, canvas, plot)
    half = plot.slot * style.bar_width / 2 * (0.5 if style.variant == 2 else 1.0)
    for i, (name, (least, most)) in enumerate(zip(data.categories, data.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x, top, bottom = plot.centers[i], plot.y(most), plot.y(least)
        bar = canvas.rectangle((x - half, top, x + half, bottom), Ink(fill=color))
        # A rectangle begins at its left top corner.
        canvas.mark((name,), bar, points=[(bar, 2), (bar, 0)])
        if spec.labels:
            gap = style.base * LABEL_GAP
            for label, y, share in (
                (stamps[i][0], bottom + gap, 0.0),
                (stamps[i][1], top - gap, 1.0),
            ):
                canvas.write(label, x, y, "value", AUTO, (0.5, share), path=(name,))
    return plot.scales


def bullet(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A bar for the first figure of each category, a line across for the second one; the legend
    names both."""
    data = spec.summary
    dark = blend(style.palette.ink, style.palette.background, 0.85)
    keys = [Key(data.fields[0], style.color(0)), Key(data.fields[1], dark)]
    high = max(v for row in data.rows for v in row) * (1 + AIR)
    values = AxisValues(0.0, high, data.number)
    plot = horizontal_plot(spec, style, canvas, data.categories, values, keys=keys)
    x0, _, x1, _ = plot.box
    tint = blend(style.palette.grid, style.palette.background, TRACK_TINT)
    for i, (name, (value, target)) in enumerate(zip(data.categories, data.rows, strict=True)):
        y, slot = plot.centers[i], plot.slot
        if style.variant != 1:
            track = (x0, y - slot * TRACK / 2, x1, y + slot * TRACK / 2)
            canvas.rectangle(track, Ink(fill=tint), z=1.2)
        half = slot * BULLET / 2
        bar = canvas.rectangle((x0, y - half, plot.x(value), y + half), Ink(fill=keys[0].color))
        canvas.mark((name, data.fields[0]), bar)
        x, reach, line = plot.x(target), slot * TARGET / 2, style.stroke * TARGET_LINE
        across = canvas.segments([((x, y - reach), (x, y + reach))], Ink(edge=dark, line=line), z=3)
        canvas.mark(
            (name, data.fields[1]), across, points=[(across, 0), (across, 1)], pad=(line / 2, 0.0)
        )
    return plot.scales


def forest(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """An estimate of each study with its interval, and a dashed line where there is no effect;
    printed figures are in a column at the right."""
    data = spec.summary
    font = style.font(style.label_size)
    labels = [stamp(interval_label(*map(data.number.print, row)), font) for row in data.rows]
    high = max(NO_EFFECT, *(v for row in data.rows for v in row))
    room = max(s.width for s in labels) + 2 * style.base * LABEL_SPACE if spec.labels else 0.0
    values = AxisValues(0.0, high * (1 + AIR), data.number, (0.0, room))
    plot = horizontal_plot(spec, style, canvas, data.categories, values)
    _, y0, x1, y1 = plot.box
    at = plot.x(NO_EFFECT)
    dashed = Ink(edge=style.palette.faint, line=style.stroke * WHISKER, dash=NO_EFFECT_DASH)
    canvas.polyline([(at, y0), (at, y1)], dashed, z=1.5)
    color = style.color(0)
    cap = style.base * SQUARE / 4 if style.variant % 2 else 0.0
    for i, (name, row) in enumerate(zip(data.categories, data.rows, strict=True)):
        y = plot.centers[i]
        x, left, right = (plot.x(v) for v in row)
        ink = Ink(edge=blend(style.palette.ink, color, 0.5), line=style.stroke * WHISKER)
        ends = [((left, y), (right, y)), ((left, y - cap), (left, y + cap)),
                ((right, y - cap), (right, y + cap))]  # fmt: skip
        whisker = canvas.segments(ends, ink, z=2.5)
        shape = "D" if style.variant == 2 else "s"
        dot = canvas.markers([(x, y)], shape, style.base * SQUARE, Ink(fill=color))
        half = style.base * SQUARE / 2
        figures = [(dot, 0), (whisker, 0), (whisker, 1)]
        canvas.mark((name,), whisker, points=figures, pad=(0.0, half))
        if spec.labels:
            end = x1 - style.base * LABEL_SPACE / 2
            canvas.write(labels[i], end, y, "value", AUTO, (1.0, 0.5), path=(name,))
    return plot.scales


def gantt(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A bar for each task, from its start to its end."""
    data = spec.summary
    values = AxisValues(0.0, max(v for row in data.rows for v in row), data.number)
    plot = horizontal_plot(spec, style, canvas, data.categories, values)
    half = plot.slot * TASK / 2
    for i, (name, (start, end)) in enumerate(zip(data.categories, data.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        y = plot.centers[i]
        box = (plot.x(start), y - half, plot.x(end), y + half)
        bar = canvas.rectangle(box, Ink(fill=color))
        # From the left top corner to the right top one.
        canvas.mark((name,), bar, points=[(bar, 0), (bar, 1)])
    return plot.scales
