"""Pies and donuts. Every slice is named by a label with its value, or by the legend."""

from __future__ import annotations

import math
from collections.abc import Sequence

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import Key, lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.spec import ChartSpec

FULL_CIRCLE = 360
"""Degrees."""
PULLED_VARIANT = 3
"""The first slice is pulled out of the pie."""
PULLED_OUT = 0.06
"""In radii."""
MAX_LABEL_WIDTH = 0.3
"""Share of the width that a label may take before it wraps."""
LABEL_SPACE_X = 1.6
"""Kept free at the sides in addition to a label, in ems: leader and gaps."""
LABEL_SPACE_Y = 1.2
"""Kept free above and below in addition to a label, in ems."""
MIN_RADIUS = 2.5
"""In ems."""
SLICE_EDGE = 1.4
"""Line width in strokes."""
LABEL_SIZE = 0.94
"""Text size in ems."""
INNER_RING = 0.3
"""Where a pie without a hole begins to be wide enough for labels, in radii."""
DIAGONAL_SHARE = 0.9
"""Of a label's diagonal must fit into its slice: corners are empty."""
LABEL_ROW_GAP = 0.45
"""Least distance of labels one above the other, in ems."""
LABEL_DISTANCE = 0.9
"""Of a label from the pie, in ems."""
LEADER_LENGTH = 0.6
"""From the pie to the bend, in ems."""
LEADER_END = 0.35
"""From the bend to the label, in ems."""
LEADER_GAP = 0.15
"""Between the leader and its label, in ems."""


