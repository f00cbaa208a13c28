"""Checks of the tree of a row's regions: parents, order, cells, quads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from renderers.roles import CAPTION, CELL, FOOTNOTE, LIST_ITEM, ROLES, SECTION_HEADER, TABLE
from vary_data.quality.validate.picture import RowProblem

TOLERANCE = 2.0
"""Pixels by which a region may exceed its parent, and a side of a quad's box that of the box."""
TEXT_TOLERANCE = 0.8
"""The same for a region with text, as a share of its height: the boxes of words have the advance
width of their characters and the height of their font, those of blocks may have that of the ink."""
QUAD_TOLERANCE = 0.5
"""The same for the box of a quad, as a share of the quad's shorter side: letters of slanted text
do not reach its corners."""
MAX_LEVEL = 6
MAX_GRID = 1_000_000
"""Places of the cells of a table; a damaged file may state any spans."""
CELL_FIELDS = ("row", "column", "rowspan", "colspan", "header")
LEVELS = frozenset({SECTION_HEADER, LIST_ITEM})
OUTSIDE = frozenset({CAPTION, FOOTNOTE})
"""Roles that are next to their parent, not in it."""

Regions = Sequence[Mapping[str, Any]]


def check_tree(regions: Regions) -> Iterator[RowProblem]:
    """Check the tree of regions whose boxes are valid."""
    places = [region["order"] for region in regions]
    if sorted(place for place in places if place is not None) != list(range(len(regions))):
        yield "order", f"the order is no permutation of 0 to {len(regions) - 1}"
    broken = list(_check_parents(regions))
    yield from broken
    parts: dict[int, list[Mapping[str, Any]]] = {}
    for region in regions:
        if region["role"] == CELL and region["parent"] is not None:
            parts.setdefault(region["parent"], []).append(region)
    for i, region in enumerate(regions):
        for what in _check_region(regions, i):
            yield "region", f"{_name(region)} {what}"
        yield from _check_quad(region)
        if region["role"] == TABLE and not broken:
            yield from _check_cells(region, parts.get(i, []))


def _check_parents(regions: Regions) -> Iterator[RowProblem]:
    parents = [region["parent"] for region in regions]
    cyclic = _cyclic(parents)
    for i, (region, parent) in enumerate(zip(regions, parents, strict=True)):
        if parent is None:
            continue
        if not 0 <= parent < len(regions):
            yield "tree", f"the parent of {_name(region)} is region {parent} of {len(regions)}"
        elif i in cyclic:
            yield "tree", f"{_name(region)} is below itself"
        elif region["role"] not in OUTSIDE and not _inside(region, regions[parent]["bbox"]):
            yield "tree", f"{_name(region)} is not inside {_name(regions[parent])}, its parent"


def _cyclic(parents: Sequence[int | None]) -> set[int]:
    """The regions whose parents lead back to them."""
    found: set[int] = set()
    seen: set[int] = set()
    for start in range(len(parents)):
        path: dict[int, None] = {}
        at: int | None = start
        while at is not None and 0 <= at < len(parents) and at not in seen:
            seen.add(at)
            path[at] = None
            at = parents[at]
        if at in path:
            way = list(path)
            found.update(way[way.index(at) :])
    return found


def _check_region(regions: Regions, index: int) -> Iterator[str]:
    """Check the values that only some roles have."""
    region = regions[index]
    role, level, continues = region["role"], region["level"], region["continues"]
    if role not in ROLES:
        yield "has an unknown role"
    if level is not None and (role not in LEVELS or not 1 <= level <= MAX_LEVEL):
        yield f"has the level {level}"
    if continues is not None and (
        continues == index
        or not 0 <= continues < len(regions)
        or regions[continues]["role"] != role
    ):
        yield f"continues region {continues}"
    given = [name for name in CELL_FIELDS if region[name] is not None]
    if role == CELL and len(given) < len(CELL_FIELDS):
        yield f"has no {', '.join(name for name in CELL_FIELDS if name not in given)}"
    elif role != CELL and given:
        yield f"has {', '.join(given)}, but is no cell"


def _check_quad(region: Mapping[str, Any]) -> Iterator[RowProblem]:
    quad = region["quad"]
    if quad is None:
        return
    if len(quad) != 8 or not all(isinstance(v, float) and math.isfinite(v) for v in quad):
        yield "quad", f"the quad of {_name(region)} is not eight numbers"
        return
    xs, ys = quad[::2], quad[1::2]
    pairs = [(i, (i + 1) % 4) for i in range(4)]
    sides = [((xs[a] - xs[b]) ** 2 + (ys[a] - ys[b]) ** 2) ** 0.5 for a, b in pairs]
    limit = max(TOLERANCE, QUAD_TOLERANCE * min(sides))
    around = (min(xs), min(ys), max(xs), max(ys))
    if any(abs(a - b) > limit for a, b in zip(around, region["bbox"], strict=True)):
        yield "quad", f"the quad of {_name(region)} does not agree with its box"
    if sum(xs[a] * ys[b] - xs[b] * ys[a] for a, b in pairs) < 0:  # y grows downwards
        yield "quad", f"the corners of {_name(region)} are not clockwise"


def _check_cells(table: Mapping[str, Any], parts: Regions) -> Iterator[RowProblem]:
    """Check that the cells of a table cover each place of its grid once."""
    cells = [part for part in parts if part["role"] == CELL]
    if any(cell[name] is None for cell in cells for name in CELL_FIELDS):
        return
    if sum(max(cell["rowspan"], 0) * max(cell["colspan"], 0) for cell in cells) > MAX_GRID:
        yield "cells", f"{_name(table)} has cells over more than {MAX_GRID:,} places"
        return
    covered: set[tuple[int, int]] = set()
    for cell in cells:
        rows, columns = (
            range(cell[first], cell[first] + cell[count])
            for first, count in (("row", "rowspan"), ("column", "colspan"))
        )
        if not rows or not columns or rows[0] < 0 or columns[0] < 0:
            yield "cells", f"{_name(cell)} covers no place of its table"
            return
        slots = set(product(rows, columns))
        if not covered.isdisjoint(slots):
            yield "cells", f"{_name(cell)} overlaps another cell at {min(covered & slots)}"
        covered |= slots
    height, width = (max((slot[i] + 1 for slot in covered), default=0) for i in (0, 1))
    if len(covered) < height * width:
        places = ((r, c) for r in range(height) for c in range(width))
        missing = next(place for place in places if place not in covered)
        yield "cells", f"{_name(table)} has no cell at {missing}"


def _inside(region: Mapping[str, Any], outer: Sequence[float]) -> bool:
    x0, y0, x1, y1 = region["bbox"]
    high = min(y1 - y0, x1 - x0) if region["quad"] is not None else y1 - y0
    limit = max(TOLERANCE, TEXT_TOLERANCE * high if region["text"] else 0.0)
    return bool(
        x0 >= outer[0] - limit
        and y0 >= outer[1] - limit
        and x1 <= outer[2] + limit
        and y1 <= outer[3] + limit
    )


def _name(region: Mapping[str, Any]) -> str:
    text = region["text"]
    short = text if len(text) <= 60 else text[:59] + "…"
    return f"{region['role']} {short!r}" if text else f"a {region['role']}"
