"""Ternary plots: points in a triangle whose three sides are the axes of three shares."""

from __future__ import annotations

import math
from itertools import pairwise

from renderers.charts.drawing import XY, Scale
from renderers.charts.labels import boxes_along_line
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.points import write_beside
from renderers.charts.matplotlib.spacing import NAME_SIZE, TICK_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec
from renderers.charts.triangle import ASPECT, Shares, Triangle

WHOLE = 100.0
STEPS = (5, 5, 10, 4)
"""Parts of each axis by variant."""
TICK_ROLES = ("y2_tick", "y_tick", "x_tick")
"""Of the labels of each share: at the right side, at the left one, below the base."""
SLOPE = 60.0
"""Degrees of the sides."""
FULL_TURN = 360.0
NAME_GAP = 0.6
"""Between the tick labels and the name of an axis, in ems."""
TICK_GAP = 0.7
"""Between a side and its tick labels, in ems: a nearer stroke would be read as a minus sign."""
TICK = 0.35
"""Length of the stroke at a tick, in ems."""
ARROW = (5.0, 0.5, 0.2)
"""Length of the arrow along an axis, and length and half the width of its head, in ems."""
GRID_STRENGTH = 0.4
"""Opacity of the color of tick labels over the background in the grid."""
SIDE_STEP = 4.0
"""Pixels between the boxes that represent a side when names are placed."""
TINT = 0.35
"""Opacity of the grid color over the background in a tinted triangle."""


