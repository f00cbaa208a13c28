"""From the outside in: titles, source, legend, axis titles, tick labels; what is left is the plot.

Everything is measured before anything is placed, once: the sizes of stamps are the sizes drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from renderers.charts.directions import Align, aligned
from renderers.charts.drawing import Path
from renderers.charts.matplotlib.annotations.texts import write_above_source, write_below_title
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.edges import (
    BAR_GAP,
    draw_edges,
    draw_title_bar,
    legend_frame,
    marker_ink,
)
from renderers.charts.matplotlib.logo import HEIGHT as LOGO_HEIGHT
from renderers.charts.matplotlib.logo import draw_logo
from renderers.charts.matplotlib.spacing import NAME_GAP, NAME_SIZE, RIGHT_ANGLE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import LINE_BOX, Stamp, advance, stamp, wrap
from renderers.charts.spec import ChartSpec
from renderers.charts.wrapping import pack_rows
from renderers.picture import Box

INSIDE = "inside"
"""The place of a legend that is written when the marks are laid out (`inner_legend`)."""
ENTRY_GAP = 1.3
"""Between the entries in a row of the legend, in ems."""
MAX_COLUMN_NAME = 0.32
"""Share of the width that names in a legend column may take before they wrap."""
MAX_COLUMN_WIDTH = 0.4
"""Share of the width that a legend column may take."""
MAX_COLUMN_HEIGHT = 0.9
"""Share of the height that a legend column may take."""
COLUMN_PADDING = 0.4
"""Between a legend column and its frame, in ems."""
COLUMN_GAP = 1.2
"""Between the plot and a legend column, in ems."""
ROW_GAP = 0.45
"""Between the rows of a legend, in ems."""
ROW_PADDING = 0.35
"""Between a legend row and its frame, in ems."""
CAPITALS = 0.52
"""From the ascender line down to the middle of capitals, in ems."""
ROW_MIDDLE = 0.42
"""Where the middle of a legend row is, as a share of its height: letters are above its center."""
FRAME_ABOVE, FRAME_BELOW = 0.6, 0.2
"""Shares of the padding above and below a framed row, whose height has some air already."""
LEGEND_GAP_ABOVE = 0.8
"""Between the plot and a legend below it, in ems; above the plot it is half an em."""
SWATCH_HALF_HEIGHT = 0.36
"""In ems."""
MIN_LINE = 1.5
"""Pixels: the thinnest line of a legend entry."""
MAX_MARKER = 0.7
"""The largest marker of a legend entry, in ems."""
MIN_TITLE_SIZE = 0.9
"""A title is not shrunk below this, in ems; it is wrapped then."""
SHRINK_TITLE = 0.9
"""Factor of a title's size while it does not fit on two lines."""
TITLE_GAP = 0.9
"""Below the title, in ems."""
FLAT, WRAPPED, SLANTED, UPRIGHT = range(4)
"""Ways to write category names, in the order of trying."""
MAX_NAME_LINES = 3
SOURCE_SIZE = 0.84
"""Text size of the source line, in ems."""
SOURCE_GAP = 0.95
"""Above the source line, in ems."""
MAX_ROTATED_TITLE = 0.8
"""Share of the height that a rotated axis title may take before it wraps."""
MAX_AXIS_TITLE = 0.9
"""Share of the width that an axis title may take before it wraps."""
MIN_TURNED_SLOT = 1.25
"""Slots narrower than this, in ems, do not hold turned names."""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend. `shape` is `box`, `line`, or a marker's name."""

    name: str
    color: str
    shape: str = "box"
    hatch: str | None = None
    dash: tuple[float, ...] = ()
    role: str = "legend"
    """`label` where the entry is a name and its value."""
    path: Path = ()
    """Of that value."""


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
    """The space left for the plot, and the axis titles still to be placed next to it."""

    margins: Margins
    titles: dict[str, Stamp] = field(default_factory=dict)
    right_edge: float = 0.0
    """Where a title on the right ends: next to the legend, if that is on the right too."""


def lay_out_frame(
    spec: ChartSpec, style: ChartStyle, canvas: Canvas, keys: Sequence[Key] = ()
) -> FrameLayout:
    """Place title, source and legend; measure axis titles. Draws the first three at once."""
    margins = Margins(style.margin, style.margin, style.width - style.margin, 0)
    margins.bottom = style.height - style.margin
    margins.top = max(margins.top, draw_edges(style, canvas))
    _title(spec, style, canvas, margins)
    if spec.annotations:
        below = (margins.left, margins.top, margins.right)
        margins.top = write_below_title(spec, style, canvas, below)
    _source(spec, style, canvas, margins)
    if spec.annotations:
        above = (margins.left, margins.right, margins.bottom)
        margins.bottom = write_above_source(spec, style, canvas, above)
    if keys and style.legend == INSIDE:
        canvas.inner_keys = tuple(keys)
    elif keys:
        place_legend(style, canvas, margins, keys)
    result = FrameLayout(margins)
    for role in ("x_title", "y_title", "y2_title"):
        text = getattr(spec, role)
        if text:
            result.titles[role] = _axis_title(role, text, style, margins)
    return result


