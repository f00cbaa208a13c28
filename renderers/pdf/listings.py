"""Rows of program code in a proportional font: each is a line of text, as in a typewriter font.

A row is code by the marks of programming languages and TeX; a run of rows is a listing if most of
them are, and none is a sentence without such marks.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from renderers.pdf.gutters import is_running
from renderers.pdf.rows import HAN_ONLY, TextRow

MIN_ROWS = 4
"""Rows of a listing."""
MIN_MARKED = 0.6
"""Share of its rows with marks of code, and below with clear ones."""
MIN_CLEAR = 0.3
MAX_STEP_EM = 2.2
"""Distance of two rows of a listing, in font sizes."""

_NUMBER = re.compile(r"\d{1,4}\s+")
_COMMENT = re.compile(r"//|/\*|\*/|%|#(?!\d)|--\s|;;")
_CLEAR = re.compile(
    r"[{};]$|^[{}]|^\\[a-zA-Z@]+[{\[]|^</?\w+[ >]|\w\(.*\)[;:{]?$"
    r"|^(?:def|class|import|from|return|function|elif|endif|public|private|static|void|include)\b"
)
_SENTENCE_MARK = re.compile("[，。：；、]")
_WEAK = re.compile(
    r":?=|->|::|&&|\|\||^\\[a-zA-Z@]+|^(?:if|else|for|while|do|end|begin|let|var|const|int|print)\b"
)


def with_listings(rows: Sequence[TextRow], numbered: Container[int] = ()) -> list[TextRow]:
    """The rows of a flow, those of listings marked like rows in a typewriter font.

    `numbered` has the `id` of each row with a line number: such rows of a listing may be
    sentences.
    """
    found = list(rows)
    start = 0
    while start < len(found):
        stop = start
        marked = clear = 0
        while (
            stop < len(found)
            and (marks := _marks(found[stop], has_number=id(rows[stop]) in numbered)) is not None
        ):
            if stop > start and not _follows(found[stop - 1], found[stop]):
                break
            marked += marks > 0
            clear += marks > 1
            stop += 1
        count = stop - start
        if count >= MIN_ROWS and marked >= MIN_MARKED * count and clear >= MIN_CLEAR * count:
            for i in range(start, stop):
                if not found[i].monospaced:
                    found[i] = replace(found[i], monospaced=True)
        start = max(stop, start + 1)
    return found


def _marks(row: TextRow, *, has_number: bool) -> int | None:
    """2 if a row has clear marks of code, 1 if it has weak ones, which formulas have, too, 0 if it
    has none; None if it cannot be part of a listing."""
    text = _NUMBER.sub("", row.text, count=1)
    if row.cells > 1 or not text:
        return None
    if row.monospaced or _COMMENT.match(text):
        return 2
    if HAN_ONLY.search(text):  # names and comments; sentences have marks
        return 2 if _CLEAR.search(text) and not _SENTENCE_MARK.search(text) else None
    if is_running(text):
        if text[-1] in "{}" or (text[-1] == ";" and _WEAK.search(text)):
            return 2
        if not has_number:
            return None
    return 2 if _CLEAR.search(text) else int(_WEAK.search(text) is not None)


def _follows(before: TextRow, row: TextRow) -> bool:
    step = row.baseline - before.baseline
    smaller, larger = sorted((before.size, row.size))
    return 0 < step < MAX_STEP_EM * row.size and larger < 1.1 * smaller
