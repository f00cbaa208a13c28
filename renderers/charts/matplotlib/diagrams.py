"""Diagrams without a value axis: events on a line of time, sets, organizations."""

from __future__ import annotations

import math
from collections.abc import Sequence

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Font, Stamp, stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.paths import set_regions
from renderers.charts.spec import ChartSpec
from renderers.picture import Box

EVENT_WIDTH = 8.5
"""Of a line of an event's name, in ems."""
LEVELS = 3
"""Distances from the line of time at which events may be, on each side."""
EVENT_GAP = 0.8
"""Between the texts of two events on one level, in ems."""
DOT = 0.9
"""Diameter of an event, in ems."""
SET_ALPHA = 0.45
SET_REACH = 0.62
"""Distance of two of three circles' centers from their middle, in radii."""
PAIR_REACH = 0.6
"""The same of two circles."""
SET_NAME_GAP = 0.4
"""Between a circle and its name, in ems."""
BOX_PADDING = (0.7, 0.5)
"""Around the text of a box, to the sides and above and below, in ems."""
TEAM_GAP, HEAD_GAP = 0.7, 1.2
"""Between the boxes of a unit, and below its head, in ems."""
MAX_STRETCH = 4.0
"""Added to each of these gaps at most where there is space, in ems; a third to the padding."""
INDENT = 1.4
"""Of the boxes below their head, in ems."""
COLUMN_GAP = 1.2
"""Between two units, in ems."""
TEAM_TINT = 0.3
"""Opacity of a unit's color over the background in its teams."""


