"""The structure tree of a tagged PDF as a witness of the reading order.

Its elements are in the order in which a document is read, whatever the order of drawing (ISO
32000-1, 14.7). Many trees are careless, so they only decide where the text does not: they settle
gutters in doubt, and take the place of the drawing order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pymupdf

from renderers.pdf.rows import TextRow
from renderers.picture import Box

MIN_TAGGED = 0.8
"""Share of the cells of a page that must be tagged; headers and footers are not."""
MIN_CELLS = 4
_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_COLLECT_STRUCTURE
_STRUCTURE = 2
"""PyMuPDF's type of blocks that are elements of the tree."""


def is_tagged(document: pymupdf.Document) -> bool:
    """Whether a document has a structure tree."""
    if not document.is_pdf:
        return False
    kind, _ = document.xref_get_key(document.pdf_catalog(), "StructTreeRoot")
    return bool(kind != "null")


def tag_agreement(display_list: pymupdf.DisplayList, rows: Sequence[TextRow]) -> float | None:
    """Share of the steps from cell to cell that are steps forward in the tree, 0 to 1.

    A row without wide gaps is one cell. None if too few of them are tagged.
    """
    text_page = pymupdf.TextPage(display_list.get_textpage(_FLAGS))
    lines = list(_lines(text_page.extractDICT()["blocks"]))
    starts = [
        (x, (row.box[1] + row.box[3]) / 2)
        for row in rows
        for x in ([part.x0 for part in row.parts] or [row.box[0]])
    ]
    places = [place for start in starts if (place := _place(start, lines)) is not None]
    if len(places) < max(MIN_CELLS, MIN_TAGGED * len(starts)):
        return None
    return sum(a <= b for a, b in pairwise(places)) / (len(places) - 1)


def _lines(blocks: Sequence[dict[str, Any]]) -> Iterator[Box]:
    """The boxes of tagged lines in the order of the tree, which may have any depth."""
    left = [(block, False) for block in reversed(blocks)]
    while left:
        block, inside = left.pop()
        if block["type"] == _STRUCTURE:
            left.extend((part, True) for part in reversed(block["blocks"]))
        elif inside:
            yield from (line["bbox"] for line in block.get("lines", ()))


def _place(start: tuple[float, float], lines: Sequence[Box]) -> int | None:
    """The number of the line that begins at a point, or goes through it."""
    x, y = start
    return next((i for i, b in enumerate(lines) if b[0] - 1 <= x < b[2] and b[1] < y < b[3]), None)
