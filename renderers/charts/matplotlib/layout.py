"""From the outside in: titles, source, legend, axis titles, tick labels; what is left is the plot.

Everything is measured before anything is placed, once: the sizes of stamps are the sizes drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, advance, stamp, wrap
from renderers.charts.spec import ChartSpec
from renderers.charts.wrapping import pack_rows
from renderers.picture import Box


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend. `shape` is `box`, `line`, or a marker's name."""

    name: str
    color: str
    shape: str = "box"
    hatch: str | None = None
    dash: tuple[float, ...] = ()


@dataclass(slots=True)
class Margins:
    """What is left of the picture; each block that is placed takes from one side."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> Box:
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(slots=True)
class FrameLayout:
    """Room around the plot, and the axis titles still to be placed beside it."""

    margins: Margins
    titles: dict[str, Stamp] = field(default_factory=dict)
    right_edge: float = 0.0
    """Where a title on the right ends: beside the legend, if that is there too."""


def lay_out_frame(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, keys: Sequence[Key] = ()
) -> FrameLayout:
    """Place title, source and legend; measure axis titles. Draws the first three at once."""
    margins = Margins(style.margin, style.margin, style.width - style.margin, 0)
    margins.bottom = style.height - style.margin
    _title(spec, style, canvas, margins)
    _source(spec, style, canvas, margins)
    if keys:
        place_legend(style, canvas, margins, keys)
    result = FrameLayout(margins)
    for role in ("x_title", "y_title", "y2_title"):
        text = getattr(spec, role)
        if text:
            result.titles[role] = _axis_title(role, text, style, margins)
    return result


def place_legend(style: ChartStyle, canvas: Canvas, margins: Margins, keys: Sequence[Key]) -> None:
    """In rows above or below the plot, or in a column on its right."""
    font = style.font(0.92)
    gap, swatch = style.base * 0.45, style.base * 1.1
    if style.legend == "right":
        widest = margins.width * 0.32
        stamps = [stamp(wrap(key.name, font, widest) or key.name, font, "left") for key in keys]
        column = swatch + gap + max(s.width for s in stamps)
        heights = [max(s.line_height, style.base) + style.base * 0.5 for s in stamps]
        if column < margins.width * 0.4 and sum(heights) < margins.height * 0.9:
            x = margins.right - column
            spare = (margins.bottom - margins.top - sum(heights)) / 2
            y = margins.top + (spare if style.variant % 2 else min(spare, style.base))
            if style.legend_frame:
                pad = style.base * 0.4
                x -= pad
                _frame(style, canvas, (x - pad, y - pad, margins.right, y + sum(heights)))
            for key, name, height in zip(keys, stamps, heights, strict=True):
                middle = y + (height - style.base * 0.5) / 2
                _entry(style, canvas, key, name, x, middle, swatch, gap)
                y += height
            margins.right = x - style.base * 1.2
            return
    _rows(style, canvas, margins, keys)


def _rows(style: ChartStyle, canvas: Canvas, margins: Margins, keys: Sequence[Key]) -> None:
    font = style.font(0.92)
    gap, swatch, between = style.base * 0.45, style.base * 1.1, style.base * 1.3
    wide = margins.width
    stamps = [stamp(wrap(k.name, font, wide * 0.5) or k.name, font, "left") for k in keys]
    rows = pack_rows([swatch + gap + name.width for name in stamps], between, wide)
    lines = [max(stamps[i].line_height for i in row) + style.base * 0.45 for row in rows]
    bottom = style.legend == "bottom"
    y = margins.bottom - sum(lines) if bottom else margins.top
    for row, line in zip(rows, lines, strict=True):
        total = sum(swatch + gap + stamps[i].width for i in row) + between * (len(row) - 1)
        align = style.title_align if not bottom else "center"
        x = {
            "left": margins.left,
            "center": margins.left + (wide - total) / 2,
            "right": margins.right - total,
        }[align]
        if style.legend_frame and len(rows) == 1:
            pad = style.base * 0.35
            _frame(style, canvas, (x - pad, y - pad * 0.6, x + total + pad, y + line - pad * 0.2))
        for i in row:
            _entry(style, canvas, keys[i], stamps[i], x, y + line * 0.42, swatch, gap)
            x += swatch + gap + stamps[i].width + between
        y += line
    space = sum(lines) + style.base * (0.8 if bottom else 0.5)
    if bottom:
        margins.bottom -= space
    else:
        margins.top += space


def _entry(
    style: ChartStyle,
    canvas: Canvas,
    key: Key,
    name: Stamp,
    x: float,
    middle: float,
    swatch: float,
    gap: float,
) -> None:
    half = style.base * 0.36
    if key.shape == "box":
        box = (x, middle - half, x + swatch, middle + half)
        canvas.rectangle(box, Ink(fill=key.color, edge=_hatch_color(style, key), hatch=key.hatch))
    else:
        line = Ink(edge=key.color, line=max(1.5, style.line_width), dash=key.dash)
        if key.shape.startswith("line"):
            canvas.polyline([(x, middle), (x + swatch, middle)], line)
        marker = key.shape.removeprefix("line")
        if marker:
            size = min(style.marker_size, style.base * 0.7)
            canvas.markers([(x + swatch / 2, middle)], marker, size, Ink(fill=key.color))
    canvas.write(name, x + swatch + gap, middle, "legend", style.palette.ink, (0.0, 0.5))


def _hatch_color(style: ChartStyle, key: Key) -> str | None:
    return style.palette.background if key.hatch else None


def _frame(style: ChartStyle, canvas: Canvas, box: Box) -> None:
    canvas.rectangle(box, Ink(edge=style.palette.grid, line=style.stroke), z=0.6)


def _title(spec: ChartSpec, style: ChartStyle, canvas: Canvas, margins: Margins) -> None:
    if not spec.title:
        return
    wide = margins.width
    size = style.title_size
    while True:
        font = style.font(size, style.bold_title)
        text = wrap(spec.title, font, wide, 2)
        if text is not None or font.size <= style.base * 0.9:
            break
        size *= 0.9
    title = stamp(text or spec.title, font, style.title_align)
    _aligned(canvas, title, margins, margins.top, "title", style.palette.ink, style.title_align)
    margins.top += title.height + style.base * 0.9


def _source(spec: ChartSpec, style: ChartStyle, canvas: Canvas, margins: Margins) -> None:
    if not spec.source:
        return
    font = style.font(0.84)
    text = wrap(spec.source, font, margins.width, 2) or spec.source
    source = stamp(text, font, style.source_align)
    y = margins.bottom - source.height
    _aligned(canvas, source, margins, y, "source", style.palette.faint, style.source_align)
    margins.bottom = y - style.base * 0.95


def _aligned(
    canvas: Canvas, text: Stamp, margins: Margins, y: float, role: str, color: str, align: str
) -> None:
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    x = margins.left + margins.width * share
    canvas.write(text, x, y, role, color, (share, 0.0))


def _axis_title(role: str, text: str, style: ChartStyle, margins: Margins) -> Stamp:
    font = style.font(1.0, bold=style.bold_title and style.variant == 0)
    rotated = role != "x_title" and not style.value_title_above
    along = margins.height * 0.8 if rotated else margins.width * 0.9
    broken = wrap(text, font, along, 2) or text
    made = stamp(broken, font, "center" if rotated or role == "x_title" else "left")
    if not rotated:
        return made
    return made.turned(90 if role == "y_title" else 270)


def fit_category_names(
    names: Sequence[str], style: ChartStyle, slot: float, high: float
) -> list[Stamp]:
    """Stamps for category names below slots of this width: flat, wrapped, slanted or upright,
    the first way, from the style's favourite on, that keeps them apart. `high` is the most room
    they may take."""
    font = style.font(0.92)
    gap = style.base * 0.45
    for way in range(style.category_fit, 4):
        if way == 0 and all(advance(name, font) + gap <= slot for name in names):
            return [stamp(name, font) for name in names]
        if way == 1:
            lines = [wrap(name, font, slot - gap, 3) for name in names]
            if all(lines):
                return [stamp(line or "", font) for line in lines]
        if way in (2, 3) and slot > style.base * 1.25:
            angle = style.slant if way == 2 else 90.0
            turned = [stamp(name, font).turned(angle) for name in names]
            if max(s.height for s in turned) <= high:
                return turned
    return [stamp(name, font).turned(90.0) for name in names]