def ternary(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Each category as a point with its name; the lines of the grid leave a side as the strokes at
    its ticks do."""
    data = spec.summary
    triangle = _lay_out(spec, style, canvas)
    canvas.plot_area(triangle.box)
    if style.panel or not style.plain_area:
        tint = style.panel or blend(style.palette.grid, style.palette.background, TINT)
        canvas.polygon(triangle.corners, Ink(fill=tint), z=0.1)
    _axes(spec, style, canvas, triangle)
    spine = Ink(edge=style.palette.faint, line=style.stroke * 1.4)
    canvas.polygon(triangle.corners, spine, z=2.0)
    for start, stop in pairwise((*triangle.corners, triangle.corners[0])):
        # Names should not lie across the sides.
        count = max(1, int(math.dist(start, stop) / SIDE_STEP))
        shares = [(i + 0.5) / count for i in range(count)]
        canvas.obstacles.extend(boxes_along_line(start, stop, shares))
    radius = style.marker_size * 0.6 + 1
    for i, (name, row) in enumerate(zip(data.categories, data.rows, strict=True)):
        x, y = triangle.place(_shares(row))
        color = style.color(0) if style.one_color else style.color(i)
        ink = Ink(color, style.palette.background, style.stroke * 0.8)
        shape = ("o", "o", "D", "s")[style.variant]
        dot = canvas.markers([(x, y)], shape, 2 * radius, ink)
        canvas.mark((name,), points=[(dot, 0)], pad=(radius, radius), round=True)
        box = (x - radius, y - radius, x + radius, y + radius)
        canvas.obstacles.append(box)
        canvas.points[(name,)] = box
    left, top, right, bottom = triangle.box
    frame = (left - style.base * 2, top, right + style.base * 2, bottom)
    font = style.font(style.label_size)
    for name, row in zip(data.categories, data.rows, strict=True):
        at = triangle.place(_shares(row))
        plate = style.palette.background if style.label_plate else None
        write_beside(
            style, canvas, stamp(name, font), "category", (name,), at, radius, frame, plate
        )
    _, top, _, bottom = triangle.box
    return {"y": Scale(0.0, WHOLE, bottom - top, WHOLE / _steps(style), bottom, True)}


def _steps(style: ChartStyle) -> int:
    return STEPS[style.variant]


def _shares(row: tuple[float, ...]) -> Shares:
    first, second, third = row
    return first, second, third


def _lay_out(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> Triangle:
    """The largest triangle that leaves space for tick labels and names."""
    margins = lay_out_frame(spec, style, canvas).margins
    ticks = [stamp(spec.summary.number.print(WHOLE), style.font(TICK_SIZE))]
    names = [stamp(name, style.font(NAME_SIZE, bold=True)) for name in spec.summary.fields]
    high = max(name.height for name in names)
    wide, tall = ticks[0].width, ticks[0].height
    below = style.base * (TICK_GAP + NAME_GAP) + tall + high + style.base * 0.4
    # A slanted name beside a side needs this much to its left or right.
    aside = style.base * (TICK_GAP + NAME_GAP) + wide + high * 1.6
    above = style.base * TICK_GAP
    width = margins.width - 2 * aside
    height = margins.height - above - below
    side = min(width, height / ASPECT)
    middle = (margins.left + margins.right) / 2
    spare = (height - side * ASPECT) / 2
    top = margins.top + above + spare
    return Triangle((middle - side / 2, top, middle + side / 2, top + side * ASPECT))


def _axes(spec: ChartSpec, style: ChartStyle, canvas: Canvas, triangle: Triangle) -> None:
    """Each share is read at one side: the first at the right one upwards, the second at the left
    one downwards, the third at the base to the right."""
    data, steps = spec.summary, _steps(style)
    font = style.font(TICK_SIZE)
    # Values are read along the grid: it is stronger than that of other plots.
    color = blend(style.palette.faint, style.palette.background, GRID_STRENGTH)
    grid = Ink(edge=color, line=style.stroke, dash=style.grid_dash)
    strokes = Ink(edge=style.palette.faint, line=style.stroke)
    # Outwards along the grid lines: to the right, to the upper left, to the lower left.
    outward = ((1.0, 0.0), (-0.5, -ASPECT), (-0.5, ASPECT))
    anchors = ((0.0, 0.5), (1.0, 0.5), (0.5, 0.0))
    widest = stamp(data.number.print(WHOLE), font).width
    for axis in range(3):
        dx, dy = outward[axis]
        for i in range(steps + 1):
            share = i / steps
            start = triangle.place(_on_side(axis, share))
            if 0 < i < steps:
                across = triangle.place(_opposite(axis, share))
                canvas.segments([(start, across)], grid, z=0.5)
            length = style.base * TICK
            canvas.segments([(start, (start[0] + dx * length, start[1] + dy * length))], strokes)
            if not i:
                # At this corner another share is whole, which is written there.
                continue
            reach = style.base * TICK_GAP
            x, y = start[0] + dx * reach, start[1] + dy * reach
            label = stamp(data.number.print(share * WHOLE), font)
            canvas.write(label, x, y, TICK_ROLES[axis], style.palette.faint, anchors[axis])
        _name(style, canvas, triangle, axis, data.fields[axis], widest)


def _on_side(axis: int, share: float) -> Shares:
    """The place on the side of a share where it is so much."""
    rest = 1 - share
    return ((share, 0.0, rest), (rest, share, 0.0), (0.0, rest, share))[axis]


def _opposite(axis: int, share: float) -> Shares:
    """The other end of the line on which a share is so much."""
    rest = 1 - share
    return ((share, rest, 0.0), (0.0, share, rest), (rest, 0.0, share))[axis]


def _name(
    style: ChartStyle, canvas: Canvas, triangle: Triangle, axis: int, text: str, widest: float
) -> None:
    """The name of an axis along its side, with an arrow in the direction in which it grows."""
    name = stamp(text, style.font(NAME_SIZE, bold=True))
    left, top, right, bottom = triangle.box
    height = name.height
    reach = style.base * (TICK_GAP + NAME_GAP) + widest
    ink = Ink(edge=style.palette.faint, line=style.stroke)
    if axis == 2:
        y = bottom + style.base * (TICK_GAP + NAME_GAP) + height * 1.2
        x = (left + right) / 2
        canvas.write(name, x, y, "legend", style.palette.ink, (0.5, 0.0))
        start = (x + name.width / 2 + style.base * 0.6, y + height / 2)
        _arrow(style, canvas, start, (1.0, 0.0), ink)
        return
    sign = 1 if axis == 0 else -1
    normal = (sign * ASPECT, -0.5)
    middle = ((left + right) / 2 + sign * (right - left) / 4, (top + bottom) / 2)
    away = reach * ASPECT + height * 0.7
    turned = name.turned(SLOPE if axis == 1 else FULL_TURN - SLOPE)
    at = (middle[0] + normal[0] * away, middle[1] + normal[1] * away)
    canvas.write(turned, at[0], at[1], "legend", style.palette.ink, (0.5, 0.5))
    along = (-0.5, -ASPECT) if axis == 0 else (-0.5, ASPECT)
    length = name.width / 2 + style.base * 0.6
    start = (at[0] + along[0] * length, at[1] + along[1] * length)
    _arrow(style, canvas, start, along, ink)


def _arrow(style: ChartStyle, canvas: Canvas, start: XY, along: XY, ink: Ink) -> None:
    long, head, half = (style.base * size for size in ARROW)
    long = long / 2
    tip = (start[0] + along[0] * long, start[1] + along[1] * long)
    neck = (tip[0] - along[0] * head, tip[1] - along[1] * head)
    canvas.polyline([start, neck], ink, z=2.0)
    sides = [(neck[0] + s * along[1] * half, neck[1] - s * along[0] * half) for s in (-1, 1)]
    canvas.polygon([tip, *sides], Ink(fill=ink.edge), z=2.0)
