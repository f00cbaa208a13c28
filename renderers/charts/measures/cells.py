"""Cells, squares, circles and boxes: values by area, number of squares, or place of their label."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from renderers.charts.drawing import XY, Drawing, DrawnText, Mark
from renderers.charts.expected import plain
from renderers.charts.measures.bars import bars
from renderers.charts.measures.reading import Reading, marks_by_path
from renderers.charts.measures.shares import COLOR_STEP, colors
from renderers.charts.palette import share_on_ramp
from renderers.charts.paths import mark_paths, set_regions, table_paths
from renderers.charts.spec import ChartSpec
from renderers.charts.tile_grids import tile_place
from renderers.picture import Box


def mosaic(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each column as wide as its sum; each cell as high as its share of the column."""
    marks = marks_by_path(drawing)
    series = spec.table.series
    paths = table_paths(spec.table)
    sums = [sum(s.values[i] for s in series) for i in range(len(spec.table.categories))]
    columns = [[marks[row[i]].bbox for row in paths] for i in range(len(sums))]
    per_pixel = sum(sums) / sum(cells[0][2] - cells[0][0] for cells in columns)
    for i, cells in enumerate(columns):
        height = sum(y1 - y0 for _, y0, _, y1 in cells)
        for row, s, (x0, y0, x1, y1) in zip(paths, series, cells, strict=True):
            yield Reading((*row[i], "column"), sums[i], (x1 - x0) * per_pixel, per_pixel)
            yield Reading(row[i], s.values[i], (y1 - y0) / height * sums[i], sums[i] / height)


