"""Splits the rows of one flow into paragraphs, and joins the rows of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, starmap

from renderers.pdf.column_edges import (
    INDENT_EM,
    MIN_SET_IN,
    NEAR,
    are_right_aligned,
    column_edges,
    is_aside,
    is_at_edge,
    shared_edge,
)
from renderers.pdf.continuity import is_frequent
from renderers.pdf.entries import (
    LEADER,
    begins_entry,
    continues_entry,
    ends_entry,
    has_more_numbers,
)
from renderers.pdf.gutters import MIN_WORDS, is_running
from renderers.pdf.labels import (
    are_fields,
    are_labels,
    continues_item,
    ends_item,
    has_bullet,
    is_beside_label,
    is_item,
    is_narrow_text,
)
from renderers.pdf.own_rows import own_rows
from renderers.pdf.row_steps import SENTENCE_ENDS, is_set_apart, usual_step
from renderers.pdf.rows import HAN_ONLY, WIDE, TextRow
from renderers.pdf.sentences import continues_sentence, is_short

PARAGRAPH_GAP = 1.35
"""A row starts a new paragraph if its distance from the previous row exceeds the usual distance
by this factor."""
SIZE_CHANGE = 1.12
CENTERED_EM = 2.5
"""Space on both sides of a short row in the middle of a column, at least, in font sizes: more than
the indent of a Chinese paragraph, which is 2."""
LOOSE_EM = 2.3
"""Distance of rows in font sizes that is larger than in a text with double spacing."""
HEADING_STEP_EM = 1.6
"""Distance of a bold row from the next one, in font sizes, that is larger than in usual text."""
MAX_SIZE_IN_SENTENCE = 1.3
"""Ratio of the sizes of two rows of a sentence: some typewriter fonts are large or small."""
MAX_RAGGED = 0.3
"""Largest free space at the end of a row of ragged text, as a share of the column."""
MIN_PITCH = 8
"""Characters from which a row shows a fixed pitch."""
_NUMBER = re.compile(
    r"[\[({|]{0,2}[-\u2212+]?\d(?:[\d.,]*\d)?(?:e[-\u2212+]?\d+|/\d+|%)?(?:[\])}|]{1,2},?)?"
)
"""An entry of an array. A comma after it is one of a list, which goes on in the next row."""
_BRACKET = re.compile(r"[\[({|]{1,2}|[\])}|]{1,2},?")
"""A bracket beside a shorter number than the longest one of its column."""
_BREAK = re.compile(r"-([*`]{0,3})$")
"""The hyphen at the end of a row, before the end of emphasis."""
_SUSPENDED = re.compile(r"([^\W\d_]+)-$")
_CONJUNCTION_AT_END = re.compile(r"\b(?:and|or|but|either|with|of|in|by|to)$")
_CONJUNCTION = re.compile(r"(and|or|to|und|oder|bis)\s")


def join_rows(paragraph: Sequence[TextRow]) -> str:
    """The rows of a paragraph as one line of text, without the hyphens of `broken` rows."""
    return join_marked([row.text for row in paragraph], paragraph)


def join_marked(texts: Sequence[str], rows: Sequence[TextRow]) -> str:
    """The texts of rows, which may have emphasis, as one line."""
    if not any(row.broken for row in rows):
        return join_texts(texts)
    parts: list[str] = []
    unbroken = ""
    for text, row in zip(texts, rows, strict=True):
        unbroken += _BREAK.sub(r"\1", text) if row.broken else text
        if not row.broken:
            parts.append(unbroken)
            unbroken = ""
    return join_texts(parts)


def join_texts(texts: Sequence[str]) -> str:
    """The texts of rows as one line: Latin joined by a space, Chinese by nothing."""
    joined = texts[0]
    for text in texts[1:]:
        joined += _joiner(joined, text) + text
    return joined


def _joiner(before: str, after: str) -> str:
    if HAN_ONLY.match(before[-1]) or HAN_ONLY.match(after[0]):
        return ""
    if WIDE.match(before[-1]) and HAN_ONLY.search(before):
        return ""
    hyphenated = len(before) > 1 and before[-1] in "-–—/" and before[-2] != " "
    if hyphenated and is_suspended(before, after):
        return " "
    return "" if hyphenated and after[0].isalnum() else " "


def is_suspended(before: str, after: str) -> bool:
    """Whether the hyphen at the end of a row stands for a word that follows later.

    Such as in `pre- and post-war`, but not in `in-to`.
    """
    end, start = _SUSPENDED.search(before), _CONJUNCTION.match(after)
    if end is None or start is None:
        return False
    return not is_frequent(end.group(1).lower() + start.group(1))


def split_paragraphs(found: Sequence[TextRow]) -> list[tuple[TextRow, ...]]:
    """Split the rows of one flow into paragraphs."""
    if not found:
        return []
    steps = [b.baseline - a.baseline for a, b in pairwise(found)]
    usual = usual_step(found, steps)
    left, right = column_edges(found)
    widest = shared_edge([row.box[2] for row in found], 0.5 * found[0].size)
    hanging = _hangs(found, left, right)
    own = own_rows(found)
    paragraphs = [[found[0]]]
    for index in range(1, len(found)):
        before, row = found[index - 1], found[index]
        first = paragraphs[-1][0]
        near = found[max(0, index - NEAR) : index + NEAR + 1]
        goes_on = _goes_on(before, row, right[index])
        if index in own or _is_apart(before, row, steps[index - 1], usual, goes_on=goes_on):
            new = True
        elif _is_broken_word(before, row) or continues_entry(first, before, row):
            new = False
        elif (
            (
                are_labels(before, row, steps[index - 1], right[index] - left[index])
                and not is_narrow_text(near, right[index])
            )
            or row.drop_cap
            or is_set_apart(found, index, steps)
            or _are_loose(before, row, steps[index - 1])
            or (
                _changes_weight(before, row, steps[index - 1])
                and not continues_item(first, before, row)
                and not (hanging and _hangs_below(first, before, row, left[index]))
            )
            or begins_entry(before, row)
            or (ends_entry(before, near, right[index]) and not continues_item(first, before, row))
            or _begins_program(before, row, widest)
            or ends_item(first, before, row, widest)
            or (
                is_aside(before, row, left[index], right[index])
                and not _is_beside_picture(found, index, right[index])
            )
            or (are_right_aligned(near) and not any(starmap(continues_sentence, pairwise(near))))
            or _is_under_centered(before, row, left[index], right[index])
        ):
            new = True
        elif continues_item(first, before, row):
            begins = before.text[-1] in SENTENCE_ENDS or not row.text[0].islower()
            new = begins and is_short(before, row, right[index])
        elif hanging and _hangs_below(first, before, row, left[index]):
            new = False
        elif hanging and before is not first and _is_outdented(before, row):
            new = True
        else:
            edge = right[index]
            if before.text[-1] in SENTENCE_ENDS or is_item(row.text):
                # Rows of a program near them may be so short that the column seems narrower.
                edge = max(edge, *(each.box[2] for each in paragraphs[-1]))
            new = _starts_new(before, row, left[index], edge)
        if new:
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return [tuple(p) for p in paragraphs]


def _is_broken_word(before: TextRow, row: TextRow) -> bool:
    """Whether a word is broken at the end of a row."""
    text = before.text
    return len(text) > 2 and text[-1] == "-" and text[-2].isalpha() and row.text[0].islower()


def _begins_program(before: TextRow, row: TextRow, widest: float) -> bool:
    """Whether a row in a typewriter font follows the short end of a sentence. Rows of programs near
    them may be so short that the sentence seems to fill the column."""
    if not row.monospaced or before.monospaced or before.text[-1] not in SENTENCE_ENDS:
        return False
    return is_short(before, row, widest)


def _is_beside_picture(found: Sequence[TextRow], index: int, right: float) -> bool:
    """Whether the rows above one are running text that fills the space beside a picture."""
    rows = found[max(0, index - MIN_SET_IN) : index]
    if len(rows) < MIN_SET_IN or any(is_item(row.text) for row in rows):
        return False
    slack = 0.3 * rows[0].size
    return all(
        abs(row.start - before.start) < slack and not is_short(before, row, right)
        for before, row in pairwise(rows)
    )


def _is_under_centered(before: TextRow, row: TextRow, left: float, right: float) -> bool:
    """Whether the row before this one is short and in the middle of the column, as the letters of
    an index are, and this one is not."""
    if row.start - left > INDENT_EM * row.size:
        return False
    before_left, before_right = before.start - left, right - before.box[2]
    centered = abs(before_left - before_right) < 0.2 * (right - left)
    return centered and min(before_left, before_right) > CENTERED_EM * row.size


def _hangs(found: Sequence[TextRow], left: Sequence[float], right: Sequence[float]) -> bool:
    """Whether the paragraphs of a flow have hanging indents, as those of a bibliography.

    Then an indented row continues the sentence of the row before it; in a paragraph with an
    indented first row it begins one.
    """
    continued = begun = 0
    for index, (before, row) in enumerate(pairwise(found), 1):
        if is_item(before.text) or is_item(row.text) or before.cells > 1 or row.cells > 1:
            continue
        if row.start - before.start <= INDENT_EM * row.size:
            continue
        if before.start - left[index] >= INDENT_EM * row.size:
            continue
        if is_short(before, row, right[index]) or before.text[-1] in SENTENCE_ENDS:
            begun += 1
        else:
            continued += 1
    return continued >= 2 and continued > 2 * begun


def _hangs_below(first: TextRow, before: TextRow, row: TextRow, left: float) -> bool:
    """Whether a row continues a paragraph whose rows are indented from the second one on."""
    indent = row.start - first.start
    if is_item(row.text) or LEADER.search(row.text):
        return False
    if indent <= INDENT_EM * row.size or first.start - left >= INDENT_EM * row.size:
        return False
    return before is first or abs(row.start - before.start) < 0.3 * row.size


def _is_outdented(before: TextRow, row: TextRow) -> bool:
    return before.start - row.start > INDENT_EM * row.size


def _goes_on(before: TextRow, row: TextRow, right: float) -> bool:
    """Whether a row begins in lower case after one that fills the column and ends no sentence, at
    the left edge or, if that one has a label, below its text. Codes alone are no sentence."""
    if is_short(before, row, right) or before.text[-1] in SENTENCE_ENDS:
        return False
    words = sum(word.strip(".,;:()").isalpha() for word in f"{before.text} {row.text}".split())
    if not ((row.text[0].islower() and words >= MIN_WORDS) or HAN_ONLY.match(row.text)):
        return False
    return is_at_edge(before, row) or is_beside_label(before, row)


def _is_apart(
    before: TextRow, row: TextRow, step: float, usual: float, *, goes_on: bool = False
) -> bool:
    """Whether size, distance or cells separate two rows; some do not if a sentence goes on."""
    larger, smaller = max(before.size, row.size), min(before.size, row.size)
    continued = goes_on and continues_sentence(before, row)
    allowed = MAX_SIZE_IN_SENTENCE if continued else SIZE_CHANGE
    if larger > allowed * smaller and min(_length(before), _length(row)) > 3:
        return True
    if step > PARAGRAPH_GAP * usual * smaller or step < -0.5 * smaller:
        return True
    if before.cells > (2 if goes_on and is_beside_label(before, row) else 1) or row.cells > 1:
        return True
    if has_more_numbers(before, row):
        return False
    return bool(
        LEADER.search(before.text)
        or (before.monospaced and _may_be_code(row))
        or (row.monospaced and _may_be_code(before))
        or _are_of_array(before, row)
        or _are_numbered(before, row)
    )


def _are_loose(before: TextRow, row: TextRow, step: float) -> bool:
    """Whether rows are further apart than those of a text with double spacing, and of no sentence,
    as on a title page. Numbers alone are a series."""
    if step < LOOSE_EM * row.size or not any(map(str.isalpha, before.text + row.text)):
        return False
    if is_running(before.text):
        return before.text[-1] in SENTENCE_ENDS and not is_running(row.text)
    return not continues_sentence(before, row)


def _changes_weight(before: TextRow, row: TextRow, step: float) -> bool:
    """Whether one of two rows is a heading by its weight: beside a program, below the end of a
    sentence, above a centered row, or far from the other one."""
    if before.bold is row.bold:
        return False
    if row.monospaced:
        return before.bold and not is_running(before.text)
    if not (row.text[0].isupper() or row.text[0].isdecimal()):
        return False
    ends = before.monospaced or before.text[-1] in SENTENCE_ENDS
    if row.bold and ends and not is_running(row.text):
        return True
    aside = before.start - row.start
    middle = before.start + before.box[2] - row.start - row.box[2]
    centered = abs(aside) > row.size and abs(middle) < 0.3 * row.size
    return centered or (step > HEADING_STEP_EM * row.size and not is_running(before.text))


def _length(row: TextRow) -> int:
    """The characters of a row; one of Chinese counts as two, since two of them are a title."""
    return len(row.text) + len(HAN_ONLY.findall(row.text))


def _are_of_array(before: TextRow, row: TextRow) -> bool:
    """Whether two rows are those of an array: numbers, and as many of them."""
    first, second = (
        [word.text for word in each.words if not _BRACKET.fullmatch(word.text)]
        for each in (before, row)
    )
    if not len(first) == len(second) > 1:
        return False
    return all(map(_NUMBER.fullmatch, (*first, *second)))


def _are_numbered(before: TextRow, row: TextRow) -> bool:
    """Whether two rows begin with the numbers of lines of a program, which follow each other. Rows
    that have nothing else are the numbers of another text's lines."""
    first, _, text = before.text.partition(" ")
    second, _, following = row.text.partition(" ")
    if not (text and following and first.isdecimal() and second.isdecimal()):
        return False
    return int(second) == int(first) + 1


