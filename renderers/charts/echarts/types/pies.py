"""Parts of a whole: pie, donut, rose; and the funnel."""

from __future__ import annotations

from typing import Any

from pyecharts.charts import Funnel, Pie

from renderers.charts.echarts.context import (
    DrawContext,
    EchartsFigure,
    figure,
    table_marks,
    text_formatter,
)

LEADER_SPACE = 44
"""CSS pixels between a funnel and its labels, leader included, and beyond them."""
ANGLE_STEP = 15
"""Degrees."""
MAX_NAME_WIDTH = 0.24
"""Share of the width that a name may take before it wraps."""
LEADER = 2.4
"""Width of a leader with its gaps, in ems."""
LINE_HEIGHT = 1.3
"""In ems."""
LEADER_HEIGHT = 0.4
"""Height of a leader, as a share of its width."""
MIN_RADIUS = 0.2
"""Share of the shorter side."""
LEADER_PART = 0.8
"""Length of each of the two parts of a leader, in ems."""


def pie(context: DrawContext) -> EchartsFigure:
    """Slices with angles by value."""
    return _pie(context, 0.0)


def donut(context: DrawContext) -> EchartsFigure:
    """A pie with a hole."""
    return _pie(context, context.sampler.whole_number("hole_percent", 40, 68) / 100)  # percent


def rose(context: DrawContext) -> EchartsFigure:
    """Slices of equal angles with radii by value."""
    return _pie(context, context.sampler.pick("hole", (0.0, 0.2, 0.3)), rose="area")


def funnel(context: DrawContext) -> EchartsFigure:
    """Trapezoids below each other, as wide as their values."""
    data = context.spec.table
    series = data.series[0]
    size = context.label_size
    texts = [series.number.print(v) for v in series.values]
    named = context.sampler.flag("names_beside", 0.6)
    frame = context.frame(() if named else data.categories)
    joint = context.sampler.pick("joint", (": ", "  "))
    labels = [n + joint + t for n, t in zip(data.categories, texts, strict=True)]
    labels = labels if named else texts
    label_width = context.label_width(labels)
    area = frame.body.inset(left=12, right=label_width + LEADER_SPACE)
    if context.sampler.flag("centered", 0.5):
        area = frame.body.inset(left=label_width + LEADER_SPACE, right=label_width + LEADER_SPACE)
    chart = Funnel().add(
        "",
        [list(pair) for pair in zip(data.categories, series.values, strict=True)],
        min_=0,
        max_=max(series.values),
        gap=context.sampler.whole_number("gap", 0, 5),
        sort_="none",
        label_opts=context.label("right") | {"formatter": text_formatter(labels), "fontSize": size},
        itemstyle_opts={"borderColor": context.style.palette.background, "borderWidth": 1},
        pos_left=area.left,
        pos_top=area.top,
        width=area.width,
        height=area.height,
    )
    series_option = chart.options["series"][0]
    series_option["labelLine"] = {
        "show": True,
        "length": 14,
        "lineStyle": {"color": context.style.palette.faint, "width": 1},
    }
    series_option["funnelAlign"] = "center"
    role = "label" if named else "value"
    return figure(chart, context, frame, roles={"funnel": role}, marks=table_marks(data))


def _pie(context: DrawContext, hole: float, rose: str | None = None) -> EchartsFigure:
    data = context.spec.table
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    named = context.sampler.flag("names_beside", 0.6)
    frame = context.frame(() if named else data.categories)
    joint = context.sampler.pick("joint", ("\n", ": ", "  "))
    if named:
        limit = frame.body.width * MAX_NAME_WIDTH
        names = [context.ruler.wrap(n, context.label_size, limit) for n in data.categories]
        joints = ["\n" if joint != "\n" and "\n" in n else joint for n in names]
        labels = [n + j + t for n, j, t in zip(names, joints, texts, strict=True)]
        labels = [
            t if context.ruler.width(t, context.label_size) <= limit else t.replace(joint, "\n", 1)
            for t in labels
        ]
    else:
        labels = texts
    label_width = context.label_width(labels)
    lines = max(t.count("\n") + 1 for t in labels)
    lead = context.label_size * LEADER
    radius = min(
        frame.body.width / 2 - label_width - lead,
        frame.body.height / 2 - context.label_size * LINE_HEIGHT * lines - lead * LEADER_HEIGHT,
    )
    radius = max(radius, min(frame.body.width, frame.body.height) * MIN_RADIUS)
    start = context.sampler.whole_number("start_angle", 0, 23) * ANGLE_STEP
    edge = context.sampler.pick("slice_border", (0, 1, 2))

    chart = Pie().add(
        series.name,
        [list(pair) for pair in zip(data.categories, series.values, strict=True)],
        radius=[radius * hole, radius],
        center=frame.body.center,
        rosetype=rose,
        start_angle=start,
        is_clockwise=context.sampler.flag("clockwise", 0.8),
        min_show_label_angle=0,
        is_avoid_label_overlap=True,
        label_opts=context.label("outside")
        | {"formatter": text_formatter(labels), "overflow": "none"},
        label_line_opts=_lead(context),
        itemstyle_opts={"borderColor": context.style.palette.background, "borderWidth": edge},
    )
    role = "label" if named else "value"
    return figure(chart, context, frame, roles={"pie": role}, marks=table_marks(data))


def _lead(context: DrawContext) -> dict[str, Any]:
    size = context.label_size
    return {
        "show": True,
        "length": size * LEADER_PART,
        "length2": size * LEADER_PART,
        "smooth": context.sampler.flag("smooth_leads", 0.3),
        "lineStyle": {"color": context.style.palette.faint, "width": 1},
    }
