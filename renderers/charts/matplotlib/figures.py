"""Figures of several charts: one style, a canvas for each panel, a common title and source."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from renderers.charts.audit import TRAINED_SIDE, min_size
from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.labels import box_array, boxes_along_line
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.edges import open_canvas
from renderers.charts.matplotlib.layout import Margins, lay_out_frame
from renderers.charts.matplotlib.style import ChartStyle, min_base
from renderers.charts.matplotlib.text import stamp
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.spec import ChartSpec, Summary, Table
from renderers.picture import Box
from renderers.rejected import Rejected

PANEL_SIDE = (380.0, 560.0)
"""Mean side of a panel, in pixels; smaller where there are many."""
MAX_FIGURE = 1600
"""Pixels of the longer side of a figure."""
ASPECTS = (1.0, 1.2, 1.35, 1.5)
"""Width of a panel in heights."""
EMS = (26.0, 34.0)
"""Ems along the mean side of a panel."""
GRIDS = {2: ((1, 2), (2, 1)), 3: ((1, 3), (2, 2)), 4: ((2, 2),), 5: ((2, 3),), 6: ((2, 3), (3, 2)),
         7: ((3, 3),), 8: ((2, 4), (3, 3)), 9: ((3, 3),)}  # fmt: skip
"""Rows and columns; a last row with fewer panels has wider ones."""
PANEL_MARGIN = 0.6
"""Around a panel, in ems."""
LETTER_SIZE, LETTER_GAP = 1.15, 0.2
"""In ems."""
INSET_SHARES = ((0.62, 0.5), (0.55, 0.48), (0.48, 0.46), (0.42, 0.44))
"""Shares of the plot's width and height that an inset may take."""
FREE_ABOVE = 0.42
"""Of the plot of the chart around an inset."""
INSET_STEP = 12.0
"""Pixels between the places at which an inset is tried."""
INSET_GAP = 0.8
"""Between an inset and what is around it, in ems: its frame is there."""


@dataclasses.dataclass(frozen=True, slots=True)
class FigureLayout:
    """`cells` are the boxes of the panels on the picture, in whole pixels."""

    style: ChartStyle
    around: Canvas
    cells: tuple[Box, ...]


def lay_out_figure(spec: PanelSpec, style: ChartStyle, rng: np.random.Generator) -> FigureLayout:
    """The style of all panels, the canvas with the common texts, and the places of the panels."""
    count = 1 if spec.inset else len(spec.panels)
    grids = GRIDS.get(count, ((1, 1),))
    rows, columns = grids[int(rng.integers(len(grids)))]
    side = rng.uniform(*PANEL_SIDE) * (1.5 if spec.inset else 1.0)
    aspect = ASPECTS[int(rng.integers(len(ASPECTS)))]
    wide, high = side * aspect**0.5 * columns, side / aspect**0.5 * rows
    shrink = min(1.0, MAX_FIGURE / max(wide, high * 1.1))
    width, height = round(wide * shrink), round(high * shrink)
    shrunk = max(1.0, max(width, height) / TRAINED_SIDE)
    base = side * shrink / rng.uniform(*EMS) / (1.3 if spec.inset else 1.0)
    base = min(max(base, min_base(spec.lang) * shrunk), 24.0)
    style = dataclasses.replace(
        style,
        width=width,
        height=height,
        base=base,
        least=min_size(spec.lang) * shrunk,
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
    cells = tuple(
        (box[0], round(box[1] + strip), box[2], box[3])
        for box in _cells(margins, count, rows, columns)
    )
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
        value_range=_common_range(spec) if spec.shared else None,
        free_above=FREE_ABOVE if spec.inset and index == 0 else 0.0,
        trim=dataclasses.replace(style.trim, border="", rule="", title_bar="", title_ink=""),
    )


def inset_cell(outer: RenderedChart, style: ChartStyle) -> Box:
    """The largest free box in the plot of a chart, relative to it.

    Raises:
        Rejected: `inset` if the plot has no space.
    """
    drawing = outer.drawing
    x0, y0, x1, y1 = drawing.plots[0]
    gap = style.base * INSET_GAP
    taken = box_array(_taken(drawing)) + np.array([-gap, -gap, gap, gap])
    for across, up in INSET_SHARES:
        width, height = (x1 - x0) * across, (y1 - y0) * up
        for y in np.arange(y0 + gap, y1 - height - gap, INSET_STEP):
            for x in np.arange(x1 - gap - width, x0 + gap, -INSET_STEP):
                apart = (
                    (taken[:, 2] <= x)
                    | (taken[:, 0] >= x + width)
                    | (taken[:, 3] <= y)
                    | (taken[:, 1] >= y + height)
                )
                if apart.all():
                    return (
                        float(round(x)),
                        float(round(y)),
                        float(int(x + width)),
                        float(int(y + height)),
                    )
    raise Rejected("inset", "the plot has no space for the inset")


def same_scales(charts: Sequence[RenderedChart]) -> bool:
    """Whether the value axes of all panels have the same ends."""
    ends = {
        (round(scale.low, 6), round(scale.high, 6))
        for chart in charts
        for key, scale in chart.drawing.scales.items()
        if key in ("x", "y")
    }
    return len(ends) == 1


def figure_texts(panels: Iterable[Panel]) -> list[str]:
    """The letters of panels."""
    return [panel.letter for panel in panels if panel.letter]


def _cells(margins: Margins, count: int, rows: int, columns: int) -> list[Box]:
    height = margins.height / rows
    cells: list[Box] = []
    for row in range(math.ceil(count / columns)):
        wide = min(columns, count - row * columns)
        width = margins.width / wide
        top, bottom = round(margins.top + height * row), round(margins.top + height * (row + 1))
        for column in range(wide):
            left = round(margins.left + width * column)
            cells.append((left, top, round(margins.left + width * (column + 1)), bottom))
    return cells


def _common_range(spec: PanelSpec) -> tuple[float, float]:
    numbers: list[float] = []
    for panel in spec.panels:
        data = panel.spec.data
        if isinstance(data, Table):
            numbers += [v for series in data.series for v in series.values if not math.isnan(v)]
        elif isinstance(data, Summary):
            numbers += [v for row in data.rows for v in row]
    low, high = min(numbers), max(numbers)
    return (0.0 if low >= 0 else low), high


def _taken(drawing: Drawing) -> list[Box]:
    boxes = [mark.bbox for mark in drawing.marks] + [text.bbox for text in drawing.texts]
    boxes += [shape.bbox for shape in drawing.shapes]
    for line in drawing.lines:
        for start, stop in pairwise(line.corners):
            length = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]))
            steps = max(1, int(length / 4))
            boxes += boxes_along_line(start, stop, [(i + 0.5) / steps for i in range(steps)])
    return boxes
