"""Space on the value axis that annotations need beyond the marks."""

from __future__ import annotations

import dataclasses

from renderers.charts.annotations.pointers import Callout, Significance
from renderers.charts.annotations.sums import Totals
from renderers.charts.matplotlib.annotations.pointers import BRACKET_SPACE
from renderers.charts.matplotlib.ranges import AxisValues
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import advance
from renderers.charts.spec import ChartSpec

CALLOUT_SPACE = 3.6
TOTAL_SPACE = 1.6
"""In ems."""


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
    for item in spec.annotations:
        if isinstance(item, Significance):
            more += style.base * BRACKET_SPACE
        elif isinstance(item, Callout):
            more = max(more, style.base * CALLOUT_SPACE)
        elif isinstance(item, Totals):
            font = style.font(style.label_size, bold=True)
            widest = max(advance(note.text, font) for note in item.notes(spec))
            more = max(more, style.base * TOTAL_SPACE + (widest if horizontal else 0.0))
    if not more:
        return values
    low, high = values.label_space
    return dataclasses.replace(values, label_space=(low, high + more))
