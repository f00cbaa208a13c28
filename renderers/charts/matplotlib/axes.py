"""Plots with axes: where they lie on the sheet, and their ticks and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from renderers.charts.annotations.levels import needs_axis
from renderers.charts.matplotlib.annotations.room import with_room
from renderers.charts.matplotlib.canvas import Canvas
from renderers.charts.matplotlib.frame import (
    Plot,
    grid,
    plot_background,
    reserve_axis_titles,
    write_axis_titles,
)
from renderers.charts.matplotlib.layout import Key, fit_category_names, lay_out_frame
from renderers.charts.matplotlib.ranges import AxisValues, fitting_axis, same_steps
from renderers.charts.matplotlib.spacing import (
    AXIS_TITLE_GAP,
    NAME_GAP,
    NAME_SIZE,
    RIGHT_ANGLE,
    SLANT_OFFSET,
    TICK_SIZE,
)
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import Stamp, stamp, wrap
from renderers.charts.spec import ChartSpec
from renderers.charts.ticks import ValueAxis
from renderers.charts.warped_axes import labels_at_break

MARGIN_FOR_NAMES, MARGIN_FOR_TICKS = 0.6, 0.4
"""Shares of the margin that names and tick labels at the ends of an axis may extend into."""
VARIANT_WITHOUT_AXIS = 3
LABELED_INSET, BARE_INSET = 0.35, 0.12
"""Where the first and last points of a line are, in slots from the sides of the plot: labels need
more space there."""
HEIGHT_ESTIMATE = 0.86
"""Share of the height that remains above the names, whose height is not known yet."""
MAX_NAMES_HEIGHT = 0.38
"""Share of the height that category names may take."""
MAX_NAME_WIDTH = 0.3
"""Share of the width that names at the left may take before they wrap."""
NAME_LINE_HEIGHT = 1.35
"""Of wrapped names, in ems."""
WIDTH_ESTIMATE = 0.95
"""Share of the width that remains next to the last tick label, whose width is not known yet."""
PLANE_HEIGHT_ESTIMATE = 0.8
"""The same share of the height where both axes have values."""
BELOW_TICKS_GAP = 0.55
"""Between the ticks of a horizontal value axis and its title, in ems."""


def vertical_plot(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    names: Sequence[str],
    values: AxisValues,
    *,
    keys: Sequence[Key] = (),
    second: AxisValues | None = None,
    on_edges: bool = False,
    spread: bool = False,
    lifted: bool = False,
    beyond: float = 0.0,
    places: Sequence[float] = (),
) -> Plot:
    """Categories from left to right, values upwards.

    `on_edges`: the names are at the edges between slots (one more than slots), as under a
    histogram. `spread`: the outermost categories are near the ends, as on a line. `lifted`: the
    second axis goes below zero only to leave room under its line. `beyond`: pixels that stay
    free to the right of the plot. `places` are those of the names from 0 to 1, where they are not
    at equal distances.
    """
    frame = lay_out_frame(spec, style, canvas, keys)
    margins = frame.margins
    hidden = _hides_values(spec, style)
    reserve_axis_titles(frame, style, canvas)
    margins.right -= beyond
    bottom_title = frame.titles.get("x_title")
    title_space = bottom_title.height + style.base * AXIS_TITLE_GAP if bottom_title else 0.0

    height = (margins.bottom - margins.top - title_space) * HEIGHT_ESTIMATE
    values = with_room(values, spec, style)
    axis = fitting_axis(values, style, height)
    axis = replace(axis, minor=()) if hidden else axis
    other = fitting_axis(second, style, height) if second else None
    if other and second:
        # Both axes have as many steps, so that one grid serves both.
        other = same_steps(other, axis, second)
    labels = [] if hidden else _tick_stamps(axis, style)
    if other and lifted:
        # The line was lifted above the bars; below zero there is nothing to read.
        kept = [(t, label) for t, label in zip(other.ticks, other.labels, strict=True) if t >= 0]
        other = ValueAxis(
            other.low, other.high, tuple(t for t, _ in kept), tuple(s for _, s in kept)
        )
    right_labels = _tick_stamps(other, style) if other else []
    pad = style.base * NAME_GAP
    margins.left += max((s.width for s in labels), default=0) + (pad if labels else 0)
    margins.right -= max((s.width for s in right_labels), default=0) + (pad if right_labels else 0)
    margins.top += style.base * 0.5

    stamps: list[Stamp] = []
    for _ in range(2):
        slots = len(names) - 1 if on_edges else len(names)
        slot = margins.width / slots
        inset = (
            slot * ((LABELED_INSET if spec.labels else BARE_INSET) if spread else 0.5)
            if not on_edges
            else 0.0
        )
        steps = max(1, len(names) - 1)
        pitch = (margins.width - 2 * inset) / steps
        centers = tuple(margins.left + inset + pitch * i for i in range(len(names)))
        free = pitch if len(names) > 1 else slot
        if places:
            centers = tuple(margins.left + margins.width * place for place in places)
            free = min(b - a for a, b in pairwise(centers))
        tallest = margins.height * MAX_NAMES_HEIGHT
        stamps = fit_category_names(names, style, free, tallest, wrapped=not places)
        left_over = max(_reach(s, c, -1) for s, c in zip(stamps, centers, strict=True))
        right_over = max(_reach(s, c, 1) for s, c in zip(stamps, centers, strict=True))
        lack_left = max(0.0, style.margin * MARGIN_FOR_NAMES + left_over)
        lack_right = max(0.0, right_over - (style.width - style.margin * MARGIN_FOR_NAMES))
        if lack_left + lack_right < 1:
            break
        margins.left += lack_left
        margins.right -= lack_right
    depth = max(s.height + s.top if s.angle == 0 else s.height for s in stamps)
    margins.bottom -= depth + pad + title_space

    plot = Plot(margins.box, y_axis=axis, second_axis=other, centers=centers, slot=slot)
    plot.scales["y"] = axis.scale(margins.height, margins.bottom, reverse=True)
    if other:
        plot.scales["y2"] = other.scale(margins.height, margins.bottom, reverse=True)
    plot_background(style, canvas, plot)
    # Strokes without labels say nothing.
    rows = [] if hidden else [plot.y(t) for t in axis.ticks]
    grid(style, canvas, plot, across=rows, along=centers)
    for label, tick in zip(labels, axis.ticks, strict=False):
        canvas.write(
            label, margins.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5)
        )
    for label, tick in zip(right_labels, other.ticks if other else (), strict=False):
        at = plot.y(tick, second=True)
        canvas.write(label, margins.right + pad, at, "y2_tick", style.palette.faint, (0.0, 0.5))
    for label, center in zip(stamps, centers, strict=True):
        _below(style, canvas, label, center, margins.bottom + pad)
    write_axis_titles(
        frame, style, canvas, plot, margins.bottom + pad + depth + style.base * AXIS_TITLE_GAP
    )
    return plot


def horizontal_plot(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    names: Sequence[str],
    values: AxisValues,
    *,
    keys: Sequence[Key] = (),
    mirrored: bool = False,
    above: float = 0.0,
) -> Plot:
    """Categories from top to bottom, values to the right. `mirrored`: tick labels show amounts
    on both sides of zero, as in a population pyramid. `above`: slots that stay free above the
    first one."""
    frame = lay_out_frame(spec, style, canvas, keys)
    margins = frame.margins
    hidden = _hides_values(spec, style)
    reserve_axis_titles(frame, style, canvas)
    bottom_title = frame.titles.get("x_title")
    title_space = bottom_title.height + style.base * AXIS_TITLE_GAP if bottom_title else 0.0
    pad = style.base * 0.5
    font = style.font(NAME_SIZE)
    widest = margins.width * MAX_NAME_WIDTH
    slot = (margins.bottom - margins.top - title_space) / len(names)
    lines = max(1, int(slot / (font.size * NAME_LINE_HEIGHT)))
    stamps = [stamp(wrap(name, font, widest, lines) or name, font, "right") for name in names]
    margins.left += max(s.width for s in stamps) + pad

    values = with_room(values, spec, style, horizontal=True)
    axis = fitting_axis(values, style, margins.width * WIDTH_ESTIMATE)
    if beside := labels_at_break(axis):
        # They stand side by side.
        wide = sum(stamp(label, style.font(TICK_SIZE)).width for label in beside) / 2
        values = replace(values, apart=wide + pad)
        axis = fitting_axis(values, style, margins.width * WIDTH_ESTIMATE)
    if mirrored:
        axis = replace(axis, labels=tuple(t.lstrip("-") for t in axis.labels))
    labels = [] if hidden else _tick_stamps(axis, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = margins.width / max(1, len(axis.ticks) - 1)
        if not labels or max(s.width for s in labels) + pad < step:
            break
        axis = fitting_axis(values, style, margins.width * WIDTH_ESTIMATE, count)
        if mirrored:
            axis = replace(axis, labels=tuple(t.lstrip("-") for t in axis.labels))
        labels = _tick_stamps(axis, style)
    axis = replace(axis, minor=()) if hidden else axis
    if labels:
        margins.right -= max(0.0, labels[-1].width / 2 - style.margin * MARGIN_FOR_TICKS)
        margins.bottom -= max(s.height for s in labels) + pad
    margins.bottom -= title_space

    slot = margins.height / (len(names) + above)
    centers = tuple(margins.top + slot * (above + i + 0.5) for i in range(len(names)))
    plot = Plot(margins.box, x_axis=axis, centers=centers, slot=slot)
    plot.scales["x"] = axis.scale(margins.width, margins.left)
    plot_background(style, canvas, plot)
    columns = [] if hidden else [plot.x(t) for t in axis.ticks]
    grid(style, canvas, plot, across=centers, along=columns, horizontal=True)
    for label, tick in zip(labels, axis.ticks, strict=False):
        x = plot.x(tick)
        canvas.write(label, x, margins.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    for label, center in zip(stamps, centers, strict=True):
        canvas.write(label, margins.left - pad, center, "y_tick", style.palette.ink, (1.0, 0.5))
    below = margins.bottom + pad + (max(s.height for s in labels) if labels else 0)
    write_axis_titles(frame, style, canvas, plot, below + style.base * BELOW_TICKS_GAP)
    return plot


def value_plane(
    spec: ChartSpec,
    style: ChartStyle,
    canvas: Canvas,
    across: AxisValues,
    up: AxisValues,
    *,
    keys: Sequence[Key] = (),
    beyond: float = 0.0,
    lifted: float = 0.0,
) -> Plot:
    """Values on both axes. `beyond` and `lifted`: pixels that stay free to the right of the plot
    and above it."""
    frame = lay_out_frame(spec, style, canvas, keys)
    margins = frame.margins
    reserve_axis_titles(frame, style, canvas)
    margins.right -= beyond
    bottom_title = frame.titles.get("x_title")
    title_space = bottom_title.height + style.base * AXIS_TITLE_GAP if bottom_title else 0.0
    pad = style.base * NAME_GAP
    vertical = fitting_axis(up, style, margins.height * PLANE_HEIGHT_ESTIMATE)
    labels = _tick_stamps(vertical, style)
    margins.left += max(s.width for s in labels) + pad
    margins.top += style.base * 0.5 + lifted
    horizontal = fitting_axis(across, style, margins.width * WIDTH_ESTIMATE)
    below = _tick_stamps(horizontal, style)
    for count in range(style.tick_count - 1, 1, -1):
        step = margins.width / max(1, len(horizontal.ticks) - 1)
        if max(s.width for s in below) + pad < step:
            break
        horizontal = fitting_axis(across, style, margins.width * WIDTH_ESTIMATE, count)
        below = _tick_stamps(horizontal, style)
    margins.right -= max(0.0, below[-1].width / 2 - style.margin * MARGIN_FOR_TICKS - beyond)
    depth = max(s.height for s in below)
    margins.bottom -= depth + pad + title_space
    plot = Plot(margins.box, x_axis=horizontal, y_axis=vertical)
    plot.scales["x"] = horizontal.scale(margins.width, margins.left)
    plot.scales["y"] = vertical.scale(margins.height, margins.bottom, reverse=True)
    plot_background(style, canvas, plot)
    columns = [plot.x(t) for t in horizontal.ticks]
    grid(style, canvas, plot, across=[plot.y(t) for t in vertical.ticks], along=columns, both=True)
    for label, tick in zip(labels, vertical.ticks, strict=True):
        canvas.write(
            label, margins.left - pad, plot.y(tick), "y_tick", style.palette.faint, (1.0, 0.5)
        )
    for label, x in zip(below, columns, strict=True):
        canvas.write(label, x, margins.bottom + pad, "x_tick", style.palette.faint, (0.5, 0.0))
    write_axis_titles(
        frame, style, canvas, plot, margins.bottom + pad + depth + style.base * AXIS_TITLE_GAP
    )
    return plot


def _hides_values(spec: ChartSpec, style: ChartStyle) -> bool:
    """With every value printed, some charts do without a value axis; not where bars have no common
    scale from zero on."""
    bare = style.variant == VARIANT_WITHOUT_AXIS and style.grid == "none"
    plain = spec.axis.kind == "linear" and not spec.axis.truncated
    return spec.labels and bare and plain and not needs_axis(spec)


def _tick_stamps(axis: ValueAxis, style: ChartStyle) -> list[Stamp]:
    font = style.font(TICK_SIZE)
    return [stamp(label, font) for label in axis.labels]


def _reach(name: Stamp, center: float, side: int) -> float:
    """How far a name extends to the left (negated) or right."""
    if name.angle in (0, RIGHT_ANGLE):
        return name.width / 2 - center if side < 0 else center + name.width / 2
    slack = name.font.size * SLANT_OFFSET
    return name.width - slack - center if side < 0 else center + slack


def _below(style: ChartStyle, canvas: Canvas, name: Stamp, center: float, y: float) -> None:
    if name.angle == 0.0:
        canvas.write(name, center, y + name.top, "x_tick", style.palette.ink, (0.5, 0.0))
    elif name.angle == RIGHT_ANGLE:
        canvas.write(name, center, y, "x_tick", style.palette.ink, (0.5, 0.0))
    else:
        x = center + name.font.size * SLANT_OFFSET
        canvas.write(name, x, y, "x_tick", style.palette.ink, (1.0, 0.0))
