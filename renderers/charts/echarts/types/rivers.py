"""Many series without common axes: theme river and parallel coordinates."""

from __future__ import annotations

from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Parallel, ThemeRiver

from renderers.charts.echarts.axes import category_axis, interval_count, round_range, value_axis
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    tick_formatter,
)
from renderers.charts.paths import table_paths

TICK_SPACE = 14
"""CSS pixels kept free at the left in addition to tick labels."""
Y_TITLE_WIDTH, X_TITLE_HEIGHT, NAMES_HEIGHT = 1.9, 1.6, 2.2
"""With their gaps, in ems."""
PLOT_HEIGHT = 0.8
"""Share of the area that the plot takes, before it is laid out."""
SECOND_LINE_HEIGHT = 2.4
"""More space for names that are wrapped or turned, in ems."""
NAME_SHARE = 0.9
"""Of the distance between two axes."""


def theme_river(context: DrawContext) -> EchartsFigure:
    """A river whose width is read off a value axis next to it.

    ECharts gives rivers no value axis, so an empty grid of the same height carries one: the
    river's widest place fills it from zero to the largest sum.
    """
    spec, data = context.spec, context.spec.table
    style = context.style
    size = style.text_size
    frame = context.frame([s.name for s in data.series])
    sums = [sum(column) for column in zip(*(s.values for s in data.series), strict=True)]
    number = data.series[0].number
    ends = round_range([0, max(sums)], interval_count(frame.body.height * PLOT_HEIGHT, context))
    ticks = [number.print(ends.low), number.print(ends.high)]
    left = (
        context.ruler.widest(ticks, size)
        + TICK_SPACE
        + (size * Y_TITLE_WIDTH if spec.y_title else 0)
    )
    bottom = size * NAMES_HEIGHT + (size * X_TITLE_HEIGHT if spec.x_title else 0)
    half = context.ruler.width(data.categories[-1], size) / 2 + 2
    area = frame.body.inset(left=max(left, half), top=8, right=half, bottom=bottom)
    x = category_axis(context, "x", data.categories, area, spec.x_title, gap=False)
    if x["axisLabel"]["rotate"] or any("\n" in name for name in x["data"]):
        area = area.inset(bottom=size * SECOND_LINE_HEIGHT)
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
    colors = [style.color(i) for i in range(len(data.series))]
    y = value_axis(context, "y", ends, number, spec.y_title)
    position = {
        "left": area.left,
        "top": area.top,
        "right": frame.width - area.right,
        "bottom": frame.height - area.bottom,
    }
    result = figure(
        chart,
        context,
        frame,
        marks={"river": SeriesMarks(tuple(p for row in table_paths(data) for p in row))},
        xAxis=[x],
        yAxis=[y],
        grid=[{**position, "outerBoundsMode": "none"}],
    )
    single = result.option["singleAxis"]
    hidden = {"show": False}
    single |= position | dict.fromkeys(("axisLabel", "axisTick", "axisLine", "splitLine"), hidden)
    result.option["series"][0] |= {"color": colors, "id": "river"}
    result.option["legend"]["data"] = [s.name for s in data.series]
    return result


def parallel(context: DrawContext) -> EchartsFigure:
    """One axis for each category, one line for each series."""
    data = context.spec.table
    style = context.style
    size = style.text_size
    frame = context.frame([s.name for s in data.series])
    number = data.series[0].number
    slot = frame.body.width / len(data.categories)
    names = [context.ruler.wrap(n, size, slot * NAME_SHARE) for n in data.categories]
    lines = max(n.count("\n") + 1 for n in names)
    side = context.ruler.widest(names, size) / 2
    area = frame.body.inset(
        left=max(side, 10), top=size * 1.3 * lines + 12, right=max(side, size * 4), bottom=10
    )
    schema = []
    for index, (name, original) in enumerate(zip(names, data.categories, strict=True)):
        column = [s.values[index] for s in data.series]
        low, high = min(column), max(column)
        ends = round_range(
            [low, high], interval_count(area.height, context), zero=context.sampler.flag("zero")
        )
        axis: dict[str, Any] = opts.ParallelAxisOpts(
            dim=index, name=name, min_=ends.low, max_=ends.high
        ).opts
        axis |= {
            "id": f"y/{original}",
            "interval": ends.interval,
            "nameGap": 12,
            "nameLocation": "end",
            "nameTextStyle": style.text_style(size, style.palette.ink),
            "axisLabel": {
                "show": True,
                "hideOverlap": False,
                "formatter": tick_formatter(number, ends.decimals),
                **style.text_style(context.label_size),
                **context.plate(),
            },
            "z": 20,
            "axisLine": {"lineStyle": {"color": style.palette.faint}},
            "axisTick": {"lineStyle": {"color": style.palette.faint}},
        }
        schema.append(axis)
    chart = Parallel().add_schema(
        schema,
        opts.ParallelOpts(
            pos_left=area.left,
            pos_top=area.top,
            pos_right=frame.width - area.right,
            pos_bottom=frame.height - area.bottom,
        ),
    )
    smooth = context.sampler.flag("smooth", 0.25)
    for index, series in enumerate(data.series):
        chart.add(
            series.name,
            [list(series.values)],
            is_smooth=smooth,
            linestyle_opts=opts.LineStyleOpts(width=2.5, color=style.color(index), opacity=1),
        )
        chart.options["series"][-1]["itemStyle"] = {"color": style.color(index)}
    marks = {f"s{i}": SeriesMarks(parts=paths) for i, paths in enumerate(table_paths(data))}
    return figure(chart, context, frame, marks=marks)
