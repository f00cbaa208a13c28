"""Compare a formula with its glyphs: every letter and sign, with its weight and style.

What a template draws for each unit of a formula was measured once (`formula_table.py`). The glyphs
of a formula must be the pieces of its units, equally often, and no other. Their places are not
compared, nor the parts of tall brackets and long arrows, whose number depends on their length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from renderers.latex.formula_table import FormulaTable, Piece, pieces_of
from renderers.latex.formula_units import STROKE, TEXT, Unit, units

_TEXT_SIGNS = frozenset("-‐–—,.;:!?'’‘\"“”()/·…")
"""Signs that text in a formula may draw; with such text, none of them is compared."""


def problem(
    latex: str, chars: Sequence[str], fonts: Sequence[str], table: FormulaTable, styled: bool
) -> tuple[str, str] | None:
    """Why glyphs are not those of a formula: the reason and a detail, or None.

    With `styled`, weight and shape of the letters are compared, too: not in headings, which set
    formulas in their style.
    """
    asked = units(latex)
    free = asked.free
    expected: Counter[Piece] = Counter()
    loose: Counter[str] = Counter()
    for unit, count in asked.counts.items():
        pieces = table.pieces.get(unit)
        if pieces is not None:
            for piece in pieces:
                expected[piece] += count
        elif unit.alphabet == TEXT and not unit.symbol.isalnum():
            free = free | _TEXT_SIGNS | {unit.symbol}
        elif _is_loose(unit):
            loose[unit.symbol] += count
        else:
            return "formula-letters", f"this template does not draw {unit.latex}"
    drawn = pieces_of(chars, fonts)
    if asked.any_dots:
        expected = _with_low_dots(expected)
        drawn = [(("." if char == "·" else char), style) for char, style in drawn]
    wanted: Counter[str] = Counter(loose)
    for (char, _), count in expected.items():
        wanted[char] += count
    found = Counter(char for char, _ in drawn)
    if wanted != found:
        for char in free:
            wanted.pop(char, None)
            found.pop(char, None)
        if wanted != found:
            missing, extra = ("".join(part.elements()) for part in (wanted - found, found - wanted))
            return "formula-letters", f"missing {missing!r}, extra {extra!r}"
    if styled:
        other = expected - Counter(drawn)
        wrong = [(char, style) for char, style in other if char not in free]
        if wrong:
            return "formula-style", f"{wrong[0][0]!r} is not drawn {wrong[0][1]}"
    return None


def _is_loose(unit: Unit) -> bool:
    """Whether only the character of a unit is known: its style depends on the text around it."""
    return unit.alphabet == TEXT or unit.symbol == STROKE or not unit.symbol.isascii()


def _with_low_dots(pieces: Counter[Piece]) -> Counter[Piece]:
    low: Counter[Piece] = Counter()
    for (char, style), count in pieces.items():
        low["." if char == "·" else char, style] += count
    return low
