"""Margin notes: narrow blocks of text next to the body, read after the paragraph next to them.

The body is found by its edges, where many long rows begin and end. A block outside these edges
is a note if it is narrow, has no larger font than the body, contains letters, and is drawn
without interruption. Numbers of lines, equations and pages, labels in the left margin, and
columns of table cells are not notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from renderers.pdf.characters import Line, has_fixed_pitch
from renderers.pdf.order import MIN_COLUMN_ROWS, MIN_PROSE_ROWS, PROSE_WIDTH_EM
from renderers.pdf.pieces import MIN_GUTTER_EM, usual_size
from renderers.picture import Box

MAX_NOTE_WIDTH_SHARE = 0.45
"""Largest width of a row of a note, as a share of the body's width."""
EDGE_TOLERANCE_EM = 0.5
"""Rows share an edge if their ends differ by at most this many font sizes."""
MAX_NOTE_LEADING = 1.25
"""Largest distance between the rows of one note, in row distances of the body."""
BASELINE_TOLERANCE_EM = 0.35
"""Pieces are on one row if their base lines differ by at most this many font sizes."""
MAX_NOTE_ROW_SHARE = 0.25
"""Largest share of the body's rows that may have a note of one row; more are table cells."""
MAX_MARGIN_ROW_SHARE = 0.5
"""If the rows in the margin exceed this share of the body's rows, they are a column."""

_HALF_MARKS = frozenset("，。、；：！？）》」』】")
_ROMAN = re.compile(r"\W*[ivxlc]+\W*", re.IGNORECASE)
"""A page number in Roman numerals, or several one below the other."""


def margin_notes(lines: Sequence[Line]) -> list[list[int]]:
    """Indices of the horizontal `lines` of each note, from the page's head to its foot."""
    if len(lines) <= MIN_PROSE_ROWS:
        return []
    em = usual_size(lines)
    long = [line for line in lines if line.x1 - line.x0 >= PROSE_WIDTH_EM * em]
    edges = _body_edges(long, em)
    if edges is None:
        return []
    left, right = edges
    clear = MIN_GUTTER_EM * em
    leading = MAX_NOTE_LEADING * _usual_step(long, em)
    notes: list[list[int]] = []
    for side in (
        [i for i, line in enumerate(lines) if line.x1 <= left - clear],
        [i for i, line in enumerate(lines) if line.x0 >= right + clear],
    ):
        inside = _without(lines, side)
        if any((x.x1 <= left or x.x0 >= right) and x.x1 - x.x0 > 2 * em for x in inside):
            continue  # labels as close to the body as the body's own pieces
        if any(lines[i].x1 - lines[i].x0 > MAX_NOTE_WIDTH_SHARE * (right - left) for i in side):
            continue  # a column
        found = [
            block
            for block in _blocks(lines, side, leading)
            if _is_note([lines[i] for i in block], inside, em)
            and not _continues_row(lines, block, em)
        ]
        labels = all(_is_label(lines, block, em) for block in found)
        if not labels and not _is_column(lines, found, inside, em):
            notes.extend(found)
    return sorted(notes, key=lambda note: (lines[note[0]].top, note))


