"""Verify that the pictures of figures are where TeX recorded them, and not under any text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from renderers.latex.atoms import Path
from renderers.latex.blocks import Block, Figure, ListBlock
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.marks import PositionMark
from renderers.picture import Box

_TOLERANCE_PT = 1.0
Problem = tuple[str, str]


def figures(blocks: Sequence[Block], before: Path = ()) -> Iterator[tuple[Path, Figure]]:
    """Every figure with its path, those in lists, too."""
    for i, block in enumerate(blocks):
        path = (*before, i)
        if isinstance(block, Figure):
            yield path, block
        elif isinstance(block, ListBlock):
            for j, item in enumerate(block.items):
                yield from figures(item, (*path, "item", j))


def boxes_on(marks: Sequence[PositionMark], page: int, height: float) -> dict[Path, Box]:
    """The boxes of tables and figures on a page (from 1), pictures of one figure joined."""
    found: dict[Path, Box] = {}
    for mark in marks:
        if mark.page == page:
            x0, y0, x1, y1 = mark.box(height)
            a, b, c, d = found.get(mark.path, (x0, y0, x1, y1))
            found[mark.path] = (min(a, x0), min(b, y0), max(c, x1), max(d, y1))
    return found


def problems(
    blocks: Sequence[Block],
    pages_of: Mapping[Path, set[int]],
    marks: Sequence[PositionMark],
    page_glyphs: Sequence[PageGlyphs],
    document: Any,
) -> Iterator[tuple[int, Problem]]:
    """Pages (from 0) with a figure that is incomplete, misplaced or covered.

    `pages_of` gives the pages with text of each block, `document` is the PDF.
    """
    by_path: dict[Path, list[PositionMark]] = {}
    for mark in marks:
        by_path.setdefault(mark.path, []).append(mark)
    for path, figure in figures(blocks):
        placed = by_path.get(path, [])
        on = {mark.page - 1 for mark in placed} | pages_of.get(path, set())
        if len(placed) != len(figure.panels) or len(on) != 1:
            for k in on or _pages_before(path, pages_of):
                yield k, ("figure", f"block {path[0]}: {len(placed)} of its pictures, {on}")
            continue
        (k,) = on
        glyphs = page_glyphs[k]
        boxes = [mark.box(glyphs.height) for mark in placed]
        drawn = [tuple(info["bbox"]) for info in document[k].get_image_info()]
        if not all(any(_same(box, other) for other in drawn) for box in boxes):
            yield k, ("figure", f"block {path[0]}: a picture is not where it was placed")
        if any(_covers(box, glyphs) for box in boxes):
            yield k, ("figure", f"block {path[0]}: text is printed over a picture")


def _pages_before(path: Path, pages_of: Mapping[Path, set[int]]) -> set[int]:
    before = [max(on) for other, on in pages_of.items() if on and int(other[0]) <= int(path[0])]
    return {max(before, default=0)}


def _same(box: Box, other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _TOLERANCE_PT for a, b in zip(box, other, strict=True))


def _covers(box: Box, glyphs: PageGlyphs) -> bool:
    x0, y0, x1, y1 = box
    inside = (glyphs.x1 > x0 + _TOLERANCE_PT) & (glyphs.x0 < x1 - _TOLERANCE_PT)
    inside &= (glyphs.y > y0 + _TOLERANCE_PT) & (glyphs.y < y1 - _TOLERANCE_PT)
    return bool(inside.any())
