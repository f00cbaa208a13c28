"""Charts with plotly's default template."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from benchmarks.foreign_charts.generator import Drawn, upwards, value_axis
from benchmarks.foreign_charts.page import OVERLAPS, BrowserPage
from renderers.charts.drawing import Scale
from renderers.charts.spec import ChartSpec
from renderers.rejected import Rejected

SIZE = (700, 500)
"""Plotly's own size of pictures."""
AXES = """() => {
  const layout = document.querySelector(".js-plotly-plot")._fullLayout;
  const scale = axis => axis && axis.type === "linear" && {
    low: axis.range[0], high: axis.range[1], pixels: axis._length, tick: axis.dtick};
  return {x: scale(layout.xaxis), y: scale(layout.yaxis)};
}"""


class Plotly:
    """Draws figures in a page that has plotly's script."""

    def __init__(self) -> None:
        self._page = BrowserPage(*SIZE)

    def draw(self, spec: ChartSpec) -> Drawn:
        """See `Library`."""
        figure = go.Figure(_traces(upwards(spec)))
        figure.update_layout(width=SIZE[0], height=SIZE[1], title=spec.title,
                             xaxis_title=spec.x_title, yaxis_title=spec.y_title)  # fmt: skip
        if spec.type == "stacked_bar":
            figure.update_layout(barmode="stack")
        if spec.type not in ("scatter", "pie"):  # years are names, not numbers
            figure.update_layout(
                {f"{'y' if value_axis(spec) == 'x' else 'x'}axis_type": "category"}
            )
        if spec.source:
            figure.add_annotation(text=spec.source, xref="paper", yref="paper", x=1, y=-0.28,
                                  showarrow=False)  # fmt: skip
        html = figure.to_html(include_plotlyjs=True, config={"displayModeBar": False})
        self._page.show(html.replace("<body>", '<body style="margin:0">'))
        if problem := self._page.evaluate(OVERLAPS):
            raise Rejected(problem, "names, values or titles")
        scales: dict[str, Scale] = {}
        if spec.type != "pie":
            keys = ("x", "y") if spec.type == "scatter" else (value_axis(spec),)
            axes = self._page.evaluate(AXES)
            scales = {key: Scale(**axes[key]) for key in keys}
        return Drawn(self._page.pixels(), scales)

    def close(self) -> None:
        """Stop the browser."""
        self._page.close()


def _traces(spec: ChartSpec) -> list[Any]:
    if spec.type == "scatter":
        return [
            go.Scatter(x=[p.x for p in s.points], y=[p.y for p in s.points], mode="markers",
                       name=s.name, showlegend=bool(s.name))
            for s in spec.points.series
        ]  # fmt: skip
    names, traces = list(spec.table.categories), []
    for series in spec.table.series:
        texts = [series.number.print(value) for value in series.values] if spec.labels else None
        common: dict[str, Any] = {"name": series.name, "showlegend": bool(series.name)}
        if spec.type == "pie":
            labels = [f"{n}: {t}" for n, t in zip(names, texts or names, strict=True)]
            traces.append(go.Pie(labels=labels, values=series.values, text=labels, textinfo="text",
                                 textposition="outside", showlegend=False))  # fmt: skip
        elif spec.type in ("line", "multi_line", "area"):
            traces.append(go.Scatter(x=names, y=series.values, text=texts, **common,
                                     mode="lines+markers+text" if texts else "lines",
                                     textposition="top center",
                                     fill="tozeroy" if spec.type == "area" else None))  # fmt: skip
        elif spec.type == "horizontal_bar":
            traces.append(go.Bar(y=names, x=series.values, text=texts, orientation="h", **common))
        else:
            traces.append(go.Bar(x=names, y=series.values, text=texts, **common))
    return traces


def open_library(lang: str) -> Plotly:
    """Plotly for a language; Chromium finds fonts for Chinese by itself."""
    return Plotly()
