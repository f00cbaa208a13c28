"""The tree of a picture's regions: parts of it, and the same tree at other places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from renderers.picture import Box, Cell, Quad, Region
from renderers.roles import CELL

_Places = TypeVar("_Places", Box, Quad)
Points = npt.NDArray[np.float64]
"""`[n, 2]`: x and y in pixels."""


def subset(regions: Sequence[Region], kept: Sequence[int]) -> tuple[Region, ...]:
    """The regions at these indices as a tree of their own, in the order of `kept`.

    The parent of a region is its nearest ancestor among them, the order is closed up.
    """
    places = {old: new for new, old in enumerate(kept)}

    def parent_of(region: Region) -> int | None:
        at = region.parent
        while at is not None and at not in places:
            at = regions[at].parent
        return None if at is None else places[at]

    found = [regions[i] for i in kept]
    orders = sorted(region.order for region in found if region.order is not None)
    ranks = {order: rank for rank, order in enumerate(orders)}
    return tuple(
        replace(
            region,
            parent=parent_of(region),
            order=None if region.order is None else ranks[region.order],
            continues=None if region.continues is None else places.get(region.continues),
        )
        for region in found
    )


def moved(regions: Sequence[Region], dx: float, dy: float) -> tuple[Region, ...]:
    """The regions after a shift of the picture, in pixels."""
    return tuple(
        replace(
            region,
            bbox=_shifted(region.bbox, dx, dy),
            quad=None if region.quad is None else _shifted(region.quad, dx, dy),
        )
        for region in regions
    )


def mapped(regions: Sequence[Region], points: Callable[[Points], Points]) -> tuple[Region, ...]:
    """The regions with their corners moved by `points`; boxes are those around the corners.

    A region whose corners are then those of its box has no quad.
    """
    if not regions:
        return ()
    corners = np.array([region.corners for region in regions], np.float64)  # [n, 8]
    found = points(corners.reshape(-1, 2)).reshape(-1, 4, 2)
    low, high = found.min(1), found.max(1)  # [n, 2]
    result = []
    for region, quad, first, last in zip(regions, found, low, high, strict=True):
        box = (float(first[0]), float(first[1]), float(last[0]), float(last[1]))
        turned = replace(region, bbox=box, quad=None)
        flat: Quad = tuple(map(float, quad.reshape(8)))  # type: ignore[assignment]
        result.append(turned if turned.corners == flat else replace(turned, quad=flat))
    return tuple(result)


def rebased(regions: Sequence[Region], first: int, root: int | None = None) -> list[Region]:
    """The regions with indices that begin at `first`; those without a parent get `root`."""
    return [
        replace(
            region,
            parent=root if region.parent is None else region.parent + first,
            continues=None if region.continues is None else region.continues + first,
        )
        for region in regions
    ]


def empty_cells(cells: Mapping[Cell, Box | None], table: Box) -> dict[Cell, Box]:
    """The box of the grid slots of each cell without a box of its own.

    A row or column is as large as the boxes of the cells that are only in it; one without any is
    between its neighbors.
    """
    columns = _tracks([(c.column, c.colspan, b and (b[0], b[2])) for c, b in cells.items()],
                      (table[0], table[2]))  # fmt: skip
    rows = _tracks([(c.row, c.rowspan, b and (b[1], b[3])) for c, b in cells.items()],
                   (table[1], table[3]))  # fmt: skip
    return {
        cell: (
            columns[cell.column][0],
            rows[cell.row][0],
            columns[cell.column + cell.colspan - 1][1],
            rows[cell.row + cell.rowspan - 1][1],
        )
        for cell, box in cells.items()
        if box is None
    }


def cell_regions(
    cells: Mapping[Cell, tuple[str, Box | None]], table: Box, parent: int
) -> list[Region]:
    """The cells of a table as regions, by row and column, with boxes for the empty ones."""
    slots = empty_cells({cell: box for cell, (_, box) in cells.items()}, table)
    return [
        Region(box or slots[cell], text, CELL, parent, cell)
        for cell, (text, box) in sorted(cells.items(), key=lambda item: _place(item[0]))
    ]


def _place(cell: Cell) -> tuple[int, int]:
    return cell.row, cell.column


def _tracks(
    spans: Sequence[tuple[int, int, tuple[float, float] | None]], ends: tuple[float, float]
) -> list[tuple[float, float]]:
    """First and last place of each row or column, from the cells in it: (first, count, extent)."""
    count = max(first + length for first, length, _ in spans)
    known: list[tuple[float, float] | None] = [None] * count
    for first, length, extent in spans:
        if length == 1 and extent is not None:
            before = known[first] or extent
            known[first] = (min(before[0], extent[0]), max(before[1], extent[1]))
    found = []
    start = ends[0]
    for i, extent in enumerate(known):
        stop = next((k[0] for k in known[i + 1 :] if k), ends[1])
        low, high = extent or (start, max(start, stop))
        found.append((low, high))
        start = max(start, high)
    return found


def _shifted(places: _Places, dx: float, dy: float) -> _Places:
    shift = (dx, dy) * (len(places) // 2)
    found: _Places = tuple(a + b for a, b in zip(places, shift, strict=True))  # type: ignore[assignment]
    return found
