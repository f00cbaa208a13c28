"""Lines between few times, named at their ends: slope charts and rankings over time."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import Margins, lay_out_frame
from renderers.charts.matplotlib.spacing import LABEL_GAP, NAME_GAP, NAME_SIZE
from renderers.charts.matplotlib.style import LABEL_INK, ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend, readable_on, rgb
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec

MAX_NAME_WIDTH = 0.26
"""Share of the width that the names at one end may take before they wrap."""
MIN_LINE = 1.5
"""Pixels."""
LINE_GAP = 0.35
"""Between two labels above each other, in ems."""
LEADER_FROM = 0.45
"""A label that is moved by more than this, in ems, is joined to its point."""
LEADER_ROOM = 1.3
"""Between a line's end and its value, where some labels are moved, in ems."""
SPACE = 0.6
"""Above the highest and below the lowest point, in ems."""
DISC = 1.9
"""Diameter of a rank, in ems of its text."""
RANK_LINE = 0.3
"""Width of a line of ranks, in ems."""


def slope(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Two times; a line for each series, with its value at both ends and its name at the right."""
    data = spec.table
    margins = lay_out_frame(spec, style, canvas).margins
    font = style.font(style.label_size)
    labels = [[stamp(s.number.print(s.values[i]), font) for s in data.series] for i in range(2)]
    widest = margins.width * MAX_NAME_WIDTH
    name_font = style.font(NAME_SIZE)
    names = [stamp(wrap(s.name, name_font, widest) or s.name, name_font, "left")
             for s in data.series]  # fmt: skip
    gap = style.base * LEADER_ROOM
    box = margins.box
    wide = [stamp(name, name_font).width / 2 for name in data.categories]
    left = box[0] + max(wide[0], max(s.width for s in labels[0]) + gap)
    value_width = max(s.width for s in labels[1])
    name_gap = style.base * NAME_GAP
    right = box[2] - max(wide[1], max(s.width for s in names) + value_width + gap + name_gap)
    _times(spec, style, canvas, margins, (left, right))
    numbers = [v for s in data.series for v in s.values]
    low, high = min(numbers), max(numbers)
    high += (high - low or 1.0) * 1e-9
    edge = style.base * SPACE
    top, bottom = margins.top + edge, margins.bottom - edge
    canvas.plot_area((left, margins.top, right, margins.bottom))
    scale = Scale(low, high, bottom - top, 0.0, bottom, reverse=True)
    ink = Ink(edge=style.palette.grid, line=style.stroke)
    sides = [((x, margins.top), (x, margins.bottom)) for x in (left, right)]
    canvas.segments(sides, ink, z=0.6)
    rows = [
        [bottom - (s.values[i] - low) / (high - low) * (bottom - top) for s in data.series]
        for i in range(2)
    ]
    size = style.marker_size
    for s, (series, paths) in enumerate(zip(data.series, table_paths(data), strict=True)):
        color = style.color(s)
        points: list[XY] = [(left, rows[0][s]), (right, rows[1][s])]
        stroke = Ink(edge=color, line=max(MIN_LINE, style.line_width))
        canvas.polyline(points, stroke, shows=(series.name,))
        dots = canvas.markers(points, "o", size, Ink(fill=color))
        for i, path in enumerate(paths):
            canvas.mark(path, points=[(dots, i)], pad=(size / 2, size / 2), round=True)
    background = rgb(style.palette.background)
    for i, (x, side) in enumerate(((left, -1), (right, 1))):
        tall = [max(a.height, b.height) if i else a.height
                for a, b in zip(labels[i], names, strict=True)]  # fmt: skip
        places = _apart(rows[i], [t + style.base * LINE_GAP for t in tall], margins)
        for s, (series, place) in enumerate(zip(data.series, places, strict=True)):
            color = style.color(s)
            text = readable_on(background, color, blend(style.palette.ink, color, LABEL_INK))
            path = (series.name, data.categories[i])
            joined = abs(place - rows[i][s]) > style.base * LEADER_FROM
            start = x + side * (size / 2 + 1)
            if joined:
                leader = Ink(edge=style.palette.faint, line=style.stroke)
                end = (x + side * (gap - 2), place)
                canvas.leader((start, rows[i][s]), end, leader, path, z=1.5)
            column = x + side * gap if joined else start + side * style.base * LABEL_GAP
            anchor = (1.0 if side < 0 else 0.0, 0.5)
            canvas.write(labels[i][s], column, place, "value", text, anchor, None, path, joined)
            if side > 0:
                column = right + gap + value_width + name_gap
                canvas.write(names[s], column, place, "category", text, anchor)
    return {"y": scale}


def bump(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Ranks over time, the first one at the top: each rank in a disc on the line of its series."""
    data = spec.table
    margins = lay_out_frame(spec, style, canvas).margins
    count = len(data.series)
    name_font = style.font(NAME_SIZE)
    widest = margins.width * MAX_NAME_WIDTH
    names = [stamp(wrap(s.name, name_font, widest) or s.name, name_font, "left")
             for s in data.series]  # fmt: skip
    font = style.font(style.label_size)
    disc = font.size * DISC
    first, last = (stamp(data.categories[i], name_font) for i in (0, -1))
    named = max(s.width for s in names) + disc / 2 + style.base * NAME_GAP
    right = margins.right - max(named, last.width / 2)
    left = margins.left + max(disc, first.width / 2)
    _times(spec, style, canvas, margins, (left, right))
    canvas.plot_area((left, margins.top, right, margins.bottom))
    high = margins.bottom - margins.top
    scale = Scale(0.5, count + 0.5, high, 1.0, margins.top)
    step = (right - left) / (len(data.categories) - 1)
    disc = min(disc, high / count * 0.9)
    for s, (series, paths) in enumerate(zip(data.series, table_paths(data), strict=True)):
        color = style.color(s)
        points = [
            (left + step * i, margins.top + (v - 0.5) / count * high)
            for i, v in enumerate(series.values)
        ]
        stroke = Ink(edge=color, line=max(MIN_LINE, style.base * RANK_LINE))
        canvas.polyline(points, stroke, shows=(series.name,))
        for value, path, point in zip(series.values, paths, points, strict=True):
            shape = canvas.ellipse(point, disc, disc, Ink(fill=color), z=4)
            canvas.mark(path, shape, round=True)
            ink = readable_on(rgb(color), style.palette.background, style.palette.ink)
            label = stamp(series.number.print(value), font)
            canvas.write(label, *point, "value", ink, (0.5, 0.5), color, path)
        x, y = points[-1]
        background = rgb(style.palette.background)
        text = readable_on(background, color, blend(style.palette.ink, color, LABEL_INK))
        at = x + disc / 2 + style.base * NAME_GAP
        canvas.write(names[s], at, y, "category", text, (0.0, 0.5))
    return {"y": scale}


def _times(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, margins: Margins, ends: tuple[float, float]
) -> None:
    """The times above or below their columns, evenly between `ends`."""
    font = style.font(NAME_SIZE)
    names = spec.table.categories
    stamps = [stamp(name, font) for name in names]
    height = max(s.line_height for s in stamps) + style.base * NAME_GAP
    above = style.variant % 2 == 0
    y = margins.top if above else margins.bottom - height + style.base * NAME_GAP
    step = (ends[1] - ends[0]) / (len(names) - 1)
    for i, label in enumerate(stamps):
        x = ends[0] + step * i
        canvas.write(label, x, y + label.top, "x_tick", style.palette.ink, (0.5, 0.0))
    if above:
        margins.top += height
    else:
        margins.bottom -= height


def _apart(rows: Sequence[float], heights: Sequence[float], margins: Margins) -> list[float]:
    """The middles of labels of these heights as near to their rows as keeps them apart, in the
    order of the rows: labels that would touch form a block around the mean of their rows."""
    order = sorted(range(len(rows)), key=lambda i: (rows[i], i))
    blocks: list[tuple[float, list[int]]] = []
    for i in order:
        middle, members = rows[i], [i]
        while blocks:
            above, others = blocks[-1]
            tall = sum(heights[j] for j in others)
            if above + tall / 2 <= middle - sum(heights[j] for j in members) / 2:
                break
            blocks.pop()
            members = others + members
            middle = sum(rows[j] for j in members) / len(members)
        half = sum(heights[j] for j in members) / 2
        middle = min(max(middle, margins.top + half), margins.bottom - half)
        blocks.append((middle, members))
    places = [0.0] * len(rows)
    for middle, members in blocks:
        y = middle - sum(heights[j] for j in members) / 2
        for j in members:
            places[j] = y + heights[j] / 2
            y += heights[j]
    return places
