"""The one place where a kind of annotation meets the function that draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.annotations import levels, pointers, sums, times
from renderers.charts.matplotlib.annotations.sheet import Sheet, open_sheet
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.style import ChartStyle
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
laid out with the titles (`texts`), highlighted bars with the others."""
KINDS = frozenset({*DRAW, "subtitle", "text", "footnote", "highlighted"})


def draw_annotations(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, scales: Mapping[str, Scale]
) -> None:
    """Draw the annotations of a chart whose marks are laid out."""
    shaped = [item for kind in DRAW for item in spec.annotations if item.kind == kind]
    if shaped:
        sheet = open_sheet(spec, style, canvas, scales)
        for item in shaped:
            DRAW[item.kind](item, sheet)
