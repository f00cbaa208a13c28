"""Lines and bands across the plot at values of the axis."""

from __future__ import annotations

from renderers.charts.annotations.levels import Band, Threshold
from renderers.charts.drawing import XY
from renderers.charts.sheets.pen import Place
from renderers.charts.sheets.sheet import Sheet

LINE_Z, BAND_Z = 3.4, 0.3
BOTH_ENDS = (0, 1)
ONE_LINE = 40.0
"""Notes along a line are on one line: wider than any, in ems."""


def threshold(item: Threshold, sheet: Sheet) -> None:
    """A line from one side of the plot to the other, with its text next to it."""
    place, side = sheet.level(item.value)
    x0, y0, x1, y1 = sheet.box
    ends: list[XY] = [(x0, place), (x1, place)] if side else [(place, y0), (place, y1)]
    color = sheet.color()
    path = (item.kind, item.text)
    sheet.pen.line(ends, sheet.stroke(color), LINE_Z, path, BOTH_ENDS)
    (note,) = item.notes(sheet.spec)
    text = sheet.text(note.text, ONE_LINE if side else 9.0)
    places = along(sheet, place) if side else upright(sheet, place)
    sheet.write(text, places, path, color)


def band(item: Band, sheet: Sheet) -> None:
    """A shaded range, with its text inside where that is free."""
    (low, side), (high, _) = sheet.level(item.low), sheet.level(item.high)
    x0, y0, x1, y1 = sheet.box
    box = (x0, high, x1, low) if side else (low, y0, high, y1)
    color = sheet.color(1)
    path = (item.kind, item.text)
    sheet.pen.shade(box, sheet.tint(color), BAND_Z, path)
    gap = sheet.gap
    if side:
        inner = [((x, y), (ax, ay)) for y, ay in ((high + gap, 0.0), (low - gap, 1.0),
                                                  ((low + high) / 2, 0.5))
                 for x, ax in ((x1 - gap, 1.0), (x0 + gap, 0.0))]  # fmt: skip
        places = [*inner, *along(sheet, high), *along(sheet, low)]
        text = sheet.text(item.text, ONE_LINE)
    else:
        middle = (low + high) / 2
        places = [((middle, y0 + gap), (0.5, 0.0)), ((middle, y1 - gap), (0.5, 1.0))]
        places += upright(sheet, high)
        text = sheet.text(item.text)
    sheet.write(text, places, path, color)


def along(sheet: Sheet, row: float) -> list[Place]:
    """Places above and below a line across: at its ends first, then on the way."""
    x0, _, x1, _ = sheet.box
    gap = sheet.gap
    places: list[Place] = []
    for x, anchor in ((x1 - gap, 1.0), (x0 + gap, 0.0)):
        places += [((x, row - gap), (anchor, 1.0)), ((x, row + gap), (anchor, 0.0))]
    for share in (0.8, 0.65, 0.5, 0.35, 0.2):
        x = x0 + (x1 - x0) * share
        places += [((x, row - gap), (0.5, 1.0)), ((x, row + gap), (0.5, 0.0))]
    return places


def upright(sheet: Sheet, column: float) -> list[Place]:
    """Places at both sides of a line upwards, from its upper end down."""
    _, y0, _, y1 = sheet.box
    gap = sheet.gap
    places: list[Place] = []
    for y, anchor in ((y0 + gap, 0.0), (y1 - gap, 1.0)):
        places += [((column + gap, y), (0.0, anchor)), ((column - gap, y), (1.0, anchor))]
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        y = y0 + (y1 - y0) * share
        places += [((column + gap, y), (0.0, 0.5)), ((column - gap, y), (1.0, 0.5))]
    return places
