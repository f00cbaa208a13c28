"""The tree of a stored row's regions, as plain dicts (docs/dataset.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renderers.roles import BLOCKS, CELL, CHART

Regions = Sequence[Mapping[str, Any]]


def corners(region: Mapping[str, Any]) -> list[float]:
    """`x, y` of the four corners in pixels, clockwise from the text's own top left."""
    quad = region.get("quad")
    if quad is not None:
        return list(quad)
    x0, y0, x1, y1 = region["bbox"]
    return [x0, y0, x1, y0, x1, y1, x0, y1]


def reading_order(regions: Regions) -> list[int]:
    """The indices of the regions as they are read."""
    return sorted(range(len(regions)), key=lambda i: regions[i]["order"])


def children(regions: Regions) -> list[list[int]]:
    """For each region the indices of those below it, as they are read."""
    found: list[list[int]] = [[] for _ in regions]
    for i in reading_order(regions):
        parent = regions[i]["parent"]
        if parent is not None:
            found[parent].append(i)
    return found


def blocks(regions: Regions) -> list[int]:
    """The indices of the blocks, nested ones too, as they are read; parts of charts are none."""
    return [
        i
        for i in reading_order(regions)
        if regions[i]["role"] in BLOCKS and not _in_chart(regions, i)
    ]


def cells(regions: Regions, table: int) -> list[Mapping[str, Any]]:
    """The cells of the table at this index, by row and column."""
    found = [r for r in regions if r["parent"] == table and r["role"] == CELL]
    return sorted(found, key=lambda cell: (cell["row"], cell["column"]))


def _in_chart(regions: Regions, index: int) -> bool:
    parent = regions[index]["parent"]
    while parent is not None and regions[parent]["role"] != CHART:
        parent = regions[parent]["parent"]
    return parent is not None
