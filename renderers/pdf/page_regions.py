"""The regions of a page as a tree: blocks, their rows or cells, words; figures with captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from renderers.pdf.blocks import Block, Table, around
from renderers.pdf.rows import Word
from renderers.picture import Box, Cell, Region
from renderers.region_tree import cell_regions
from renderers.roles import CAPTION, FIGURE, LINE, LIST_ITEM, SECTION_HEADER, TABLE, TITLE, WORD
from renderers.turned_text import turned_quad

MAX_GAP_EM = 4.0
"""Distance of a caption from its figure, in font sizes of the caption."""
_OF_TABLE = re.compile(r"(?:table|tab\.|表)", re.IGNORECASE)
_OF_FIGURE = re.compile(r"(?:fig(?:ure|\.)|scheme|plate|图)", re.IGNORECASE)


def page_regions(
    blocks: Sequence[Block], figures: Sequence[Box], scale_x: float, scale_y: float
) -> tuple[Region, ...]:
    """Each block, then its rows, each before its words, in reading order, in pixels.

    A table has cells instead of rows. A block that is a single row of text has its own region,
    too. Figures are listed last, without text; one with a caption is read next to it.
    """
    found: list[Region] = []
    starts: list[int] = []
    has_title = any(block.role == TITLE for block in blocks)
    for block in blocks:
        starts.append(len(found))
        level = {SECTION_HEADER: block.level - has_title, LIST_ITEM: block.level + 1}
        found += _block(block, level.get(block.role), len(found), scale_x, scale_y)
    owners = dict(_owners(blocks, figures))
    for caption, owner in owners.items():
        index = starts[owner] if owner < len(blocks) else len(found) + owner - len(blocks)
        found[starts[caption]] = replace(found[starts[caption]], parent=index)
    shown = [Region(_scaled(box, scale_x, scale_y), "", FIGURE) for box in figures]
    order = _order([*starts, len(found)], owners, blocks, figures)
    if order is None:
        return (*found, *shown)
    return tuple(replace(r, order=place) for r, place in zip((*found, *shown), order, strict=True))


def inside_picture(regions: tuple[Region, ...], width: float, height: float) -> tuple[Region, ...]:
    """The regions, cut at the edges of the picture: boxes of fonts are larger than their ink."""
    if all(
        x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height
        for x0, y0, x1, y1 in (r.bbox for r in regions)
    ):
        return regions
    return tuple(
        replace(r, bbox=(max(0.0, x0), max(0.0, y0), min(width, x1), min(height, y1)))
        for r in regions
        for x0, y0, x1, y1 in (r.bbox,)
    )


def _block(
    block: Block, level: int | None, at: int, scale_x: float, scale_y: float
) -> list[Region]:
    """The block with index `at`, and what is in it."""
    box = _scaled(block.box, scale_x, scale_y)
    rows = [(row, _scaled(row.box, scale_x, scale_y)) for row in block.rows]
    quads = [
        turned_quad(place, row.angle, row.size * scale_y) if row.angle else None
        for row, place in rows
    ]
    quad = quads[0] if len(quads) == 1 else None
    found = [Region(box, block.text, block.role, level=level, quad=quad)]
    if block.table is not None:
        found += _cells(block.table, box, at, scale_x, scale_y)
        return found
    for (row, place), quad in zip(rows, quads, strict=True):
        line = at + len(found)
        found.append(Region(place, row.text, LINE, at, None, None, quad))
        found += [
            Region((x0 * scale_x, y0 * scale_y, x1 * scale_x, y1 * scale_y), word, WORD, line)
            for word, (x0, y0, x1, y1) in row.words
        ]
    return found


def _cells(table: Table, box: Box, at: int, scale_x: float, scale_y: float) -> Iterator[Region]:
    """The cells of the table with index `at` and box `box`, each before its words."""

    def place(words: Sequence[Word]) -> Box | None:
        return _scaled(around([word.box for word in words]), scale_x, scale_y) if words else None

    cells = {
        Cell(r, c, header=r < table.headers): (text, place(table.words[r][c]))
        for r, row in enumerate(table.cells)
        for c, text in enumerate(row)
    }
    index = at
    for region in cell_regions(cells, box, at):
        parent = index = index + 1
        yield region
        assert region.cell is not None
        for word, bounds in table.words[region.cell.row][region.cell.column]:
            index += 1
            yield Region(_scaled(bounds, scale_x, scale_y), word, WORD, parent)


def _owners(blocks: Sequence[Block], figures: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """The captions, each with the table next to it in the text or the figure next to it on the
    page; figures are numbered after the blocks. Each has one caption at most."""
    taken: set[int] = set()
    for i, block in enumerate(blocks):
        if block.role != CAPTION:
            continue
        near: list[int] = []
        if _OF_TABLE.match(block.text):
            near = [j for j in (i - 1, i + 1) if 0 <= j < len(blocks) and blocks[j].role == TABLE]
        elif _OF_FIGURE.match(block.text):
            limit = MAX_GAP_EM * block.size
            gaps = [(_gap(block.box, box), len(blocks) + j) for j, box in enumerate(figures)]
            near = [j for gap, j in sorted(gaps) if gap < limit][:1]
        near = [j for j in near if j not in taken]
        if len(near) == 1:
            taken.add(near[0])
            yield i, near[0]


def _gap(caption: Box, figure: Box) -> float:
    """The vertical distance of boxes that share some width, else infinite."""
    if min(caption[2], figure[2]) <= max(caption[0], figure[0]):
        return float("inf")
    return max(0.0, caption[1] - figure[3], figure[1] - caption[3])


def _order(
    starts: Sequence[int],
    owners: dict[int, int],
    blocks: Sequence[Block],
    figures: Sequence[Box],
) -> list[int] | None:
    """The place of each region in reading order; None if that is the order of the list.

    A figure is read before its caption if it is above it, else after it.
    """
    captions = {owner - len(blocks): i for i, owner in owners.items() if owner >= len(blocks)}
    if not captions:
        return None
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for figure, i in captions.items():
        above = figures[figure][1] < blocks[i].box[1]
        (before if above else after)[i] = starts[-1] + figure
    sequence: list[int] = []
    for i, (start, stop) in enumerate(pairwise(starts)):
        sequence += [before[i]] if i in before else []
        sequence += range(start, stop)
        sequence += [after[i]] if i in after else []
    sequence += [starts[-1] + j for j in range(len(figures)) if j not in captions]
    places = [0] * len(sequence)
    for place, index in enumerate(sequence):
        places[index] = place
    return places


def _scaled(box: Box, scale_x: float, scale_y: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 * scale_x, y0 * scale_y, x1 * scale_x, y1 * scale_y
