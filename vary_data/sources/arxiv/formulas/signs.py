"""Formulas that are only signs and letters, as text: `(\\ast)` is `(∗)`."""

from __future__ import annotations

import re

from renderers.latex.characters import SYMBOLS
from renderers.latex.math_commands import DRAWN

_PIECE = re.compile(
    r"(?P<plain>[A-Za-z0-9()\[\],.:;!?/+=])"
    r"|\\(?:mathrm|text)\{(?P<upright>[A-Za-z0-9]+)\}"
    r"|(?:\{\})?(?P<raised>'|\^\{(?:\\prime|\\ast|\*)\})"
    r"|\\(?P<command>[A-Za-z]+) ?"
    r"|(?P<other>.)"
)
_CHARACTERS = {"'": "′", "*": "∗", "-": "−", "^{\\prime}": "′", "^{\\ast}": "*", "^{*}": "*"}
"""What prints another character in a formula than in text, and scripts that text has, too."""


def text_of_signs(latex: str) -> str | None:
    """What a formula in its normal form prints, if it is a row of signs that text can have.

    Letters become upright. None for all other formulas: fractions, scripts but primes and
    asterisks, accents, alphabets, signs that are not in the table of characters.
    """
    printed: list[str] = []
    for match in _PIECE.finditer(latex):
        if letters := match["plain"] or match["upright"]:
            printed.append(letters)
            continue
        drawn = DRAWN.get(match["command"] or "")
        sign = drawn.glyphs.split(" ")[0] if drawn else _CHARACTERS.get(match.group(), "")
        sign = _CHARACTERS.get(match["raised"] or "", sign)
        if sign not in SYMBOLS and sign != "*":
            return None
        printed.append(sign)
    return "".join(printed)
