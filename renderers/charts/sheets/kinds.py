"""The one place where a kind of annotation meets the function that draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from renderers.charts.sheets import levels, pointers, sums, times
from renderers.charts.sheets.sheet import Sheet
from renderers.charts.spec import ChartSpec

DRAW: Mapping[str, Callable[[Any, Sheet], None]] = {
    "totals": sums.totals,
    "significance": pointers.significance,
    "bands": levels.band,
    "periods": times.period,
    "thresholds": levels.threshold,
    "events": times.event,
    "trend": sums.trend,
    "callouts": pointers.callout,
}
"""In the order of drawing: what has one place before what seeks one. Texts around the plot are
laid out with the titles, highlighted bars with the others."""
KINDS = frozenset({*DRAW, "subtitle", "text", "footnote", "highlighted"})


def needs_sheet(spec: ChartSpec) -> bool:
    """Whether any annotation is drawn after the marks are laid out."""
    return any(item.kind in DRAW for item in spec.annotations)


def draw_on(sheet: Sheet) -> None:
    """Draw the annotations of the sheet's chart."""
    for kind in DRAW:
        for item in sheet.spec.annotations:
            if item.kind == kind:
                DRAW[kind](item, sheet)