def timeline(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Events at their years, in turns above and below the line, each joined to its text."""
    data = spec.table
    series = data.series[0]
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    font, bold = style.font(style.label_size), style.font(style.label_size, bold=True)
    wide = font.size * EVENT_WIDTH
    low, high = min(series.values), max(series.values)
    inset = wide * 0.55
    left, right = margins.left + inset, margins.right - inset
    scale = Scale(low, high, right - left, 0.0, left)
    line = (margins.top + margins.bottom) / 2
    base = Ink(edge=style.palette.faint, line=style.stroke * 2)
    canvas.segments([((margins.left, line), (margins.right, line))], base, z=1)
    order = sorted(range(len(series.values)), key=lambda i: series.values[i])
    ends: dict[tuple[int, int], float] = {}
    room = (margins.bottom - margins.top) / 2
    for turn, i in enumerate(order):
        x = left + (series.values[i] - low) / (high - low) * (right - left)
        name = stamp(wrap(data.categories[i], font, wide) or data.categories[i], font)
        year = stamp(series.number.print(series.values[i]), bold)
        start = x - max(name.width, year.width) / 2 - style.base * EVENT_GAP
        side = -1 if turn % 2 == 0 else 1
        levels = [(turn // 2 + level) % LEVELS for level in range(LEVELS)]
        places = [(level, s) for level in levels for s in (side, -side)]
        free = [p for p in places if ends.get(p, 0.0) <= start]
        level, side = free[0] if free else places[0]
        ends[level, side] = x + max(name.width, year.width) / 2
        both = year.height + name.height + font.size * 0.4
        step = (room - both - style.base) / LEVELS
        near = line + side * (style.base + step * (level + 0.6))
        top = near if side > 0 else near - both
        color = style.color(0) if style.one_color else style.color(i)
        stem = Ink(edge=blend(color, style.palette.background, 0.8), line=style.stroke)
        canvas.polyline([(x, line), (x, near - side * 2)], stem, z=0.8)
        path = (data.categories[i],)
        size = style.base * DOT
        dot = canvas.markers([(x, line)], "o", size, Ink(fill=color))
        canvas.mark(path, points=[(dot, 0)], pad=(size / 2, size / 2), round=True)
        canvas.write(year, x, top, "value", style.palette.ink, (0.5, 0.0), None, path, True)
        below = top + year.height + font.size * 0.4
        canvas.write(name, x, below, "category", style.palette.ink, (0.5, 0.0), None, path, True)
    return {"x": scale}


def venn(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Two or three equal circles; the value of each region is in it, the sets are named outside."""
    data = spec.table
    series = data.series[0]
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    regions = set_regions(data)
    sets = [path[-1] for path, members in regions if len(members) == 1]
    font = style.font(NAME_SIZE, bold=style.variant % 2 == 0)
    widest = margins.width * (0.3 if len(sets) == 3 else 0.42)
    names = [stamp(wrap(name, font, widest) or name, font) for name in sets]
    tall = max(s.height for s in names) + style.base * SET_NAME_GAP
    middle_x = (margins.left + margins.right) / 2
    if len(sets) == 2:
        radius = min(margins.height - tall, margins.width / (1 + PAIR_REACH) * 0.92) / 2
        y = margins.top + tall + (margins.height - tall) / 2
        centers = [(middle_x - radius * PAIR_REACH, y), (middle_x + radius * PAIR_REACH, y)]
    else:
        high = 2 + SET_REACH * 1.5
        radius = min((margins.height - 2 * tall) / high, margins.width / (2 + SET_REACH * 1.8))
        # The middle of the three is below the upper two by half of its distance from the third.
        y = margins.top + tall + radius * (1 + SET_REACH / 2)
        y += (margins.height - 2 * tall - radius * high) / 2
        angles = [math.pi * 5 / 6, math.pi / 6, -math.pi / 2]
        reach = radius * SET_REACH
        centers = [(middle_x + reach * math.cos(a), y - reach * math.sin(a)) for a in angles]
    for i, center in enumerate(centers):
        color = style.color(i)
        edge = blend(style.palette.ink, color, 0.3)
        ink = Ink(color, edge, style.stroke * 1.5, alpha=SET_ALPHA)
        circle = canvas.ellipse(center, 2 * radius, 2 * radius, ink, z=2 + i * 0.1)
        canvas.mark((sets[i],), circle)
        gap = radius + style.base * SET_NAME_GAP
        below = len(sets) == 3 and i == 2
        x, y = center[0], center[1] + gap if below else center[1] - gap
        canvas.write(names[i], x, y, "category", style.palette.ink, (0.5, 0.0 if below else 1.0))
    font = style.font(1.0)
    for (path, members), value in zip(regions, series.values, strict=True):
        inside = [centers[sets.index(name)] for name in members]
        outside = [c for name, c in zip(sets, centers, strict=True) if name not in members]
        place = _region_place(inside, outside, radius)
        if len(members) > 1:
            boxes = [(x - radius, y - radius, x + radius, y + radius) for x, y in inside]
            common = _common(boxes)
            shape = canvas.rectangle(common, Ink(), z=0.1)
            canvas.mark(path, shape)
        label = stamp(series.number.print(value), font)
        canvas.write(label, *place, "value", AUTO, (0.5, 0.5), path=path)
    return {}


def org_chart(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A head for each unit, side by side below a common line, and its teams below it, each with
    its number."""
    data = spec.tree
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    count = len(data.roots)
    gap = style.base * COLUMN_GAP
    wide = (margins.width - gap * (count - 1)) / count
    pad_x, pad_y = (style.base * pad for pad in BOX_PADDING)
    font, bold = style.font(style.label_size), style.font(NAME_SIZE, bold=True)
    indent = style.base * INDENT
    top = margins.top + style.base
    heads = [stamp(wrap(r.name, bold, wide - 2 * pad_x) or r.name, bold) for r in data.roots]
    head_height = max(s.height for s in heads) + 2 * pad_y
    line = Ink(edge=style.palette.faint, line=style.stroke * 1.4)
    middles = [margins.left + wide * (i + 0.5) + gap * i for i in range(count)]
    canvas.segments([((middles[0], margins.top), (middles[-1], margins.top))], line, z=0.8)
    canvas.segments([((x, margins.top), (x, top)) for x in middles], line, z=0.8)
    square = style.variant % 2 == 0
    radius = 0.0 if square else style.base * 0.4
    inner = wide - indent - 2 * pad_x
    teams = [[_team(t.name, data.number.print(t.value), style, font, inner) for t in r.children]
             for r in data.roots]  # fmt: skip
    needed = max(sum(s.height + 2 * pad_y + style.base * TEAM_GAP for s in row) for row in teams)
    spare = margins.bottom - top - head_height - style.base * HEAD_GAP - needed
    stretch = min(max(0.0, spare / max(map(len, teams)) * 0.6), style.base * MAX_STRETCH)
    pad_y += stretch / 3
    for i, (root, head, middle) in enumerate(zip(data.roots, heads, middles, strict=True)):
        color, left = style.color(i), middle - wide / 2
        canvas.rectangle((left, top, left + wide, top + head_height), Ink(fill=color), 2.0, radius)
        canvas.write(head, middle, top + head_height / 2, "category", AUTO, (0.5, 0.5))
        y = top + head_height + style.base * HEAD_GAP
        fill = blend(color, style.palette.background, TEAM_TINT)
        trunk = left + indent / 2
        joints: list[tuple[XY, XY]] = []
        for team, label in zip(root.children, teams[i], strict=True):
            high = label.height + 2 * pad_y
            box = (left + indent, y, left + wide, y + high)
            path = (root.name, team.name)
            shape = canvas.rectangle(box, Ink(fill, color, style.stroke), 2.0)
            canvas.mark(path, shape)
            x = (left + indent + left + wide) / 2
            canvas.write(label, x, y + high / 2, "label", AUTO, (0.5, 0.5), path=path)
            joints.append(((trunk, y + high / 2), (left + indent, y + high / 2)))
            y += high + style.base * TEAM_GAP + stretch
        end = joints[-1][0]
        canvas.segments([((trunk, top + head_height), end), *joints], line, z=0.8)
    return {}


def _team(name: str, number: str, style: ChartStyle, font: Font, width: float) -> Stamp:
    """A name with its number below."""
    text = wrap(name, font, width) or name
    return stamp(f"{text}\n({number})" if style.variant < 2 else f"{text}\n{number}", font)


def _region_place(inside: Sequence[XY], outside: Sequence[XY], radius: float) -> XY:
    """The place that is farthest from the edges of the circles, on the ray from the middle of all
    centers through that of the circles it is in."""
    every = [*inside, *outside]
    middle = (sum(x for x, _ in every) / len(every), sum(y for _, y in every) / len(every))
    own = (sum(x for x, _ in inside) / len(inside), sum(y for _, y in inside) / len(inside))
    length = math.dist(middle, own)
    if length < 1e-6:
        return own
    toward = ((own[0] - middle[0]) / length, (own[1] - middle[1]) / length)

    def air(reach: float) -> float:
        place = (middle[0] + toward[0] * reach, middle[1] + toward[1] * reach)
        return min(
            [radius - math.dist(place, c) for c in inside]
            + [math.dist(place, c) - radius for c in outside]
        )

    best = max((radius * step / 40 for step in range(90)), key=air)
    return middle[0] + toward[0] * best, middle[1] + toward[1] * best


def _common(boxes: Sequence[Box]) -> Box:
    """What all boxes share."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return max(x0), max(y0), min(x1), min(y1)
