"""Bars: plain, horizontal, grouped, stacked, to 100 percent, above and below zero, histograms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pyecharts.charts import Bar

from renderers.charts.annotations.pointers import Highlight
from renderers.charts.echarts.axes import (
    TICK_GAP,
    AxisRange,
    category_axis,
    grid,
    interval_count,
    log_range,
    round_range,
    truncated_range,
    value_axis,
)
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    figure,
    table_marks,
    text_formatter,
)
from renderers.charts.echarts.layout import Frame
from renderers.charts.echarts.room import with_room
from renderers.charts.echarts.warps import WARPED, warped_range
from renderers.charts.palette import blend
from renderers.charts.spec import Series
from renderers.charts.ticks import ValueAxis

HORIZONTAL_STACKS, HORIZONTAL_PERCENT_STACKS = 0.3, 0.4
"""Share of stacked charts with horizontal bars."""
BAR_SHARE, TOUCHING_SHARE = 0.78, 0.86
"""Of a slot, before the gap between bars is known."""
LABEL_GAP = 3
"""CSS pixels between neighboring labels."""
LABEL_SPACE, STACK_SPACE, TOP_SPACE = 8, 12, 6
"""CSS pixels kept free beyond bars with labels at their ends, beyond stacks, and above bars."""
PERCENT_INTERVALS = 5
"""Steps of 20 %."""
PLOT_WIDTH_ESTIMATE = 0.75
"""Share of the canvas or area that the plot takes, before it is laid out."""
STACK_BAR_SHARE = 0.62
"""Of a slot, for the narrowest bars of a stack."""
LABEL_HEIGHT = 1.5
"""With its distance from the bar, in ems."""
PLOT_WIDTH = 0.82
"""Share of the area that the plot takes at most next to the labels of the value axis."""
TITLE_WIDTH = 1.85
"""Of an axis title at the side with its gap, in ems."""
NEGATIVE_LABEL_SPACE = 1.3
"""Factor of the space for labels below negative bars."""
MUTED = 0.45
"""Opacity of the faint color over the background in bars next to a highlighted one."""
PERCENT_ROUNDING = 1.02
"""Percentages may add up to a little more than 100 without another interval."""


def bar(context: DrawContext) -> EchartsFigure:
    """Upright bars that grow from zero, one for each category."""
    return _bars(context)


def diverging_bar(context: DrawContext) -> EchartsFigure:
    """Upright bars above and below zero, with a color for each sign."""
    return _bars(context)


def horizontal_bar(context: DrawContext) -> EchartsFigure:
    """Bars from left to right, the first category at the top."""
    return _bars(context, horizontal=True)


def grouped_bar(context: DrawContext) -> EchartsFigure:
    """Bars of all series next to each other in each category."""
    return _bars(context)


def stacked_bar(context: DrawContext) -> EchartsFigure:
    """Bars of all series on each other; upright, or from left to right by the style."""
    return _bars(context, horizontal=_may_be_horizontal(context, HORIZONTAL_STACKS), stack=True)


def percent_bar(context: DrawContext) -> EchartsFigure:
    """Stacked bars that fill the axis from 0 to 100 %."""
    return _bars(
        context,
        horizontal=_may_be_horizontal(context, HORIZONTAL_PERCENT_STACKS),
        stack=True,
        fill=True,
    )


def _may_be_horizontal(context: DrawContext, share: float) -> bool:
    """Whether a stacked chart has horizontal bars: in this share of cases, and where vertical ones
    would be narrower than the numbers inside them; never with axis titles, which name the axes of
    vertical bars."""
    wanted = context.sampler.flag("lying", share)
    data = context.spec.table
    texts = [s.number.print(v) for s in data.series for v in s.values]
    slot = context.style.width * PLOT_WIDTH_ESTIMATE / len(data.categories)
    narrow = context.spec.labels and context.label_width(texts) > slot * STACK_BAR_SHARE
    return (wanted or narrow) and context.spec.x_title is None and context.spec.y_title is None


def histogram(context: DrawContext) -> EchartsFigure:
    """Bars of counts that touch, one for each bin."""
    return _bars(context, touching=True)


def _bars(
    context: DrawContext,
    *,
    horizontal: bool = False,
    stack: bool = False,
    fill: bool = False,
    touching: bool = False,
) -> EchartsFigure:
    spec = context.spec
    data = context.spec.table
    frame = context.frame([s.name for s in data.series])
    many = len(data.series)
    side = "right" if horizontal else "top"
    texts = [[s.number.print(v) for v in s.values] for s in data.series]
    label_width = max(context.label_width(t) for t in texts)
    length = frame.body.width if horizontal else frame.body.height
    sums = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    first = [v for v in data.series[0].values if not math.isnan(v)]
    largest = data.series[0].number.print(max(sums) if stack else max(first))
    intervals = interval_count(
        length * PLOT_WIDTH_ESTIMATE if horizontal else length,
        context,
        largest if horizontal else "",
    )
    wide = frame.body.width * PLOT_WIDTH / len(data.categories) * BAR_SHARE / (1 if stack else many)
    turned = not horizontal and label_width > wide - LABEL_GAP
    label_share = (
        label_width + LABEL_GAP if horizontal or turned else context.label_size * LABEL_HEIGHT
    ) / length
    ends = _ends(context, data.series, intervals, stack, fill, label_share, length, horizontal)
    ticks = [data.series[0].number.print(end) for end in (ends.low, ends.high)]
    beside = context.ruler.widest(ticks, context.style.text_size) + TICK_GAP
    if spec.y_title:
        beside += context.style.text_size * TITLE_WIDTH
    slot = (
        min(frame.body.width * PLOT_WIDTH, frame.body.width - beside)
        / len(data.categories)
        * (TOUCHING_SHARE if touching else BAR_SHARE)
    )
    turn = (
        not horizontal and spec.labels and label_width > slot / (1 if stack else many) - LABEL_GAP
    )
    radius = 0 if stack or touching else context.sampler.pick("bar_radius", (0, 0, 3, 6))
    one_color = many > 1 or context.sampler.flag("one_color", 0.7)
    highlighted = {a.category for a in spec.annotations if isinstance(a, Highlight)}

    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        labels = texts[index]
        color = context.style.color(index)
        colors = [color if one_color else context.style.color(i) for i in range(len(series.values))]
        if highlighted:
            colors = [color if name in highlighted else _muted(context) for name in data.categories]
        items = [
            _item(context, ends, value, painted, stack, side, radius, turn)
            for value, painted in zip(series.values, colors, strict=True)
        ]
        label = context.label("inside" if stack else side, context.ink_on(color) if stack else None)
        label |= {"formatter": text_formatter(labels)}
        if turn:
            align = "center" if stack else "left"
            label |= {"rotate": 90, "align": align, "verticalAlign": "middle"}
        chart.add_yaxis(
            series.name,
            items,
            stack="all" if stack else None,
            label_opts=label if spec.labels else {"show": False},
            category_gap="0%"
            if touching
            else f"{context.sampler.whole_number('bar_gap', 22, 38 if stack else 45)}%"
            if index == 0
            else None,
            gap="0%" if touching else "8%",
        )
    names = category_axis(
        context,
        "y" if horizontal else "x",
        data.categories,
        frame.body,
        spec.y_title if horizontal else spec.x_title,
        inverse=horizontal,
    )
    number = data.series[0].number
    values = value_axis(
        context,
        "x" if horizontal else "y",
        ends,
        number,
        spec.x_title if horizontal else spec.y_title,
    )
    if horizontal:
        return _bar_figure(
            chart,
            context,
            frame,
            x=values,
            y=names,
            warps=ends.warps("x"),
            right=label_width + LABEL_SPACE if not stack else STACK_SPACE,
        )
    above = (label_width if turn and not stack else context.label_size) + TOP_SPACE
    return _bar_figure(
        chart,
        context,
        frame,
        x=names,
        y=values,
        warps=ends.warps("y"),
        top=above if spec.labels else TOP_SPACE,
    )


def _muted(context: DrawContext) -> str:
    """The color of bars next to a highlighted one."""
    palette = context.style.palette
    return blend(palette.faint, palette.background, MUTED)


def _ends(
    context: DrawContext,
    series: Sequence[Series],
    intervals: int,
    stack: bool,
    fill: bool,
    label_share: float,
    length: float,
    horizontal: bool,
) -> AxisRange:
    """The value axis; stacked positive values add up. Below a negative bar there is room for
    its label, so that it does not meet the names of the categories."""
    form = context.spec.axis
    if not stack:
        values = [v for s in series for v in s.values if not math.isnan(v)]
        if form.kind in WARPED:
            return warped_range(context, values, series[0].number, length, horizontal=horizontal)
        zero = not form.truncated
        values = with_room(context, values, length, zero=zero, horizontal=horizontal)
        if form.kind == "log":
            return log_range(values)
        if form.truncated:
            return truncated_range(values, intervals)
        if min(values) < 0 and context.spec.labels:
            values.append(
                min(values) - (max(values) - min(values)) * label_share * NEGATIVE_LABEL_SPACE
            )
        return round_range(values, intervals)
    sums = [sum(column) for column in zip(*(s.values for s in series), strict=True)]
    held = with_room(context, sums, length, zero=True, horizontal=horizontal)
    ends = round_range(held, intervals)
    if fill and ends.high > max(sums) * PERCENT_ROUNDING:
        return round_range([round(max(sums))], PERCENT_INTERVALS)
    return ends


def _item(
    context: DrawContext,
    ends: AxisRange,
    value: float,
    color: str,
    stack: bool,
    side: str,
    radius: int,
    turn: bool,
) -> dict[str, Any]:
    """A bar; where it points down or left, so do its label and its round corners."""
    negative = value < 0
    shown = None if math.isnan(value) else ends.given(value)
    item: dict[str, Any] = {"value": shown, "itemStyle": {"color": color}}
    if stack:
        item["itemStyle"] |= {"borderColor": context.style.palette.background, "borderWidth": 0.5}
        return item
    if radius:
        corners = [radius, radius, 0, 0] if side == "top" else [0, radius, radius, 0]
        item["itemStyle"]["borderRadius"] = corners[2:] + corners[:2] if negative else corners
    if negative:
        item["label"] = {"position": "bottom" if side == "top" else "left"}
        if turn:
            # It reads upwards: its end is at the bar.
            item["label"]["align"] = "right"
    return item


def _bar_figure(
    chart: Bar,
    context: DrawContext,
    frame: Frame,
    x: dict[str, Any],
    y: dict[str, Any],
    warps: Mapping[str, ValueAxis],
    **margins: float,
) -> EchartsFigure:
    return figure(
        chart,
        context,
        frame,
        marks=table_marks(context.spec.table),
        warps=warps,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, **margins)],
    )
