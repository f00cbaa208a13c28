"""Several figures for each category: box plots, error bars, dumbbells."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.expected import error_label
from renderers.charts.matplotlib.axes import horizontal_plot, vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.geometry import Vertex
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP, LABEL_SPACE, NO_LABEL_SPACE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec

BOX_SPACE_BELOW, BOX_SPACE_ABOVE = 0.08, 0.05
"""Shares of the span that the axis of a box plot has beyond the data."""
FROM_ZERO_BELOW = 0.3
"""An axis starts at zero if the lowest value is below this share of the span."""
BOX_LINE = 1.3
"""Line width in strokes."""
HOLLOW_VARIANT = 3
"""Of box plots: boxes are not filled."""
BOX_HALF_WIDTH = 0.32
"""In widths of a bar."""
LINE_INK = 0.6
"""Opacity of the text color over the box's color in its lines."""
CAP = 0.55
"""Half the width of a whisker's cap, in half widths of the box."""
MEAN_MARKER = 1.4
"""Size of a mean, in markers."""
MAX_CAP = 0.6
"""Half the width of an error's cap at most, in ems."""
ERROR_LINE = 1.6
"""Line width in strokes."""
HEAD = 0.8
"""Diameter of the ends of a dumbbell, in ems."""
HANDLE = 0.3
"""Thickness of a dumbbell's line, in heads."""
HEAD_LABEL_GAP = 0.25
"""Between an end of a dumbbell and its value, in ems."""


def box(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Whiskers end at minimum and maximum."""
    data = spec.summary
    numbers = [v for row in data.rows for v in row]
    span = max(numbers) - min(numbers) or 1.0
    low = max(0.0, min(numbers) - span * BOX_SPACE_BELOW) if min(numbers) >= 0 else min(numbers)
    values = AxisValues(low, max(numbers) + span * BOX_SPACE_ABOVE, data.number)
    plot = vertical_plot(spec, style, canvas, data.categories, values)
    half = plot.slot * style.bar_width * BOX_HALF_WIDTH
    for i, (name, row) in enumerate(zip(data.categories, data.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x = plot.centers[i]
        least, q1, median, q3, most = (plot.y(v) for v in row)
        line = blend(style.palette.ink, color, LINE_INK)
        ink = Ink(edge=line, line=style.stroke * BOX_LINE)
        cap = half * CAP
        whiskers = canvas.segments(
            [
                ((x, least), (x, q1)),
                ((x, q3), (x, most)),
                ((x - cap, least), (x + cap, least)),
                ((x - cap, most), (x + cap, most)),
            ],
            ink,
            z=2,
        )
        fill = color if style.variant != HOLLOW_VARIANT else style.palette.background
        body = canvas.rectangle(
            (x - half, q3, x + half, q1), Ink(fill, line, style.stroke * BOX_LINE), z=2.5
        )
        dark = style.palette.ink if fill != color else style.palette.background
        stroke = Ink(edge=dark, line=style.stroke * 2)
        bar = canvas.segments([((x - half, median), (x + half, median))], stroke, z=3)
        # A rectangle begins at its left top corner; here q3 is at the top.
        figures = [(whiskers, 0), (body, 2), (bar, 0), (body, 0), (whiskers, 3)]
        canvas.mark((name,), body, whiskers, points=figures)
    return plot.scales


def error_bar(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A mean with its error, as a bar or a point with whiskers."""
    data = spec.summary
    font = style.font(style.label_size)
    labels = [
        stamp(error_label(data.number.print(m), data.number.print(e)), font) for m, e in data.rows
    ]
    low = min(0.0, *(m - e for m, e in data.rows))
    high = max(0.0, *(m + e for m, e in data.rows))
    label_space = (
        max(s.height for s in labels) + style.base * LABEL_SPACE
        if spec.labels
        else style.base * NO_LABEL_SPACE
    )
    room = (label_space if low < 0 else 0.0, label_space if high > 0 else 0.0)
    values = AxisValues(low, high, data.number, room)
    plot = vertical_plot(spec, style, canvas, data.categories, values)
    zero_line(style, canvas, plot)
    half = plot.slot * style.bar_width / 2
    bars = style.variant < 2
    for i, (name, (mean, error)) in enumerate(zip(data.categories, data.rows, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x, y = plot.centers[i], plot.y(mean)
        top, bottom = plot.y(mean + error), plot.y(mean - error)
        line = style.palette.ink if bars else color
        place: Vertex
        if bars:
            shape = canvas.rectangle((x - half, y, x + half, plot.y(0)), Ink(fill=color))
            # A rectangle begins at its left top corner.
            place = (shape, 0 if mean >= 0 else 2)
        else:
            dot = canvas.markers(
                [(x, y)], style.marker or "o", style.marker_size * MEAN_MARKER, Ink(fill=color)
            )
            place = (dot, 0)
        cap = min(half * 0.5, style.base * MAX_CAP)
        whisker = canvas.segments(
            [
                ((x, top), (x, bottom)),
                ((x - cap, top), (x + cap, top)),
                ((x - cap, bottom), (x + cap, bottom)),
            ],
            Ink(edge=line, line=style.stroke * ERROR_LINE),
            z=4,
        )
        shapes = (shape, whisker) if bars else (whisker,)
        canvas.mark((name,), *shapes, points=[place, (whisker, 0), (whisker, 1)])
        if spec.labels:
            gap = style.base * LABEL_GAP
            beyond = top - gap if mean >= 0 else bottom + gap
            anchor = (0.5, 1.0 if mean >= 0 else 0.0)
            canvas.write(labels[i], x, beyond, "value", AUTO, anchor, path=(name,))
    return plot.scales


def dumbbell(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Two figures of each category, joined; the legend names them."""
    data = spec.summary
    keys = [Key(name, style.color(i), "o") for i, name in enumerate(data.fields)]
    font = style.font(style.label_size)
    stamps = [[stamp(data.number.print(v), font) for v in row] for row in data.rows]
    numbers = [v for row in data.rows for v in row]
    head = style.base * HEAD
    label_space = max(s.width for pair in stamps for s in pair) + head
    span = max(numbers) - min(numbers) or 1.0
    low = 0.0 if 0 <= min(numbers) < span * FROM_ZERO_BELOW else min(numbers)
    values = AxisValues(low, max(numbers), data.number, (label_space if low else 0.0, label_space))
    plot = horizontal_plot(spec, style, canvas, data.categories, values, keys=keys)
    for i, (name, row) in enumerate(zip(data.categories, data.rows, strict=True)):
        y = plot.centers[i]
        first, second = plot.x(row[0]), plot.x(row[1])
        bar = Ink(edge=blend(style.palette.faint, style.palette.grid, 0.5), line=head * HANDLE)
        canvas.segments([((first, y), (second, y))], bar, z=2)
        for x, key in ((first, keys[0]), (second, keys[1])):
            dot = canvas.markers([(x, y)], "o", head, Ink(fill=key.color))
            pad = (head / 2, head / 2)
            canvas.mark((name, key.name), points=[(dot, 0)], pad=pad, round=True)
        gap = head / 2 + style.base * HEAD_LABEL_GAP
        for x, label, other, key in (
            (first, stamps[i][0], second, keys[0]),
            (second, stamps[i][1], first, keys[1]),
        ):
            before = x < other
            next_to = ((x - gap if before else x + gap, y), (1.0 if before else 0.0, 0.5))
            places = (next_to, ((x, y - gap), (0.5, 1.0)), ((x, y + gap), (0.5, 0.0)))
            path = (name, key.name)
            canvas.write_near(label, places, "value", AUTO, plot.box, None, path)
    return plot.scales
