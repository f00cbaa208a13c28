"""Leaders: the rows of dots between an entry of a contents page or an index and its page number.

What is a leader here is removed from texts. `renderers.pdf.entries.LEADER`, which only keeps the
rows of entries apart, says why it takes fewer dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ELLIPSES = "…‥⋯"
"""Signs of several dots, as wide as a Chinese character; Chinese PDF files without a table of
characters have ⋯ for …."""
_DOTS = re.compile(rf"(?P<sign>[.․·⋅{ELLIPSES}])(?: ?(?P=sign))+")
"""Equal signs: the full stop before `· · · · ·` is no part of the leader."""
_ELLIPSES = re.compile(r"\.{3}(?: \.{3})+")
_NUMBER = re.compile(r"[ *`]*(?:\d|[ivxlc]+\b)")
_FEW = re.compile(r"(?<=[^\d\s.,]) (?:\. ){2,4}(?=\d)")
"""Fewer dots are a leader before a number, unless they leave out numbers of a row of numbers
(`0 . . . 9`, `36, 35, . . . 19`)."""
_MARK = re.compile(r"\\[`*]|`|\*{1,3}")


def has_leader(text: str) -> bool:
    """Whether there is a leader in the text."""
    return next(leader_spans(text), None) is not None


def without_leaders(text: str, *, markdown: bool = False) -> str:
    """The text with a space in place of each leader; rows that were only dots are left out.

    In Markdown, emphasis that begins or ends with a leader is left closed.
    """
    remove = _without_marked_leaders if markdown else _without_leaders
    rows = []
    for row in text.split("\n"):
        if not has_leader(row):
            rows.append(row)
        elif rest := remove(row):
            rows.append(rest)
    return "\n".join(rows)


def leader_spans(text: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each leader."""
    for run in _DOTS.finditer(text):
        start, end = run.span()
        few = _FEW.match(text, start - 1) if start else None
        if few or _is_leader(run[0], run["sign"], _NUMBER.match(text, end) is not None):
            yield start, end


def _is_leader(dots: str, sign: str, numbered: bool) -> bool:
    """Whether dots are more than an ellipsis.

    Chinese has ellipses of two signs or, typed with full stops, of six; both are lengthened at
    times. Before a number they are a leader.
    """
    count = dots.count(sign)
    if sign in ELLIPSES:
        return count > (2 if numbered else 4)
    if _ELLIPSES.fullmatch(dots):
        return False
    evenly_spaced = len(dots) == 2 * count - 1
    return count > (4 if numbered or evenly_spaced else 7)


def _without_leaders(row: str) -> str:
    parts = []
    at = 0
    for start, end in leader_spans(row):
        parts.append(row[at:start].strip())
        at = end
    return " ".join(filter(None, (*parts, row[at:].strip())))


def _without_marked_leaders(row: str) -> str:
    parts = []
    opened = prefix = ""
    at = 0
    for start, end in leader_spans(row):
        part = prefix + row[at:start]
        opened = _open_mark(row[at:start], opened)
        prefix = ""
        begins = opened and part.endswith(opened)
        ends = opened and row.startswith(opened, end)
        if begins:
            part = part.removesuffix(opened)
        if ends:
            end += len(opened)
        if begins and not ends:
            prefix = opened
        parts.append(part.strip() + (opened if ends and not begins else ""))
        opened = "" if ends else opened
        at = end
    return " ".join(filter(None, (*parts, prefix + row[at:].strip())))


def _open_mark(text: str, opened: str) -> str:
    """The mark of the emphasis or code that is open after the text; `opened` is before it."""
    for mark in _MARK.findall(text):
        if opened == "`":
            opened = "" if mark.endswith("`") else opened
        elif not mark.startswith("\\"):
            opened = mark[len(opened) :] if opened else mark
    return opened
