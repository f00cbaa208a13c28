"""Lines and areas: one or many, stepped, stacked."""

from __future__ import annotations

from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Line

from renderers.charts.echarts.axes import category_axis, grid, parts_for, span, value_axis
from renderers.charts.echarts.plan import Figure, Plan, figure, printed
from renderers.charts.spec import Table

MARKS = {"line": "point"}


def line(plan: Plan) -> Figure:
    return _lines(plan)


def multi_line(plan: Plan) -> Figure:
    return _lines(plan)


def step(plan: Plan) -> Figure:
    return _lines(plan, step=plan.variety.pick("step", ("start", "middle", "end")))


def area(plan: Plan) -> Figure:
    return _lines(plan, area=True)


def stacked_area(plan: Plan) -> Figure:
    return _lines(plan, area=True, stack=True)


def _lines(plan: Plan, *, step: str | None = None, area: bool = False, stack: bool = False) -> Figure:
    spec = plan.spec
    data = spec.data
    assert isinstance(data, Table)
    at = plan.frame([s.name for s in data.series])
    values = [v for s in data.series for v in s.values]
    if stack:
        values = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    zero = area or stack or plan.variety.flag("from_zero", 0.4)
    ends = span(values, parts_for(at.body.height, plan), zero)
    smooth = step is None and plan.variety.flag("smooth", 0.3)
    symbol = plan.variety.pick("symbol", ("circle", "emptyCircle", "rect", "diamond", "triangle"))
    size = plan.variety.whole("symbol_size", 5, 8)
    width = plan.variety.whole("line_width", 2, 3)
    opacity = plan.variety.whole("area_percent", 25, 70) / 100 if area else 0
    dashes = not area and plan.variety.flag("dashes", 0.25)
    gap = bool(step) or plan.variety.flag("inset", 0.5)

    chart = Line().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        texts = [series.number.print(v) for v in series.values]
        color = plan.look.color(index)
        label = plan.label("top") | {"formatter": printed(texts)}
        chart.add_yaxis(
            series.name,
            [
                opts.LineItem(
                    value=value,
                    symbol=symbol,
                    symbol_size=size,
                    label_opts={"position": _side(data, index, i)},
                )
                for i, value in enumerate(series.values)
            ],
            stack="all" if stack else None,
            is_smooth=smooth,
            is_step=step or False,
            label_opts=label if spec.labels else {"show": False},
            linestyle_opts=opts.LineStyleOpts(
                width=width,
                color=color,
                type_=("solid", "dashed", "dotted")[index % 3] if dashes else "solid",
            ),
            itemstyle_opts={"color": color},
            areastyle_opts=opts.AreaStyleOpts(opacity=opacity, color=color) if area else None,
        )
    x = category_axis(plan, "x", data.categories, at.body, spec.x_title, gap=gap)
    y = value_axis(plan, "y", ends, data.series[0].number, spec.y_title)
    margins: dict[str, Any] = {"top": plan.label_size + 8 if spec.labels else 8}
    if not gap:
        margins["right"] = plan.label_width([data.categories[-1]]) / 2
    return figure(
        chart,
        plan,
        at,
        marks=MARKS,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, **margins)],
    )


def _side(data: Table, series: int, at: int) -> str:
    """Above the point, unless another line is close above it there, or its own line rises
    steeply away on both sides."""
    value = data.series[series].values[at]
    here = sorted(s.values[at] for s in data.series)
    above = [v for v in here if v > value]
    below = [v for v in here if v < value]
    if above and below:
        return "top" if above[0] - value >= value - below[-1] else "bottom"
    if above:
        return "bottom"
    if len(data.series) > 1:
        return "top"
    values = data.series[series].values
    beside = [values[i] for i in (at - 1, at + 1) if 0 <= i < len(values)]
    return "bottom" if all(v > value for v in beside) else "top"
