"""Places for labels around their points, chosen so that they keep out of each other's way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from renderers.charts.echarts.layout import Rect

_GAPS = (4.0, 11.0)
_SIDES = ("top", "bottom", "right", "left")
_PAD = 2.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point at `x`, `y` with a radius, and the size of its label, in pixels."""

    x: float
    y: float
    radius: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    side: str
    gap: float

    def option(self) -> dict[str, Any]:
        """As ECharts says it."""
        return {"position": self.side, "distance": self.gap}

    def box(self, mark: Mark) -> Rect:
        """Where the label comes to stand."""
        reach = mark.radius + self.gap
        dx = {"right": reach + mark.width / 2, "left": -reach - mark.width / 2}.get(self.side, 0.0)
        dy = {"bottom": reach + mark.height / 2, "top": -reach - mark.height / 2}.get(
            self.side, 0.0
        )
        x, y = mark.x + dx, mark.y + dy
        half, tall = mark.width / 2 + _PAD, mark.height / 2 + _PAD
        return Rect(x - half, y - tall, x + half, y + tall)


def place(
    marks: Sequence[Mark],
    room: Rect,
    lines: Sequence[Sequence[tuple[float, float]]] = (),
    sides: Sequence[str] = _SIDES,
    names: Sequence[Rect] = (),
) -> list[Spot]:
    """A spot for each mark, the most crowded first.

    A label should not lie on `lines`, polylines of corners `(x, y)`, and must not lie on
    `names`, the texts that stand already.
    """
    crowd = [sum(_near(a, b) for b in marks) for a in marks]
    spots = [Spot(side, gap) for gap in _GAPS for side in sides]
    points = [Rect(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    strokes = [
        box for line in lines for start, stop in pairwise(line) for box in _stroke(start, stop)
    ]
    taken = list(names)
    chosen: dict[int, Spot] = {}
    for index in sorted(range(len(marks)), key=lambda i: (-crowd[i], i)):
        mark = marks[index]
        costs = []
        for rank, spot in enumerate(spots):
            box = spot.box(mark)
            cost = 40 * sum(_shared(box, other) for other in taken)
            cost += 4 * sum(_shared(box, p) for i, p in enumerate(points) if i != index)
            cost += 2 * sum(_shared(box, stroke) for stroke in strokes)
            cost += 60 * _outside(box, room) + rank
            costs.append((cost, rank))
        best = spots[min(costs)[1]]
        chosen[index] = best
        taken.append(best.box(mark))
    return [chosen[i] for i in range(len(marks))]


def _near(a: Mark, b: Mark) -> bool:
    return abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < a.height + b.height


def _shared(a: Rect, b: Rect) -> float:
    width = min(a.right, b.right) - max(a.left, b.left)
    height = min(a.bottom, b.bottom) - max(a.top, b.top)
    return width * height if width > 0 and height > 0 else 0.0


def _outside(box: Rect, room: Rect) -> float:
    """Square pixels of the box that lie outside the room."""
    return box.width * box.height - _shared(box, room)


def _stroke(start: tuple[float, float], stop: tuple[float, float], step: float = 9.0) -> list[Rect]:
    """Small boxes along a line."""
    (x0, y0), (x1, y1) = start, stop
    count = max(1, round(max(abs(x0 - x1), abs(y0 - y1)) / step))
    boxes = []
    for i in range(count + 1):
        x, y = x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count
        boxes.append(Rect(x - 2, y - 2, x + 2, y + 2))
    return boxes
