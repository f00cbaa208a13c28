"""Bars, vertical and horizontal: single, grouped, stacked, of 100 %, diverging, pyramids,
waterfalls, lollipops, histograms."""

from __future__ import annotations

import math
from dataclasses import dataclass

from renderers.charts.annotations.pointers import Highlight
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Path, Scale
from renderers.charts.expected import bin_edges
from renderers.charts.local_numbers import local_number
from renderers.charts.matplotlib.axes import horizontal_plot, vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.frame import Plot, axis_break, zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP, LABEL_SPACE, NO_LABEL_SPACE, RIGHT_ANGLE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, NumberFormat, Series
from renderers.picture import Box

MAX_GROUP_WIDTH = 0.9
"""Of the bars of a category together, in slots."""
GROUP_WIDENING = 0.14
"""Grouped bars are this much wider together than a single bar, in slots."""
GROUP_BAR_SHARE = 0.94
"""Of its lane, for a bar that does not touch its neighbors."""
PYRAMID_BAR_WIDTH = 0.84
"""In slots."""
MIN_HEAD, HEAD_STEP = 0.7, 0.12
"""Diameter of the head of a lollipop in ems: of variant 0, and more for each further one."""
STEM_WIDTH = 0.2
"""Of the head of a lollipop."""
MIN_STEM = 1.5
"""Pixels."""
UNLINKED_VARIANT = 3
"""Of waterfalls: without lines from bar to bar."""
DARK_EDGE_VARIANT = 3
"""Of histograms."""
HISTOGRAM_LABEL_GAP = 0.25
"""Between a bin and its value, in ems."""
EDGE_DARKENING = 0.45
"""Opacity of black over the color of a bar with a dark edge."""
BAR_LABEL_GAP = 0.28
"""Between the end of a bar and its value, in ems."""
SIDEWAYS_GAP = 1.3
"""Factor of the gap beyond a horizontal bar: letters have no air at their sides."""
PLOT_WIDTH_ESTIMATE = 0.82
"""Share of the picture that the plot takes, before it is laid out."""
LANE_GAP = 0.3
"""Least distance between the labels of neighboring marks, in ems."""
LABEL_SPACE_ABOVE = 0.6
"""Kept free above the highest mark, in addition to its label, in ems."""
SPACE_ABOVE = 0.3
"""The same where no values are printed."""
MUTED = 0.45
"""Opacity of the faint color over the background in bars next to a highlighted one."""
TRUNCATED_SPACE = 0.35
"""Where an axis leaves out zero, how far below the shortest bar it begins, in spans of values."""
LINK_DASH = (3, 2)

HATCHES = ("///", "...", "xx", "\\\\\\", "++", "oo", "---")


@dataclass(frozen=True, slots=True)
class _Bar:
    """One bar between two values, before it is known where they lie."""

    category: int
    start: float
    end: float
    color: str
    path: Path
    label: str
    lane: float = 0.0
    """Offset of the bar's center from the category's, in slots."""
    thick: float = 0.8
    """In slots."""
    hatch: str | None = None
    inside: bool = False
    """Its label is inside it."""


