"""The one place where a type of the catalog meets the function that draws it.

A drawing function takes the specification, the style and an empty sheet, draws marks, writes
texts, and gives back the scales of the axes that values are read off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib import bars, grids, lines, pies, points, radar, summaries
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.spec import ChartSpec

Draw = Callable[[ChartSpec, ChartStyle, Canvas], dict[str, Scale]]

DRAW: Mapping[str, Draw] = {
    "bar": bars.single,
    "horizontal_bar": bars.single,
    "diverging_bar": bars.single,
    "grouped_bar": bars.grouped,
    "stacked_bar": bars.stacked,
    "percent_bar": bars.stacked,
    "pyramid": bars.pyramid,
    "waterfall": bars.waterfall,
    "lollipop": bars.lollipop,
    "histogram": bars.histogram,
    "line": lines.lines,
    "multi_line": lines.lines,
    "step": lines.lines,
    "area": lines.area,
    "stacked_area": lines.stacked_area,
    "bar_line": lines.bar_line,
    "pie": pies.pie,
    "donut": pies.pie,
    "radar": radar.radar,
    "scatter": points.scatter,
    "bubble": points.scatter,
    "box": summaries.box,
    "error_bar": summaries.error_bar,
    "dumbbell": summaries.dumbbell,
    "heatmap": grids.heatmap,
}
