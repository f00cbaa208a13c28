"""Parts of a whole: pie, donut, rose; and the funnel."""

from __future__ import annotations

from typing import Any

from pyecharts.charts import Funnel, Pie

from renderers.charts.echarts.plan import Figure, Plan, figure, printed

MARKS = {"pie": "slice"}


def pie(plan: Plan) -> Figure:
    return _pie(plan, 0.0)


def donut(plan: Plan) -> Figure:
    return _pie(plan, plan.variety.whole("hole_percent", 40, 68) / 100)


def rose(plan: Plan) -> Figure:
    return _pie(plan, plan.variety.pick("hole", (0.0, 0.2, 0.3)), rose="area")


def funnel(plan: Plan) -> Figure:
    data = plan.table
    series = data.series[0]
    size = plan.label_size
    texts = [series.number.print(v) for v in series.values]
    named = plan.variety.flag("names_beside", 0.6)
    at = plan.frame(() if named else data.categories)
    joint = plan.variety.pick("joint", (": ", "  "))
    labels = [n + joint + t for n, t in zip(data.categories, texts, strict=True)]
    labels = labels if named else texts
    wide = plan.label_width(labels)
    room = at.body.inset(left=12, right=wide + 44)
    if plan.variety.flag("centered", 0.5):
        room = at.body.inset(left=wide + 44, right=wide + 44)
    chart = Funnel().add(
        "",
        [list(pair) for pair in zip(data.categories, series.values, strict=True)],
        min_=0,
        max_=max(series.values),
        gap=plan.variety.whole("gap", 0, 5),
        sort_="none",
        label_opts=plan.label("right") | {"formatter": printed(labels), "fontSize": size},
        itemstyle_opts={"borderColor": plan.look.palette.background, "borderWidth": 1},
        pos_left=room.left,
        pos_top=room.top,
        width=room.width,
        height=room.height,
    )
    series_option = chart.options["series"][0]
    series_option["labelLine"] = {
        "show": True,
        "length": 14,
        "lineStyle": {"color": plan.look.palette.faint, "width": 1},
    }
    series_option["funnelAlign"] = "center"
    role = "label" if named else "value"
    return figure(chart, plan, at, roles={"funnel": role}, marks={"funnel": "slice"})


def _pie(plan: Plan, hole: float, rose: str | None = None) -> Figure:
    data = plan.table
    series = data.series[0]
    texts = [series.number.print(v) for v in series.values]
    named = plan.variety.flag("names_beside", 0.6)
    at = plan.frame(() if named else data.categories)
    joint = plan.variety.pick("joint", ("\n", ": ", "  "))
    if named:
        limit = at.body.width * 0.24
        names = [plan.ruler.wrap(n, plan.label_size, limit) for n in data.categories]
        joints = ["\n" if joint != "\n" and "\n" in n else joint for n in names]
        labels = [n + j + t for n, j, t in zip(names, joints, texts, strict=True)]
        labels = [
            t if plan.ruler.width(t, plan.label_size) <= limit else t.replace(joint, "\n", 1)
            for t in labels
        ]
    else:
        labels = texts
    wide = plan.label_width(labels)
    lines = max(t.count("\n") + 1 for t in labels)
    lead = plan.label_size * 2.4
    radius = min(
        at.body.width / 2 - wide - lead,
        at.body.height / 2 - plan.label_size * 1.3 * lines - lead * 0.4,
    )
    radius = max(radius, min(at.body.width, at.body.height) * 0.2)
    start = plan.variety.whole("start_angle", 0, 23) * 15
    edge = plan.variety.pick("slice_border", (0, 1, 2))

    chart = Pie().add(
        series.name,
        [list(pair) for pair in zip(data.categories, series.values, strict=True)],
        radius=[radius * hole, radius],
        center=at.body.center,
        rosetype=rose,
        start_angle=start,
        is_clockwise=plan.variety.flag("clockwise", 0.8),
        min_show_label_angle=0,
        is_avoid_label_overlap=True,
        label_opts=plan.label("outside") | {"formatter": printed(labels), "overflow": "none"},
        label_line_opts=_lead(plan),
        itemstyle_opts={"borderColor": plan.look.palette.background, "borderWidth": edge},
    )
    role = "label" if named else "value"
    return figure(chart, plan, at, roles={"pie": role}, marks=MARKS)


def _lead(plan: Plan) -> dict[str, Any]:
    size = plan.label_size
    return {
        "show": True,
        "length": size * 0.8,
        "length2": size * 0.8,
        "smooth": plan.variety.flag("smooth_leads", 0.3),
        "lineStyle": {"color": plan.look.palette.faint, "width": 1},
    }
