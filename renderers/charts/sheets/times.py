"""Lines and shaded ranges across the plot at categories."""

from __future__ import annotations

from renderers.charts.annotations.times import Event, Period
from renderers.charts.sheets.levels import BAND_Z, BOTH_ENDS, LINE_Z, upright
from renderers.charts.sheets.pen import Place
from renderers.charts.sheets.sheet import Sheet


def event(item: Event, sheet: Sheet) -> None:
    """A line upwards, with its text at a side."""
    column = sheet.middle(item.category)
    _, y0, _, y1 = sheet.box
    color = sheet.color()
    path = (item.kind, item.text)
    line = [(column, y0), (column, y1)]
    sheet.pen.line(line, sheet.stroke(color), LINE_Z, path, BOTH_ENDS)
    sheet.write(sheet.text(item.text), upright(sheet, column), path, color)


def period(item: Period, sheet: Sheet) -> None:
    """A shaded range, with its text at its upper or lower end."""
    left, right = sheet.middle(item.first), sheet.middle(item.last)
    _, y0, _, y1 = sheet.box
    color = sheet.color(1)
    path = (item.kind, item.text)
    sheet.pen.shade((left, y0, right, y1), sheet.tint(color), BAND_Z, path)
    text = sheet.text(item.text, max(5.0, (right - left) / sheet.style.base - 0.5), "center")
    middle, gap = (left + right) / 2, sheet.gap
    places: list[Place] = [
        ((middle, y0 + gap), (0.5, 0.0)),
        ((middle, y1 - gap), (0.5, 1.0)),
        *(((middle, y0 + (y1 - y0) * share), (0.5, 0.5)) for share in (0.2, 0.8, 0.35, 0.65)),
        *upright(sheet, right),
    ]
    sheet.write(text, places, path, color)
