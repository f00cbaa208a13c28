"""Totals at the ends of stacks, and trend lines."""

from __future__ import annotations

import itertools

from renderers.charts.annotations.annotation import value_scale
from renderers.charts.annotations.sums import Totals, Trend
from renderers.charts.drawing import XY
from renderers.charts.sheets.levels import BOTH_ENDS, ONE_LINE
from renderers.charts.sheets.pen import Place
from renderers.charts.sheets.sheet import Sheet

TOTAL_GAP = 0.4
"""Between a stack and its total, in ems."""
TREND_Z = 3.6


def totals(item: Totals, sheet: Sheet) -> None:
    """Each total above its stack, or to the right of it."""
    _, side = value_scale(sheet.scales)
    gap = sheet.style.base * TOTAL_GAP
    for note in item.notes(sheet.spec):
        stack = [mark.bbox for mark in sheet.marks if mark.path[-1] == note.path[1]]
        middle = sheet.middle(note.path[1], 1 - side)
        text = sheet.pen.text(note.text, sheet.style.label_size, None, "left", bold=True)
        place: Place
        if side:
            place = (middle, min(box[1] for box in stack) - gap), (0.5, 1.0)
        else:
            place = (max(box[2] for box in stack) + gap, middle), (0.0, 0.5)
        sheet.pen.write(text, place, sheet.style.palette.ink, note.path, None)


def trend(item: Trend, sheet: Sheet) -> None:
    """The line from one side of the plot to the other, as far as it is inside, and its equation."""
    across, up = sheet.scales["x"], sheet.scales["y"]
    ends = _inside(item, across.low, across.high, up.low, up.high)
    points: list[XY] = [
        (across.place_of(x), up.place_of(item.intercept + item.slope * x)) for x in ends
    ]
    color = sheet.color(1)
    path = (item.kind,)
    sheet.pen.line(points, sheet.stroke(color), TREND_Z, path, BOTH_ENDS)
    x0, y0, x1, y1 = sheet.box
    gap = sheet.gap
    places: list[Place] = [
        ((x, y), (ax, ay))
        for y, ay in ((y0 + gap, 0.0), (y1 - gap, 1.0))
        for x, ax in ((x0 + gap, 0.0), (x1 - gap, 1.0), ((x0 + x1) / 2, 0.5))
    ]
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        x = points[0][0] + (points[1][0] - points[0][0]) * share
        y = points[0][1] + (points[1][1] - points[0][1]) * share
        for away in (1.5, 3.0):
            reach = sheet.style.base * away
            places += [((x, y - reach), (0.5, 1.0)), ((x, y + reach), (0.5, 0.0))]
    for start, stop in itertools.pairwise(points):
        sheet.pen.obstacles.extend(
            (x - 2, y - 2, x + 2, y + 2)
            for i in range(40)
            for x, y in [(start[0] + (stop[0] - start[0]) * i / 39,
                          start[1] + (stop[1] - start[1]) * i / 39)]
        )  # fmt: skip
    sheet.write(sheet.text(item.equation(sheet.spec.lang), ONE_LINE), places, path, color)


def _inside(item: Trend, left: float, right: float, low: float, high: float) -> tuple[float, float]:
    """From which x to which one the line is inside the plot."""
    if item.slope == 0:
        return left, right
    at = sorted(((low - item.intercept) / item.slope, (high - item.intercept) / item.slope))
    return max(left, at[0]), min(right, at[1])
