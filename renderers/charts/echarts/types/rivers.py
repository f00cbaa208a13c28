"""Many series on scales of their own making: theme river and parallel coordinates."""

from __future__ import annotations

from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Parallel, ThemeRiver

from renderers.charts.echarts.axes import category_axis, parts_for, span, value_axis
from renderers.charts.echarts.plan import Figure, Plan, figure, ticks_like


def theme_river(plan: Plan) -> Figure:
    """A river whose width is read off a value axis beside it.

    ECharts gives rivers no value axis, so an empty grid of the same height carries one: the
    river's widest place fills it from zero to the largest sum.
    """
    spec, data = plan.spec, plan.table
    look = plan.look
    size = look.text_size
    at = plan.frame([s.name for s in data.series])
    sums = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    number = data.series[0].number
    ends = span([0, max(sums)], parts_for(at.body.height * 0.8, plan))
    ticks = [number.print(ends.low), number.print(ends.high)]
    left = plan.ruler.widest(ticks, size) + 14 + (size * 1.9 if spec.y_title else 0)
    bottom = size * 2.2 + (size * 1.6 if spec.x_title else 0)
    half = plan.ruler.width(data.categories[-1], size) / 2 + 2
    room = at.body.inset(left=max(left, half), top=8, right=half, bottom=bottom)
    x = category_axis(plan, "x", data.categories, room, spec.x_title, gap=False)
    if x["axisLabel"]["rotate"] or any("\n" in name for name in x["data"]):
        room = room.inset(bottom=size * 2.4)
    slack = f"{(1 - max(sums) / ends.high) / 2 * 100:.4f}%"
    # The river's own axis takes times in order; what is read are the categories of the grid below.
    points = [
        [index, value, series.name]
        for series in data.series
        for index, value in enumerate(series.values)
    ]
    chart = ThemeRiver().add(
        [s.name for s in data.series],
        points,
        label_opts=opts.LabelOpts(is_show=False),
        boundary_gap=[slack, slack],
        singleaxis_opts=opts.SingleAxisOpts(type_="value", min_=0, max_=len(data.categories) - 1),
    )
    colors = [look.color(i) for i in range(len(data.series))]
    y = value_axis(plan, "y", ends, number, spec.y_title)
    place = {
        "left": room.left,
        "top": room.top,
        "right": at.width - room.right,
        "bottom": at.height - room.bottom,
    }
    done = figure(
        chart,
        plan,
        at,
        marks={},
        xAxis=[x],
        yAxis=[y],
        grid=[{**place, "outerBoundsMode": "none"}],
    )
    single = done.option["singleAxis"]
    hidden = {"show": False}
    single |= place | dict.fromkeys(("axisLabel", "axisTick", "axisLine", "splitLine"), hidden)
    done.option["series"][0] |= {"color": colors, "id": "river"}
    done.option["legend"]["data"] = [s.name for s in data.series]
    return done


def parallel(plan: Plan) -> Figure:
    """One axis for each category, one line for each series."""
    data = plan.table
    look = plan.look
    size = look.text_size
    at = plan.frame([s.name for s in data.series])
    number = data.series[0].number
    slot = at.body.width / len(data.categories)
    names = [plan.ruler.wrap(n, size, slot * 0.9) for n in data.categories]
    lines = max(n.count("\n") + 1 for n in names)
    side = plan.ruler.widest(names, size) / 2
    room = at.body.inset(
        left=max(side, 10), top=size * 1.3 * lines + 12, right=max(side, size * 4), bottom=10
    )
    schema = []
    for index, (name, original) in enumerate(zip(names, data.categories, strict=True)):
        column = [s.values[index] for s in data.series]
        low, high = min(column), max(column)
        ends = span([low, high], parts_for(room.height, plan), zero=plan.variety.flag("zero"))
        axis: dict[str, Any] = opts.ParallelAxisOpts(
            dim=index, name=name, min_=ends.low, max_=ends.high
        ).opts
        axis |= {
            "id": f"y/{original}",
            "interval": ends.interval,
            "nameGap": 12,
            "nameLocation": "end",
            "nameTextStyle": look.text(size, look.palette.ink),
            "axisLabel": {
                "show": True,
                "hideOverlap": False,
                "formatter": ticks_like(number, ends.decimals),
                **look.text(plan.label_size),
                **plan.chip(),
            },
            "z": 20,
            "axisLine": {"lineStyle": {"color": look.palette.faint}},
            "axisTick": {"lineStyle": {"color": look.palette.faint}},
        }
        schema.append(axis)
    chart = Parallel().add_schema(
        schema,
        opts.ParallelOpts(
            pos_left=room.left,
            pos_top=room.top,
            pos_right=at.width - room.right,
            pos_bottom=at.height - room.bottom,
        ),
    )
    smooth = plan.variety.flag("smooth", 0.25)
    for index, series in enumerate(data.series):
        chart.add(
            series.name,
            [list(series.values)],
            is_smooth=smooth,
            linestyle_opts=opts.LineStyleOpts(width=2.5, color=look.color(index), opacity=1),
        )
        chart.options["series"][-1]["itemStyle"] = {"color": look.color(index)}
    return figure(chart, plan, at, marks={"parallel": "line"})
