"""Places for labels around their points, chosen so that labels do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from renderers.charts.echarts.layout import Rect
from renderers.charts.labels import OverlapCosts, box_array, boxes_along_line, cheapest_box
from renderers.charts.neighbors import strange
from renderers.picture import Box

_GAPS = (3.0, 7.0, 12.0)
"""Distances of a label from its point's edge, in CSS pixels, the preferred one first."""
_SIDES = ("top", "bottom", "right", "left")
_PADDING = 2.0
"""CSS pixels kept free around a label."""
LINE_OBSTACLE_STEP = 9.0
"""CSS pixels between the boxes that represent a line."""
LABEL_COSTS = OverlapCosts(label=40.0, mark=6.0, line=3.0, outside=60.0, rank=1.0)
"""A label outside the plot is worse than one on a label, on a mark, on a line; the order of sides
and gaps decides where nothing is covered."""


@dataclass(frozen=True, slots=True)
class LabeledPoint:
    """A point at `x`, `y` with a radius, and the size of its label, in pixels."""

    x: float
    y: float
    radius: float
    width: float
    height: float

    @property
    def box(self) -> Box:
        """The box of the point, without its label."""
        r = self.radius
        return self.x - r, self.y - r, self.x + r, self.y + r


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A side of a point and the distance from its edge, in CSS pixels."""

    side: str
    gap: float

    def option(self) -> dict[str, Any]:
        """The label options of this place in ECharts."""
        return {"position": self.side, "distance": self.gap}

    def area(self, mark: LabeledPoint) -> Rect:
        """The label's box here, with its padding."""
        reach = mark.radius + self.gap
        dx = {"right": reach + mark.width / 2, "left": -reach - mark.width / 2}.get(self.side, 0.0)
        dy = {"bottom": reach + mark.height / 2, "top": -reach - mark.height / 2}.get(
            self.side, 0.0
        )
        x, y = mark.x + dx, mark.y + dy
        half_width, half_height = mark.width / 2 + _PADDING, mark.height / 2 + _PADDING
        return Rect(x - half_width, y - half_height, x + half_width, y + half_height)


def place_labels(
    marks: Sequence[LabeledPoint],
    area: Rect,
    lines: Sequence[Sequence[tuple[float, float]]] = (),
    sides: Sequence[str] = _SIDES,
    names: Sequence[Rect] = (),
) -> list[LabelPlace]:
    """A place for each point's label; the most crowded points choose first.

    Labels avoid `lines` (polylines of corners `(x, y)`) and, more strongly, `names` (texts that
    are placed already).
    """
    places = [LabelPlace(side, gap) for gap in _GAPS for side in sides]
    points = box_array(mark.box for mark in marks)
    strokes = box_array(
        box for line in lines for start, stop in pairwise(line) for box in _stroke(start, stop)
    )
    taken = box_array(name.box for name in names)
    crowd = [sum(_near(a, b) for b in marks) for a in marks]
    chosen: dict[int, LabelPlace] = {}
    for index in sorted(range(len(marks)), key=lambda i: (-crowd[i], i)):
        boxes = box_array(place.area(marks[index]).box for place in places)
        others = np.delete(points, index, axis=0)
        foreign = strange(boxes, points, index) if len(points) > 1 else None
        best = cheapest_box(boxes, taken, others, strokes, area.box, LABEL_COSTS, foreign)
        chosen[index] = places[best]
        taken = np.concatenate([taken, boxes[best : best + 1]])
    return [chosen[i] for i in range(len(marks))]


def _near(a: LabeledPoint, b: LabeledPoint) -> bool:
    """Whether the labels of two points may meet."""
    return abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < a.height + b.height


def _stroke(start: tuple[float, float], stop: tuple[float, float]) -> list[Box]:
    """Small boxes along a line, both ends included."""
    length = max(abs(start[0] - stop[0]), abs(start[1] - stop[1]))
    count = max(1, round(length / LINE_OBSTACLE_STEP))
    return boxes_along_line(start, stop, [i / count for i in range(count + 1)])