def single(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """One bar for each category: `bar`, `horizontal_bar`, `diverging_bar`."""
    data = spec.table
    series = data.series[0]
    bars = []
    highlighted = {a.category for a in spec.annotations if isinstance(a, Highlight)}
    for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
        if math.isnan(value):
            continue
        color = style.color(0) if style.one_color else style.color(i)
        if spec.type == "diverging_bar":
            color = style.color(0 if value >= 0 else 1)
        if highlighted:
            color = style.color(0) if name in highlighted else _muted(style)
        bars.append(
            _Bar(i, 0, value, color, (name,), series.number.print(value), thick=style.bar_width)
        )
    horizontal = CATALOG[spec.type].horizontal
    return _draw(spec, style, canvas, data.categories, bars, series.number, horizontal=horizontal)


def grouped(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bars of several series side by side: `grouped_bar`, `horizontal_grouped_bar`."""
    data = spec.table
    keys = _keys(style, data.series)
    n = len(data.series)
    wide = min(MAX_GROUP_WIDTH, style.bar_width + GROUP_WIDENING)
    bars = [
        _Bar(
            i,
            0,
            value,
            keys[s].color,
            (series.name, name),
            series.number.print(value),
            lane=(s - (n - 1) / 2) * wide / n,
            thick=wide / n * (GROUP_BAR_SHARE if style.variant % 2 else 1.0),
            hatch=keys[s].hatch,
        )
        for s, series in enumerate(data.series)
        for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True))
        if not math.isnan(value)
    ]
    number = data.series[0].number
    across = CATALOG[spec.type].horizontal
    return _draw(spec, style, canvas, data.categories, bars, number, keys=keys, horizontal=across)


def stacked(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bars of several series one after the other: `stacked_bar`, `percent_bar`, and both lying."""
    data = spec.table
    keys = _keys(style, data.series)
    tops = [0.0] * len(data.categories)
    bars = []
    for s, series in enumerate(data.series):
        for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
            bars.append(
                _Bar(
                    i,
                    tops[i],
                    tops[i] + value,
                    keys[s].color,
                    (series.name, name),
                    series.number.print(value),
                    thick=style.bar_width,
                    hatch=keys[s].hatch,
                    inside=True,
                )
            )
            tops[i] += value
    number = data.series[0].number
    if CATALOG[spec.type].whole:
        number = local_number(NumberFormat(0, suffix="%"), spec.lang)
    across = CATALOG[spec.type].horizontal
    return _draw(spec, style, canvas, data.categories, bars, number, keys=keys, horizontal=across)


def waterfall(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Steps from an opening figure to its sum, each from where the one before ended."""
    data = spec.table
    series = data.series[0]
    level, bars = 0.0, []
    last = len(series.values) - 1
    for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
        ends = i in (0, last)
        start = 0.0 if ends else level
        end = value if ends else level + value
        color = style.color(0 if ends else 1 if value >= 0 else 2)
        label = series.number.print(value)
        bars.append(_Bar(i, start, end, color, (name,), label, thick=style.bar_width))
        level = end
    linked = style.variant != UNLINKED_VARIANT
    return _draw(spec, style, canvas, data.categories, bars, series.number, linked=linked)


def pyramid(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Two series back to back."""
    data = spec.table
    keys = _keys(style, data.series)
    # The first category is the youngest and is at the bottom.
    names = data.categories[::-1]
    bars = []
    for s, series in enumerate(data.series):
        for i, value in enumerate(series.values[::-1]):
            end = -value if s == 0 else value
            label = series.number.print(value)
            bars.append(
                _Bar(
                    i,
                    0,
                    end,
                    keys[s].color,
                    (series.name, names[i]),
                    label,
                    thick=PYRAMID_BAR_WIDTH,
                    hatch=keys[s].hatch,
                )
            )
    number = data.series[0].number
    return _draw(
        spec, style, canvas, names, bars, number, keys=keys, horizontal=True, mirrored=True
    )


def lollipop(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A stem and a head for each category."""
    data = spec.table
    series = data.series[0]
    head = style.base * (MIN_HEAD + HEAD_STEP * style.variant)
    labels = [stamp(series.number.print(v), style.font(style.label_size)) for v in series.values]
    labels = _turned_where_narrow(style, labels, len(labels))
    label_space = head / 2 + _label_space(labels, spec.labels, style)
    low, high = min(0.0, *series.values), max(0.0, *series.values)
    room = (label_space if low < 0 else 0.0, label_space if high > 0 else 0.0)
    plot = vertical_plot(
        spec, style, canvas, data.categories, AxisValues(low, high, series.number, room)
    )
    zero_line(style, canvas, plot)
    for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
        color = style.color(0) if style.one_color else style.color(i)
        x, y, base = plot.centers[i], plot.y(value), plot.y(0)
        stem = canvas.segments(
            [((x, base), (x, y))], Ink(edge=color, line=max(MIN_STEM, head * STEM_WIDTH)), z=2
        )
        dot = canvas.markers([(x, y)], "D" if style.marker == "D" else "o", head, Ink(fill=color))
        canvas.mark((name,), stem, points=[(dot, 0)], pad=(head / 2, head / 2))
        if spec.labels:
            reach = head / 2 + style.base * LABEL_GAP
            beyond = y - reach if value >= 0 else y + reach
            anchor = (0.5, 1.0 if value >= 0 else 0.0)
            canvas.write(labels[i], x, beyond, "value", AUTO, anchor, path=(name,))
    return plot.scales


def histogram(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Touching bars; bins are named by their edges or, below each bar, by their range."""
    data = spec.table
    series = data.series[0]
    by_edges = style.variant != 0
    names = bin_edges(data.categories) if by_edges else data.categories
    labels = [stamp(series.number.print(v), style.font(style.label_size)) for v in series.values]
    label_space = _label_space(labels, spec.labels, style)
    low, high = min(0.0, *series.values), max(0.0, *series.values)
    room = (label_space if low < 0 else 0.0, label_space if high > 0 else 0.0)
    values = AxisValues(low, high, series.number, room)
    plot = vertical_plot(spec, style, canvas, names, values, on_edges=by_edges)
    zero_line(style, canvas, plot)
    slots = len(series.values)
    left, width = plot.box[0], (plot.box[2] - plot.box[0]) / slots
    edge = style.plot_color if style.variant != DARK_EDGE_VARIANT else style.palette.ink
    edge = style.trim.outline or edge
    for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
        top, bottom = sorted((plot.y(value), plot.y(0)))
        box = (left + i * width, top, left + (i + 1) * width, bottom)
        shape = canvas.rectangle(box, Ink(fill=style.color(0), edge=edge, line=style.stroke))
        canvas.mark((name,), shape)
        if spec.labels:
            x = (box[0] + box[2]) / 2
            gap = style.base * HISTOGRAM_LABEL_GAP
            y, anchor = (top - gap, 1.0) if value >= 0 else (bottom + gap, 0.0)
            canvas.write(labels[i], x, y, "value", AUTO, (0.5, anchor), path=(name,))
    return plot.scales


def _draw(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    names: tuple[str, ...],
    bars: list[_Bar],
    number: NumberFormat,
    *,
    keys: tuple[Key, ...] = (),
    horizontal: bool = False,
    mirrored: bool = False,
    linked: bool = False,
) -> dict[str, Scale]:
    labels = [stamp(bar.label, style.font(style.label_size)) for bar in bars]
    beyond = spec.labels and not bars[0].inside
    if beyond and not horizontal:
        labels = _turned_where_narrow(style, labels, len(names) * len({bar.lane for bar in bars}))
    low, high = _limits(spec, bars)
    if horizontal:
        label_space = (
            max(s.width for s in labels) + style.base * LABEL_SPACE
            if beyond
            else style.base * NO_LABEL_SPACE
        )
    else:
        label_space = _label_space(labels, beyond, style)
    values = AxisValues(
        low,
        high,
        number,
        (label_space if low < 0 else 0.0, label_space if high > 0 else 0.0),
        spec.axis,
    )
    if horizontal:
        plot = horizontal_plot(spec, style, canvas, names, values, keys=keys, mirrored=mirrored)
    else:
        plot = vertical_plot(spec, style, canvas, names, values, keys=keys)
    zero_line(style, canvas, plot)
    axis_break(style, canvas, plot)
    boxes = [_box(plot, bar, horizontal) for bar in bars]
    if linked:
        pairs = [
            ((a[2], plot.y(bar.end)), (b[0], plot.y(bar.end)))
            for bar, a, b in zip(bars, boxes, boxes[1:], strict=False)
        ]
        canvas.segments(
            pairs, Ink(edge=style.palette.faint, line=style.stroke, dash=LINK_DASH), z=1.5
        )
    for bar, box in zip(bars, boxes, strict=True):
        shape = canvas.rectangle(box, _ink(style, bar), radius=0 if bar.inside else style.radius)
        canvas.mark(bar.path, shape)
    if spec.labels:
        for bar, box, label in zip(bars, boxes, labels, strict=True):
            _label(style, canvas, bar, box, label, horizontal)
    return plot.scales


def _limits(spec: ChartSpec, bars: list[_Bar]) -> tuple[float, float]:
    """The values that the axis must reach: with zero, if bars grow from it."""
    if spec.axis.cuts_zero:
        ends = [bar.end for bar in bars]
        below = (max(ends) - min(ends)) * TRUNCATED_SPACE if spec.axis.truncated else 0.0
        return min(ends) - below, max(ends)
    ends = [e for bar in bars for e in (bar.start, bar.end)]
    return min(0.0, *ends), max(0.0, *ends)


def _box(plot: Plot, bar: _Bar, horizontal: bool) -> Box:
    middle = plot.centers[bar.category] + bar.lane * plot.slot
    half = bar.thick * plot.slot / 2
    if horizontal:
        assert plot.x_axis is not None
        left, right = sorted((plot.x(plot.x_axis.inside(bar.start)), plot.x(bar.end)))
        return left, middle - half, right, middle + half
    assert plot.y_axis is not None
    top, bottom = sorted((plot.y(plot.y_axis.inside(bar.start)), plot.y(bar.end)))
    return middle - half, top, middle + half, bottom


def _ink(style: ChartStyle, bar: _Bar) -> Ink:
    if bar.hatch:
        return Ink(fill=bar.color, edge=style.palette.background, line=0, hatch=bar.hatch)
    if style.trim.outline:
        line = style.stroke * style.trim.outline_width
        return Ink(fill=bar.color, edge=style.trim.outline, line=line)
    if style.bar_edge == "dark":
        return Ink(
            fill=bar.color, edge=blend("#000000", bar.color, EDGE_DARKENING), line=style.stroke
        )
    # A bar that floats would look shorter at both ends.
    if bar.inside or (style.bar_edge == "background" and bar.start == 0):
        return Ink(fill=bar.color, edge=style.palette.background, line=style.stroke)
    return Ink(fill=bar.color)


def _label(
    style: ChartStyle, canvas: Canvas, bar: _Bar, box: Box, label: Stamp, horizontal: bool
) -> None:
    x0, y0, x1, y1 = box
    gap = style.base * BAR_LABEL_GAP
    plate = style.plot_color if style.label_plate or bar.hatch else None
    along, across = (x1 - x0, y1 - y0) if horizontal else (y1 - y0, x1 - x0)
    size = (label.width, label.height) if horizontal else (label.height, label.width)
    fits = size[0] + 2 * gap <= along and size[1] <= across - 2
    if bar.inside or (style.label_place == "in" and fits):
        if style.trim.grid_over and not plate:
            plate = bar.color
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        canvas.write(label, *middle, "value", AUTO, (0.5, 0.5), plate, bar.path)
        return
    grows = bar.end >= bar.start
    if horizontal:
        end = x1 + gap * SIDEWAYS_GAP if grows else x0 - gap * SIDEWAYS_GAP
        place, anchor = (end, (y0 + y1) / 2), (0.0 if grows else 1.0, 0.5)
    else:
        place, anchor = ((x0 + x1) / 2, y0 - gap if grows else y1 + gap), (0.5, float(grows))
    plate = style.plot_color if style.label_plate else None
    canvas.write(label, *place, "value", AUTO, anchor, plate, bar.path)


def _muted(style: ChartStyle) -> str:
    """The color of bars next to a highlighted one."""
    return blend(style.palette.faint, style.palette.background, MUTED)


def _turned_where_narrow(style: ChartStyle, labels: list[Stamp], lanes: int) -> list[Stamp]:
    """Labels wider than the lanes of their marks would overlap: rotate them."""
    lane = style.width * PLOT_WIDTH_ESTIMATE / lanes
    if max(label.width for label in labels) + style.base * LANE_GAP <= lane:
        return labels
    return [label.turned(RIGHT_ANGLE) for label in labels]


def _label_space(labels: list[Stamp], printed: bool, style: ChartStyle) -> float:
    return (
        max(s.height for s in labels) + style.base * LABEL_SPACE_ABOVE
        if printed
        else style.base * SPACE_ABOVE
    )


def _keys(style: ChartStyle, series: tuple[Series, ...]) -> tuple[Key, ...]:
    return tuple(
        Key(s.name, style.color(i), hatch=HATCHES[i % len(HATCHES)] if style.hatched else None)
        for i, s in enumerate(series)
    )
