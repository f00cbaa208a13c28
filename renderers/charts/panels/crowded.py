"""Panels that are too small to be read."""

from __future__ import annotations

from collections.abc import Iterator

from renderers.charts.drawing import Drawing
from renderers.charts.flaw import Flaw

MIN_PLOT, MIN_RADIUS = 5.0, 3.0
"""In ems."""


def crowded(drawing: Drawing, em: float) -> Iterator[Flaw]:
    """A plot or pie of a panel that is too small to be read, in ems of the figure."""
    for x0, y0, x1, y1 in drawing.plots:
        if min(x1 - x0, y1 - y0) < MIN_PLOT * em:
            yield Flaw("crowded", f"a plot of {x1 - x0:.0f} x {y1 - y0:.0f} pixels")
    radii = [mark.sector.outer for mark in drawing.marks if mark.sector]
    if radii and max(radii) < MIN_RADIUS * em:
        yield Flaw("crowded", f"a pie of radius {max(radii):.0f}")