def place_legend(style: ChartStyle, canvas: Canvas, margins: Margins, keys: Sequence[Key]) -> None:
    """In rows above or below the plot, or in a column on its right."""
    font = style.font(NAME_SIZE)
    gap, swatch = style.base * NAME_GAP, swatch_width(style, keys)
    if style.legend == "right":
        widest = margins.width * MAX_COLUMN_NAME
        stamps = [stamp(wrap(key.name, font, widest) or key.name, font, "left") for key in keys]
        column = swatch + gap + max(s.width for s in stamps)
        heights = [max(s.line_height, style.base) + style.base * 0.5 for s in stamps]
        if (
            column < margins.width * MAX_COLUMN_WIDTH
            and sum(heights) < margins.height * MAX_COLUMN_HEIGHT
        ):
            x = margins.right - column
            spare = (margins.bottom - margins.top - sum(heights)) / 2
            y = margins.top + (spare if style.variant % 2 else min(spare, style.base))
            if style.legend_frame:
                pad = style.base * COLUMN_PADDING
                x -= pad
                legend_frame(style, canvas, (x - pad, y - pad, margins.right, y + sum(heights)))
            for key, name, height in zip(keys, stamps, heights, strict=True):
                middle = y + (height - style.base * 0.5) / 2
                write_entry(style, canvas, key, name, x, middle, swatch, gap)
                y += height
            margins.right = x - style.base * COLUMN_GAP
            return
    _rows(style, canvas, margins, keys)


def _rows(style: ChartStyle, canvas: Canvas, margins: Margins, keys: Sequence[Key]) -> None:
    font = style.font(NAME_SIZE)
    gap, swatch, between = style.base * NAME_GAP, swatch_width(style, keys), style.base * ENTRY_GAP
    width = margins.width
    stamps = [stamp(wrap(k.name, font, width * 0.5) or k.name, font, "left") for k in keys]
    rows = pack_rows([swatch + gap + name.width for name in stamps], between, width)
    lines = [max(stamps[i].line_height for i in row) + style.base * ROW_GAP for row in rows]
    bottom = style.legend == "bottom"
    y = margins.bottom - sum(lines) if bottom else margins.top
    align = style.title_align if not bottom else "center"
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    totals = [sum(swatch + gap + stamps[i].width for i in r) + between * (len(r) - 1) for r in rows]
    lefts = [margins.left + (width - total) * share for total in totals]
    if style.legend_frame and (len(rows) == 1 or style.trim.legend_edge):
        pad = style.base * ROW_PADDING
        right = max(x + total for x, total in zip(lefts, totals, strict=True)) + pad
        low = y + sum(lines) - pad * FRAME_BELOW
        legend_frame(style, canvas, (min(lefts) - pad, y - pad * FRAME_ABOVE, right, low))
    for row, line, x in zip(rows, lines, lefts, strict=True):
        for i in row:
            write_entry(style, canvas, keys[i], stamps[i], x, y + line * ROW_MIDDLE, swatch, gap)
            x += swatch + gap + stamps[i].width + between
        y += line
    space = sum(lines) + style.base * (LEGEND_GAP_ABOVE if bottom else 0.5)
    if bottom:
        margins.bottom -= space
    else:
        margins.top += space


def swatch_width(style: ChartStyle, keys: Sequence[Key]) -> float:
    """The width of the swatches of a legend, in pixels: the widest that one of them needs."""
    widths = {style.trim.swatch if key.shape == "box" else style.trim.line_swatch for key in keys}
    return style.base * max(widths)


