"""Paths of what a chart shows, as in `values` of its ground truth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from renderers.charts.catalog import CATALOG, SET_JOINT
from renderers.charts.drawing import Path
from renderers.charts.spec import ChartSpec, Flow, Node, Points, Summary, Table, Tree


def table_paths(data: Table) -> tuple[tuple[Path, ...], ...]:
    """For each series, the paths of its values."""
    return tuple(
        tuple((series.name, name) if series.name else (name,) for name in data.categories)
        for series in data.series
    )


def point_paths(data: Points) -> tuple[tuple[Path, ...], ...]:
    """For each series, the paths of its points: by label, or by place from left to right."""
    result = []
    for series, order in zip(data.series, left_to_right(data), strict=True):
        ranks = {index: str(rank) for rank, index in enumerate(order, 1)}
        names = (point.label or ranks[i] for i, point in enumerate(series.points))
        result.append(tuple((series.name, n) if series.name else (n,) for n in names))
    return tuple(result)


def left_to_right(points: Points) -> tuple[tuple[int, ...], ...]:
    """For each series, the order in which unlabeled points are numbered: by x, then y."""
    return tuple(
        tuple(sorted(range(len(s.points)), key=lambda i: (s.points[i].x, s.points[i].y, i)))
        for s in points.series
    )


def node_paths(nodes: Sequence[Node], above: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every node of a tree with its path, each before its children."""
    for node in nodes:
        path = (*above, node.name)
        yield path, node
        yield from node_paths(node.children, path)


def link_paths(flow: Flow) -> tuple[Path, ...]:
    """The paths of the links."""
    return tuple((link.source, link.target) for link in flow.links)


def main_line(flow: Flow) -> tuple[str, ...]:
    """The steps of a flowchart: from its first node along the links whose targets go on."""
    sources = {link.source for link in flow.links}
    line = [flow.links[0].source]
    while True:
        further = [link.target for link in flow.links if link.source == line[-1]]
        onward = [name for name in further if name in sources] or further[:1]
        if not onward or onward[0] in line:
            return tuple(line)
        line.append(onward[0])


def set_regions(data: Table) -> tuple[tuple[Path, frozenset[str]], ...]:
    """The regions of a Venn diagram: each path with the sets that the region is in; it is in no
    other set."""
    return tuple((path, frozenset(path[-1].split(SET_JOINT))) for path in table_paths(data)[0])


def mark_paths(spec: ChartSpec) -> tuple[Path, ...]:
    """The paths of all marks that the chart must have: one for each value, or for each category
    or point where one mark shows several."""
    match spec.data:
        case Table():
            return tuple(
                path
                for series, row in zip(spec.data.series, table_paths(spec.data), strict=True)
                for value, path in zip(series.values, row, strict=True)
                if not math.isnan(value)
            )
        case Summary() if not (CATALOG[spec.type].fields or CATALOG[spec.type].together):
            return tuple((name, f) for name in spec.data.categories for f in spec.data.fields)
        case Summary():
            return tuple((name,) for name in spec.data.categories)
        case Points():
            return tuple(path for row in point_paths(spec.data) for path in row)
        case Tree():
            return tuple(path for path, node in node_paths(spec.data.roots) if not node.children)
        case Flow():
            return link_paths(spec.data)
