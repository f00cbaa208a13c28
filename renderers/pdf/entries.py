"""Entries of indexes and tables of contents: rows that end with page numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from renderers.pdf.column_edges import INDENT_EM
from renderers.pdf.gutters import is_running
from renderers.pdf.rows import TextRow

MIN_ENTRIES = 5
"""Rows near each other that end with page numbers, from which they may be of an index."""
MIN_FULL_ROWS = 8
"""Rows near each other that end at the right edge, as names rarely do: text of a newspaper."""
LEADER = re.compile(
    r"(?:[.·] ?){4,}\s*(?:[\divxlc, –-]|\bff?\.)*$|(?<=[^\d\s.,]) (?:\. )+\d[\d, –-]*$"
    r"|…{2,}\s*\d*$"
)
"""Leader dots before a page number: a row of a table of contents or an index. Long entries have few
of them, after a space. `6 f.` and `18 ff.` are pages and those that follow.

`renderers.leaders` has a stricter rule on purpose: it removes dots, and those of a sentence must
stay. Here a row only stays a line of its own, and entries with few dots (`\\name . 620, 635`,
`name . . . .`) must not be joined: 306 of 11,334 rows of 1,168 manuals match this rule alone.
"""
_NUMBERS = re.compile(r"\d[\d, –-]*")
"""Page numbers of an index."""
_DOTS_AND_NUMBERS = re.compile(r"(?:\. ?){2,}[\d, –-]*")
"""The same with leader dots, if the name fills the row before."""
_ENTRY_END = re.compile(r"[^\s\d,.;:] \d+(?:[-–]\d+)?(?:, \d+(?:[-–]\d+)?)*,?$")
"""The end of an entry that has numbers without dots before them."""
_PAGES = r"\d{1,4}(?:[-–]\d{1,4})?\*?"
_PAGE_NUMBERS = re.compile(rf"[^\s\d.;] {_PAGES}(?:, {_PAGES})*\.?$")
"""The same, also after a comma or colon, which numbers in sentences have before them, too."""


def has_more_numbers(before: TextRow, row: TextRow) -> bool:
    """Whether the page numbers of an entry of an index go on in the next row, or begin there."""
    if row.monospaced:  # those of a program
        return False
    if _DOTS_AND_NUMBERS.fullmatch(row.text):
        return True
    return before.text[-1] == "," and _NUMBERS.fullmatch(row.text) is not None


def continues_entry(first: TextRow, before: TextRow, row: TextRow) -> bool:
    """Whether a row has further page numbers of the entry above it, to the right of its name."""
    return has_more_numbers(before, row) and row.start - first.start > INDENT_EM * row.size


def begins_entry(before: TextRow, row: TextRow) -> bool:
    """Whether a row begins an entry of an index: below the further numbers of one, or with leader
    dots below one without: `name 14, 20`."""
    outdented = before.start - row.start > INDENT_EM * row.size
    if outdented and _NUMBERS.fullmatch(before.text):
        return True
    if not (LEADER.search(row.text) and _ENTRY_END.search(before.text)):
        return False
    return outdented or abs(row.start - before.start) < 0.3 * row.size


def ends_entry(before: TextRow, near: Sequence[TextRow], right: float) -> bool:
    """Whether a row ends with the page numbers of an entry, as most rows near it do. Where most
    rows fill the column, one that does is running text."""
    if _PAGE_NUMBERS.search(before.text) is None:
        return False
    full = [abs(right - row.box[2]) < 0.5 * row.size for row in (before, *near)]
    if full[0] and is_running(before.text) and sum(full) > max(MIN_FULL_ROWS, len(near) / 2):
        return False
    entries = sum(_PAGE_NUMBERS.search(row.text) is not None for row in near)
    return entries >= MIN_ENTRIES and 2 * entries > len(near)
