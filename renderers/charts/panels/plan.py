"""The size of a figure, the places of its panels, and what panels share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from renderers.charts.audit import TRAINED_SIDE
from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.labels import box_array, boxes_along_line
from renderers.charts.panels.spec import PanelSpec
from renderers.charts.spec import Summary, Table
from renderers.picture import Box
from renderers.rejected import Rejected

PANEL_SIDE = (380.0, 560.0)
"""Mean side of a panel, in pixels; smaller where there are many."""
INSET_SIDE = 1.5
"""Factor of the side of a chart with an inset."""
MAX_FIGURE = 1600
"""Pixels of the longer side of a figure."""
ASPECTS = (1.0, 1.2, 1.35, 1.5)
"""Width of a panel in heights."""
FLAT_ASPECTS = (0.85, 0.95, 1.05, 1.15)
"""The same in a single row of three: titles and letters take their height from that of the row."""
FLAT_ROW = 3
EMS = (26.0, 34.0)
"""Ems along the mean side of a panel."""
INSET_EMS = 1.3
"""Factor of the ems of a chart with an inset."""
GRIDS = {2: ((1, 2), (2, 1)), 3: ((1, 3), (2, 2)), 4: ((2, 2),), 5: ((2, 3),), 6: ((2, 3), (3, 2)),
         7: ((3, 3),), 8: ((2, 4), (3, 3)), 9: ((3, 3),)}  # fmt: skip
"""Rows and columns; a last row with fewer panels has wider ones."""
INSET_SHARES = ((0.62, 0.5), (0.55, 0.48), (0.48, 0.46), (0.42, 0.44))
"""Shares of the plot's width and height that an inset may take."""
FREE_ABOVE = 0.42
"""Of the plot of the chart around an inset."""
INSET_GAP = 0.8
"""Between an inset and what is around it, in ems: its frame is there."""
INSET_STEP = 12.0
"""Pixels between the places at which an inset is tried."""
LINE_STEP = 4
"""Pixels between the boxes that represent a line of data when an inset is placed."""


@dataclass(frozen=True, slots=True)
class FigurePlan:
    """Width and height in pixels; `base` is the em that suits its panels; `shrunk` is the factor by
    which trainers shrink the picture."""

    rows: int
    columns: int
    width: int
    height: int
    base: float
    shrunk: float


def plan_figure(spec: PanelSpec, rng: np.random.Generator) -> FigurePlan:
    """A random size and grid."""
    count = 1 if spec.inset else len(spec.panels)
    grids = GRIDS.get(count, ((1, 1),))
    rows, columns = grids[int(rng.integers(len(grids)))]
    side = rng.uniform(*PANEL_SIDE) * (INSET_SIDE if spec.inset else 1.0)
    aspects = FLAT_ASPECTS if columns >= FLAT_ROW * rows else ASPECTS
    aspect = aspects[int(rng.integers(len(aspects)))]
    wide, high = side * aspect**0.5 * columns, side / aspect**0.5 * rows
    shrink = min(1.0, MAX_FIGURE / max(wide, high * 1.1))
    width, height = round(wide * shrink), round(high * shrink)
    base = side * shrink / rng.uniform(*EMS) / (INSET_EMS if spec.inset else 1.0)
    return FigurePlan(
        rows, columns, width, height, base, max(1.0, max(width, height) / TRAINED_SIDE)
    )


def panel_cells(area: Box, plan: FigurePlan, count: int, strip: float) -> tuple[Box, ...]:
    """The boxes of the panels within an area, in whole pixels, each below a `strip` of pixels for
    its letter."""
    left, above, right, below = area
    high = (below - above) / plan.rows
    cells: list[Box] = []
    for row in range(math.ceil(count / plan.columns)):
        wide = min(plan.columns, count - row * plan.columns)
        width = (right - left) / wide
        top, bottom = round(above + high * row), round(above + high * (row + 1))
        for column in range(wide):
            x0, x1 = (round(left + width * (column + side)) for side in (0, 1))
            cells.append((x0, round(top + strip), x1, bottom))
    return tuple(cells)


def common_range(spec: PanelSpec) -> tuple[float, float]:
    """The lowest and highest value of all panels; from zero on where none is below."""
    numbers: list[float] = []
    for panel in spec.panels:
        data = panel.spec.data
        if isinstance(data, Table):
            numbers += [v for series in data.series for v in series.values if not math.isnan(v)]
        elif isinstance(data, Summary):
            numbers += [v for row in data.rows for v in row]
    low, high = min(numbers), max(numbers)
    return (0.0 if low >= 0 else low), high


def same_scales(charts: Sequence[RenderedChart]) -> bool:
    """Whether the value axes of all panels have the same ends."""
    ends = {
        (round(scale.low, 6), round(scale.high, 6))
        for chart in charts
        for key, scale in chart.drawing.scales.items()
        if key in ("x", "y")
    }
    return len(ends) == 1


def inset_cell(outer: RenderedChart, gap: float) -> Box:
    """The largest free box in the plot of a chart, relative to it, with `gap` pixels around it.

    Raises:
        Rejected: `inset` if the plot has no space.
    """
    drawing = outer.drawing
    x0, y0, x1, y1 = drawing.plots[0]
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


def _taken(drawing: Drawing) -> list[Box]:
    boxes = [mark.bbox for mark in drawing.marks] + [text.bbox for text in drawing.texts]
    boxes += [shape.bbox for shape in drawing.shapes]
    for line in drawing.lines:
        for start, stop in pairwise(line.corners):
            length = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]))
            steps = max(1, int(length / LINE_STEP))
            boxes += boxes_along_line(start, stop, [(i + 0.5) / steps for i in range(steps)])
    return boxes
