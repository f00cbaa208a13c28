"""Lines and areas: one or many, stepped, stacked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Line

from renderers.charts.echarts.axes import (
    Span,
    category_axis,
    grid,
    parts_for,
    plot_area,
    span,
    value_axis,
)
from renderers.charts.echarts.layout import LINE, Rect
from renderers.charts.echarts.place import Mark, place
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


def _lines(
    plan: Plan, *, step: str | None = None, area: bool = False, stack: bool = False
) -> Figure:
    spec = plan.spec
    data = plan.table
    at = plan.frame([s.name for s in data.series])
    values = [v for s in data.series for v in s.values]
    if stack:
        values = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    zero = area or stack or plan.variety.flag("from_zero", 0.4)
    if (spec.labels and min(values) < 0) or not zero:
        # Room below the lowest point for a label that stands there.
        below = (max(values) - min(values)) * 2 * plan.label_size / at.body.height
        values.append(min(values) - below)
    ends = span(values, parts_for(at.body.height, plan), zero)
    smooth = step is None and plan.variety.flag("smooth", 0.3)
    symbol = plan.variety.pick("symbol", ("circle", "emptyCircle", "rect", "diamond", "triangle"))
    size = plan.variety.whole("symbol_size", 5, 8)
    width = plan.variety.whole("line_width", 2, 3)
    opacity = plan.variety.whole("area_percent", 25, 70) / 100 if area else 0
    dashes = not area and plan.variety.flag("dashes", 0.25)
    inset = plan.variety.flag("inset", 0.5)
    # Without a gap the first label would lie on the axis.
    gap = inset or spec.labels or step is not None

    x = category_axis(plan, "x", data.categories, at.body, spec.x_title, gap=gap)
    y = value_axis(plan, "y", ends, data.series[0].number, spec.y_title)
    x["axisLine"]["onZero"] = False
    margins: dict[str, Any] = {"top": plan.label_size + 8 if spec.labels else 8}
    if not gap:
        margins["right"] = plan.ruler.width(data.categories[-1], plan.look.text_size) / 2
    plot = plot_area(plan, at.body, x, y, margins["top"])
    spots = _spots(plan, data, plot, ends, stack, step) if spec.labels else []

    chart = Line().add_xaxis(list(data.categories))
    for index, series in enumerate(data.series):
        texts = [series.number.print(v) for v in series.values]
        color = plan.look.color(index)
        label = plan.label("top") | {"formatter": printed(texts)}
        if plan.fit.aside or stack:
            label |= plan.chip()
        chart.add_yaxis(
            series.name,
            [
                opts.LineItem(
                    value=value,
                    symbol=symbol,
                    symbol_size=size,
                    label_opts=spots[index][i] if spots else None,
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
    return figure(
        chart,
        plan,
        at,
        marks=MARKS,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(at.body, at.width, at.height, **margins)],
    )


def _spots(
    plan: Plan, data: Table, plot: Rect, ends: Span, stack: bool, step: str | None
) -> list[list[dict[str, Any]]]:
    """Where each series' labels stand: above or below their points, off the lines."""
    count = len(data.categories)
    slot = plot.width / count
    marks: list[Mark] = []
    floor = [0.0] * count
    for series in data.series:
        for i, value in enumerate(series.values):
            floor[i] = floor[i] + value if stack else value
            x = plot.left + slot * (i + 0.5)
            y = plot.bottom - plot.height * (floor[i] - ends.low) / (ends.high - ends.low)
            wide = plan.label_width([series.number.print(value)])
            marks.append(Mark(x, y, 3, wide, plan.label_size * LINE))
    lines = [_path(marks[k * count : (k + 1) * count], step) for k in range(len(data.series))]
    room = plot.inset(top=-plan.label_size - 8, left=-8, right=-8)
    placed = place(marks, room, lines, ("top", "bottom"))
    options = [spot.option() for spot in placed]
    return [options[k * count : (k + 1) * count] for k in range(len(data.series))]


def _path(marks: Sequence[Mark], step: str | None) -> list[tuple[float, float]]:
    """The corners of a line through the marks."""
    corners = [(marks[0].x, marks[0].y)]
    for a, b in pairwise(marks):
        if step is not None:
            turn = {"start": a.x, "middle": (a.x + b.x) / 2, "end": b.x}[step]
            corners += [(turn, a.y), (turn, b.y)]
        corners.append((b.x, b.y))
    return corners
