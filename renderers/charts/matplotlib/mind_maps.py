"""Mind maps: the subject in the middle, its branches at both sides, their parts farther out."""

from __future__ import annotations

import dataclasses

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.spec import ChartSpec, Node
from renderers.languages.registry import language

CENTER_WIDTH, BRANCH_WIDTH, LEAF_WIDTH = 0.17, 0.14, 0.19
"""Widest texts, as shares of the width."""
BRANCH_PLACE = 0.25
"""Distance of the middle of a branch from that of the map, as a share of the width."""
PADDING = 0.6
"""Around a text, in ems."""
LEAF_TINT = 0.25
"""Opacity of a branch's color over the background in its parts."""
LEAF_GAP = 0.35
"""Between two parts at least, in ems."""
CURVE_STEPS = 24


def mind_map(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Each part in a box with its number; a curve leads to it from its branch."""
    data = spec.tree
    margins = lay_out_frame(dataclasses.replace(spec, title=None), style, canvas).margins
    canvas.plot_area(margins.box)
    middle = ((margins.left + margins.right) / 2, (margins.top + margins.bottom) / 2)
    _subject(spec, style, canvas, middle, margins.width)
    right = data.roots[: (len(data.roots) + 1) // 2]
    for side, roots in ((1, right), (-1, data.roots[len(right) :])):
        parts = sum(len(root.children) for root in roots) or 1
        pitch = margins.height / parts
        top = margins.top
        for root in roots:
            color = style.color(data.roots.index(root))
            span = pitch * len(root.children)
            x = middle[0] + side * margins.width * BRANCH_PLACE
            y = top + span / 2
            _branch(spec, style, canvas, root, color, side, (x, y), middle, margins.width)
            edge = margins.right if side > 0 else margins.left
            _leaves(spec, style, canvas, root, color, side, (x, y), top, pitch, edge, margins.width)
            top += span
    return {}


def _subject(spec: ChartSpec, style: ChartStyle, canvas: Canvas, middle: XY, width: float) -> None:
    font = style.font(1.0, bold=True)
    pad = style.base * PADDING
    if spec.title is None:
        canvas.ellipse(middle, style.base * 2, style.base * 2, Ink(fill=style.palette.ink), z=3)
        return
    text = stamp(wrap(spec.title, font, width * CENTER_WIDTH, 5) or spec.title, font)
    back = blend(style.palette.grid, style.palette.background, 0.5)
    size = (text.width * 1.25 + 2 * pad, text.height * 1.35 + 2 * pad)
    canvas.ellipse(middle, *size, Ink(back, style.palette.faint, style.stroke * 1.5), z=3)
    canvas.write(text, *middle, "title", AUTO, (0.5, 0.5))


def _branch(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    root: Node,
    color: str,
    side: int,
    place: XY,
    middle: XY,
    width: float,
) -> None:
    font = style.font(NAME_SIZE, bold=True)
    pad = style.base * PADDING
    name = stamp(wrap(root.name, font, width * BRANCH_WIDTH, 3) or root.name, font)
    half = (name.width / 2 + pad, name.height / 2 + pad * 0.8)
    box = (place[0] - half[0], place[1] - half[1], place[0] + half[0], place[1] + half[1])
    _curve(canvas, middle, (place[0] - side * half[0], place[1]), color, style.stroke * 2.5)
    canvas.rectangle(box, Ink(fill=color), 2.5, style.base * 0.5)
    canvas.write(name, *place, "category", AUTO, (0.5, 0.5))


def _leaves(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    root: Node,
    color: str,
    side: int,
    start: XY,
    top: float,
    pitch: float,
    edge: float,
    width: float,
) -> None:
    font = style.font(style.label_size)
    pad = style.base * PADDING * 0.8
    fill = blend(color, style.palette.background, LEAF_TINT)
    for i, child in enumerate(root.children):
        value = spec.tree.number.print(child.value)
        joint = "：" if language(spec.lang).wide else ": "
        text = f"{child.name}{joint}{value}"
        wrapped = wrap(text, font, width * LEAF_WIDTH, 2) or f"{child.name}\n{value}"
        label = stamp(wrapped, font)
        y = top + pitch * (i + 0.5)
        half = min(label.height / 2 + pad, (pitch - style.base * LEAF_GAP) / 2)
        long = label.width + 2 * pad
        box = (edge - long, y - half, edge, y + half) if side > 0 else (
            edge, y - half, edge + long, y + half)  # fmt: skip
        near = box[0] if side > 0 else box[2]
        _curve(canvas, start, (near, y), color, style.stroke * 1.4)
        shape = canvas.rectangle(box, Ink(fill, color, style.stroke), 2.5, style.base * 0.3)
        path = (root.name, child.name)
        canvas.mark(path, shape)
        canvas.write(label, (box[0] + box[2]) / 2, y, "label", AUTO, (0.5, 0.5), path=path)


def _curve(canvas: Canvas, start: XY, stop: XY, color: str, line: float) -> None:
    """From one place to another, level at both."""
    points: list[XY] = []
    for i in range(CURVE_STEPS + 1):
        share = i / CURVE_STEPS
        bend = share * share * (3 - 2 * share)
        points.append(
            (start[0] + (stop[0] - start[0]) * share, start[1] + (stop[1] - start[1]) * bend)
        )
    canvas.polyline(points, Ink(edge=color, line=line), z=1.2)