def pie(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """`pie`, and `donut` with a hole."""
    series = spec.table.series[0]
    names, values = spec.table.categories, series.values
    printed = [series.number.print(v) for v in values]
    total = sum(values)
    with_legend = style.variant % 2 == 1
    keys = [Key(name, style.color(i)) for i, name in enumerate(names)] if with_legend else []
    margins = lay_out_frame(spec, style, canvas, keys).margins
    canvas.plot_area(margins.box)

    labels = _labels(style, names, printed, margins.width * MAX_LABEL_WIDTH, with_legend)
    wide = max(s.width for s in labels) + style.base * LABEL_SPACE_X
    tall = max(s.height for s in labels) + style.base * LABEL_SPACE_Y
    radius = min(margins.width / 2 - wide, margins.height / 2 - tall)
    radius = max(radius, style.base * MIN_RADIUS)
    center = ((margins.left + margins.right) / 2, (margins.top + margins.bottom) / 2)
    hole = radius * style.donut_hole if spec.type == "donut" else 0.0

    turn = style.start_angle
    middles = []
    for i, value in enumerate(values):
        sweep = FULL_CIRCLE * value / total
        start, end = (turn - sweep, turn) if style.radius else (turn, turn + sweep)
        turn = start if style.radius else end
        middle = math.radians((start + end) / 2)
        middles.append(middle)
        offset = (
            radius * PULLED_OUT
            if style.variant == PULLED_VARIANT and i == 0 and len(values) > 2
            else 0.0
        )
        at = (center[0] + offset * math.cos(middle), center[1] - offset * math.sin(middle))
        ink = _slice_ink(style, i)
        shape = canvas.wedge(at, (hole, radius), (start, end), ink)
        canvas.mark((names[i],), shape)
    _place(style, canvas, names, labels, middles, values, center, radius, hole, with_legend)
    return {}


def _slice_ink(style: ChartStyle, index: int) -> Ink:
    if style.trim.outline:
        line = style.stroke * style.trim.outline_width
        return Ink(style.color(index), style.trim.outline, line)
    return Ink(style.color(index), style.palette.background, style.stroke * SLICE_EDGE)


def _labels(
    style: ChartStyle,
    names: Sequence[str],
    printed: Sequence[str],
    widest: float,
    with_legend: bool,
) -> list[Stamp]:
    font = style.font(LABEL_SIZE)
    if with_legend:
        return [stamp(value, font) for value in printed]
    joint = (": ", "\n", " ", "\n")[style.variant]
    labels = []
    for name, value in zip(names, printed, strict=True):
        whole = f"{name}{joint}{value}"
        if joint == "\n" or not (fitting := wrap(whole, font, widest, 1)):
            fitting = f"{wrap(name, font, widest, 2) or name}\n{value}"
        labels.append(stamp(fitting, font))
    return labels


def _place(
    style: ChartStyle,
    canvas: Canvas,
    names: Sequence[str],
    labels: Sequence[Stamp],
    middles: Sequence[float],
    values: Sequence[float],
    center: XY,
    radius: float,
    hole: float,
    with_legend: bool,
) -> None:
    """Within the slices where all fit, else around the pie, pushed apart where they crowd."""
    role = "value" if with_legend else "label"
    ring = (radius + max(hole, radius * INNER_RING)) / 2
    total = sum(values)
    fits = all(
        math.hypot(s.width, s.height) * DIAGONAL_SHARE
        < min(2 * ring * math.sin(min(math.pi / 2, math.pi * v / total)), radius - hole)
        for s, v in zip(labels, values, strict=True)
    )
    if with_legend and fits:
        for name, label, middle in zip(names, labels, middles, strict=True):
            x, y = center[0] + ring * math.cos(middle), center[1] - ring * math.sin(middle)
            canvas.write(label, x, y, role, AUTO, (0.5, 0.5), path=(name,))
        return
    for side in (-1, 1):
        mine = [i for i, m in enumerate(middles) if (math.cos(m) >= 0) == (side > 0)]
        mine.sort(key=lambda i: -math.sin(middles[i]))
        heights = [labels[i].height + style.base * LABEL_ROW_GAP for i in mine]
        wanted = [
            center[1] - (radius + style.base * LABEL_DISTANCE) * math.sin(middles[i]) for i in mine
        ]
        rows = spread_out(wanted, heights)
        for i, y, want in zip(mine, rows, wanted, strict=True):
            _outside(style, canvas, names[i], labels[i], role, middles[i], center, radius, y, want)


def _outside(
    style: ChartStyle,
    canvas: Canvas,
    name: str,
    label: Stamp,
    role: str,
    middle: float,
    center: XY,
    radius: float,
    y: float,
    wanted: float,
) -> None:
    side = 1 if math.cos(middle) >= 0 else -1
    edge = (center[0] + radius * math.cos(middle), center[1] - radius * math.sin(middle))
    out = (
        center[0] + (radius + style.base * LEADER_LENGTH) * math.cos(middle),
        center[1] - (radius + style.base * LEADER_LENGTH) * math.sin(middle),
    )
    # Where the label has been pushed up or down it must clear the round of the pie.
    up = min(1.0, abs(y - center[1]) / radius)
    round_x = radius * math.sqrt(1 - up * up)
    x = max(abs(out[0] - center[0]), round_x + style.base * 0.5 if abs(y - wanted) > 2 else 0)
    x = center[0] + side * (x + style.base * LEADER_END)
    moved = abs(y - wanted) > 2
    joined = moved or style.variant == 2
    if joined:
        line = Ink(edge=style.palette.faint, line=style.stroke)
        canvas.polyline([edge, out, (x - side * style.base * LEADER_GAP, y)], line, z=1.5)
    anchor = (0.0 if side > 0 else 1.0, 0.5)
    canvas.write(label, x, y, role, style.palette.ink, anchor, None, (name,), joined)


def spread_out(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Rows near the wanted ones, in order, far enough apart for these heights: neighbors that
    crowd are merged into a block around their mean."""
    blocks: list[tuple[list[int], float]] = []
    for i, row in enumerate(wanted):
        blocks.append(([i], row))
        while len(blocks) > 1:
            (a, at), (b, bt) = blocks[-2:]
            if at + sum(heights[k] for k in a) / 2 <= bt - sum(heights[k] for k in b) / 2:
                break
            merged = a + b
            blocks[-2:] = [(merged, (at * len(a) + bt * len(b)) / len(merged))]
    rows = [0.0] * len(wanted)
    for members, middle in blocks:
        y = middle - sum(heights[k] for k in members) / 2
        for k in members:
            rows[k] = y + heights[k] / 2
            y += heights[k]
    return rows
