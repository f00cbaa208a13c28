"""Labels: of list items, of texts beside them, of fields, and names that are labels themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from renderers.pdf.column_edges import INDENT_EM
from renderers.pdf.entries import MIN_FULL_ROWS
from renderers.pdf.gutters import is_running
from renderers.pdf.row_steps import SENTENCE_ENDS
from renderers.pdf.rows import TextRow
from renderers.pdf.sentences import continues_sentence, is_short
from renderers.roles import BULLETS

LABEL_COLUMN_EM = 8
"""A column narrower than that holds no running text, but names below each other, if its rows are
apart by `LABEL_STEP`: the sections of a presentation, the items of a slide."""
LABEL_STEP = 1.6
"""Distance of rows in font sizes; Chinese text of books has up to 1.75, but in wider columns."""
LABEL_GAP_EM = 0.45
LABEL_GAP = 1.3
"""Gap between a label and the text beside it, in font sizes and in the usual gap of its row."""
_BULLETS = BULLETS + "❖▸►▶✓✔"
"""Marks of items that do not stand within a sentence."""
ITEM_LABEL = re.compile(
    r"(?:[•●▪■➢➤❖◦‣▸►▶]|[□❏❑❒✓✔⁃*∗·–\ufffd-]\s|\[\d{1,3}\]"
    r"|\[[^\W\d_][^\[\];]{0,40}?\d{2}[a-z]?\]\s"
    r"|(?!(?:[a-zA-Z]\.\s){2})\(?[0-9a-zA-Z]{1,3}[.)]\s|[(（]?[一二三四五六七八九十\d]{1,3}[)）、]"
    r"|(?:\d{1,3}|[A-Z])(?:[．、]|\.(?=[\u3400-\u9fff《〈“（])))"
)
"""`e. g.` and the first letters of names are no label. Chinese text has no space after one.
`[Knu84]` and `[Knuth, 1984]` are those of bibliographies."""
_FIELDS = (
    re.compile(r"(?:[A-Z]\.\s){2}"),
    re.compile(r"[A-Z][\w-]*(?: [\w-]+){0,2}: ?\S|[\u4e00-\u9fff]{2,6}[:：]\S"),
    re.compile(r"[\u4e00-\u9fff]{2,10}[:：]"),
)
"""Names with the first letters of others, and fields (`Date: May 20`), one below the other."""
_COMMAS = ",，、"


def is_item(text: str) -> bool:
    """Whether a text begins with a bullet, a number or letter of a list, or one in brackets."""
    return ITEM_LABEL.match(text) is not None


def has_bullet(text: str) -> bool:
    """Whether a text begins with a mark of items that does not stand within a sentence."""
    return text[0] in _BULLETS


def are_fields(before: TextRow, row: TextRow) -> bool:
    """Whether two rows are names with the first letters of others, or fields, each of its own."""
    alike = any(field.match(before.text) and field.match(row.text) for field in _FIELDS)
    return alike and before.text[-1] not in _COMMAS


def continues_item(first: TextRow, before: TextRow, row: TextRow) -> bool:
    """Whether a row is below the text of a list item, to the right of its label."""
    label = ITEM_LABEL.match(first.text)
    if label is None or is_item(row.text):
        return False
    indent = row.start - first.start
    if first is before:
        word = _word_after(first, label.end())
        aligned = word is not None and abs(row.start - word) < 0.6 * row.size
        return aligned and indent > 0.3 * row.size
    return abs(row.start - before.start) < 0.3 * row.size and indent > 0.3 * row.size


def are_labels(before: TextRow, row: TextRow, step: float, width: float) -> bool:
    """Whether two rows are names of their own in a narrow column with loose rows.

    Names have letters: numbers of lines and of an axis are one series.
    """
    if width > LABEL_COLUMN_EM * row.size or step < LABEL_STEP * row.size:
        return False
    if before.text[-1] in _COMMAS or not all(
        any(map(str.isalpha, each.text)) for each in (before, row)
    ):
        return False
    return not continues_sentence(before, row)


def is_narrow_text(near: Sequence[TextRow], right: float) -> bool:
    """Whether rows are running text: most begin in lower case, or many fill the column."""
    full = sum(right - row.box[2] < 0.5 * row.size for row in near)
    return full >= MIN_FULL_ROWS or 2 * sum(row.text[0].islower() for row in near) > len(near)


def ends_item(first: TextRow, before: TextRow, row: TextRow, widest: float) -> bool:
    """Whether a row is to the left of an item that ends with the short end of a sentence. Short
    items near them may make the column seem narrower than it is."""
    if not is_item(first.text) or row.text[0].islower():
        return False
    if first.start - row.start < INDENT_EM * row.size:
        return False
    return before.text[-1] in SENTENCE_ENDS and is_short(before, row, widest)


def _word_after(row: TextRow, start: int) -> float | None:
    """The left edge of the first word after a label of `start` characters."""
    passed = 0
    for word in row.words:
        if passed >= len(row.text[:start].rstrip().replace(" ", "")):
            return word.box[0]
        passed += len(word.text)
    return None


def is_beside_label(before: TextRow, row: TextRow) -> bool:
    """Whether a row stands below the text beside a label: `-m  the mode`."""
    if before.text[-1] in ":：" or not is_running(before.text) or row.monospaced or before.bold:
        return False
    gaps = [b.box[0] - a.box[2] for a, b in pairwise(before.words)]
    for gap, word in zip(gaps, before.words[1:], strict=True):
        if abs(word.box[0] - row.start) < 0.1 * row.size:
            return gap > max(LABEL_GAP_EM * row.size, LABEL_GAP * median(gaps))
    return False
