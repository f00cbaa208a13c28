"""Values in cells: heat map and calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Calendar, HeatMap

from renderers.charts.echarts.axes import category_axis, grid
from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    SeriesMarks,
    figure,
    text_formatter,
)
from renderers.charts.palette import on_ramp
from renderers.charts.paths import table_paths
from renderers.languages.registry import chart_forms, language


def heatmap(context: DrawContext) -> EchartsFigure:
    """A grid of cells, colored by value along the ramp of the palette."""
    spec, data = context.spec, context.spec.table
    frame = context.frame()
    cells = [[i, j, v] for j, series in enumerate(data.series) for i, v in enumerate(series.values)]
    texts = [s.number.print(v) for s in data.series for v in s.values]
    chart = HeatMap().add_xaxis(list(data.categories))
    chart.add_yaxis(
        "",
        [s.name for s in data.series],
        _colored(context, cells),
        label_opts=context.label("inside") | {"formatter": text_formatter(texts)},
        itemstyle_opts=_border(context),
    )
    names = [s.name for s in data.series]
    x = category_axis(context, "x", data.categories, frame.body, spec.x_title)
    y = category_axis(context, "y", names, frame.body, spec.y_title, inverse=True)
    for axis in (x, y):
        axis["axisLine"]["show"] = axis["axisTick"]["show"] = False
    return figure(
        chart,
        context,
        frame,
        marks={"s0": SeriesMarks(tuple(path for row in table_paths(data) for path in row))},
        ramp=context.style.palette.ramp,
        xAxis=[x],
        yAxis=[y],
        grid=[grid(frame.body, frame.width, frame.height)],
        visualMap=_ramp(context, [c[2] for c in cells]),
    )


def calendar(context: DrawContext) -> EchartsFigure:
    """A month: weeks below each other, the day small in each cell and the value large."""
    spec, data = context.spec, context.spec.table
    frame = context.frame()
    size = context.style.text_size
    area = frame.body.inset(left=size, top=size * 3.6, right=size, bottom=2)
    month = data.categories[0][:7]
    values = data.series[0].values
    texts = [data.series[0].number.print(v) for v in values]
    cells = [[day, v] for day, v in zip(data.categories, values, strict=True)]
    first_day = context.sampler.pick("first_day", (0, 1))
    height = area.height / _weeks(data.categories, first_day)
    items = _colored(context, cells)
    chart = Calendar().add(
        "",
        items,
        label_opts=context.label("inside")
        | {"formatter": text_formatter(texts), "offset": [0, height * 0.14], "fontSize": size},
        calendar_opts=opts.CalendarOpts(
            range_=month,
            orient="vertical",
            pos_left=area.left,
            pos_top=area.top,
            daylabel_opts=opts.CalendarDayLabelOpts(
                first_day=first_day,
                name_map=_weekdays(spec.lang),
            ),
            monthlabel_opts=opts.CalendarMonthLabelOpts(is_show=False),
            yearlabel_opts=opts.CalendarYearLabelOpts(is_show=False),
        ),
        itemstyle_opts=_border(context),
    )
    day_size = max(context.label_size - 2, 10 if language(spec.lang).fine else 9)
    for item in items:
        item["day"] = dict(item["label"])
    days = {
        "type": "scatter",
        "coordinateSystem": "calendar",
        "id": "days",
        "symbolSize": 1,
        "itemStyle": {"opacity": 0},
        "data": [{"value": c, "label": i.pop("day")} for c, i in zip(cells, items, strict=True)],
        "label": context.label("inside")
        | {
            "formatter": text_formatter([str(int(day[8:])) for day in data.categories]),
            "offset": [0, -height * 0.26],
            "fontSize": day_size,
            "opacity": 1,
        },
    }
    chart.options["series"].append(days)
    style = context.style
    result = figure(
        chart,
        context,
        frame,
        roles={"days": "category"},
        marks={"s0": SeriesMarks(table_paths(data)[0])},
        ramp=context.style.palette.ramp,
        visualMap=_ramp(context, list(values)) | {"seriesIndex": 0},
    )
    coordinate = result.option["calendar"][0]
    for key in ("width", "height"):
        coordinate.pop(key, None)
    edges = {"right": frame.width - area.right, "bottom": frame.height - area.bottom}
    coordinate |= edges | {"cellSize": "auto"}
    coordinate["dayLabel"] |= style.text_style(size)
    coordinate["dayLabel"]["margin"] = size * 0.5
    coordinate["itemStyle"] = {"color": "transparent", "borderColor": style.palette.grid}
    coordinate["splitLine"] = {"show": False}
    result.option["title"].append(
        {
            "id": "note",
            "text": month,
            "textStyle": style.text_style(size, style.palette.ink, bold=True),
            "left": area.left,
            "top": frame.body.top,
            "padding": 0,
        }
    )
    return result


def _weekdays(lang: str) -> str | list[str]:
    """The names of the weekdays, or which of those that ECharts has."""
    own = chart_forms(lang).weekdays
    return list(own) if own else "cn" if language(lang).wide else "en"


def _weeks(days: Sequence[str], first_day: int) -> int:
    """How many rows a month takes; weeks begin on Sunday (0) or Monday (1)."""
    before = (date.fromisoformat(days[0]).isoweekday() - first_day) % 7
    return -(-(before + len(days)) // 7)


def _colored(context: DrawContext, cells: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Cells with the text color that can be read on them; the last entry is the value."""
    values = [cell[-1] for cell in cells]
    low, high = min(values), max(values)
    items = []
    for cell in cells:
        color = on_ramp(context.style.palette.ramp, (cell[-1] - low) / ((high - low) or 1))
        items.append({"value": list(cell), "label": {"color": context.ink_on(color)}})
    return items


def _ramp(context: DrawContext, values: list[float]) -> dict[str, Any]:
    low, high = min(values), max(values)
    return {
        "type": "continuous",
        "show": False,
        "min": low,
        "max": high if high > low else low + 1,
        "inRange": {"color": list(context.style.palette.ramp)},
    }


def _border(context: DrawContext) -> dict[str, Any]:
    return {
        "borderColor": context.style.palette.background,
        "borderWidth": context.sampler.pick("cell_border", (1, 2, 3)),
        "borderRadius": context.sampler.pick("cell_radius", (0, 0, 4)),
    }
