"""Notes in the margin: narrow blocks of text beside the body, read after what they stand beside.

The body is known by its edges, at which many long rows begin and end. What stands clear of
them is a note if it is narrow, not larger than the body, says something in letters, and is
drawn in one go. Numbers of lines, equations and pages, labels that hang in the left margin,
and columns of cells are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from renderers.pdf.characters import Line, has_fixed_pitch
from renderers.pdf.order import ENOUGH_ROWS, MIN_GUTTER, PROSE_ROWS, PROSE_WIDTH, usual_size
from renderers.picture import Box

NARROW = 0.45
"""A row of a note takes up at most this share of the body's width."""
EDGE = 0.5
"""Font sizes within which rows share an edge."""
LEADING = 1.25
"""Distance between the rows of one note, in distances of the body's rows."""
LEVEL = 0.35
"""Font sizes between the base lines of pieces that share a row."""
CELLS = 0.25
"""Share of the body's rows beside which single notes may stand; more are a table's cells."""
MOST_ROWS = 0.5
"""Share of rows in the margin, of the body's rows, above which they are a column."""

_ROMAN = re.compile(r"\W*[ivxlc]+\W*", re.IGNORECASE)
"""A page number in Roman numerals, or several one below the other."""


def margin_notes(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of the horizontal `lines` of each note, from the page's head to its foot."""
    if len(lines) <= PROSE_ROWS:
        return []
    em = usual_size(lines)
    long = [line for line in lines if line.x1 - line.x0 >= PROSE_WIDTH * em]
    edges = _body_edges(long, em)
    if edges is None:
        return []
    left, right = edges
    clear = MIN_GUTTER * em
    leading = LEADING * _usual_step(long, em)
    notes: list[list[int]] = []
    for side in (
        [i for i, line in enumerate(lines) if line.x1 <= left - clear],
        [i for i, line in enumerate(lines) if line.x0 >= right + clear],
    ):
        inside = _without(lines, side)
        if any((x.x1 <= left or x.x0 >= right) and x.x1 - x.x0 > 2 * em for x in inside):
            continue  # labels that stand as close to the body as its own pieces
        if any(lines[i].x1 - lines[i].x0 > NARROW * (right - left) for i in side):
            continue  # a column
        found = [
            block
            for block in _blocks(lines, side, leading)
            if _is_note([lines[i] for i in block], inside, em) and not _goes_on(lines, block, em)
        ]
        labels = all(_is_label(lines, block, em) for block in found)
        if not labels and not _is_column(lines, found, inside, em):
            notes.extend(found)
    return sorted(notes, key=lambda note: (lines[note[0]].top, note))


def place_of(note: Box, paragraphs: Sequence[Sequence[Box]]) -> int:
    """Before which paragraph a note is read, by the boxes of its first row and of their rows.

    That is after the paragraph with the row nearest by height, then sideways; before it where
    the note begins above it, or on its left and level with its first row, as labels do.
    """
    left, top, right, bottom = note
    middle = (top + bottom) / 2

    def distance(row: Box) -> tuple[float, float]:
        x0, y0, x1, y1 = row
        return max(0.0, y0 - middle, middle - y1), max(left - x1, x0 - right)

    rows = [(distance(row), number) for number, rows in enumerate(paragraphs) for row in rows]
    _, number = min(rows)
    x0, y0, _, y1 = paragraphs[number][0]
    before = middle < y0 or (right < x0 and middle < y1)
    return number if before else number + 1


def _body_edges(long: Sequence[Line], em: float) -> tuple[float, float] | None:
    """Where the body begins and ends, if enough of its long rows agree."""
    left = _edge([line.x0 for line in long], EDGE * em, ENOUGH_ROWS)
    mirrored = _edge([-line.x1 for line in long], EDGE * em, PROSE_ROWS)
    if left is None or mirrored is None:
        return None
    right = -mirrored
    before = sum(line.x0 < left - MIN_GUTTER * em for line in long)
    beyond = sum(line.x1 > right + MIN_GUTTER * em for line in long)
    return (left, right) if max(before, beyond) < 2 else None  # one may be a running head


def _usual_step(long: Sequence[Line], em: float) -> float:
    steps = [b - a for a, b in pairwise(sorted({line.baseline for line in long}))]
    return median([step for step in steps if step > em] or [1.2 * em])


def _edge(ends: Sequence[float], slack: float, enough: int) -> float | None:
    """The least end that is the first of `enough` within `slack`."""
    rising = sorted(ends)
    for first, last in zip(rising, rising[enough - 1 :], strict=False):
        if last - first <= slack:
            return first
    return None


def _without(lines: Sequence[Line], index: Iterable[int]) -> list[Line]:
    left_out = set(index)
    return [line for i, line in enumerate(lines) if i not in left_out]


def _blocks(lines: Sequence[Line], index: Sequence[int], leading: float) -> list[list[int]]:
    """Pieces that are drawn one after the other, each beside or close below the last."""
    blocks: list[list[int]] = []
    for i in index:
        if (
            blocks
            and blocks[-1][-1] == i - 1
            and -0.5 * lines[i].size < lines[i].baseline - lines[i - 1].baseline <= leading
        ):
            blocks[-1].append(i)
        else:
            blocks.append([i])
    return blocks


def _is_note(note: Sequence[Line], inside: Sequence[Line], em: float) -> bool:
    """Whether a block in the margin is small, of words, and has rows of the body beside it."""
    x0, x1 = min(line.x0 for line in note), max(line.x1 for line in note)
    if max(line.size for line in note) > 1.05 * em:
        return False
    text = "".join(line.text for line in note)
    letters = any(map(str.isalpha, text)) and not _ROMAN.fullmatch(text)
    if sum(map(str.isalnum, text)) < 2 or not letters:
        return False
    top, bottom = min(line.top for line in note), max(line.bottom for line in note)
    beside = [line for line in inside if line.top < bottom and line.bottom > top]
    if any(line.x0 < x1 and line.x1 > x0 for line in beside):
        return False
    return bool(beside)


def _is_label(lines: Sequence[Line], block: Sequence[int], em: float) -> bool:
    """Whether a block in the left margin ends in, and is drawn right before, the row it begins."""
    last, following = lines[block[-1]], block[-1] + 1
    if following == len(lines):
        return False
    row = lines[following]
    return row.x0 > last.x1 and _level(last, row, em) and last.size > 0.9 * row.size


def _goes_on(lines: Sequence[Line], block: Sequence[int], em: float) -> bool:
    """Whether a block is the rest of a row that is too long for the body, such as a program's."""
    first, last = lines[block[0]], lines[block[-1]]
    before = lines[max(0, block[0] - 1)]
    gap = first.x0 - before.x1
    if gap < 0 or not _level(before, first, em):
        return False
    typewriter = before.monospaced or has_fixed_pitch(before, max(0, len(before.text) - 12))
    return gap < MIN_GUTTER * em or (typewriter and _level(first, last, em))


def _is_column(
    lines: Sequence[Line], notes: Sequence[Sequence[int]], inside: Sequence[Line], em: float
) -> bool:
    """Whether what stands in one margin is too much for notes: a column, or a table's cells."""
    if not notes:
        return False
    body = _row_count([line.baseline for line in inside], em)
    pieces = [lines[i] for note in notes for i in note]
    if _row_count([line.baseline for line in pieces], em) > MOST_ROWS * body:
        return True
    top, bottom = min(line.top for line in pieces), max(line.bottom for line in pieces)
    beside = [line.baseline for line in inside if line.top < bottom and line.bottom > top]
    cells = [
        note
        for note in notes
        if _level(lines[note[0]], lines[note[-1]], em)
        and any(abs(lines[note[0]].baseline - baseline) < 0.1 * em for baseline in beside)
    ]
    return len(cells) > 2 and len(cells) > CELLS * _row_count(beside, em)


def _level(one: Line, other: Line, em: float) -> bool:
    return abs(one.baseline - other.baseline) <= LEVEL * em


def _row_count(baselines: Iterable[float], em: float) -> int:
    rising = sorted(set(baselines))
    return min(1, len(rising)) + sum(b - a > LEVEL * em for a, b in pairwise(rising))
