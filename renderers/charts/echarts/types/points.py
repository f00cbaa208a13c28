"""Points in the plane: scatter, bubble, and scatter with ripples."""

from __future__ import annotations

import math
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import EffectScatter, Scatter

from renderers.charts.echarts.axes import Span, grid, parts_for, span, value_axis
from renderers.charts.echarts.layout import Frame, Rect
from renderers.charts.echarts.place import Mark, place
from renderers.charts.echarts.plan import Figure, Plan, figure, printed
from renderers.charts.spec import Point, Points

MARKS = {"scatter": "point", "effectScatter": "point"}
_BIGGEST = 0.065
"""Radius of the biggest bubble over the shorter side of the room."""


def scatter(plan: Plan) -> Figure:
    data = plan.points
    size = plan.variety.whole("symbol_size", 8, 13)
    return _scatter(plan, data, {id(p): size for s in data.series for p in s.points})


def bubble(plan: Plan) -> Figure:
    data = plan.points
    at = plan.frame([s.name for s in data.series])
    most = max(p.size or 0 for s in data.series for p in s.points)
    biggest = 2 * _BIGGEST * min(at.body.width, at.body.height)
    sizes = {
        id(p): max(8.0, biggest * math.sqrt((p.size or 0) / most))
        for s in data.series
        for p in s.points
    }
    return _scatter(plan, data, sizes)


def effect_scatter(plan: Plan) -> Figure:
    data = plan.points
    size = plan.variety.whole("symbol_size", 9, 14)
    return _scatter(plan, data, {id(p): size for s in data.series for p in s.points}, ripples=True)


def _scatter(plan: Plan, data: Points, sizes: dict[int, float], ripples: bool = False) -> Figure:
    spec = plan.spec
    at = plan.frame([s.name for s in data.series])
    every = [p for s in data.series for p in s.points]
    widest = data.x_number.print(max((p.x for p in every), key=abs))
    x_ends = _roomy([p.x for p in every], parts_for(at.body.width * 0.8, plan, widest))
    y_ends = _roomy([p.y for p in every], parts_for(at.body.height, plan))
    symbols = plan.variety.order(["circle", "diamond", "triangle", "rect"])
    mixed = plan.variety.flag("mixed_symbols", 0.3) and not ripples
    opacity = 0.75 if spec.type == "bubble" else 0.9
    labels = {id(p): _label(plan, data, p) for p in every}
    spots = _spots(plan, at, every, sizes, labels, x_ends, y_ends)

    chart: Any = EffectScatter() if ripples else Scatter()
    chart.add_xaxis([])
    item = opts.EffectScatterItem if ripples else opts.ScatterItem
    role = "label" if any(p.size is not None for p in every) and spec.labels else "category"
    for index, series in enumerate(data.series):
        texts = [labels[id(p)] for p in series.points]
        shown = any(texts)
        color = plan.look.color(index)
        chart.add_yaxis(
            series.name,
            [
                item(
                    name=p.label or None,
                    value=[p.x, p.y],
                    symbol_size=sizes[id(p)],
                    label_opts=spots.get(id(p)),
                )
                for p in series.points
            ],
            symbol=symbols[index % 4] if mixed else "circle",
            label_opts=plan.label("top")
            | {"formatter": printed(texts)}
            | (plan.chip() if plan.fit.aside else {})
            if shown
            else {"show": False},
            itemstyle_opts={"color": color, "opacity": opacity},
        )
        if ripples:
            chart.options["series"][-1]["rippleEffect"] = {
                "brushType": plan.variety.pick("ripple", ("stroke", "fill")),
                "scale": 3,
                "period": 4,
            }
    x = value_axis(plan, "x", x_ends, data.x_number, spec.x_title)
    y = value_axis(plan, "y", y_ends, data.y_number, spec.y_title)
    x["axisLine"]["onZero"] = y["axisLine"]["onZero"] = False
    half = plan.ruler.width(data.x_number.print(x_ends.high), plan.look.text_size) / 2
    return figure(
        chart,
        plan,
        at,
        roles={"scatter": role, "effectScatter": role},
        marks=MARKS,
        clock=1500 if ripples else 0,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, top=8, right=max(8, half))],
    )


def _roomy(values: list[float], parts: int) -> Span:
    """Ends with some room around the points, so that marks and labels stay inside."""
    low, high = min(values), max(values)
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1
    zero = low >= 0 and low - room < 0
    return span([0 if zero else low - room, high + room], parts, zero=False)


def _label(plan: Plan, data: Points, point: Point) -> str:
    if point.size is not None and plan.spec.labels:
        size = data.size_number.print(point.size)
        return f"{point.label}\n{size}" if point.label else size
    return point.label


def _spots(
    plan: Plan,
    at: Frame,
    every: list[Point],
    sizes: dict[int, float],
    labels: dict[int, str],
    x_ends: Span,
    y_ends: Span,
) -> dict[int, dict[str, Any]]:
    """Where each label stands, so that none meets another or a mark."""
    if not any(labels.values()):
        return {}
    size = plan.look.text_size
    side = plan.ruler.widest(["0" * 7], size)
    room = at.body
    plot = Rect(room.left + side, room.top + 8, room.right - 12, room.bottom - size * 3.2)
    marks = []
    for p in every:
        text = labels[id(p)]
        x = plot.left + plot.width * (p.x - x_ends.low) / (x_ends.high - x_ends.low)
        y = plot.bottom - plot.height * (p.y - y_ends.low) / (y_ends.high - y_ends.low)
        height = plan.label_size * 1.25 * (text.count("\n") + 1)
        marks.append(Mark(x, y, sizes[id(p)] / 2, plan.label_width([text]), height))
    placed = place(marks, plot)
    return {id(p): spot.option() for p, spot in zip(every, placed, strict=True)}
