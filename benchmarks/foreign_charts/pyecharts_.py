"""Charts with pyecharts' defaults."""

from __future__ import annotations

from typing import Any

from pyecharts import options as opts
from pyecharts.charts import Bar, Line, Pie, Scatter

from benchmarks.foreign_charts.generator import Drawn, turned, upwards, value_axis
from benchmarks.foreign_charts.page import OVERLAPS, BrowserPage
from renderers.charts.drawing import Scale
from renderers.charts.echarts.install import find_echarts_js
from renderers.charts.spec import ChartSpec
from renderers.rejected import Rejected

SIZE = (900, 500)
"""pyecharts' own size of pictures."""
DRAW = """option => {
  const place = document.querySelector("#chart");
  const chart = echarts.init(place, "white", {renderer: "svg"});
  chart.setOption({...(0, eval)(`(${option})`), animation: false});
  const scale = name => {
    const part = chart.getModel().getComponent(name);
    if (!part || part.axis.type !== "value") return null;
    const [low, high] = part.axis.scale.getExtent();
    const ticks = part.axis.scale.getTicks().map(tick => tick.value);
    const [from, to] = part.axis.getExtent();
    return {low, high, pixels: Math.abs(to - from), tick: ticks[2] - ticks[1]};
  };
  return {x: scale("xAxis"), y: scale("yAxis")};
}"""


class PyEcharts:
    """Draws options in a page that has ECharts."""

    def __init__(self) -> None:
        self._page = BrowserPage(*SIZE)
        script = find_echarts_js(None).read_text(encoding="utf-8")
        self._html = (
            f'<body style="margin:0"><script>{script}</script>'
            f'<div id="chart" style="width:{SIZE[0]}px;height:{SIZE[1]}px"></div>'
        )

    def draw(self, spec: ChartSpec) -> Drawn:
        """See `Library`. The source line is left out: pyecharts has no place for one."""
        if spec.source:
            raise Rejected("source-line", "pyecharts has no place for one")
        chart = _chart(upwards(spec))
        self._page.show(self._html)
        axes = self._page.evaluate(DRAW, chart.dump_options())
        if problem := self._page.evaluate(OVERLAPS):
            raise Rejected(problem, "names, values or titles")
        scales: dict[str, Scale] = {}
        if spec.type != "pie":
            keys = ("x", "y") if spec.type == "scatter" else (value_axis(spec),)
            scales = {key: Scale(**axes[key]) for key in keys}
        return Drawn(self._page.pixels(), scales)

    def close(self) -> None:
        """Stop the browser."""
        self._page.close()


def _chart(spec: ChartSpec) -> Any:
    if spec.type == "scatter":
        return _scatter(spec)
    table = spec.table
    names = list(table.categories)
    if spec.type == "pie":
        number = table.series[0].number
        pairs = list(zip(names, map(float, table.series[0].values), strict=True))
        pie = Pie().add("", pairs)
        pie.set_series_opts(label_opts=opts.LabelOpts(formatter="{b}"))
        for item in pie.options["series"][0]["data"]:
            item["name"] = f"{item['name']}: {number.print(item['value'])}"
        legend = opts.LegendOpts(is_show=False)
        return pie.set_global_opts(title_opts=opts.TitleOpts(title=spec.title), legend_opts=legend)
    lines = spec.type in ("line", "multi_line", "area")
    chart: Any = (Line() if lines else Bar()).add_xaxis(names)
    for series in table.series:
        further: dict[str, Any] = {}
        if spec.type == "stacked_bar":
            further["stack"] = "all"
        if spec.type == "area":
            further["areastyle_opts"] = opts.AreaStyleOpts(opacity=0.5)
        items = [{"value": v, "name": series.number.print(v)} for v in map(float, series.values)]
        label = opts.LabelOpts(is_show=spec.labels, formatter="{b}")
        if spec.labels and lines:
            label = opts.LabelOpts(formatter="{b}", position="top")
        chart.add_yaxis(series.name, items, label_opts=label, **further)
        chart.options["series"][-1]["data"] = items  # lines pair them with the names otherwise
        if not lines and spec.labels:
            chart.options["series"][-1]["label"].opts["position"] = (
                "inside" if spec.type == "stacked_bar" else "right" if spec.type == "horizontal_bar"
                else "top"
            )  # fmt: skip
    if spec.type == "horizontal_bar":
        chart.reversal_axis()
    return _titled(spec, chart, turned(names) and spec.type != "horizontal_bar")


def _scatter(spec: ChartSpec) -> Any:
    chart: Any = Scatter().add_xaxis([])
    for series in spec.points.series:
        points = [[p.x, p.y] for p in series.points]
        label = opts.LabelOpts(is_show=False)
        chart.add_yaxis(series.name, [], label_opts=label)
        chart.options["series"][-1]["data"] = points
    chart.options["xAxis"][0].pop("data", None)
    return _titled(spec, chart, False, numbers=True)


def _titled(spec: ChartSpec, chart: Any, turn: bool, numbers: bool = False) -> Any:
    label = opts.LabelOpts(rotate=30 if turn else None, interval=0)  # every name is shown
    kind = {"type_": "value"} if numbers or spec.type == "horizontal_bar" else {}
    return chart.set_global_opts(
        title_opts=opts.TitleOpts(title=spec.title),
        xaxis_opts=opts.AxisOpts(name=spec.x_title, axislabel_opts=label, **kind),
        yaxis_opts=opts.AxisOpts(name=spec.y_title),
    )


def open_library(lang: str) -> PyEcharts:
    """pyecharts for a language; Chromium finds fonts for Chinese by itself."""
    return PyEcharts()
