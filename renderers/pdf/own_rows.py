"""Rows that are lines of their own by how those near them begin and end: verse, addresses, lists.

A sentence that is broken into rows rarely goes on with a capital or a number, and never where the
next word had room in the row before. Chinese verse ends each row with a mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from renderers.pdf.labels import is_item
from renderers.pdf.rows import HAN_ONLY, TextRow
from renderers.pdf.sentences import OPENING, is_short

MIN_ROWS = 4
"""Rows that begin with capitals or numbers one below the other."""
MIN_SHORT = 0.25
"""Share of them that have room for the next word."""
MIN_WITHOUT_ROOM = 6
"""The same where no row has room for it: verse whose rows are about equally long."""
MAX_STEP_EM = 2.2
SAME_SIZE = 1.03
SAME_STEP = 1.1
_VERSE_MARKS = "，。！？；、"


def own_rows(found: Sequence[TextRow]) -> set[int]:
    """The indices of rows that begin lines of their own, below another row of their run."""
    own: set[int] = set()
    for begins in (_begins_latin, _ends_verse):
        start = 0
        while start < len(found):
            stop = start + 1
            if begins(found[start]):
                while stop < len(found) and begins(found[stop]) and _follows(found, start, stop):
                    stop += 1
                run = found[start:stop]
                if (_are_lines if begins is _begins_latin else _are_verse)(run):
                    own.update(range(start + 1, stop))
            start = stop
    return own


def _begins_latin(row: TextRow) -> bool:
    """Whether a row begins with a capital or a number, and not with the label of an item. Rows of
    numbers alone are those of an index, or an array."""
    if row.monospaced or row.bold or row.cells > 1 or is_item(row.text):
        return False
    if not any(map(str.isalpha, row.text)):
        return False
    first = row.text.lstrip(OPENING)[:1]
    return first.isdecimal() or first.isupper()


def _ends_verse(row: TextRow) -> bool:
    """Whether a row of Chinese ends with a mark."""
    return row.text[-1] in _VERSE_MARKS and HAN_ONLY.match(row.text) is not None


def _follows(found: Sequence[TextRow], start: int, at: int) -> bool:
    """Whether a row is the next one of a run: of its size, at its distance, below one of its two
    last rows. Those of a centered title begin nowhere below each other."""
    before, row = found[at - 1], found[at]
    step = row.baseline - before.baseline
    if max(before.size, row.size) > SAME_SIZE * min(before.size, row.size):
        return False
    if not 0 < step < MAX_STEP_EM * row.size or before.text[-1] == "-":
        return False
    if at - start > 1:
        above = before.baseline - found[at - 2].baseline
        if max(step, above) > SAME_STEP * min(step, above):
            return False
    return any(
        abs(row.start - other.start) < 0.3 * row.size for other in found[max(start, at - 2) : at]
    )


def _are_lines(run: Sequence[TextRow]) -> bool:
    """Whether rows that begin with capitals or numbers are no text that fills a column."""
    if len(run) < MIN_ROWS:
        return False
    right = max(row.box[2] for row in run)
    full = sum(right - row.box[2] < 0.2 * row.size for row in run)
    if 2 * full > len(run):
        return False
    short = sum(is_short(before, row, right) for before, row in pairwise(run))
    return short >= MIN_SHORT * (len(run) - 1) or len(run) >= MIN_WITHOUT_ROOM


def _are_verse(run: Sequence[TextRow]) -> bool:
    """Whether rows of Chinese are as long as each other, but for one character."""
    lengths = [len(row.text) for row in run]
    return len(run) >= MIN_ROWS and max(lengths) - min(lengths) <= 1
