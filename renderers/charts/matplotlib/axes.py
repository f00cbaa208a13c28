"""Plots with axes: where they lie on the sheet, and their ticks and names."""

from __future__ import annotations

from collections.abc import Sequence

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.frame import (
    Plot,
    finish_titles,
    grid,
    ground,
    titles_beside,
)
from renderers.charts.matplotlib.layout import Key, names_fit, surround
from renderers.charts.matplotlib.ranges import Values, extended, fitting_axis, same_steps
from renderers.charts.matplotlib.sheet import Sheet
from renderers.charts.matplotlib.style import Style
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.matplotlib.ticks import Axis, value_axis
from renderers.charts.spec import ChartSpec


def upright(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    names: Sequence[str],
    values: Values,
    *,
    keys: Sequence[Key] = (),
    second: Values | None = None,
    on_edges: bool = False,
    spread: bool = False,
    lifted: bool = False,
) -> Plot:
    """Categories from left to right, values upwards.

    `on_edges`: the names stand at the edges between slots (one more than slots), as under a
    histogram. `spread`: the outermost categories stand near the ends, as on a line. `lifted`: the
    second axis goes below zero only to leave room under its line.
    """
    around = surround(spec, style, sheet, keys)
    room = around.room
    hidden = _hides_values(spec, style)
    titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0

    height = (room.bottom - room.top - title_space) * 0.86
    axis = fitting_axis(values, style, height)
    other = fitting_axis(second, style, height) if second else None
    if other and second:
        # Both axes have as many steps, so that one grid serves both.
        other = same_steps(other, axis, second)
    labels = [] if hidden else _tick_stamps(axis, style)
    if other and lifted:
        # The line was lifted above the bars; below zero there is nothing to read.
        kept = [(t, label) for t, label in zip(other.ticks, other.labels, strict=True) if t >= 0]
        other = Axis(other.low, other.high, tuple(t for t, _ in kept), tuple(s for _, s in kept))
    right_labels = _tick_stamps(other, style) if other else []
    pad = style.base * 0.45
    room.left += max((s.width for s in labels), default=0) + (pad if labels else 0)
    room.right -= max((s.width for s in right_labels), default=0) + (pad if right_labels else 0)
    room.top += style.base * 0.5

    stamps: list[Stamp] = []
    for _ in range(2):
        slots = len(names) - 1 if on_edges else len(names)
        slot = (room.right - room.left) / slots
        inset = slot * ((0.35 if spec.labels else 0.12) if spread else 0.5) if not on_edges else 0.0
        steps = max(1, len(names) - 1)
        pitch = (room.right - room.left - 2 * inset) / steps
        centres = tuple(room.left + inset + pitch * i for i in range(len(names)))
        free = pitch if len(names) > 1 else slot
        stamps = names_fit(names, style, free, (room.bottom - room.top) * 0.38)
        left_over = max(_reach(s, c, -1) for s, c in zip(stamps, centres, strict=True))
        right_over = max(_reach(s, c, 1) for s, c in zip(stamps, centres, strict=True))
        lack_left = max(0.0, style.margin * 0.6 + left_over)
        lack_right = max(0.0, right_over - (style.width - style.margin * 0.6))
        if lack_left + lack_right < 1:
            break
        room.left += lack_left
        room.right -= lack_right
    deep = max(s.height + s.top if s.angle == 0 else s.height for s in stamps)
    room.bottom -= deep + pad + title_space

    plot = Plot(room.box, vertical=axis, second=other, centres=centres, slot=slot)
    tall = room.bottom - room.top
    plot.scales["y"] = Scale(axis.low, axis.high, tall)
    if other:
        plot.scales["y2"] = Scale(other.low, other.high, tall)
    ground(style, sheet, plot)
    grid(style, sheet, plot, across=[plot.y(t) for t in axis.ticks], along=centres)
    for label, tick in zip(labels, axis.ticks, strict=False):
        sheet.write(label, room.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5))
    for label, tick in zip(right_labels, other.ticks if other else (), strict=False):
        at = plot.y(tick, second=True)
        sheet.write(label, room.right + pad, at, "y2_tick", style.palette.faint, (0.0, 0.5))
    for label, centre in zip(stamps, centres, strict=True):
        _below(style, sheet, label, centre, room.bottom + pad)
    finish_titles(around, style, sheet, plot, room.bottom + pad + deep + style.base * 0.6)
    return plot


