"""Scripts whose letters are joined, stacked or read from right to left, in the texts of charts."""

from __future__ import annotations

import re
from typing import Literal

Align = Literal["left", "center", "right"]

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_SHAPED = re.compile(rf"[{_RIGHT_TO_LEFT}\u0900-\u0eff]")
_RTL = re.compile(f"[{_RIGHT_TO_LEFT}]")
_SIGN = re.compile(r"(?<![^\s(])[-+](?=\d)")
RIGHT_TO_LEFT_MARK, LEFT_TO_RIGHT_MARK = "\u200f", "\u200e"
MIRRORED: dict[Align, Align] = {"left": "right", "center": "center", "right": "left"}


def is_shaped(text: str) -> bool:
    """Whether glyphs depend on their neighbors: a text is then as wide as it is shaped, not as its
    characters are one by one. Arabic, Hebrew, and the scripts of India, Thailand and Laos."""
    return _SHAPED.search(text) is not None


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters that run from right to left."""
    return _RTL.search(text) is not None


def directed(text: str) -> str:
    """A text as a layout engine takes it: from right to left if it has such letters, with the sign
    of a number at the left of its digits, where the Unicode Bidirectional Algorithm alone would put
    it at their right (UAX #9, N2). Marks that are added have no ink."""
    if not is_right_to_left(text):
        return text
    return RIGHT_TO_LEFT_MARK + _SIGN.sub(rf"{LEFT_TO_RIGHT_MARK}\g<0>", text)


def aligned(align: Align, text: str) -> Align:
    """Where a text begins: texts from right to left are at the other side."""
    return MIRRORED[align] if is_right_to_left(text) else align
