"""Rows of program code in a proportional font: each is a line of text, as in a typewriter font.

A row is code by the marks of programming languages and TeX; a run of rows is a listing if most of
them are, and none is a sentence without such marks.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from renderers.pdf.gutters import is_running
from renderers.pdf.rows import HAN_ONLY, TextRow, Word

MIN_ROWS = 4
"""Rows of a listing."""
MIN_MARKED = 0.6
"""Share of its rows with marks of code, and below with clear ones."""
MIN_CLEAR = 0.3
MAX_STEP_EM = 2.2
"""Distance of two rows of a listing, in font sizes."""

MAX_OFF_GRID = 0.1
"""Distance of a word from the grid of a typewriter font, in its characters."""

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
    sentences, and a row without number or marks is none of theirs.
    """
    on_grid = _with_rows_on_grid(rows)
    has_number = [id(row) in numbered for row in rows]
    # Text may follow a listing without numbers: if its short rows counted as rows with marks, those
    # of the text would be a part of it.
    found = [marked if n else row for row, marked, n in zip(rows, on_grid, has_number, strict=True)]
    marks = [_marks(row, has_number=n) for row, n in zip(found, has_number, strict=True)]
    start = 0
    while start < len(found):
        stop = start
        while stop < len(found) and marks[stop] is not None:
            if stop > start and not _follows(found[stop - 1], found[stop]):
                break
            bare = stop if has_number[stop - 1] else stop - 1
            if stop > start and has_number[stop] is not has_number[stop - 1] and not marks[bare]:
                break
            stop += 1
        marked = sum(bool(each) for each in marks[start:stop])
        clear = marks[start:stop].count(2)
        count = stop - start
        if count >= MIN_ROWS and marked >= MIN_MARKED * count and clear >= MIN_CLEAR * count:
            for i in range(start, stop):
                if not found[i].monospaced and (marks[i] or not _is_heading(found[i])):
                    found[i] = replace(found[i], monospaced=True)
        start = max(stop, start + 1)
    return [row if row.monospaced else other for row, other in zip(on_grid, found, strict=True)]


def _with_rows_on_grid(rows: Sequence[TextRow]) -> list[TextRow]:
    """The rows, those near a row in a typewriter font whose characters stand below or above its
    characters marked like it: `}` and `else` are too short to show a fixed pitch by themselves. A
    bold row between others is a heading, whose letters fit by chance."""
    found = list(rows)
    down = range(1, len(found))
    for places, step in ((down, -1), (reversed(down), 1)):
        for place in places:
            at, near = (place, place - 1) if step < 0 else (place - 1, place)
            row, model = found[at], found[near]
            if row.monospaced or not model.monospaced or _is_heading(row):
                continue
            # A short row may have the size of the number before it.
            close = 0 < -step * (row.baseline - model.baseline) < MAX_STEP_EM * model.size
            if close and row.text.isascii() and _is_on_grid(row, model):
                found[at] = replace(row, monospaced=True)
    return found


def _is_on_grid(row: TextRow, model: TextRow) -> bool:
    """Whether the words of two rows, but for a number before them, are on the same grid."""
    longest = max(model.words, key=lambda word: len(word.text), default=None)
    if longest is None:
        return False
    origin, _, end, _ = longest.box
    pitch = (end - origin) / len(longest.text)
    for word in (*_numbered_words(row), *_numbered_words(model)):
        x0, _, x1, _ = word.box
        place = (x0 - origin) / pitch
        wide = abs((x1 - x0) / pitch - len(word.text))
        if max(wide, abs(place - round(place))) > MAX_OFF_GRID:
            return False
    return bool(row.words)


def _numbered_words(row: TextRow) -> Sequence[Word]:
    """The words of a row without the number of its line."""
    has_number = len(row.words) > 1 and row.words[0].text.isdecimal()
    return row.words[1:] if has_number else row.words


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


def _is_heading(row: TextRow) -> bool:
    """Whether a row is bold and begins like a name: `Example:`, but not `end` or `BEGIN`."""
    return row.bold and not row.monospaced and row.text[0].isupper() and not row.text.isupper()


def _follows(before: TextRow, row: TextRow) -> bool:
    step = row.baseline - before.baseline
    smaller, larger = sorted((before.size, row.size))
    return 0 < step < MAX_STEP_EM * row.size and larger < 1.1 * smaller
