"""Which function draws which chart type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from renderers.charts.echarts.context import DrawContext, EchartsFigure
from renderers.charts.echarts.types import (
    bars,
    cells,
    graphs,
    lines,
    mixed,
    networks,
    pies,
    points,
    polar,
    rivers,
    spreads,
)

DRAW: Mapping[str, Callable[[DrawContext], EchartsFigure]] = MappingProxyType(
    {
        "area": lines.area,
        "bar": bars.bar,
        "bar_line": mixed.bar_line,
        "box": spreads.box,
        "bubble": points.bubble,
        "calendar": cells.calendar,
        "candlestick": spreads.candlestick,
        "diverging_bar": bars.diverging_bar,
        "donut": pies.donut,
        "dumbbell": spreads.dumbbell,
        "effect_scatter": points.effect_scatter,
        "funnel": pies.funnel,
        "gauge": polar.gauge,
        "graph": graphs.graph,
        "grouped_bar": bars.grouped_bar,
        "heatmap": cells.heatmap,
        "histogram": bars.histogram,
        "horizontal_bar": bars.horizontal_bar,
        "line": lines.line,
        "lollipop": mixed.lollipop,
        "multi_line": lines.multi_line,
        "parallel": rivers.parallel,
        "percent_bar": bars.percent_bar,
        "pictorial_bar": mixed.pictorial_bar,
        "pie": pies.pie,
        "polar_bar": polar.polar_bar,
        "pyramid": mixed.pyramid,
        "radar": polar.radar,
        "rose": pies.rose,
        "sankey": networks.sankey,
        "scatter": points.scatter,
        "stacked_area": lines.stacked_area,
        "stacked_bar": bars.stacked_bar,
        "step": lines.step,
        "sunburst": networks.sunburst,
        "theme_river": rivers.theme_river,
        "treemap": networks.treemap,
        "waterfall": mixed.waterfall,
    }
)
