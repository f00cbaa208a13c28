"""Heat maps: a cell for each pair of names, coloured and labelled by its value."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.layout import names_fit, surround
from renderers.charts.matplotlib.sheet import AUTO, Ink, Sheet
from renderers.charts.matplotlib.style import Style
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, Table


def heatmap(spec: ChartSpec, style: Style, sheet: Sheet) -> dict[str, Scale]:
    """Categories from left to right, series from top to bottom."""
    assert isinstance(spec.data, Table)
    data = spec.data
    around = surround(spec, style, sheet)
    room, titles = around.room, around.titles
    pad = style.base * 0.45
    if "y_title" in titles:
        title = titles["y_title"]
        if style.value_title_above:
            sheet.write(title, room.left, room.top, "y_title", style.palette.ink)
            room.top += title.height + style.base * 0.6
        else:
            middle = (room.top + room.bottom) / 2
            sheet.write(title, room.left, middle, "y_title", style.palette.ink, (0.0, 0.5))
            room.left += title.width + style.base * 0.5
    font = style.font(0.92)
    widest = (room.right - room.left) * 0.28
    rows = [stamp(wrap(s.name, font, widest, 2) or s.name, font, "right") for s in data.series]
    room.left += max(s.width for s in rows) + pad
    if "x_title" in titles:
        title = titles["x_title"]
        middle = (room.left + room.right) / 2
        sheet.write(title, middle, room.bottom, "x_title", style.palette.ink, (0.5, 1.0))
        room.bottom -= title.height + style.base * 0.6
    wide = (room.right - room.left) / len(data.categories)
    columns = names_fit(data.categories, style, wide, (room.bottom - room.top) * 0.35)
    over = max(0.0, columns[0].width - wide / 2 - room.left) if columns[0].angle % 90 else 0.0
    room.left += over
    wide = (room.right - room.left) / len(data.categories)
    deep = max(s.height + (s.top if s.angle == 0 else 0) for s in columns)
    above = style.variant == 1 and columns[0].angle == 0
    if above:
        room.top += deep + pad
    else:
        room.bottom -= deep + pad
    high = (room.bottom - room.top) / len(data.series)
    sheet.plot_area(room.box)

    values = [v for s in data.series for v in s.values]
    low, span = min(values), max(values) - min(values) or 1.0
    labels = style.font(min(style.label_size, 0.9))
    gap = style.stroke * (1.6 if style.bar_edge != "none" else 0.0)
    for r, series in enumerate(data.series):
        y = room.top + high * r
        sheet.write(rows[r], room.left - pad, y + high / 2, "y_tick", style.palette.ink, (1.0, 0.5))
        for c, (name, value) in enumerate(zip(data.categories, series.values, strict=True)):
            x = room.left + wide * c
            cell = (x, y, x + wide, y + high)
            color = ramp(style.palette.ramp, (value - low) / span)
            sheet.rectangle(
                cell, Ink(color, style.palette.background if gap else color, gap or 0.5)
            )
            sheet.mark(cell, f"{series.name}/{name}")
            label = stamp(series.number.print(value), labels)
            sheet.write(label, x + wide / 2, y + high / 2, "value", AUTO, (0.5, 0.5))
    for c, label in enumerate(columns):
        x = room.left + wide * (c + 0.5)
        if above:
            sheet.write(label, x, room.top - pad, "x_tick", style.palette.ink, (0.5, 1.0))
        elif label.angle % 90:
            x += label.font.size * 0.3
            sheet.write(label, x, room.bottom + pad, "x_tick", style.palette.ink, (1.0, 0.0))
        else:
            y = room.bottom + pad + (label.top if label.angle == 0 else 0)
            sheet.write(label, x, y, "x_tick", style.palette.ink, (0.5, 0.0))
    return {}


def ramp(colors: tuple[str, ...], share: float) -> str:
    """The colour at `share` (0 to 1) of a ramp."""
    place = min(max(share, 0.0), 1.0) * (len(colors) - 1)
    i = min(int(place), len(colors) - 2)
    return blend(colors[i + 1], colors[i], place - i)
