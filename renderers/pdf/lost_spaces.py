"""Spaces that MuPDF does not add, and those that are none.

MuPDF adds a space where the gap after a character is wide, but only after characters below U+0700
and in U+2000 to U+20CF: not after ⟩, →, ≤, polytonic Greek, or letters of formulas. East Asian
characters have no spaces between them.

In a tight row of TeX, with Times or Palatino, the gaps between words are exactly as wide as MuPDF's
limit, and its rounding decides about each. Nothing narrower is a space: letters of emphasized names
and of typewriter fonts are 0.1 font sizes apart, and letters of formulas up to 0.14.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renderers.picture import Box

MIN_GAP_EM = 0.15
"""Gap in font sizes from which there is a space, as MuPDF has it."""
_ROUNDING = 0.0015
"""Difference from it by which MuPDF's rounding and that of the file may shift a gap."""
_COVERED = 0.1
"""Shift of the character after a space, in widths of the space, up to which it is none."""
_MOST_LETTER_GAP = 0.03
"""Gap between most letters of a row, from which they are set apart."""
_WORD_END = re.compile(r"[A-Za-z.,;:!?)’”]")
_WORD_START = re.compile("[A-Za-z]")
_NO_SPACE_AFTER = re.compile(
    "[\u0700-\u10ff\u1200-\u1fff\u20d0-\u220e\u2212-\u222a\u2234-\u22bf\u22c4-\u2e7f\ufffd"
    "\U0001d400-\U0001d7ff]"
)
"""Without sums and integrals, whose limits stand apart from them."""
_NO_SPACE_BEFORE = re.compile(
    "[ .,;:\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
)


def with_spaces(text: str, boxes: Sequence[Box], size: float) -> tuple[str, list[Box]]:
    """The characters of a horizontal line with these spaces; `size` is its font size in points."""
    letters: list[str] = []
    found: list[Box] = []
    for index, (letter, box) in enumerate(zip(text, boxes, strict=True)):
        letters.append(letter)
        found.append(box)
        if index + 1 == len(text) or not _NO_SPACE_AFTER.match(letter):
            continue
        after, following = text[index + 1], boxes[index + 1]
        if following[0] - box[2] > MIN_GAP_EM * size and not _NO_SPACE_BEFORE.match(after):
            letters.append(" ")
            found.append((box[2], box[1], following[0], box[3]))
    return "".join(letters), found


def without_covered_spaces(text: str, boxes: list[Box]) -> tuple[str, list[Box]]:
    """The characters of a horizontal line without spaces in whose place the next character is.

    Chromium draws characters without a glyph, such as soft hyphens within a row, as spaces without
    an advance.
    """
    covered = set()
    at = text.find(" ", 1)
    while 0 < at < len(text) - 1:
        start, _, end, _ = boxes[at]
        back = boxes[at + 1][0] - start
        # a character much further to the left is drawn again, or belongs to another word
        if abs(back) <= _COVERED * (end - start) and text[at + 1] != " ":
            covered.add(at)
        at = text.find(" ", at + 1)
    if not covered:
        return text, boxes
    kept = [i for i in range(len(text)) if i not in covered]
    return "".join(text[i] for i in kept), [boxes[i] for i in kept]


def may_lack_spaces(text: str) -> bool:
    """Whether a text has a character after which MuPDF adds no space."""
    return _NO_SPACE_AFTER.search(text) is not None


def rows_at_limit(
    edges: npt.NDArray[np.float64], starts: npt.NDArray[np.intp], sizes: npt.NDArray[np.float64]
) -> list[int]:
    """The rows with a gap as wide as MuPDF's limit.

    `edges` has the boxes of the characters of all rows, `[N, 4]`; `starts` the first character of
    each row, and `sizes` its font size, `[R]`.
    """
    gaps = edges[1:, 0] - edges[:-1, 2]
    counts = np.diff(np.append(starts, len(edges)))
    gaps /= np.repeat(sizes, counts)[1:]
    found = np.flatnonzero(np.abs(gaps - MIN_GAP_EM) < _ROUNDING)
    owners = np.searchsorted(starts, found, side="right") - 1
    return sorted({int(owner) for owner in owners})


def spaces_at_limit(text: str, boxes: Sequence[Box], size: float) -> list[int]:
    """The characters of a horizontal row after which a space of MuPDF's limit lacks."""
    gaps = {
        index: (boxes[index + 1][0] - box[2]) / size
        for index, box in enumerate(boxes[:-1])
        if text[index] != " " and text[index + 1] != " "
    }
    if not gaps or sorted(gaps.values())[len(gaps) // 2] > _MOST_LETTER_GAP:
        return []
    return [
        index
        for index, gap in gaps.items()
        if abs(gap - MIN_GAP_EM) < _ROUNDING
        and _WORD_END.match(text[index])
        and _WORD_START.match(text[index + 1])
    ]


def with_spaces_at_limit(
    text: str, styles: str, boxes: Sequence[Box], size: float
) -> tuple[str, str, list[Box]]:
    """The characters of a horizontal row with the spaces of MuPDF's limit.

    `styles` is parallel to `text` or empty; a space has the style of the character before it.
    """
    found = list(boxes)
    # From the last gap on, so that the places of the gaps before it remain.
    for before in reversed(spaces_at_limit(text, boxes, size)):
        after = before + 1
        (_, top, left, bottom), right = found[before], found[after][0]
        found.insert(after, (left, top, right, bottom))
        text = f"{text[:after]} {text[after:]}"
        if styles:
            styles = f"{styles[:after]}{styles[before]}{styles[after:]}"
    return text, styles, found