def lying(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    names: Sequence[str],
    values: Values,
    *,
    keys: Sequence[Key] = (),
    mirrored: bool = False,
) -> Plot:
    """Categories from top to bottom, values to the right. `mirrored`: tick labels show amounts
    on both sides of zero, as in a population pyramid."""
    around = surround(spec, style, sheet, keys)
    room = around.room
    hidden = _hides_values(spec, style)
    titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0
    pad = style.base * 0.5
    font = style.font(0.92)
    widest = (room.right - room.left) * 0.3
    slot = (room.bottom - room.top - title_space) / len(names)
    lines = max(1, int(slot / (font.size * 1.35)))
    stamps = [stamp(wrap(name, font, widest, lines) or name, font, "right") for name in names]
    room.left += max(s.width for s in stamps) + pad

    axis = fitting_axis(values, style, (room.right - room.left) * 0.95)
    if mirrored:
        axis = Axis(axis.low, axis.high, axis.ticks, tuple(t.lstrip("-") for t in axis.labels))
    labels = [] if hidden else _tick_stamps(axis, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = (room.right - room.left) / max(1, len(axis.ticks) - 1)
        if not labels or max(s.width for s in labels) + pad < step:
            break
        fewer = value_axis(values.low, values.high, values.number, count)
        axis = extended(fewer, values, (room.right - room.left) * 0.95, count, True)
        if mirrored:
            axis = Axis(axis.low, axis.high, axis.ticks, tuple(t.lstrip("-") for t in axis.labels))
        labels = _tick_stamps(axis, style)
    if labels:
        over = (labels[-1].width + labels[0].width) / 4
        room.right -= max(0.0, over - style.margin * 0.4)
        room.bottom -= max(s.height for s in labels) + pad
    room.bottom -= title_space

    slot = (room.bottom - room.top) / len(names)
    centres = tuple(room.top + slot * (i + 0.5) for i in range(len(names)))
    plot = Plot(room.box, horizontal=axis, centres=centres, slot=slot)
    plot.scales["x"] = Scale(axis.low, axis.high, room.right - room.left)
    ground(style, sheet, plot)
    grid(style, sheet, plot, across=centres, along=[plot.x(t) for t in axis.ticks], lying=True)
    for label, tick in zip(labels, axis.ticks, strict=False):
        x = plot.x(tick)
        sheet.write(label, x, room.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    for label, centre in zip(stamps, centres, strict=True):
        sheet.write(label, room.left - pad, centre, "y_tick", style.palette.ink, (1.0, 0.5))
    below = room.bottom + pad + (max(s.height for s in labels) if labels else 0)
    finish_titles(around, style, sheet, plot, below + style.base * 0.55)
    return plot


def plane(
    spec: ChartSpec,
    style: Style,
    sheet: Sheet,
    across: Values,
    up: Values,
    *,
    keys: Sequence[Key] = (),
) -> Plot:
    """Values on both axes."""
    around = surround(spec, style, sheet, keys)
    room = around.room
    titles_beside(around, style, sheet)
    bottom_title = around.titles.get("x_title")
    title_space = bottom_title.height + style.base * 0.6 if bottom_title else 0.0
    pad = style.base * 0.45
    vertical = fitting_axis(up, style, (room.bottom - room.top) * 0.8)
    labels = _tick_stamps(vertical, style)
    room.left += max(s.width for s in labels) + pad
    room.top += style.base * 0.5
    horizontal = fitting_axis(across, style, (room.right - room.left) * 0.95)
    below = _tick_stamps(horizontal, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = (room.right - room.left) / max(1, len(horizontal.ticks) - 1)
        if max(s.width for s in below) + pad < step:
            break
        horizontal = value_axis(across.low, across.high, across.number, count)
        below = _tick_stamps(horizontal, style)
    room.right -= max(0.0, below[-1].width / 2 - style.margin * 0.4)
    deep = max(s.height for s in below)
    room.bottom -= deep + pad + title_space
    plot = Plot(room.box, horizontal=horizontal, vertical=vertical)
    plot.scales["x"] = Scale(horizontal.low, horizontal.high, room.right - room.left)
    plot.scales["y"] = Scale(vertical.low, vertical.high, room.bottom - room.top)
    ground(style, sheet, plot)
    columns = [plot.x(t) for t in horizontal.ticks]
    grid(style, sheet, plot, across=[plot.y(t) for t in vertical.ticks], along=columns, both=True)
    for label, tick in zip(labels, vertical.ticks, strict=True):
        sheet.write(label, room.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5))
    for label, x in zip(below, columns, strict=True):
        sheet.write(label, x, room.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    finish_titles(around, style, sheet, plot, room.bottom + pad + deep + style.base * 0.6)
    return plot


def _hides_values(spec: ChartSpec, style: Style) -> bool:
    """With every value printed, some charts do without a value axis."""
    return spec.labels and style.variant == 3 and style.grid == "none"


def _tick_stamps(axis: Axis, style: Style) -> list[Stamp]:
    font = style.font(0.86)
    return [stamp(label, font) for label in axis.labels]


def _reach(name: Stamp, centre: float, side: int) -> float:
    """How far a name stands out to the left (negated) or right."""
    if name.angle in (0.0, 90.0):
        return name.width / 2 - centre if side < 0 else centre + name.width / 2
    slack = name.font.size * 0.3
    return name.width - slack - centre if side < 0 else centre + slack


def _below(style: Style, sheet: Sheet, name: Stamp, centre: float, y: float) -> None:
    if name.angle == 0.0:
        sheet.write(name, centre, y + name.top, "x_tick", style.palette.ink, (0.5, 0.0))
    elif name.angle == 90.0:
        sheet.write(name, centre, y, "x_tick", style.palette.ink, (0.5, 0.0))
    else:
        x = centre + name.font.size * 0.3
        sheet.write(name, x, y, "x_tick", style.palette.ink, (1.0, 0.0))
