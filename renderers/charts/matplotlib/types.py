"""The one place where a type of the catalog meets the function that draws it.

A drawing function takes the specification, the style and an empty sheet, draws marks, writes
texts, and gives back the scales of the axes that values are read off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib import (
    bars,
    bins,
    contours,
    courses,
    curves,
    densities,
    diagrams,
    distributions,
    flowcharts,
    grids,
    hexagons,
    intervals,
    lines,
    mind_maps,
    multiples,
    pies,
    points,
    radar,
    ranks,
    summaries,
    table_charts,
    ternary,
    tiles,
    vectors,
)
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
    "line": courses.line_chart,
    "multi_line": courses.line_chart,
    "step": lines.lines,
    "area": courses.area_chart,
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
    "horizontal_grouped_bar": bars.grouped,
    "horizontal_stacked_bar": bars.stacked,
    "horizontal_percent_bar": bars.stacked,
    "marimekko": tiles.marimekko,
    "small_multiples": multiples.small_multiples,
    "slope": ranks.slope,
    "bump": ranks.bump,
    "survival": curves.survival,
    "confusion_matrix": grids.heatmap,
    "tile_map": tiles.tile_map,
    "waffle": tiles.waffle,
    "venn": diagrams.venn,
    "timeline": diagrams.timeline,
    "range_bar": intervals.range_bar,
    "bullet": intervals.bullet,
    "forest": intervals.forest,
    "gantt": intervals.gantt,
    "violin": distributions.violin,
    "box_points": distributions.box_points,
    "interval_line": curves.interval_line,
    "roc_curve": curves.rates,
    "pr_curve": curves.rates,
    "icicle": tiles.icicle,
    "org_chart": diagrams.org_chart,
    "strip": distributions.strip,
    "swarm": distributions.swarm,
    "hexbin": hexagons.hexbin,
    "flowchart": flowcharts.flowchart,
    "mind_map": mind_maps.mind_map,
    "contour": contours.contour,
    "density": densities.density,
    "ridgeline": densities.ridgeline,
    "histogram_2d": bins.histogram_2d,
    "quiver": vectors.quiver,
    "table_chart": table_charts.table_chart,
    "ternary": ternary.ternary,
}
