"""Bars with company: bar and line on two axes, waterfall, lollipop, pyramid, pictorial bars."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Bar, Line, PictorialBar, Scatter

from renderers.charts.echarts.axes import category_axis, grid, parts_for, span, value_axis
from renderers.charts.echarts.plan import Figure, Plan, figure, printed

_SYMBOLS = {
    "rect": "rect",
    "round": "roundRect",
    "circle": "circle",
    "triangle": "triangle",
    "diamond": "diamond",
    "pin": "pin",
    "peak": "path://M0,10 L10,10 C5.5,10 5.5,5 5,0 C4.5,5 4.5,10 0,10 z",
}


def bar_line(plan: Plan) -> Figure:
    """The last series is a line on an axis of its own, at the right."""
    spec, data = plan.spec, plan.table
    at = plan.frame([s.name for s in data.series])
    *columns, rate = data.series
    parts = parts_for(at.body.height, plan)
    # Bars keep to the lower part and the line to the upper one, so that their labels never meet.
    values = [v for s in columns for v in s.values]
    ends = span([0, max(values) * (1.9 if spec.labels else 1.35)], parts)
    low, high = min(rate.values), max(rate.values)
    deep = (high - low or 1) * (1.7 if spec.labels else 1.2)
    second = span([low - deep, high + (high - low or 1) * 0.15], parts, zero=False)
    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(columns):
        texts = [series.number.print(v) for v in series.values]
        label = plan.label("top") | {"formatter": printed(texts)}
        wide = plan.label_width(texts)
        if wide > at.body.width * 0.7 / len(data.categories):
            label |= {"rotate": 90, "align": "left", "verticalAlign": "middle"}
        chart.add_yaxis(
            series.name,
            list(series.values),
            label_opts=label if spec.labels else {"show": False},
            itemstyle_opts={"color": plan.look.color(index)},
            category_gap="45%",
        )
    color = plan.look.color(len(columns))
    texts = [rate.number.print(v) for v in rate.values]
    line = Line().add_xaxis(list(data.categories))
    symbol = plan.variety.pick("symbol", ("circle", "diamond", "rect"))
    line.add_yaxis(
        rate.name,
        [opts.LineItem(value=v, symbol=symbol, symbol_size=7) for v in rate.values],
        yaxis_index=1,
        z=5,
        is_smooth=plan.variety.flag("smooth", 0.3),
        label_opts=plan.label("top") | {"formatter": printed(texts)}
        if spec.labels
        else {"show": False},
        linestyle_opts=opts.LineStyleOpts(width=2, color=color),
        itemstyle_opts={"color": color},
    )
    chart.overlap(line)
    x = category_axis(plan, "x", data.categories, at.body, spec.x_title)
    y = value_axis(plan, "y", ends, columns[0].number, spec.y_title)
    y2 = value_axis(plan, "y2", second, rate.number, spec.y2_title, grid=False, position="right")
    # The second axis goes below zero only to lift the line: ticks there would mean nothing.
    y2["axisLabel"]["formatter"]["$number"]["positive"] = min(rate.values) >= 0
    x["axisLine"]["onZero"] = False
    return figure(
        chart,
        plan,
        at,
        marks={"bar": "bar", "line": "point"},
        xAxis=[x],
        yAxis=[y, y2],
        grid=[grid(at.body, at.width, at.height, top=plan.label_size + 8)],
    )


def waterfall(plan: Plan) -> Figure:
    """Bars that float from the running total before to the one after; the last is the total."""
    spec, data = plan.spec, plan.table
    at = plan.frame()
    series = data.series[0]
    runs = [0.0, *accumulate(series.values[:-1])]
    steps = [*pairwise(runs), (0.0, series.values[-1])]
    up, down, total = (plan.look.color(i) for i in range(3))
    texts = [series.number.print(v) for v in series.values]
    ends = span([v for step in steps for v in step], parts_for(at.body.height, plan))
    chart = Bar().add_xaxis(list(data.categories))
    base, above, below = [], [], []
    for index, (start, stop) in enumerate(steps):
        low, high = min(start, stop), max(start, stop)
        first_or_last = index in (0, len(steps) - 1)
        color = total if first_or_last else (up if stop >= start else down)
        item: dict[str, Any] = {"itemStyle": {"color": color}}
        base.append(low if low > 0 else min(high, 0.0))
        above.append({**item, "value": high - max(low, 0.0) if high > 0 else 0})
        below.append({**item, "value": low - min(high, 0.0) if low < 0 else 0})
        for entry, shown in ((above[-1], high > 0), (below[-1], high <= 0)):
            entry["label"] = {"show": shown}
    gap = f"{plan.variety.whole('bar_gap', 20, 45)}%"
    label = plan.label("top") | {"formatter": printed(texts)}
    for name, items in (("base", base), ("above", above), ("below", below)):
        chart.add_yaxis(
            "",
            items,
            stack="run",
            category_gap=gap,
            label_opts=label | {"position": "top" if name == "above" else "bottom"}
            if name != "base"
            else {"show": False},
            itemstyle_opts={"opacity": 0} if name == "base" else None,
        )
        chart.options["series"][-1]["id"] = name
    return figure(
        chart,
        plan,
        at,
        marks={"above": "bar", "below": "bar"},
        xAxis=[category_axis(plan, "x", data.categories, at.body, spec.x_title)],
        yAxis=[value_axis(plan, "y", ends, series.number, spec.y_title)],
        grid=[grid(at.body, at.width, at.height, top=plan.label_size + 6)],
    )


def lollipop(plan: Plan) -> Figure:
    """Thin stems with heads."""
    spec, data = plan.spec, plan.table
    at = plan.frame()
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    size = plan.variety.whole("head_size", 10, 18)
    color = plan.look.color(0)
    ends = span(series.values, parts_for(at.body.height, plan))
    narrow = plan.label_width(texts) > at.body.width * 0.8 / len(texts) - 4
    chart = Bar().add_xaxis(list(data.categories))
    chart.add_yaxis(
        "",
        list(series.values),
        bar_width=plan.variety.whole("stem_width", 2, 4),
        label_opts={"show": False},
        itemstyle_opts={"color": color},
    )
    label = plan.label("top") | {"formatter": printed(texts)}
    if narrow:
        label |= {"rotate": 90, "align": "left", "verticalAlign": "middle"}
    heads = Scatter().add_xaxis([])
    heads.add_yaxis(
        "",
        [opts.ScatterItem(value=[i, v]) for i, v in enumerate(series.values)],
        symbol=plan.variety.pick("head", ("circle", "diamond", "rect")),
        symbol_size=size,
        label_opts=label if spec.labels else {"show": False},
        itemstyle_opts={"color": color},
    )
    chart.overlap(heads)
    top = (plan.label_width(texts) if narrow else plan.label_size) + size / 2 + 6
    return figure(
        chart,
        plan,
        at,
        marks={"scatter": "point", "bar": "stem"},
        xAxis=[category_axis(plan, "x", data.categories, at.body, spec.x_title)],
        yAxis=[value_axis(plan, "y", ends, series.number, spec.y_title)],
        grid=[grid(at.body, at.width, at.height, top=top if spec.labels else size / 2 + 2)],
    )


def pyramid(plan: Plan) -> Figure:
    """Two series back to back."""
    spec, data = plan.spec, plan.table
    at = plan.frame([s.name for s in data.series])
    most = max(v for s in data.series for v in s.values)
    texts = [[s.number.print(v) for v in s.values] for s in data.series]
    wide = max(plan.label_width(t) for t in texts)
    parts = max(2, parts_for(at.body.width * 0.35, plan) // 2 + 1)
    half = span([0, most * (1 + (wide + 8) / (at.body.width * 0.4))], parts)
    chart = Bar().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        sign = -1 if index == 0 else 1
        side = "left" if index == 0 else "right"
        chart.add_yaxis(
            series.name,
            [sign * v for v in series.values],
            stack="both",
            label_opts=plan.label(side) | {"formatter": printed(texts[index])},
            itemstyle_opts={"color": plan.look.color(index)},
            category_gap=f"{plan.variety.whole('bar_gap', 10, 30)}%" if index == 0 else None,
        )
    ends = type(half)(-half.high, half.high, half.interval)
    x = value_axis(plan, "x", ends, data.series[0].number, spec.x_title)
    x["axisLabel"]["formatter"]["$number"]["unsigned"] = True
    y = category_axis(plan, "y", data.categories, at.body, spec.y_title)
    y["axisLine"] |= {"onZero": False}
    return figure(
        chart,
        plan,
        at,
        marks={"bar": "bar"},
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, right=14)],
    )


def pictorial_bar(plan: Plan) -> Figure:
    """Bars of symbols: stretched, repeated or cut off."""
    spec, data = plan.spec, plan.table
    at = plan.frame()
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    ends = span(series.values, parts_for(at.body.height, plan))
    slot = at.body.width * 0.8 / len(texts)
    repeat = plan.variety.flag("repeated", 0.6)
    shapes = (
        ("rect", "round", "circle", "diamond", "pin") if repeat else ("triangle", "peak", "rect")
    )
    width = min(slot * 0.55, 46)
    tall = max(7.0, min(width * 0.6, at.body.height / 16))
    chart = PictorialBar().add_xaxis(list(data.categories))
    chart.add_yaxis(
        "",
        list(series.values),
        symbol=_SYMBOLS[plan.variety.pick("shape", shapes)],
        symbol_size=[width, tall] if repeat else [width * 1.3, "100%"],
        symbol_repeat="true" if repeat else None,
        symbol_margin=2 if repeat else None,
        is_symbol_clip=False,
        label_opts=plan.label("top") | {"formatter": printed(texts), "distance": 7},
        itemstyle_opts={"color": plan.look.color(0)},
    )
    return figure(
        chart,
        plan,
        at,
        marks={"pictorialBar": "bar"},
        xAxis=[category_axis(plan, "x", data.categories, at.body, spec.x_title)],
        yAxis=[value_axis(plan, "y", ends, series.number, spec.y_title)],
        grid=[grid(at.body, at.width, at.height, top=plan.label_size + 8)],
    )
