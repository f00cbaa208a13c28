"""Areas and squares: marimekkos, maps of tiles, waffles, trees of rectangles."""

from __future__ import annotations

from renderers.charts.drawing import Scale
from renderers.charts.matplotlib.canvas import Canvas, Ink
from renderers.charts.matplotlib.layout import Key, fit_category_names, lay_out_frame
from renderers.charts.matplotlib.placed_text import AUTO
from renderers.charts.matplotlib.spacing import NAME_GAP, NAME_SIZE, RIGHT_ANGLE
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.matplotlib.text import stamp, wrap
from renderers.charts.palette import blend, on_ramp
from renderers.charts.paths import node_paths, table_paths
from renderers.charts.spec import ChartSpec
from renderers.charts.tile_grids import tile_place

MAX_NAMES = 0.3
"""Share of the height that the names of columns may take."""
CELL_LINE = 1.6
"""Between cells, in strokes."""
TILE_GAP = 0.06
"""Between two tiles, in tiles."""
LINES = 0.92
"""Of the heights of their lines, for the name and the value of a tile."""
SQUARES = 10
"""In a row and in a column of a waffle."""
SQUARE_GAP = 0.14
"""Between two squares, in squares."""
GROUP_WIDTH = 0.38
"""Of the width, for the groups of an icicle."""
LEAF_TINTS = (0.85, 0.65)
"""Opacity of a group's color over the background in its leaves, in turns."""
CELL_PADDING = 0.5
"""At the left of a text in a rectangle, in ems."""


