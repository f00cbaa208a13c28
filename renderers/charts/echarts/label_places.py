"""Places for labels around their points, chosen so that they keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.charts.echarts.layout import Rect

Boxes = npt.NDArray[np.float64]
"""`[n, 4]`: left, top, right, bottom."""

_GAPS = (4.0, 11.0)
_SIDES = ("top", "bottom", "right", "left")
_PAD = 2.0


@dataclass(frozen=True, slots=True)
class LabeledPoint:
    """A point at `x`, `y` with a radius, and the size of its label, in pixels."""

    x: float
    y: float
    radius: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class LabelPlace:
    side: str
    gap: float

    def option(self) -> dict[str, Any]:
        """As ECharts says it."""
        return {"position": self.side, "distance": self.gap}

    def box(self, mark: LabeledPoint) -> Rect:
        """Where the label comes to stand."""
        reach = mark.radius + self.gap
        dx = {"right": reach + mark.width / 2, "left": -reach - mark.width / 2}.get(self.side, 0.0)
        dy = {"bottom": reach + mark.height / 2, "top": -reach - mark.height / 2}.get(
            self.side, 0.0
        )
        x, y = mark.x + dx, mark.y + dy
        half, tall = mark.width / 2 + _PAD, mark.height / 2 + _PAD
        return Rect(x - half, y - tall, x + half, y + tall)


def place_labels(
    marks: Sequence[LabeledPoint],
    area: Rect,
    lines: Sequence[Sequence[tuple[float, float]]] = (),
    sides: Sequence[str] = _SIDES,
    names: Sequence[Rect] = (),
) -> list[LabelPlace]:
    """A spot for each mark, the most crowded first.

    A label should not lie on `lines`, polylines of corners `(x, y)`, and must not lie on
    `names`, the texts that stand already.
    """
    places = [LabelPlace(side, gap) for gap in _GAPS for side in sides]
    ranks = np.arange(len(places))
    points = _array(
        Rect(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks
    )
    strokes = _array(
        box for line in lines for start, stop in pairwise(line) for box in _stroke(start, stop)
    )
    taken = _array(names)
    crowd = [sum(_near(a, b) for b in marks) for a in marks]
    chosen: dict[int, LabelPlace] = {}
    for index in sorted(range(len(marks)), key=lambda i: (-crowd[i], i)):
        boxes = _array(place.box(marks[index]) for place in places)
        others = np.delete(points, index, axis=0)
        costs = 40 * _shared(boxes, taken) + 4 * _shared(boxes, others)
        costs += 2 * _shared(boxes, strokes) + 60 * _outside(boxes, area) + ranks
        best = int(np.argmin(costs))
        chosen[index] = places[best]
        taken = np.concatenate([taken, boxes[best : best + 1]])
    return [chosen[i] for i in range(len(marks))]


def _near(a: LabeledPoint, b: LabeledPoint) -> bool:
    return abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < a.height + b.height


def _array(rects: Iterable[Rect]) -> Boxes:
    return np.array([(r.left, r.top, r.right, r.bottom) for r in rects], float).reshape(-1, 4)


def _shared(boxes: Boxes, others: Boxes) -> npt.NDArray[np.float64]:
    """For each box, the square pixels that it shares with all the others."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2).sum(axis=1))


def _outside(boxes: Boxes, area: Rect) -> npt.NDArray[np.float64]:
    """For each box, its square pixels that lie outside the room."""
    sizes = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return np.asarray(sizes - _shared(boxes, _array([area])))


def _stroke(start: tuple[float, float], stop: tuple[float, float], step: float = 9.0) -> list[Rect]:
    """Small boxes along a line."""
    (x0, y0), (x1, y1) = start, stop
    count = max(1, round(max(abs(x0 - x1), abs(y0 - y1)) / step))
    boxes = []
    for i in range(count + 1):
        x, y = x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count
        boxes.append(Rect(x - 2, y - 2, x + 2, y + 2))
    return boxes
