"""Bars: plain, lying, grouped, stacked, to 100 percent, above and below zero, histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyecharts.charts import Bar

from renderers.charts.echarts.axes import Span, category_axis, grid, parts_for, span, value_axis
from renderers.charts.echarts.layout import Frame
from renderers.charts.echarts.plan import Figure, Plan, figure, printed
from renderers.charts.spec import Series

MARKS = {"bar": "bar"}


def bar(plan: Plan) -> Figure:
    return _bars(plan)


def diverging_bar(plan: Plan) -> Figure:
    return _bars(plan)


def horizontal_bar(plan: Plan) -> Figure:
    return _bars(plan, lying=True)


def grouped_bar(plan: Plan) -> Figure:
    return _bars(plan)


def stacked_bar(plan: Plan) -> Figure:
    return _bars(plan, lying=_may_lie(plan, 0.3), stack=True)


def percent_bar(plan: Plan) -> Figure:
    return _bars(plan, lying=_may_lie(plan, 0.4), stack=True, fill=True)


def _may_lie(plan: Plan, share: float) -> bool:
    """Stacks lie down in this share of cases, and where upright ones would be narrower than the
    numbers inside them; but not where axis titles say which axis holds what."""
    wanted = plan.variety.flag("lying", share)
    data = plan.table
    texts = [s.number.print(v) for s in data.series for v in s.values]
    slot = plan.look.width * 0.75 / len(data.categories)
    narrow = plan.spec.labels and plan.label_width(texts) > slot * 0.62
    return (wanted or narrow) and plan.spec.x_title is None and plan.spec.y_title is None


def histogram(plan: Plan) -> Figure:
    return _bars(plan, touching=True)


def _bars(
    plan: Plan,
    *,
    lying: bool = False,
    stack: bool = False,
    fill: bool = False,
    touching: bool = False,
) -> Figure:
    spec = plan.spec
    data = plan.table
    at = plan.frame([s.name for s in data.series])
    many = len(data.series)
    side = "right" if lying else "top"
    texts = [[s.number.print(v) for v in s.values] for s in data.series]
    wide = max(plan.label_width(t) for t in texts)
    length = at.body.width if lying else at.body.height
    sums = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    most = data.series[0].number.print(max(sums) if stack else max(data.series[0].values))
    parts = parts_for(length * 0.75 if lying else length, plan, most if lying else "")
    label_room = (wide if lying else plan.label_size * 1.5) / length
    ends = _ends(plan, data.series, parts, stack, fill, label_room)
    slot = at.body.width * 0.82 / len(data.categories) * (0.86 if touching else 0.78)
    turn = not lying and spec.labels and wide > slot / (1 if stack else many) - 3
    radius = 0 if stack or touching else plan.variety.pick("bar_radius", (0, 0, 3, 6))
    one_color = many > 1 or plan.variety.flag("one_color", 0.7)

    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        labels = texts[index]
        color = plan.look.color(index)
        items = [
            _item(plan, value, color if one_color else plan.look.color(i), stack, side, radius)
            for i, value in enumerate(series.values)
        ]
        label = plan.label("inside" if stack else side, plan.ink_on(color) if stack else None)
        label |= {"formatter": printed(labels)}
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
            else f"{plan.variety.whole('bar_gap', 22, 38 if stack else 45)}%"
            if index == 0
            else None,
            gap="0%" if touching else "8%",
        )
    names = category_axis(
        plan,
        "y" if lying else "x",
        data.categories,
        at.body,
        spec.y_title if lying else spec.x_title,
        inverse=lying,
    )
    number = data.series[0].number
    values = value_axis(
        plan,
        "x" if lying else "y",
        ends,
        number,
        spec.x_title if lying else spec.y_title,
    )
    if lying:
        return _done(chart, plan, at, x=values, y=names, right=wide + 8 if not stack else 12)
    above = (wide if turn and not stack else plan.label_size) + 6
    return _done(chart, plan, at, x=names, y=values, top=above if spec.labels else 6)


def _ends(
    plan: Plan, series: Sequence[Series], parts: int, stack: bool, fill: bool, label_room: float
) -> Span:
    """The value axis; stacked positive values add up. Below a negative bar there is room for
    its label, so that it does not meet the names of the categories."""
    if not stack:
        values = [v for s in series for v in s.values]
        if min(values) < 0 and plan.spec.labels:
            values.append(min(values) - (max(values) - min(values)) * label_room * 1.3)
        return span(values, parts)
    sums = [sum(column) for column in zip(*(s.values for s in series), strict=True)]
    ends = span(sums, parts)
    if fill and ends.high > max(sums) * 1.02:
        return span([round(max(sums))], 5)
    return ends


def _item(
    plan: Plan, value: float, color: str, stack: bool, side: str, radius: int
) -> dict[str, Any]:
    """A bar; where it points down or left, so do its label and its round corners."""
    negative = value < 0
    item: dict[str, Any] = {"value": value, "itemStyle": {"color": color}}
    if stack:
        item["itemStyle"] |= {"borderColor": plan.look.palette.background, "borderWidth": 0.5}
        return item
    if radius:
        corners = [radius, radius, 0, 0] if side == "top" else [0, radius, radius, 0]
        item["itemStyle"]["borderRadius"] = corners[2:] + corners[:2] if negative else corners
    if negative:
        item["label"] = {"position": "bottom" if side == "top" else "left"}
    return item


def _done(
    chart: Bar, plan: Plan, at: Frame, x: dict[str, Any], y: dict[str, Any], **margins: float
) -> Figure:
    return figure(
        chart,
        plan,
        at,
        marks=MARKS,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, **margins)],
    )
