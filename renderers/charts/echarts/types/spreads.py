"""Several figures for each category: box plots, candlesticks, dumbbells."""

from __future__ import annotations

import dataclasses

from pyecharts import options as opts
from pyecharts.charts import Bar, Boxplot, Candlestick, Scatter
from pyecharts.charts.base import Base

from renderers.charts.echarts.axes import Span, category_axis, grid, parts_for, span, value_axis
from renderers.charts.echarts.contents import RISE_AND_FALL
from renderers.charts.echarts.layout import Frame
from renderers.charts.echarts.plan import Figure, Plan, figure, printed
from renderers.charts.spec import Summary


def box(plan: Plan) -> Figure:
    data = plan.summary
    at = plan.frame()
    tint = plan.variety.flag("one_color", 0.6)
    fill = plan.variety.flag("filled", 0.5)
    chart = Boxplot().add_xaxis(list(data.categories))
    items = []
    for index, row in enumerate(data.rows):
        color = plan.look.color(0 if tint else index)
        style = {"borderColor": color, "borderWidth": 2}
        style["color"] = color + "55" if fill else "transparent"
        items.append({"value": list(row), "itemStyle": style})
    chart.add_yaxis("", items, label_opts={"show": False})
    return _upright(chart, plan, data, at, {"boxplot": "box"})


def candlestick(plan: Plan) -> Figure:
    """Bodies from open to close; a key says which colour is a rise."""
    data = plan.summary
    at = plan.frame()
    key = plan.look.text_size * 1.8
    at = dataclasses.replace(at, body=at.body.inset(top=key))
    up, down = plan.variety.pick(
        "candle_colors", (("#eb5454", "#47b262"), ("#2f9e6e", "#d9483b"), ("#3b7dd8", "#e08a2e"))
    )
    chart = Candlestick().add_xaxis(list(data.categories))
    style = opts.ItemStyleOpts(color=up, color0=down, border_color=up, border_color0=down)
    chart.add_yaxis("", [list(row) for row in data.rows], itemstyle_opts=style)
    done = _upright(chart, plan, data, at, {"candlestick": "candle"})
    _add_key(done, plan, up, down)
    return done


def _add_key(done: Figure, plan: Plan, up: str, down: str) -> None:
    """A coloured square and a word for each of the two directions, above the plot."""
    size = plan.look.text_size
    x, y = done.frame.body.left, done.frame.body.top - size * 1.8
    done.option["graphic"] = []
    for name, word, color in zip(
        ("note:rise", "note:fall"), RISE_AND_FALL[plan.spec.lang], (up, down), strict=True
    ):
        square = {"x": x, "y": y + size * 0.15, "width": size, "height": size * 0.8}
        done.option["graphic"].append({"type": "rect", "shape": square, "style": {"fill": color}})
        done.option["title"].append(
            {
                "id": name,
                "text": word,
                "textStyle": plan.look.text(size),
                "left": x + size * 1.4,
                "top": y,
                "padding": 0,
            }
        )
        x += plan.ruler.width(word, size) + size * 3


def dumbbell(plan: Plan) -> Figure:
    """Two points on a line for each category; the legend tells which is which."""
    spec = plan.spec
    data = plan.summary
    at = plan.frame(data.fields)
    texts = [[data.number.print(row[i]) for row in data.rows] for i in (0, 1)]
    wide = max(plan.label_width(t) for t in texts)
    values = [v for row in data.rows for v in row]
    widest = data.number.print(max(values))
    room = (max(values) - min(values)) * (wide + 14) / (at.body.width * 0.6)
    low = min(values) - room
    ends = span(
        [max(low, 0) if min(values) >= 0 and low > -room * 0.3 else low, max(values) + room],
        parts_for(at.body.width * 0.7, plan, widest),
        zero=False,
    )
    thick = plan.variety.whole("line_width", 2, 5)
    size = plan.variety.whole("symbol_size", 11, 15)
    chart = Bar().add_xaxis(list(data.categories))
    line = {"color": plan.look.palette.faint, "opacity": 0.55}
    base = [min(row) for row in data.rows]
    rest = [max(row) - min(row) for row in data.rows]
    for name, lengths, style in (("base", base, {"opacity": 0}), ("line", rest, line)):
        chart.add_yaxis(
            "",
            [{"value": v, "itemStyle": style} for v in lengths],
            stack="range",
            stack_strategy="all",
            bar_width=thick,
            label_opts={"show": False},
            itemstyle_opts=style,
        )
        chart.options["series"][-1]["id"] = name
    for i, field in enumerate(data.fields):
        dots = Scatter().add_xaxis([])
        dots.add_yaxis(
            field,
            [
                opts.ScatterItem(
                    value=[row[i], at_index],
                    label_opts={"position": "left" if row[i] <= row[1 - i] else "right"},
                )
                for at_index, row in enumerate(data.rows)
            ],
            symbol="circle",
            symbol_size=size,
            label_opts=plan.label("right") | {"formatter": printed(texts[i])},
            itemstyle_opts={"color": plan.look.color(i)},
        )
        chart.overlap(dots)
    x = value_axis(plan, "x", ends, data.number, spec.x_title)
    # Room for labels may reach below zero, where ticks would mean nothing.
    x["axisLabel"]["formatter"]["$number"]["positive"] = min(values) >= 0
    x["axisLine"]["onZero"] = False
    y = category_axis(plan, "y", data.categories, at.body, spec.y_title, inverse=True)
    y["axisLine"]["onZero"] = False
    return figure(
        chart,
        plan,
        at,
        marks={"scatter": "point", "line": "line"},
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, right=16)],
    )


def _upright(chart: Base, plan: Plan, data: Summary, at: Frame, marks: dict[str, str]) -> Figure:
    values = [v for row in data.rows for v in row]
    ends: Span = span(values, parts_for(at.body.height, plan), plan.variety.flag("from_zero", 0.2))
    return figure(
        chart,
        plan,
        at,
        marks=marks,
        xAxis=[category_axis(plan, "x", data.categories, at.body, plan.spec.x_title)],
        yAxis=[value_axis(plan, "y", ends, data.number, plan.spec.y_title)],
        grid=[grid(at.body, at.width, at.height, top=8)],
    )