def _may_be_code(row: TextRow) -> bool:
    """Whether a row is in a typewriter font, or too short to tell."""
    return row.monospaced or (len(row.text) < MIN_PITCH and not row.text.isalpha())


def _starts_new(before: TextRow, row: TextRow, left: float, right: float) -> bool:
    indent = row.start - before.start
    if is_item(row.text):
        moved = abs(indent) > 0.3 * row.size or is_item(before.text)
        if has_bullet(row.text) or moved:
            return True
        if before.text[-1] in ",;" or _CONJUNCTION_AT_END.search(before.text):  # (a) in a sentence
            return _ends_early(before, row, right, right - left)
        return is_short(before, row, right)
    if are_fields(before, row):
        return True
    if indent > INDENT_EM * row.size and before.start - left < INDENT_EM * row.size:
        # The first row may have a label in the margin.
        full = right - before.box[2] < 0.5 * row.size or _goes_on(before, row, right)
        continued = (full and is_beside_label(before, row)) or continues_sentence(before, row)
        return is_short(before, row, right) or not continued
    return _ends_early(before, row, right, right - left)


def _ends_early(before: TextRow, row: TextRow, right: float, width: float) -> bool:
    """Whether a paragraph ends with a short row, and not only the row of a ragged text."""
    return is_short(before, row, right) and not _runs_on(before, row, right, width)


def _runs_on(before: TextRow, row: TextRow, right: float, width: float) -> bool:
    """Whether a sentence goes on after a row that is only somewhat short: text set ragged."""
    if right - before.box[2] > MAX_RAGGED * width:
        return False
    if abs(row.start - before.start) > 0.5 * row.size and not is_item(before.text):
        return False
    return continues_sentence(before, row)