def write_entry(
    style: ChartStyle,
    canvas: Canvas,
    key: Key,
    name: Stamp,
    x: float,
    middle: float,
    swatch: float,
    gap: float,
    z: float = 2.0,
) -> None:
    """An entry of a legend: its swatch and its name."""
    half = style.base * SWATCH_HALF_HEIGHT
    if key.shape == "box":
        box = (x, middle - half, x + swatch, middle + half)
        paint = Ink(fill=key.color, edge=_hatch_color(style, key), hatch=key.hatch)
        canvas.rectangle(box, paint, z)
    else:
        line = Ink(edge=key.color, line=max(MIN_LINE, style.line_width), dash=key.dash)
        if key.shape.startswith("line"):
            canvas.polyline([(x, middle), (x + swatch, middle)], line, z + 1)
        marker = key.shape.removeprefix("line")
        if marker:
            size = min(style.marker_size, style.base * MAX_MARKER)
            dot = marker_ink(style, Ink(fill=key.color))
            canvas.markers([(x + swatch / 2, middle)], marker, size, dot, z + 2)
    # By lines and not by ink: names with and without descenders have one baseline.
    top = middle - (name.line_height - name.font.size * LINE_BOX) / 2 - name.font.size * CAPITALS
    ink = style.palette.ink
    canvas.write(name, x + swatch + gap, top + name.top, key.role, ink, path=key.path)


def _hatch_color(style: ChartStyle, key: Key) -> str | None:
    return style.palette.background if key.hatch else None


def _title(spec: ChartSpec, style: ChartStyle, canvas: Canvas, margins: Margins) -> None:
    if not spec.title:
        return
    width = margins.width
    size = style.title_size
    while True:
        font = style.font(size, style.bold_title)
        text = wrap(spec.title, font, width, 2)
        if text is not None or font.size <= style.base * MIN_TITLE_SIZE:
            break
        size *= SHRINK_TITLE
    title = stamp(text or spec.title, font, style.title_align)
    if style.trim.title_bar:
        margins.top = draw_title_bar(style, canvas, title.height)
    ink = style.trim.title_ink or style.palette.ink
    _aligned(canvas, title, margins, margins.top, "title", ink, style.title_align)
    gap = TITLE_GAP + (BAR_GAP if style.trim.title_bar else 0.0)
    margins.top += title.height + style.base * gap


def _source(spec: ChartSpec, style: ChartStyle, canvas: Canvas, margins: Margins) -> None:
    if not spec.source:
        return
    font = style.font(SOURCE_SIZE)
    width = margins.width
    if style.logo:
        width -= draw_logo(style, canvas, margins.right, margins.bottom) + style.base
    text = wrap(spec.source, font, width, 2) or spec.source
    source = stamp(text, font, style.source_align)
    y = margins.bottom - source.height
    _aligned(canvas, source, margins, y, "source", style.palette.faint, style.source_align)
    if style.logo:
        y = min(y, margins.bottom - style.base * LOGO_HEIGHT)
    margins.bottom = y - style.base * SOURCE_GAP


def _aligned(
    canvas: Canvas, text: Stamp, margins: Margins, y: float, role: str, color: str, align: Align
) -> None:
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[aligned(align, text.text)]
    x = margins.left + margins.width * share
    canvas.write(text, x, y, role, color, (share, 0.0))


def _axis_title(role: str, text: str, style: ChartStyle, margins: Margins) -> Stamp:
    sampled = style.bold_title and style.variant == 0
    bold = style.trim.axis_titles == "bold" if style.trim.axis_titles else sampled
    font = style.font(1.0, bold=bold)
    rotated = role != "x_title" and not style.value_title_above
    along = margins.height * MAX_ROTATED_TITLE if rotated else margins.width * MAX_AXIS_TITLE
    broken = wrap(text, font, along, 2) or text
    made = stamp(broken, font, "center" if rotated or role == "x_title" else "left")
    if not rotated:
        return made
    return made.turned(
        RIGHT_ANGLE if role == "y_title" else 3 * RIGHT_ANGLE
    )  # upwards or downwards


def fit_category_names(
    names: Sequence[str],
    style: ChartStyle,
    slot: float,
    max_height: float,
    *,
    wrapped: bool = True,
) -> list[Stamp]:
    """Stamps for category names below slots of this width, at most `max_height` pixels high.

    Flat, wrapped, slanted or upright: the first way, from the style's own on, that keeps them
    apart; dates are not `wrapped`.
    """
    font = style.font(NAME_SIZE)
    gap = style.base * NAME_GAP
    for way in range(style.category_fit, UPRIGHT + 1):
        if way == FLAT and all(advance(name, font) + gap <= slot for name in names):
            return [stamp(name, font) for name in names]
        if way == WRAPPED and wrapped:
            lines = [wrap(name, font, slot - gap, MAX_NAME_LINES) for name in names]
            if all(lines):
                return [stamp(line or "", font) for line in lines]
        if way in (SLANTED, UPRIGHT) and slot > style.base * MIN_TURNED_SLOT:
            angle = style.slant if way == SLANTED else RIGHT_ANGLE
            turned = [stamp(name, font).turned(angle) for name in names]
            if max(s.height for s in turned) <= max_height:
                return turned
    return [stamp(name, font).turned(RIGHT_ANGLE) for name in names]
