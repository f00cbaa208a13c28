"""Comparing the values of a chart only where a reader of the picture can."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from vary_data.targets.charts.chart import Chart, Path
from vary_data.targets.printed import Number, number, numbers

READABLE_STEPS = 2
"""Values that are read off an axis differ by more than so many of their steps, or they are equal
to a reader."""


def margin(chart: Chart, *paths: Path) -> Decimal:
    """By how much these values have to differ to be told apart: 0 where values are printed."""
    steps = [number(chart.steps[path], chart.printed_in) for path in paths if path in chart.steps]
    return max((abs(step.value) * READABLE_STEPS for step in steps if step), default=Decimal(0))


def differ(chart: Chart, first: Path, second: Path, values: tuple[Number, Number]) -> bool:
    """Whether a reader can tell two values apart."""
    return abs(values[0].value - values[1].value) > margin(chart, first, second)


def extreme(
    chart: Chart, items: Sequence[tuple[Path, str]], largest: bool
) -> tuple[Path, str] | None:
    """The largest or smallest of values of one unit; None if a reader cannot tell which it is."""
    found = numbers([text for _, text in items], chart.printed_in)
    if found is None or len(items) < 2:
        return None
    order = sorted(range(len(items)), key=lambda i: found[i].value, reverse=largest)
    best = order[0]
    for other in order[1:]:
        pair = (found[best], found[other])
        if not differ(chart, items[best][0], items[other][0], pair):
            return None
    return items[best]