def counted(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """As many squares of one size as the value has percent."""
    marks = marks_by_path(drawing)
    for path, value in zip(table_paths(spec.table)[0], spec.table.series[0].values, strict=True):
        # Less than one square is wrong: half of one counts as the pixels that are allowed.
        yield Reading(path, value, len(marks[path].points), 0.2)


def tiles(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each tile in the color of its value on the ramp, at its place in the grid of its map."""
    marks = marks_by_path(drawing)
    data = spec.table
    values = data.series[0].values
    low, span = min(values), max(values) - min(values)
    places = [tile_place(name, data.categories) for name in data.categories]
    boxes = [marks[path].bbox for path in table_paths(data)[0]]
    axes = [_grid_axis([p[1 - i] for p in places], [box[i] for box in boxes]) for i in (0, 1)]
    for path, value, place, box in zip(table_paths(data)[0], values, places, boxes, strict=True):
        share, length = share_on_ramp(drawing.ramp, marks[path].color)
        yield Reading(path, value, low + share * span, (span or 1.0) / length * COLOR_STEP)
        for i, (first, start, pitch) in enumerate(axes):
            number = (box[i] - start) / pitch + first
            yield Reading((*path, "place"), place[1 - i], number, 1 / pitch)


def _grid_axis(numbers: Sequence[int], starts: Sequence[float]) -> tuple[int, float, float]:
    """The first column or row, the pixel where it starts, and the distance of two, from the
    outermost tiles."""
    first, last = min(numbers), max(numbers)
    pitch = (max(starts) - min(starts)) / max(1, last - first)
    return first, min(starts), pitch or 1.0


def venn(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """The label of each region within exactly the circles of its sets."""
    marks = marks_by_path(drawing)
    labels = {text.path: text for text in drawing.texts if text.role == "value"}
    circles = {
        next(iter(sets)): marks[path].bbox
        for path, sets in set_regions(spec.table)
        if len(sets) == 1
    }
    for path, sets in set_regions(spec.table):
        for name, (x0, y0, x1, y1) in circles.items():
            center, radius = ((x0 + x1) / 2, (y0 + y1) / 2), (x1 - x0) / 2
            label = labels.get(path)
            distances = [math.dist(center, corner) for corner in _corners(label)]
            inside = bool(distances) and max(distances) <= radius
            outside = bool(distances) and min(distances) >= radius
            yield Reading((*path, name), 0.0, 0.0 if (inside, outside)[name not in sets] else 1, 0)


def boxed(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """The label of each value within the box of its mark, and in no other."""
    marks = marks_by_path(drawing)
    labels = {text.path: text.bbox for text in drawing.texts if text.role in ("value", "label")}
    for path in mark_paths(spec):
        holders = [mark.path for mark in drawing.marks if _holds(mark, labels.get(path))]
        yield Reading(path, 0.0, 0.0 if holders == [marks[path].path] else 1.0, 0.0)


def bins(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each cell between the edges of its bins, in the color of its value on the ramp."""
    yield from colors(spec, drawing)
    marks = marks_by_path(drawing)
    left, top, right, bottom = drawing.plots[0]
    wide = (right - left) / len(spec.table.categories)
    high = (bottom - top) / len(spec.table.series)
    for r, row in enumerate(table_paths(spec.table)):
        for c, path in enumerate(row):
            x, y = left + wide * c, bottom - high * (r + 1)
            for side, at, read in zip(
                ("left", "top", "right", "bottom"),
                (x, y, x + wide, y + high),
                marks[path].bbox,
                strict=True,
            ):
                yield Reading((*path, side), at, read, 1.0)


def listed(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each bar from zero to its value, and the value in the row and column of its names."""
    yield from bars(spec, drawing)
    data = spec.table
    rows, columns = [series.name for series in data.series], list(data.categories)
    head = 1 if data.listed == "below" or rows != [""] else 0
    aside = 0 if data.listed == "below" and rows == [""] else 1
    places = {text.path: text.cell for text in drawing.texts if text.cell and text.path}
    for s, row in enumerate(table_paths(data)):
        for c, path in enumerate(row):
            r, k = (s, c) if data.listed == "below" else (c, s)
            cell = places.get(path)
            right = cell is not None and (cell.row, cell.column) == (r + head, k + aside)
            yield Reading((*path, "cell"), 0.0, 0.0 if right else 1.0, 0.0)
    # Names in the first row and column, in the same order.
    heads = {(t.cell.row, t.cell.column): t.text for t in drawing.texts if t.cell and not t.path}
    across, down = (columns, rows) if data.listed == "below" else (rows, columns)
    wanted = {(0, i + aside): name for i, name in enumerate(across) if head}
    wanted |= {(i + head, 0): name for i, name in enumerate(down) if aside}
    for place, name in wanted.items():
        right = plain(heads.get(place, "")) == plain(name)
        yield Reading((name, "cell"), 0.0, 0.0 if right else 1.0, 0.0)


def arrows(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each arrow from the box of its source to that of its target; its number nearer to it than to
    any other arrow."""
    marks = marks_by_path(drawing)
    lines = {line.path: line.corners for line in drawing.lines}
    labels = {text.path: text.bbox for text in drawing.texts if text.role == "value"}
    for path in mark_paths(spec):
        for name, point in zip(path, marks[path].points, strict=True):
            ends = marks[(name,)].bbox if (name,) in marks else (0.0, 0.0, 0.0, 0.0)
            yield Reading((*path, name), 0.0, _gap((*point, *point), ends), 1.0)
        box = labels.get(path)
        gaps = {p: _gap_to_line(box, corners) for p, corners in lines.items()} if box else {}
        nearest = min(gaps, key=lambda p: gaps[p], default=())
        yield Reading(path, 0.0, 0.0 if nearest == path else 1.0, 0.0)


def _gap_to_line(box: Box, corners: Sequence[XY]) -> float:
    """Between a box and a line of upright and level parts."""
    return min(
        _gap((min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])), box)
        for a, b in pairwise(corners)
    )


def _gap(one: Box, other: Box) -> float:
    dx = max(other[0] - one[2], one[0] - other[2], 0.0)
    dy = max(other[1] - one[3], one[1] - other[3], 0.0)
    return math.hypot(dx, dy)


def _holds(mark: Mark, box: tuple[float, float, float, float] | None) -> bool:
    if box is None:
        return False
    x0, y0, x1, y1 = mark.bbox
    return x0 <= box[0] and y0 <= box[1] and box[2] <= x1 and box[3] <= y1


def _corners(text: DrawnText | None) -> list[XY]:
    if text is None:
        return []
    x0, y0, x1, y1 = text.bbox
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
