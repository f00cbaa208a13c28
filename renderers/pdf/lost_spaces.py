"""Spaces that MuPDF does not add.

MuPDF adds a space where the gap after a character is wide, but only after characters below U+0700
and in U+2000 to U+20CF: not after ⟩, →, ≤, polytonic Greek, or letters of formulas. East Asian
characters have no spaces between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from renderers.picture import Box

MIN_GAP_EM = 0.15
"""Gap in font sizes from which there is a space, as MuPDF has it."""
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


def may_lack_spaces(text: str) -> bool:
    """Whether a text has a character after which MuPDF adds no space."""
    return _NO_SPACE_AFTER.search(text) is not None
