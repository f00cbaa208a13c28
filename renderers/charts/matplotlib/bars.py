"""Bars, vertical and horizontal: single, grouped, stacked, of 100 %, diverging, pyramids,
waterfalls, lollipops, histograms."""

from __future__ import annotations

import math

from renderers.charts.annotations.pointers import Highlight
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Scale
from renderers.charts.expected import bin_edges
from renderers.charts.local_numbers import local_number
from renderers.charts.matplotlib.axes import vertical_plot
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.drawn_bars import (
    Bar,
    draw_bars,
    space_for_labels,
    turned_where_narrow,
)
from renderers.charts.matplotlib.frame import zero_line
from renderers.charts.matplotlib.layout import Key
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.spacing import LABEL_GAP
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, NumberFormat, Series

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
MUTED = 0.45
"""Opacity of the faint color over the background in bars next to a highlighted one."""

HATCHES = ("///", "...", "xx", "\\\\\\", "++", "oo", "---")


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
            Bar(i, 0, value, color, (name,), series.number.print(value), thick=style.bar_width)
        )
    horizontal = CATALOG[spec.type].horizontal
    return draw_bars(
        spec, style, canvas, data.categories, bars, series.number, horizontal=horizontal
    )


def grouped(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bars of several series side by side: `grouped_bar`, `horizontal_grouped_bar`."""
    data = spec.table
    keys = _keys(style, data.series)
    n = len(data.series)
    wide = min(MAX_GROUP_WIDTH, style.bar_width + GROUP_WIDENING)
    bars = [
        Bar(
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
    return draw_bars(
        spec, style, canvas, data.categories, bars, number, keys=keys, horizontal=across
    )


def stacked(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Bars of several series one after the other: `stacked_bar`, `percent_bar`, and both lying."""
    data = spec.table
    keys = _keys(style, data.series)
    tops = [0.0] * len(data.categories)
    bars = []
    for s, series in enumerate(data.series):
        for i, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
            bars.append(
                Bar(
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
    return draw_bars(
        spec, style, canvas, data.categories, bars, number, keys=keys, horizontal=across
    )


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
        bars.append(Bar(i, start, end, color, (name,), label, thick=style.bar_width))
        level = end
    linked = style.variant != UNLINKED_VARIANT
    return draw_bars(spec, style, canvas, data.categories, bars, series.number, linked=linked)


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
                Bar(
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
    return draw_bars(
        spec, style, canvas, names, bars, number, keys=keys, horizontal=True, mirrored=True
    )


def lollipop(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A stem and a head for each category."""
    data = spec.table
    series = data.series[0]
    head = style.base * (MIN_HEAD + HEAD_STEP * style.variant)
    labels = [stamp(series.number.print(v), style.font(style.label_size)) for v in series.values]
    labels = turned_where_narrow(style, labels, len(labels))
    label_space = head / 2 + space_for_labels(labels, spec.labels, style)
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
    label_space = space_for_labels(labels, spec.labels, style)
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


def _muted(style: ChartStyle) -> str:
    """The color of bars next to a highlighted one."""
    return blend(style.palette.faint, style.palette.background, MUTED)


def _keys(style: ChartStyle, series: tuple[Series, ...]) -> tuple[Key, ...]:
    return tuple(
        Key(s.name, style.color(i), hatch=HATCHES[i % len(HATCHES)] if style.hatched else None)
        for i, s in enumerate(series)
    )
