"""Figures of several charts: one style, a canvas for each panel, a common title and source."""

from __future__ import annotations

import dataclasses

import numpy as np

from renderers.charts.audit import min_size
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.edges import open_canvas
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.style import ChartStyle, min_base
from renderers.charts.matplotlib.text import stamp
from renderers.charts.panels.plan import FREE_ABOVE, common_range, panel_cells, plan_figure
from renderers.charts.panels.spec import PanelSpec
from renderers.charts.spec import ChartSpec, Table
from renderers.picture import Box

PANEL_MARGIN = 0.6
"""Around a panel, in ems."""
MAX_BASE = 24.0
"""Pixels."""
LETTER_SIZE, LETTER_GAP = 1.15, 0.2
"""In ems."""


@dataclasses.dataclass(frozen=True, slots=True)
class FigureLayout:
    """`cells` are the boxes of the panels on the picture, in whole pixels."""

    style: ChartStyle
    around: Canvas
    cells: tuple[Box, ...]


def lay_out_figure(spec: PanelSpec, style: ChartStyle, rng: np.random.Generator) -> FigureLayout:
    """The style of all panels, the canvas with the common texts, and the places of the panels."""
    plan = plan_figure(spec, rng)
    base = min(max(plan.base, min_base(spec.lang) * plan.shrunk), MAX_BASE)
    style = dataclasses.replace(
        style,
        width=plan.width,
        height=plan.height,
        base=base,
        least=min_size(spec.lang) * plan.shrunk,
        margin=round(base),
        line_width=min(style.line_width, base * 0.2),
        marker_size=base * 0.45,
        radius=min(style.radius, base * 0.3),
        accent="",
        logo="",
    )
    around = open_canvas(style)
    empty = Table((), ())
    frame = ChartSpec("bar", spec.lang, empty, spec.title, spec.source)
    margins = lay_out_frame(frame, style, around).margins
    letters = any(panel.letter for panel in spec.panels) and not spec.inset
    strip = style.font(LETTER_SIZE, bold=True).size * (1 + LETTER_GAP) if letters else 0.0
    count = 1 if spec.inset else len(spec.panels)
    cells = panel_cells(margins.box, plan, count, strip)
    if letters:
        for panel, cell in zip(spec.panels, cells, strict=True):
            letter = stamp(panel.letter, style.font(LETTER_SIZE, bold=True))
            x, y = cell[0] + style.base * 0.3, cell[1] - style.base * 0.1
            ink = style.palette.ink
            around.write(letter, x, y, "note", ink, (0.0, 1.0), path=(panel.name,))
    return FigureLayout(style, around, cells)


def panel_style(style: ChartStyle, cell: Box, spec: PanelSpec, index: int) -> ChartStyle:
    """The style of one panel, which is as large as its cell."""
    legend = "top" if style.legend == "right" else style.legend
    return dataclasses.replace(
        style,
        width=int(cell[2] - cell[0]),
        height=int(cell[3] - cell[1]),
        margin=round(style.base * PANEL_MARGIN),
        title_size=min(style.title_size, 1.1),
        legend=legend,
        value_range=common_range(spec) if spec.shared else None,
        free_above=FREE_ABOVE if spec.inset and index == 0 else 0.0,
        trim=dataclasses.replace(style.trim, border="", rule="", title_bar="", title_ink=""),
    )
