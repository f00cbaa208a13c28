"""Boxes of turned text: their corners, and whether two of them meet."""

from __future__ import annotations

import math

from renderers.charts.drawing import DrawnText

RIGHT_ANGLE = 90
LINE_HEIGHT = 1.2
"""Baseline to baseline of slanted text, in ems."""


def corners(text: DrawnText) -> list[tuple[float, float]]:
    """The corners of slanted text: its box, turned, as wide as fits the upright box."""
    x0, y0, x1, y1 = text.bbox
    turn = math.radians(text.angle)
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    tall = text.size * (1 + text.text.count("\n") * LINE_HEIGHT)
    wide = max((x1 - x0 - tall * sin) / cos if cos > sin else (y1 - y0 - tall * cos) / sin, 1.0)
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    along = (math.cos(turn) * wide / 2, -math.sin(turn) * wide / 2)
    across = (math.sin(turn) * tall / 2, math.cos(turn) * tall / 2)
    return [
        (cx + i * along[0] + j * across[0], cy + i * along[1] + j * across[1])
        for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]


def collide(a: list[tuple[float, float]], b: list[tuple[float, float]]) -> bool:
    """Whether two rectangles share more than a pixel, by the separating axis theorem."""
    for shape in (a, b):
        for p, q in ((shape[0], shape[1]), (shape[1], shape[2])):
            length = math.hypot(q[0] - p[0], q[1] - p[1])
            axis = ((q[0] - p[0]) / length, (q[1] - p[1]) / length)
            spans = [[x * axis[0] + y * axis[1] for x, y in s] for s in (a, b)]
            if min(max(spans[0]), max(spans[1])) - max(min(spans[0]), min(spans[1])) <= 1.0:
                return False
    return True
