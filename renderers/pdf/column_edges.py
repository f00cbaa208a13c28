"""The left and right edge of a column at each of its rows, from the rows near it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from renderers.pdf.gutters import is_running
from renderers.pdf.rows import TextRow

NEAR = 8
"""Rows before and after one that show its edges."""
INDENT_EM = 0.8
"""Distance from the left edge, in font sizes, from which a row counts as indented."""
MAX_INDENT_EM = 2.5
"""The widest indent of the first row of a paragraph; that of a Chinese one is 2."""
MIN_SET_IN = 3
"""Rows of a text that is set in."""
MAX_LEADING = 2
"""Distance of its rows in font sizes."""
MIN_SET_IN_EM = 14
"""Its width in font sizes."""
MIN_RIGHT_ALIGNED = 3
"""Rows that end at one edge and begin at none."""
_DATE = re.compile(r"[\d〇○零一二三四五六七八九]{4}\s?年.{1,7}[月日]")
"""The date of a Chinese letter."""


def column_edges(found: Sequence[TextRow]) -> tuple[list[float], list[float]]:
    """Left and right edge of the column at each row, from the rows near it."""
    starts = [row.box[0] for row in found]
    ends = [row.box[2] for row in found]
    left, right = [], []
    for index, row in enumerate(found):
        near = slice(max(0, index - NEAR), index + NEAR + 1)
        edges = (
            sorted(starts[near])[len(starts[near]) // 4],
            shared_edge(ends[near], 0.5 * row.size),
        )
        outer = -shared_edge([-start for start in starts[near]], 0.5 * row.size)
        edges = _set_in(found, index, outer, edges[1]) or edges
        left.append(edges[0])
        right.append(edges[1])
    return left, right


def _set_in(
    found: Sequence[TextRow], index: int, left: float, right: float
) -> tuple[float, float] | None:
    """The edges of a text that is set in as far on both sides, such as an abstract, if a row is of
    one. Several rows begin and end at them, unlike those of a centered text."""
    least, slack = INDENT_EM * found[index].size, 0.3 * found[index].size

    def inside(row: TextRow) -> bool:
        return row.start - left > least and right - row.box[2] > least

    def follows(at: int) -> bool:
        return found[at].baseline - found[at - 1].baseline < MAX_LEADING * found[at].size

    start = stop = index
    while start > max(0, index - NEAR) and inside(found[start - 1]) and follows(start):
        start -= 1
    end = min(len(found), index + NEAR + 1)
    while stop < end and inside(found[stop]) and (stop == index or follows(stop)):
        stop += 1
    rows = found[start:stop]
    if len(rows) < MIN_SET_IN:
        return None
    first = min(row.start for row in rows)
    last = shared_edge([row.box[2] for row in rows], slack)
    starts = sum(row.start - first < slack for row in rows)
    ends = sum(abs(last - row.box[2]) < slack for row in rows)
    even = abs((first - left) - (right - last)) < 2 * slack
    full = starts > 1 and ends > 1 and 2 * ends >= len(rows)
    running = 2 * sum(is_running(row.text) for row in rows) > len(rows)
    wide = last - first > MIN_SET_IN_EM * found[index].size
    return (first, last) if even and full and running and wide else None


def shared_edge(edges: list[float], slack: float) -> float:
    """The outermost right edge that two rows share; some rows may extend beyond it."""
    falling = sorted(edges, reverse=True)
    if len(falling) < 5:
        return falling[0]
    # more rows beyond it show that only rows of a program, or ends of paragraphs, share an edge
    most = max(3, len(falling) // 2)
    for edge, following in pairwise(falling[: most + 1]):
        if edge - following < slack:
            return edge
    return falling[0]


def is_at_edge(before: TextRow, row: TextRow) -> bool:
    """Whether a row begins where the one before it does, or to the left of its indent. Two rows of
    a title are in the middle, and none of them is indented."""
    indent = before.start - row.start
    off_center = abs(before.start + before.box[2] - row.start - row.box[2]) > INDENT_EM * row.size
    return abs(indent) < 0.3 * row.size or (0 < indent < MAX_INDENT_EM * row.size and off_center)


def is_aside(before: TextRow, row: TextRow, left: float, right: float) -> bool:
    """Whether the row before this one is in the right half of the column, as the name and the date
    under a letter are, and this one is elsewhere."""
    if before.start < (left + right) / 2 or before.box[2] > right + 0.5 * row.size:
        return False
    if row.baseline - before.baseline < row.size or row.text[0].islower():
        return False
    if abs(before.start - row.start) < 0.3 * row.size:
        return False
    if _DATE.fullmatch(row.text):  # below the middle of the name
        return True
    return abs(before.start + before.box[2] - row.start - row.box[2]) > row.size


def are_right_aligned(near: Sequence[TextRow]) -> bool:
    """Whether rows end below each other, and none begins where another one does: a date, a number
    and a place, each a row of its own."""
    if len(near) < MIN_RIGHT_ALIGNED:
        return False
    slack = 0.3 * near[0].size
    ends = [row.box[2] for row in near]
    starts = sorted(row.start for row in near)
    return max(ends) - min(ends) < slack and all(b - a > slack for a, b in pairwise(starts))
