"""Whether the middle of a mark's box is on the mark, as docs/charts.md says for most types."""

from __future__ import annotations

import math

import numpy as np

from renderers.charts.drawing import Drawing, Mark
from renderers.charts.palette import rgb_bytes

RINGS = frozenset({"donut", "gauge", "polar_bar", "sunburst"})
"""Types whose sectors may bend around the middle of their box."""
FILLED = frozenset({
    *("bar", "horizontal_bar", "grouped_bar", "stacked_bar", "percent_bar", "diverging_bar"),
    *("histogram", "waterfall", "pyramid", "horizontal_grouped_bar", "horizontal_stacked_bar"),
    *("horizontal_percent_bar", "marimekko", "small_multiples", "range_bar", "gantt", "heatmap"),
    *("calendar", "confusion_matrix", "hexbin", "histogram_2d", "tile_map", "icicle", "funnel"),
    *("theme_river", "table_chart"),
})  # fmt: skip
"""Types whose marks have one color all over."""
_NEAR = 60
"""Sum of the differences of three channels, for rounded colors and what is drawn thinly above."""


def away(type_: str, drawing: Drawing) -> list[Mark]:
    """The marks with another color in the middle of their box, or a middle beside their sector."""
    return [
        mark
        for mark in drawing.marks
        if (mark.sector is not None and type_ not in RINGS and not _in_sector(mark))
        or (type_ in FILLED and mark.color and not _painted(mark, drawing))
    ]


def _in_sector(mark: Mark) -> bool:
    assert mark.sector is not None
    sector, (x, y) = mark.sector, mark.center
    dx, dy = x - sector.center[0], sector.center[1] - y
    turn = (math.atan2(dy, dx) - sector.start) % (2 * math.pi)
    return (
        sector.inner - 1 <= math.hypot(dx, dy) <= sector.outer + 1 and turn <= sector.sweep + 1e-6
    )


def _painted(mark: Mark, drawing: Drawing) -> bool:
    """Whether a pixel in the middle has the mark's color, or a text lies there."""
    x, y = mark.center
    for text in drawing.texts:
        x0, y0, x1, y1 = text.bbox
        if x0 - 2 <= x <= x1 + 2 and y0 - 2 <= y <= y1 + 2:
            return True
    left, top = max(0, int(x) - 1), max(0, int(y) - 1)
    near = drawing.pixels[top : top + 3, left : left + 3].astype(int) - rgb_bytes(mark.color)
    return bool(np.abs(near).sum(axis=2).min() < _NEAR)
