"""Values that an axis must hold besides the data's: for annotations, insets, other panels."""

from __future__ import annotations

from collections.abc import Iterable

from renderers.charts.echarts.context import DrawContext
from renderers.charts.sheets.room import space_beyond

PLOT_SHARE = 0.82
"""Of the area's length that the plot takes, before it is laid out."""
MAX_SHARE = 0.6
"""Of the plot that is kept free at most."""


def with_room(
    context: DrawContext,
    values: Iterable[float],
    length: float,
    *,
    zero: bool,
    horizontal: bool = False,
) -> list[float]:
    """The values, and one beyond the highest where annotations or an inset need space on an axis in
    an area of this length in CSS pixels, which begins at `zero` or near the lowest value; with the
    ends of other panels on the same axis."""
    numbers = [*values, *(context.panel.value_range or ())]
    spec, style = context.spec, context.style
    size = context.label_size
    need = space_beyond(
        spec, style.text_size, lambda text: context.ruler.width(text, size, bold=True), horizontal
    )
    if not horizontal:
        need = max(need, length * context.panel.free_above)
    if not need:
        return numbers
    low, high = min(numbers), max(numbers)
    plot = length * PLOT_SHARE
    share = min(need / plot, MAX_SHARE)
    if spec.axis.kind == "log":
        return [*numbers, float(high * (high / low) ** (share / (1 - share)))]
    low = min(low, 0.0) if zero else low
    return [*numbers, high + (high - low) * share / (1 - share)]
