"""Sectors, cells and bands: values by angle, radius, width, area, thickness or color."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from renderers.charts.drawing import Drawing, Mark, Sector
from renderers.charts.measures.reading import Reading, marks_by_path
from renderers.charts.palette import share_on_ramp
from renderers.charts.paths import link_paths, node_paths, table_paths
from renderers.charts.spec import ChartSpec, Node

LINK_WIDTHS = (1.0, 5.0)
"""Widths of the weakest possible and of the strongest link of a graph; any unit."""
COLOR_STEP = 2.0
"""Bytes of a color channel that count as a pixel: rounding of mixed colors."""


def angles(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each slice with its share of the full turn."""
    values, marks = _first_series(spec, drawing)
    yield from _turns(marks, values, math.tau)


def radii(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each slice as long as its value, the longest one as the largest value."""
    values, marks = _first_series(spec, drawing)
    yield from _in_proportion(marks, values, [s.outer - s.inner for s in map(_sector, marks)])


def polar(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Rays of equal angles as long as their values; or rings that turn as far as their values."""
    values, marks = _first_series(spec, drawing)
    sectors = [_sector(mark) for mark in marks]
    if max(s.inner for s in sectors) - min(s.inner for s in sectors) < 1:
        yield from _in_proportion(marks, values, [s.outer - s.inner for s in sectors])
        return
    largest = max(range(len(values)), key=lambda i: values[i])
    for mark, value, sector in zip(marks, values, sectors, strict=True):
        read = sector.sweep / sectors[largest].sweep * values[largest]
        per_pixel = values[largest] / (sectors[largest].sweep * sector.outer)
        yield Reading(mark.path, value, read, per_pixel)


def gauge(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """A band along the scale, whose length in pixels is that of its outer edge."""
    values, (mark,) = _first_series(spec, drawing)
    scale, sector = drawing.scales["gauge"], _sector(mark)
    yield Reading(
        mark.path, values[0], scale.value_at(sector.sweep * sector.outer), scale.per_pixel
    )


def funnel(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each part with an upper edge as wide as its value."""
    values, marks = _first_series(spec, drawing)
    widths = [abs(mark.points[1][0] - mark.points[0][0]) for mark in marks]
    yield from _in_proportion(marks, values, widths)


def rings(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each leaf with its share of the full turn."""
    marks = marks_by_path(drawing)
    leaves = [(p, node.value) for p, node in node_paths(spec.tree.roots) if not node.children]
    yield from _turns([marks[p] for p, _ in leaves], [value for _, value in leaves], math.tau)


def areas(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each leaf with its share of the area of its parent's leaves: headers and borders take some
    of the parent's area."""
    marks = marks_by_path(drawing)

    def visit(nodes: Sequence[Node], above: tuple[str, ...]) -> Iterator[Reading]:
        leaves = [(marks[(*above, n.name)], n.value) for n in nodes if not n.children]
        sizes = [_size(mark) for mark, _ in leaves]
        total = sum(w * h for w, h in sizes)
        values = sum(value for _, value in leaves)
        for (mark, value), (w, h) in zip(leaves, sizes, strict=True):
            # A border that moves by a pixel on each side.
            per_pixel = values / total * (w + h)
            yield Reading(mark.path, value, values * w * h / total, per_pixel)
        for node in nodes:
            yield from visit(node.children, (*above, node.name))

    yield from visit(spec.tree.roots, ())


def heights(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each leaf as high as its value, the whole chart as high as the sum."""
    marks = marks_by_path(drawing)
    leaves = [(p, node.value) for p, node in node_paths(spec.tree.roots) if not node.children]
    boxes = [marks[path].bbox for path, _ in leaves]
    total = sum(value for _, value in leaves)
    per_pixel = total / (max(b[3] for b in boxes) - min(b[1] for b in boxes))
    for (path, value), box in zip(leaves, boxes, strict=True):
        yield Reading(path, value, (box[3] - box[1]) * per_pixel, per_pixel)


def flows(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each link as thick as its value."""
    marks = marks_by_path(drawing)
    links = [marks[path] for path in link_paths(spec.flow)]
    values = [link.value for link in spec.flow.links]
    yield from _in_proportion(links, values, [mark.stroke for mark in links])


def links(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each line of a width between `LINK_WIDTHS`."""
    marks = marks_by_path(drawing)
    strokes = [marks[path].stroke for path in link_paths(spec.flow)]
    least, most = LINK_WIDTHS
    values = [link.value for link in spec.flow.links]
    per_pixel = max(values) * most / (most - least) / max(strokes)
    for path, value, stroke in zip(link_paths(spec.flow), values, strokes, strict=True):
        read = (stroke / max(strokes) * most - least) / (most - least) * max(values)
        yield Reading(path, value, read, per_pixel)


def river(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """At each time, each band as thick as its value on the axis."""
    marks, scale = marks_by_path(drawing), drawing.scales["y"]
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in zip(series.values, paths, strict=True):
            (_, low), (_, high) = marks[path].points
            yield Reading(path, value, abs(high - low) * scale.per_pixel, scale.per_pixel)


def colors(spec: ChartSpec, drawing: Drawing) -> Iterator[Reading]:
    """Each cell in the color of its value on the ramp."""
    marks = marks_by_path(drawing)
    values = [value for series in spec.table.series for value in series.values]
    low, span = min(values), max(values) - min(values)
    for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True):
        for value, path in zip(series.values, paths, strict=True):
            share, length = share_on_ramp(drawing.ramp, marks[path].color)
            per_pixel = (span or 1.0) / length * COLOR_STEP
            yield Reading(path, value, low + share * span, per_pixel)


def _first_series(spec: ChartSpec, drawing: Drawing) -> tuple[Sequence[float], list[Mark]]:
    marks = marks_by_path(drawing)
    return spec.table.series[0].values, [marks[path] for path in table_paths(spec.table)[0]]


def _sector(mark: Mark) -> Sector:
    assert mark.sector is not None
    return mark.sector


def _turns(marks: Sequence[Mark], values: Sequence[float], full: float) -> Iterator[Reading]:
    total = sum(values)
    for mark, value in zip(marks, values, strict=True):
        sector = _sector(mark)
        read = sector.sweep / full * total
        yield Reading(mark.path, value, read, total / (full * sector.outer))


def _in_proportion(
    marks: Sequence[Mark], values: Sequence[float], lengths: Sequence[float]
) -> Iterator[Reading]:
    """Lengths in pixels that are proportional to the values, by the longest one."""
    largest = max(range(len(values)), key=lambda i: values[i])
    per_pixel = values[largest] / lengths[largest] if lengths[largest] else 0.0
    for mark, value, length in zip(marks, values, lengths, strict=True):
        yield Reading(mark.path, value, length * per_pixel, per_pixel)


def _size(mark: Mark) -> tuple[float, float]:
    x0, y0, x1, y1 = mark.bbox
    return x1 - x0, y1 - y0