def note_position(note: Box, paragraphs: Sequence[Sequence[Box]]) -> int:
    """The index of the paragraph before which a note is read.

    `note` is the box of its first row, `paragraphs` the boxes of the rows of each paragraph. A
    note follows the paragraph with the nearest row (by height, then by horizontal distance). It
    precedes this paragraph if it begins above it, or to the left of its first row like a label.
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
    """The left and right edge of the body, if enough of its long rows share them."""
    left = _edge([line.x0 for line in long], EDGE_TOLERANCE_EM * em, MIN_COLUMN_ROWS)
    ends = [_end(line) for line in long]
    mirrored = _edge([-end for end in ends], EDGE_TOLERANCE_EM * em, MIN_PROSE_ROWS)
    if left is None or mirrored is None:
        return None
    right = -mirrored
    before = sum(line.x0 < left - MIN_GUTTER_EM * em for line in long)
    beyond = sum(end > right + MIN_GUTTER_EM * em for end in ends)
    return (left, right) if max(before, beyond) < 2 else None  # one may be a running head


def _end(line: Line) -> float:
    """Where the drawing of a row ends: in the left half of the square of a Chinese mark, which may
    hang over the edge."""
    return line.x1 - 0.5 * line.size if line.text[-1:] in _HALF_MARKS else line.x1


def _usual_step(long: Sequence[Line], em: float) -> float:
    steps = [b - a for a, b in pairwise(sorted({line.baseline for line in long}))]
    return median([step for step in steps if step > em] or [1.2 * em])


def _edge(ends: Sequence[float], slack: float, enough: int) -> float | None:
    """The middle of the first ends of which `enough` are within `slack`: single ones stand out, as
    marks that hang into the margin do."""
    rising = sorted(ends)
    for first, last in zip(rising, rising[enough - 1 :], strict=False):
        if last - first <= slack:
            return median(end for end in rising if first <= end <= first + slack)
    return None


def _without(lines: Sequence[Line], index: Iterable[int]) -> list[Line]:
    excluded = set(index)
    return [line for i, line in enumerate(lines) if i not in excluded]


def _blocks(lines: Sequence[Line], index: Sequence[int], leading: float) -> list[list[int]]:
    """Pieces that are drawn consecutively, each on the row of the last or close below it."""
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
    """Whether a block in the margin is small, has words, and is next to rows of the body."""
    x0, x1 = min(line.x0 for line in note), max(line.x1 for line in note)
    if max(line.size for line in note) > 1.05 * em:
        return False
    text = "".join(line.text for line in note)
    letters = any(map(str.isalpha, text)) and not _ROMAN.fullmatch(text)
    if sum(map(str.isalnum, text)) < 2 or not letters:
        return False
    top, bottom = min(line.top for line in note), max(line.bottom for line in note)
    adjacent = [line for line in inside if line.top < bottom and line.bottom > top]
    if any(line.x0 < x1 and line.x1 > x0 for line in adjacent):
        return False
    return bool(adjacent)


def _is_label(lines: Sequence[Line], block: Sequence[int], em: float) -> bool:
    """Whether a block in the left margin is the label at the start of the next drawn row."""
    last, following = lines[block[-1]], block[-1] + 1
    if following == len(lines):
        return False
    row = lines[following]
    return row.x0 > last.x1 and _on_same_row(last, row, em) and last.size > 0.9 * row.size


def _continues_row(lines: Sequence[Line], block: Sequence[int], em: float) -> bool:
    """Whether a block is the end of a row that is too long for the body, as in program code."""
    first, last = lines[block[0]], lines[block[-1]]
    before = lines[max(0, block[0] - 1)]
    gap = first.x0 - before.x1
    if gap < 0 or not _on_same_row(before, first, em):
        return False
    typewriter = before.monospaced or has_fixed_pitch(before, max(0, len(before.text) - 12))
    return gap < MIN_GUTTER_EM * em or (typewriter and _on_same_row(first, last, em))


def _is_column(
    lines: Sequence[Line], notes: Sequence[Sequence[int]], inside: Sequence[Line], em: float
) -> bool:
    """Whether the blocks of one margin are too many for notes: a column, or table cells."""
    if not notes:
        return False
    body = _row_count([line.baseline for line in inside], em)
    pieces = [lines[i] for note in notes for i in note]
    if _row_count([line.baseline for line in pieces], em) > MAX_MARGIN_ROW_SHARE * body:
        return True
    top, bottom = min(line.top for line in pieces), max(line.bottom for line in pieces)
    adjacent = [line.baseline for line in inside if line.top < bottom and line.bottom > top]
    cells = [
        note
        for note in notes
        if _on_same_row(lines[note[0]], lines[note[-1]], em)
        and any(abs(lines[note[0]].baseline - baseline) < 0.1 * em for baseline in adjacent)
    ]
    return len(cells) > 2 and len(cells) > MAX_NOTE_ROW_SHARE * _row_count(adjacent, em)


def _on_same_row(first: Line, second: Line, em: float) -> bool:
    return abs(first.baseline - second.baseline) <= BASELINE_TOLERANCE_EM * em


def _row_count(baselines: Iterable[float], em: float) -> int:
    rising = sorted(set(baselines))
    return min(1, len(rising)) + sum(
        b - a > BASELINE_TOLERANCE_EM * em for a, b in pairwise(rising)
    )
