"""Bars: plain, lying, grouped, stacked, to 100 percent, above and below zero, histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyecharts.charts import Bar

from renderers.charts.echarts.axes import (
    AxisRange,
    category_axis,
    grid,
    interval_count,
    round_range,
    value_axis,
)
from renderers.charts.echarts.context import DrawContext, EchartsFigure, figure, text_formatter
from renderers.charts.echarts.layout import Frame
from renderers.charts.spec import Series

MARKS = {"bar": "bar"}


def bar(context: DrawContext) -> EchartsFigure:
    return _bars(context)


def diverging_bar(context: DrawContext) -> EchartsFigure:
    return _bars(context)


def horizontal_bar(context: DrawContext) -> EchartsFigure:
    return _bars(context, horizontal=True)


def grouped_bar(context: DrawContext) -> EchartsFigure:
    return _bars(context)


def stacked_bar(context: DrawContext) -> EchartsFigure:
    return _bars(context, horizontal=_may_be_horizontal(context, 0.3), stack=True)


def percent_bar(context: DrawContext) -> EchartsFigure:
    return _bars(context, horizontal=_may_be_horizontal(context, 0.4), stack=True, fill=True)


def _may_be_horizontal(context: DrawContext, share: float) -> bool:
    """Stacks lie down in this share of cases, and where upright ones would be narrower than the
    numbers inside them; but not where axis titles say which axis holds what."""
    wanted = context.sampler.flag("lying", share)
    data = context.spec.table
    texts = [s.number.print(v) for s in data.series for v in s.values]
    slot = context.style.width * 0.75 / len(data.categories)
    narrow = context.spec.labels and context.label_width(texts) > slot * 0.62
    return (wanted or narrow) and context.spec.x_title is None and context.spec.y_title is None


def histogram(context: DrawContext) -> EchartsFigure:
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
    largest = data.series[0].number.print(max(sums) if stack else max(data.series[0].values))
    intervals = interval_count(
        length * 0.75 if horizontal else length, context, largest if horizontal else ""
    )
    label_room = (label_width if horizontal else context.label_size * 1.5) / length
    ends = _ends(context, data.series, intervals, stack, fill, label_room)
    slot = frame.body.width * 0.82 / len(data.categories) * (0.86 if touching else 0.78)
    turn = not horizontal and spec.labels and label_width > slot / (1 if stack else many) - 3
    radius = 0 if stack or touching else context.sampler.pick("bar_radius", (0, 0, 3, 6))
    one_color = many > 1 or context.sampler.flag("one_color", 0.7)

    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        labels = texts[index]
        color = context.style.color(index)
        items = [
            _item(
                context, value, color if one_color else context.style.color(i), stack, side, radius
            )
            for i, value in enumerate(series.values)
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
            chart, context, frame, x=values, y=names, right=label_width + 8 if not stack else 12
        )
    above = (label_width if turn and not stack else context.label_size) + 6
    return _bar_figure(chart, context, frame, x=names, y=values, top=above if spec.labels else 6)


def _ends(
    context: DrawContext,
    series: Sequence[Series],
    intervals: int,
    stack: bool,
    fill: bool,
    label_room: float,
) -> AxisRange:
    """The value axis; stacked positive values add up. Below a negative bar there is room for
    its label, so that it does not meet the names of the categories."""
    if not stack:
        values = [v for s in series for v in s.values]
        if min(values) < 0 and context.spec.labels:
            values.append(min(values) - (max(values) - min(values)) * label_room * 1.3)
        return round_range(values, intervals)
    sums = [sum(column) for column in zip(*(s.values for s in series), strict=True)]
    ends = round_range(sums, intervals)
    if fill and ends.high > max(sums) * 1.02:
        return round_range([round(max(sums))], 5)
    return ends


def _item(
    context: DrawContext, value: float, color: str, stack: bool, side: str, radius: int
) -> dict[str, Any]:
    """A bar; where it points down or left, so do its label and its round corners."""
    negative = value < 0
    item: dict[str, Any] = {"value": value, "itemStyle": {"color": color}}
    if stack:
        item["itemStyle"] |= {"borderColor": context.style.palette.background, "borderWidth": 0.5}
        return item
    if radius:
        corners = [radius, radius, 0, 0] if side == "top" else [0, radius, radius, 0]
        item["itemStyle"]["borderRadius"] = corners[2:] + corners[:2] if negative else corners
    if negative:
        item["label"] = {"position": "bottom" if side == "top" else "left"}
    return item


def _bar_figure(
    chart: Bar,
    context: DrawContext,
    frame: Frame,
    x: dict[str, Any],
    y: dict[str, Any],
    **margins: float,
) -> EchartsFigure:
    return figure(
        chart,
        context,
        frame,
        marks=MARKS,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height, **margins)],
    )
