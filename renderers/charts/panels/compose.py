"""Figures of any backend: panels drawn one by one at their places, audited together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.panels.figure import (
    PlacedPanel,
    RenderedFigure,
    figure_flaws,
    figure_links,
    figure_picture,
    figure_truth,
)
from renderers.charts.panels.plan import inset_cell, same_scales
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.picture import Box
from renderers.rejected import Rejected

DrawPanel = Callable[[Panel, int, Box], RenderedChart]
"""Draws and audits a panel, by its index, as large as its cell."""


def compose(
    spec: PanelSpec,
    cells: Sequence[Box],
    around: Callable[[], Drawing],
    draw_panel: DrawPanel,
    style: Mapping[str, Any],
    inset_gap: float,
    frame: str,
) -> RenderedFigure:
    """The figure: its panels are audited and repaired one by one, then the whole.

    `around` draws the common texts. `inset_gap` is the free space around an inset in pixels,
    `frame` the color, `#rrggbb`, of the line around it.

    Raises:
        Rejected: a panel or the whole keeps a flaw; `inset` or `shared-axis` where a place for an
            inset or a common axis is not found.
    """
    placed: list[PlacedPanel] = []
    for i, panel in enumerate(spec.panels):
        if spec.inset and i:
            box = inset_cell(placed[0].chart, inset_gap)
            at = placed[0].x, placed[0].y
            cell = (box[0] + at[0], box[1] + at[1], box[2] + at[0], box[3] + at[1])
        else:
            cell = cells[i]
        try:
            chart = draw_panel(panel, i, cell)
        except Rejected as rejected:
            detail = f"panel {panel.name}, {panel.spec.type}: {rejected.detail}"
            raise Rejected(rejected.reason, detail) from rejected
        placed.append(PlacedPanel(panel.name, chart, int(cell[0]), int(cell[1])))
    surroundings = around()
    if spec.shared and not same_scales([panel.chart for panel in placed]):
        raise Rejected("shared-axis", "the value axes of the panels differ")
    if flaws := figure_flaws(spec, surroundings, placed):
        raise Rejected(flaws[0].reason, flaws[0].text)
    picture, places, offsets = figure_picture(surroundings, placed, frame if spec.inset else None)
    return RenderedFigure(
        picture,
        figure_truth(spec, placed),
        style,
        tuple(name for panel in placed for name in panel.chart.repairs),
        figure_links(placed, offsets, "links"),
        figure_links(placed, offsets, "notes"),
        places,
        tuple(panel.chart for panel in placed),
    )
