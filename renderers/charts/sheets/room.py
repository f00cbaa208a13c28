"""Space on the value axis that annotations need beyond the marks."""

from __future__ import annotations

from collections.abc import Callable

from renderers.charts.annotations.pointers import Callout, Significance
from renderers.charts.annotations.sums import Totals
from renderers.charts.sheets.pointers import BRACKET_SPACE
from renderers.charts.spec import ChartSpec

CALLOUT_SPACE = 3.6
TOTAL_SPACE = 1.6
"""In ems."""


def space_beyond(
    spec: ChartSpec, base: float, width: Callable[[str], float], horizontal: bool
) -> float:
    """Pixels beyond the highest value, with an em of `base` pixels; `width` measures a total."""
    more = 0.0
    for item in spec.annotations:
        if isinstance(item, Significance):
            more += base * BRACKET_SPACE
        elif isinstance(item, Callout):
            more = max(more, base * CALLOUT_SPACE)
        elif isinstance(item, Totals):
            widest = max(width(note.text) for note in item.notes(spec)) if horizontal else 0.0
            more = max(more, base * TOTAL_SPACE + widest)
    return more
