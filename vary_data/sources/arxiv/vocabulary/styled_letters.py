"""Letters of formulas that are characters of their own, as sources for unicode-math have them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

_PLANES = (range(0x2100, 0x2150), range(0x1D400, 0x1D800))
"""Letterlike symbols, and mathematical alphanumeric symbols."""
_PLANCK = "\u210e"
"""The place of the italic h among the latter is empty."""
_STYLES = (
    ("BOLD ITALIC ", "boldsymbol"), ("SANS-SERIF ", "mathsf"), ("MONOSPACE ", "mathtt"),
    ("SCRIPT ", "mathcal"), ("FRAKTUR ", "mathfrak"), ("BLACK-LETTER ", "mathfrak"),
    ("DOUBLE-STRUCK ", "mathbb"), ("BOLD ", "mathbf"), ("ITALIC ", ""),
)  # fmt: skip
"""Parts of names, and the command; the first that fits. There is no bold of some alphabets, and
italic is how formulas have letters anyway."""
_CAPITALS_ONLY = ("mathcal", "mathbb")
"""Alphabets of capital letters."""


def styled_letters(characters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each letter with its source; `characters` has those of Greek letters and signs."""
    yield _PLANCK, "h"
    for code in (code for plane in _PLANES for code in plane):
        name = unicodedata.name(chr(code), "")
        font, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        style = next((command for part, command in _STYLES if part in name), None)
        if font != "<font>" or style is None or chr(code) == _PLANCK:
            continue
        letter = chr(int(base, 16))
        if not letter.isascii():
            if letter not in characters:
                continue
            letter = characters[letter]
            style = "boldsymbol" if "BOLD" in name else ""  # other alphabets have no Greek letters
        elif style in _CAPITALS_ONLY and not letter.isupper():
            continue
        yield chr(code), f"\\{style}{{{letter}}}" if style else letter
