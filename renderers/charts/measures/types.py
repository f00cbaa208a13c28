"""The measure of every chart type: a type without one cannot be drawn."""

from __future__ import annotations

from collections.abc import Mapping

from renderers.charts.measures import bars, places, shares, summaries
from renderers.charts.measures.reading import Measure

MEASURES: Mapping[str, Measure] = {
    "bar": bars.bars,
    "horizontal_bar": bars.bars,
    "grouped_bar": bars.bars,
    "stacked_bar": bars.stacked,
    "percent_bar": bars.stacked,
    "diverging_bar": bars.bars,
    "histogram": bars.bars,
    "waterfall": bars.waterfall,
    "pyramid": bars.pyramid,
    "pictorial_bar": bars.bars,
    "lollipop": places.along_axis,
    "line": places.along_axis,
    "multi_line": places.along_axis,
    "step": places.along_axis,
    "area": places.along_axis,
    "stacked_area": places.stacked_heights,
    "bar_line": places.bars_and_line,
    "radar": places.spokes,
    "parallel": places.parallel,
    "scatter": places.plane,
    "bubble": places.plane,
    "effect_scatter": places.plane,
    "box": summaries.boxes,
    "candlestick": summaries.candles,
    "error_bar": summaries.error_bars,
    "dumbbell": summaries.dumbbells,
    "pie": shares.angles,
    "donut": shares.angles,
    "rose": shares.radii,
    "polar_bar": shares.polar,
    "gauge": shares.gauge,
    "funnel": shares.funnel,
    "heatmap": shares.colors,
    "calendar": shares.colors,
    "treemap": shares.areas,
    "sunburst": shares.rings,
    "sankey": shares.flows,
    "graph": shares.links,
    "theme_river": shares.river,
}
