"""Space on the value axis for annotations, for an inset, and for other panels."""

from __future__ import annotations

import dataclasses

from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import advance
from renderers.charts.sheets.room import space_beyond
from renderers.charts.spec import ChartSpec


def with_room(
    values: AxisValues, spec: ChartSpec, style: ChartStyle, horizontal: bool = False
) -> AxisValues:
    """The values with more space at the high end, where annotations of the chart or an inset need
    it, and with those of other panels on the same axis."""
    if style.value_range is not None:
        # Space for labels depends on the size of the panel: the axes would differ.
        low, high = style.value_range
        low, high = min(values.low, low), max(values.high, high)
        values = dataclasses.replace(values, low=low, high=high, label_space=(0.0, 0.0))
    more = 0.0 if horizontal else style.height * style.free_above
    font = style.font(style.label_size, bold=True)
    space = space_beyond(spec, style.base, lambda text: advance(text, font), horizontal)
    more = max(more, space)
    if not more:
        return values
    low, high = values.label_space
    return dataclasses.replace(values, label_space=(low, high + more))