def marimekko(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Columns as wide as their sums, each divided by its series from the bottom up."""
    data = spec.table
    keys = [Key(s.name, style.color(i)) for i, s in enumerate(data.series)]
    margins = lay_out_frame(spec, style, canvas, keys).margins
    sums = [sum(s.values[i] for s in data.series) for i in range(len(data.categories))]
    per_value = margins.width / sum(sums)
    narrowest = min(sums) * per_value
    names = fit_category_names(data.categories, style, narrowest, margins.height * MAX_NAMES)
    slanted = bool(names[0].angle % RIGHT_ANGLE)
    if slanted:
        font = style.font(NAME_SIZE)
        names = [stamp(name, font).turned(RIGHT_ANGLE) for name in data.categories]
    depth = max(s.height + (s.top if s.angle == 0 else 0) for s in names)
    pad = style.base * NAME_GAP
    margins.bottom -= depth + pad
    canvas.plot_area(margins.box)
    font = style.font(style.label_size)
    left = margins.left
    line = Ink(edge=style.palette.background, line=style.stroke * CELL_LINE)
    for i, total in enumerate(sums):
        right, y = left + total * per_value, margins.bottom
        for series, paths, key in zip(data.series, table_paths(data), keys, strict=True):
            top = y - series.values[i] / total * margins.height
            ink = Ink(key.color, line.edge, line.line)
            canvas.mark(paths[i], canvas.rectangle((left, top, right, y), ink))
            label = stamp(series.number.print(series.values[i]), font)
            middle = ((left + right) / 2, (top + y) / 2)
            canvas.write(label, *middle, "value", AUTO, (0.5, 0.5), path=paths[i])
            y = top
        name = names[i]
        below = margins.bottom + pad + (name.top if name.angle == 0 else 0)
        canvas.write(name, (left + right) / 2, below, "x_tick", style.palette.ink, (0.5, 0.0))
        left = right
    return {}


def tile_map(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A map with a tile for each region, colored and labeled by its value."""
    data = spec.table
    series = data.series[0]
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    canvas.ramp = style.palette.ramp
    places = [tile_place(name, data.categories) for name in data.categories]
    rows, columns = [r for r, _ in places], [c for _, c in places]
    wide, high = max(columns) - min(columns) + 1, max(rows) - min(rows) + 1
    size = min(margins.width / wide, margins.height / high)
    left = margins.left + (margins.width - wide * size) / 2
    top = margins.top + (margins.height - high * size) / 2
    low, span = min(series.values), max(series.values) - min(series.values) or 1.0
    name_font, font = style.font(NAME_SIZE, bold=style.variant % 2 == 0), style.font(0.8)
    gap = size * TILE_GAP / 2
    for (row, column), value, path in zip(places, series.values, table_paths(data)[0], strict=True):
        x, y = left + (column - min(columns)) * size, top + (row - min(rows)) * size
        color = on_ramp(style.palette.ramp, (value - low) / span)
        cell = (x + gap, y + gap, x + size - gap, y + size - gap)
        canvas.mark(path, canvas.rectangle(cell, Ink(fill=color)))
        name, label = stamp(path[-1], name_font), stamp(series.number.print(value), font)
        # By lines, not by ink: the letters of neighbors are then on one height.
        start = y + (size - (name.line_height + label.line_height) * LINES) / 2
        below = start + name.line_height * LINES + label.top
        middle = x + size / 2
        canvas.write(name, middle, start + name.top, "category", AUTO, (0.5, 0.0), path=path)
        canvas.write(label, middle, below, "value", AUTO, (0.5, 0.0), path=path)
    return {}


def waffle(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """A hundred squares, each one percent; the legend has the names with their shares."""
    data = spec.table
    series = data.series[0]
    keys = []
    for i, (name, value, path) in enumerate(
        zip(data.categories, series.values, table_paths(data)[0], strict=True)
    ):
        text = series.number.print(value)
        both = f"{name} ({text})" if style.variant > 1 else f"{name}: {text}"
        keys.append(Key(both, style.color(i), role="label", path=path))
    margins = lay_out_frame(spec, style, canvas, keys).margins
    size = min(margins.width, margins.height) / SQUARES
    left = margins.left + (margins.width - size * SQUARES) / 2
    top = margins.top + (margins.height - size * SQUARES) / 2
    canvas.plot_area((left, top, left + size * SQUARES, top + size * SQUARES))
    gap, place = size * SQUARE_GAP / 2, 0
    across = style.variant % 2 == 0
    for key, value in zip(keys, series.values, strict=True):
        squares = []
        for number in range(place, place + round(value)):
            along, up = number % SQUARES, SQUARES - 1 - number // SQUARES
            column, row = (along, up) if across else (number // SQUARES, SQUARES - 1 - along)
            x, y = left + column * size, top + row * size
            box = (x + gap, y + gap, x + size - gap, y + size - gap)
            squares.append(canvas.rectangle(box, Ink(fill=key.color)))
        place += round(value)
        canvas.mark(key.path, *squares, points=[(square, 0) for square in squares])
    return {}


def icicle(spec: ChartSpec, style: ChartStyle, canvas: Canvas) -> dict[str, Scale]:
    """Groups at the left and their members at the right, all as high as their values."""
    data = spec.tree
    margins = lay_out_frame(spec, style, canvas).margins
    canvas.plot_area(margins.box)
    leaves = [(path, node) for path, node in node_paths(data.roots) if not node.children]
    total = sum(node.value for _, node in leaves)
    split = margins.left + margins.width * GROUP_WIDTH
    font, pad = style.font(style.label_size), style.base * CELL_PADDING
    joint = ": " if style.variant % 2 else " ("
    line = Ink(edge=style.palette.background, line=style.stroke * CELL_LINE)
    y, place = margins.top, 0
    for g, root in enumerate(data.roots):
        color, start = style.color(g), y
        for member in root.children:
            high = member.value / total * margins.height
            tint = LEAF_TINTS[place % 2]
            fill = blend(color, style.palette.background, tint)
            cell = (split, y, margins.right, y + high)
            shape = canvas.rectangle(cell, Ink(fill, line.edge, line.line))
            path = (root.name, member.name)
            canvas.mark(path, shape)
            text = f"{member.name}{joint}{data.number.print(member.value)}"
            label = stamp(text + (")" if joint == " (" else ""), font)
            middle = y + high / 2
            canvas.write(label, split + pad, middle, "label", AUTO, (0.0, 0.5), path=path)
            y += high
            place += 1
        box = (margins.left, start, split, y)
        canvas.rectangle(box, Ink(color, line.edge, line.line))
        name_font = style.font(NAME_SIZE, bold=style.variant < 2)
        widest = split - margins.left - 2 * pad
        name = stamp(wrap(root.name, name_font, widest) or root.name, name_font)
        middle_x = (margins.left + split) / 2
        canvas.write(name, middle_x, (start + y) / 2, "category", AUTO, (0.5, 0.5))
    return {}
