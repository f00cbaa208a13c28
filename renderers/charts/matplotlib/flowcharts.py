"""Flowcharts: steps below each other, and what leaves at each of them."""

from __future__ import annotations

from renderers.charts.drawing import XY, Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import NAME_SIZE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend
from renderers.charts.paths import main_line
from renderers.charts.spec import ChartSpec

STEP_COLUMN, EXIT_COLUMN = 0.3, 0.8
"""Centers of both columns, as shares of the width."""
BOX_WIDTH, EXIT_WIDTH = 0.42, 0.34
"""Widest boxes, as shares of the width."""
BOX_PADDING = 0.7
"""Around the text of a box, in ems."""
GAP = 1.6
"""Between two steps at least, in ems."""
EXIT_TINT = 0.3
"""Opacity of a color over the background in the boxes of what leaves."""
HEAD = (0.6, 0.28)
"""Length and half the width of an arrow's head, in ems."""
LABEL_GAP = 0.4
"""Between an arrow and its number, in ems."""


def flowchart(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """An arrow for each link, with its number; the paths of boxes are the names in them."""
    data = spec.flow
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    steps = main_line(data)
    exits = {link.source: link.target for link in data.links if link.target not in steps}
    font = style.font(NAME_SIZE)
    pad = style.base * BOX_PADDING
    texts = {
        name: stamp(wrap(name, font, margins.width * wide - 2 * pad, 2) or name, font)
        for names, wide in ((steps, BOX_WIDTH), (exits.values(), EXIT_WIDTH))
        for name in names
    }
    wide = max(texts[name].width for name in steps) + 2 * pad
    high = max(text.height for text in texts.values()) + 1.4 * pad
    pitch = max((margins.height - high) / max(1, len(steps) - 1), high + style.base * GAP)
    pitch = min(pitch, high + style.base * 6)
    above = max(0.0, (margins.height - high - pitch * (len(steps) - 1)) / 2)
    middle = margins.left + margins.width * STEP_COLUMN
    aside = margins.left + margins.width * EXIT_COLUMN
    boxes = {}
    radius = (0.0, style.base * 0.5, high / 2, style.base * 0.2)[style.variant]
    for i, name in enumerate(steps):
        top = margins.top + above + pitch * i
        boxes[name] = (middle - wide / 2, top, middle + wide / 2, top + high)
        if name in exits:
            left = texts[exits[name]].width / 2 + pad
            y = top + pitch / 2 + high / 4
            boxes[exits[name]] = (aside - left, y, aside + left, y + high)
    for name, box in boxes.items():
        color = style.color(0) if name in steps else style.color(1)
        fill = blend(color, style.palette.background, 1.0 if name in steps else EXIT_TINT)
        shape = canvas.rectangle(box, Ink(fill, color, style.stroke), 2.0, radius)
        canvas.mark((name,), shape)
        center = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        canvas.write(texts[name], *center, "category", AUTO, (0.5, 0.5), path=(name,))
    ink = Ink(edge=style.palette.ink, line=max(1.2, style.stroke * 1.2))
    small, gap = style.font(style.label_size), style.base * LABEL_GAP
    for link in data.links:
        path = (link.source, link.target)
        source, target = boxes[link.source], boxes[link.target]
        label = stamp(data.number.print(link.value), small)
        if link.target in steps:
            corners: list[XY] = [(middle, source[3]), (middle, target[1])]
            x, y, anchor = middle - gap, (source[3] + target[1]) / 2, (1.0, 0.5)
        else:
            row = (source[1] + source[3]) / 2
            corners = [(source[2], row), (aside, row), (aside, target[1])]
            x, y, anchor = (source[2] + aside) / 2, row - gap, (0.5, 1.0)
        line = canvas.polyline(corners, ink, z=1.5, shows=path)
        canvas.polygon(_head(corners[-1], style.base), Ink(fill=style.palette.ink), z=1.6)
        canvas.mark(path, line, points=[(line, 0), (line, len(corners) - 1)])
        canvas.write(label, x, y, "value", style.palette.ink, anchor, path=path)
    return {}


def _head(tip: XY, base: float) -> list[XY]:
    """An arrow's head that points downwards."""
    x, y = tip
    length, half = (size * base for size in HEAD)
    return [tip, (x - half, y - length), (x + half, y - length)]
