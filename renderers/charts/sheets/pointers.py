"""Notes that point to marks, and brackets over categories."""

from __future__ import annotations

import math

from renderers.charts.annotations.pointers import Callout, Significance
from renderers.charts.drawing import XY
from renderers.charts.sheets.pen import Place, Stroke
from renderers.charts.sheets.sheet import Sheet
from renderers.picture import Box

POINTER_Z = 5.0
TIP_GAP = 3.0
"""Pixels between a tip and its mark."""
REACHES = (1.8, 2.8, 4.0, 5.5, 7.5)
"""Lengths of a pointer to try, in ems."""
ANGLES = (90, 60, 120, 40, 140, 20, 160, 0, 180, 270, 300, 240, 330, 210)
"""Directions from the mark to its note, in degrees, counter-clockwise."""
HEAD = (0.55, 0.2)
"""Length and half the width of an arrow's head, in ems."""
BOX_PADDING = 0.4
"""Around the text of a boxed note, in ems."""
TICK = 0.35
"""Length of the ends of a bracket, in ems."""
BRACKET_GAP = 0.7
"""Between a bracket and what is below it, in ems."""
BRACKET_TEXT_GAP = 0.2
"""Between a bracket and its text, in ems."""
BRACKET_SPACE = 2.3
"""That a bracket and its text need, in ems."""


def callout(item: Callout, sheet: Sheet) -> None:
    """A text where the plot is free, and an arrow or line from it to the mark."""
    mark = next(mark for mark in sheet.marks if mark.path == item.path)
    base, boxed = sheet.style.base, sheet.style.pointer == "box"
    pad = base * BOX_PADDING if boxed else 2.0
    text = sheet.text(item.text, 8.0, "center")
    width, height = text.width + 2 * pad, text.height + 2 * pad
    # A mark of bars ends at its upper side; the axis may be below it.
    target = mark.points[0] if mark.round and mark.points else (mark.center[0], mark.bbox[1])
    start = (mark.bbox[2] - mark.bbox[0]) / 2 if mark.round else 0.0
    places: list[Place] = []
    for reach in REACHES:
        for angle in ANGLES if mark.round else ANGLES[:7]:
            dx, dy = math.cos(math.radians(angle)), -math.sin(math.radians(angle))
            distance = start + reach * base
            x = target[0] + dx * (distance + width / 2)
            y = target[1] + dy * (distance + height / 2)
            places.append(((x, y), (0.5, 0.5)))
    (x, y), _ = places[sheet.pen.best_place(text, places, _inner(sheet.box, pad))]
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    path = (item.kind, item.text)
    color = sheet.color()
    edge = _toward_edge(box, target)
    length = math.dist(edge, target) or 1.0
    unit = ((edge[0] - target[0]) / length, (edge[1] - target[1]) / length)
    tip = (target[0] + unit[0] * (start + TIP_GAP), target[1] + unit[1] * (start + TIP_GAP))
    stroke = Stroke(color, max(1.1, sheet.style.stroke * 1.2))
    sheet.pen.line([tip, edge], stroke, POINTER_Z, path, ends=(0,))
    if sheet.style.pointer == "arrow":
        sheet.pen.head(_head(tip, unit, base), color, POINTER_Z)
    if boxed:
        back = sheet.style.plot_color
        sheet.pen.frame(box, back, color, stroke.width, base * 0.25, POINTER_Z)
    sheet.pen.write(text, ((x, y), (0.5, 0.5)), sheet.text_color(color), path, None)
    sheet.pen.obstacles.append(box)


def significance(item: Significance, sheet: Sheet) -> None:
    """A bracket above everything between its two categories."""
    base = sheet.style.base
    left, right = sheet.middle(item.first), sheet.middle(item.second)
    below = [mark.bbox for mark in sheet.marks] + sheet.pen.text_boxes()
    below += list(sheet.pen.brackets)
    tops = [
        box[1]
        for box in below
        if box[2] > left - base * 0.5 and box[0] < right + base * 0.5 and box[1] >= sheet.box[1]
    ]
    y = min(tops, default=sheet.box[3]) - base * BRACKET_GAP
    tick = base * TICK
    corners: list[XY] = [(left, y + tick), (left, y), (right, y), (right, y + tick)]
    ink = sheet.style.palette.ink
    path = (item.kind, item.first, item.second)
    stroke = Stroke(ink, max(1.0, sheet.style.stroke))
    sheet.pen.line(corners, stroke, POINTER_Z, path, ends=())
    text = sheet.text(item.text, 20.0)
    middle = (left + right) / 2
    above = y - base * BRACKET_TEXT_GAP
    box = sheet.pen.write(text, ((middle, above), (0.5, 1.0)), ink, path, None)
    sheet.pen.brackets.append((left, box[1], right, y + tick))


def _inner(box: Box, pad: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 + pad, y0 + pad, x1 - pad, y1 - pad


def _toward_edge(box: Box, target: XY) -> XY:
    """Where the line from the middle of a box to a target leaves the box."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    dx, dy = target[0] - x, target[1] - y
    halves = ((box[2] - box[0]) / 2, dx), ((box[3] - box[1]) / 2, dy)
    shares = [half / abs(distance) for half, distance in halves if distance]
    share = min([*shares, 1.0])
    return x + dx * share, y + dy * share


def _head(tip: XY, unit: XY, base: float) -> list[XY]:
    """The corners of an arrow's head; `unit` leads away from the mark."""
    length, half = base * HEAD[0], base * HEAD[1]
    x, y = tip[0] + unit[0] * length, tip[1] + unit[1] * length
    return [tip, (x - unit[1] * half, y + unit[0] * half), (x + unit[1] * half, y - unit[0] * half)]
