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
    need = pixels_beyond(context, length, horizontal)
    if not need:
        return numbers
    low, high = min(numbers), max(numbers)
    plot = length * PLOT_SHARE
    share = min(need / plot, MAX_SHARE)
    if context.spec.axis.kind == "log":
        return [*numbers, float(high * (high / low) ** (share / (1 - share)))]
    low = min(low, 0.0) if zero else low
    return [*numbers, high + (high - low) * share / (1 - share)]


def pixels_beyond(context: DrawContext, length: float, horizontal: bool) -> float:
    """What annotations or an inset need beyond the highest value, in CSS pixels, in an area of this
    length."""
    size = context.label_size
    need = space_beyond(
        context.spec,
        context.style.text_size,
        lambda text: context.ruler.width(text, size, bold=True),
        horizontal,
    )
    return need if horizontal else max(need, length * context.panel.free_above)
