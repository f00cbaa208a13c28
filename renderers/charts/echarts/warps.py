"""Value axes that ECharts has no scale for: symmetric-logarithmic ones, and those with a break
whose parts have scales of their own.

ECharts draws them as linear axes of places on the line of a warp, with ready labels at the ticks;
what is read back is turned into values again by the same warp.
"""

from __future__ import annotations

from collections.abc import Sequence

from renderers.charts.echarts.axes import AxisRange, interval_count
from renderers.charts.echarts.context import DrawContext
from renderers.charts.echarts.room import pixels_beyond
from renderers.charts.spec import NumberFormat
from renderers.charts.ticks import ValueAxis
from renderers.charts.warped_axes import labels_at_break, warped_axis

WARPED = ("symlog", "broken")
"""The forms of such axes."""
TICK_SPACE = 0.6
"""Between two labels that stand side by side, in ems."""
PLOT_WIDTH = 0.6
"""Share of the width that a plot has at least next to long names."""


def warped_range(
    context: DrawContext,
    values: Sequence[float],
    number: NumberFormat,
    length: float,
    *,
    horizontal: bool = False,
    below: float = 0.0,
) -> AxisRange:
    """The value axis of a chart with such a form, in an area of this length in CSS pixels, of which
    `below` are kept free beyond the lowest value; a linear axis where rounding leaves no break."""
    beyond = pixels_beyond(context, length, horizontal)
    count = interval_count(length, context)
    low, high = min(values), max(values)

    def axis_of(apart: float) -> ValueAxis:
        need, form = (below, beyond), context.spec.axis
        return warped_axis(
            form, low, high, number, count, length, need, end_on_tick=True, apart=apart
        )

    axis = axis_of(0.0)
    if horizontal and (beside := labels_at_break(axis)):
        # They stand side by side.
        size = context.style.text_size
        wide = sum(context.ruler.width(label, size) for label in beside) / 2
        axis = axis_of((wide + size * TICK_SPACE) / PLOT_WIDTH)
    if axis.warp.kind == "linear":
        return AxisRange(axis.low, axis.high, axis.step)
    return AxisRange(axis.low, axis.high, axis.step, warped=axis)
