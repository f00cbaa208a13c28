"""Label placement: of several boxes, the one that covers the least of what is drawn already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.charts.drawing import XY
from renderers.picture import Box

Boxes = npt.NDArray[np.float64]
"""`[n, 4]`: left, top, right, bottom, in pixels."""

LINE_OBSTACLE_RADIUS = 2.0
"""Half the side of the squares that represent a line, in pixels: its stroke and some air."""
STRANGE_COST = 150.0
"""Of a label that would be taken for that of another mark: as much as an overlap of labels of some
square pixels."""
LABEL_PADDING = 1
"""Pixels kept free around a label: two texts that touch cannot be read apart."""
COST_DECIMALS = 6
"""Costs that differ by less are equal: the rounding errors of areas decide nothing."""


@dataclass(frozen=True, slots=True)
class OverlapCosts:
    """Cost of each square pixel that a label shares with another label, a mark or a line, or that
    lies outside the frame. `rank` is what each later candidate costs more than the one before."""

    label: float
    mark: float
    line: float
    outside: float
    rank: float = 0.0


LABEL_COSTS = OverlapCosts(label=10.0, mark=2.0, line=2.0, outside=20.0)
"""A label outside the plot is worse than one on a label, which is worse than one on a mark."""


def padded_box(width: float, height: float, point: XY, anchor: XY) -> Box:
    """Where a text of this size lies whose `anchor` is on a point, and `LABEL_PADDING` around
    it."""
    x, y = point
    left, top = x - anchor[0] * width, y - anchor[1] * height
    right, bottom = x + (1 - anchor[0]) * width, y + (1 - anchor[1]) * height
    pad = LABEL_PADDING
    return left - pad, top - pad, right + pad, bottom + pad


def box_array(boxes: Iterable[Box]) -> Boxes:
    """The boxes as an array `[n, 4]`."""
    return np.array(list(boxes), float).reshape(-1, 4)


def cheapest_box(
    candidates: Boxes,
    labels: Boxes,
    marks: Boxes,
    lines: Boxes,
    frame: Box,
    costs: OverlapCosts,
    strange: npt.NDArray[np.bool_] | None = None,
) -> int:
    """The index of the candidate with the lowest cost; the first one of equals. Those that are
    `strange` would be taken for labels of other marks."""
    total = costs.label * _shared_area(candidates, labels)
    total += costs.mark * _shared_area(candidates, marks)
    total += costs.line * _shared_area(candidates, lines)
    total += costs.outside * _area_outside(candidates, frame)
    total += costs.rank * np.arange(len(candidates))
    if strange is not None:
        total += STRANGE_COST * strange
    return int(np.argmin(np.round(total, COST_DECIMALS)))


def boxes_along_line(
    start: tuple[float, float], stop: tuple[float, float], shares: Iterable[float]
) -> list[Box]:
    """Squares at these shares (0 to 1) of the way along a line."""
    (x0, y0), (x1, y1) = start, stop
    radius = LINE_OBSTACLE_RADIUS
    centers = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in shares]
    return [(x - radius, y - radius, x + radius, y + radius) for x, y in centers]


def _shared_area(boxes: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """`[n]`: for each box, the square pixels that it shares with all the others."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2).sum(axis=1))


def _area_outside(boxes: Boxes, frame: Box) -> npt.NDArray[np.float64]:
    """`[n]`: for each box, its square pixels outside the frame."""
    sizes = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return np.asarray(sizes - _shared_area(boxes, box_array([frame])))
