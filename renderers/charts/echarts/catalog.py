"""Which function draws which chart type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from renderers.charts.echarts.plan import Figure, Plan
from renderers.charts.echarts.types import bars, lines, rounds

DRAW: Mapping[str, Callable[[Plan], Figure]] = MappingProxyType(
    {
        "area": lines.area,
        "bar": bars.bar,
        "diverging_bar": bars.diverging_bar,
        "donut": rounds.donut,
        "grouped_bar": bars.grouped_bar,
        "histogram": bars.histogram,
        "horizontal_bar": bars.horizontal_bar,
        "line": lines.line,
        "multi_line": lines.multi_line,
        "percent_bar": bars.percent_bar,
        "pie": rounds.pie,
        "rose": rounds.rose,
        "stacked_area": lines.stacked_area,
        "stacked_bar": bars.stacked_bar,
        "step": lines.step,
    }
)
