r"""Measure what a template draws for every letter and sign of a formula, and check it.

Each letter in each alphabet, each sign and accent is printed once and read back from the PDF. A
unit whose glyphs do not mean what its source means is not in the table: a missing glyph, another
letter, a `\mathbf` that is not bold. Formulas with such a unit never reach TeX.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from renderers.latex import color_tag
from renderers.latex.font_glyphs import Look, look, meaning
from renderers.latex.formula_units import ACCENTS, ESCAPED, PLAIN_SIGNS, TEXT, Unit, units
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.math_commands import DRAWN, GREEK

Piece = tuple[str, str]
"""A character and its style: a shape for letters, `sign` for others, `-bold` after it."""

_ALPHABETS = {
    "": ("italic", "slanted-sans", "euler"),
    "mathrm": ("roman", "sans"),
    "mathbf": ("roman", "sans", "euler"),
    "mathit": ("italic", "slanted-sans"),
    "mathsf": ("sans",),
    "mathtt": ("mono",),
    "mathcal": ("calligraphic",),
    "mathscr": ("script",),
    "mathfrak": ("fraktur",),
    "mathbb": ("blackboard",),
    "textbf": ("roman", "sans"),
    "textit": ("italic", "slanted-sans"),
    "texttt": ("mono",),
    "textsf": ("sans",),
}
"""The shapes of letters that an alphabet may have; without one, those of variables."""
_UPRIGHT = ("roman", "sans", "euler")
_GREEK_CAPITALS = frozenset(name for name in GREEK if name.removeprefix("var")[0].isupper())
_GREEK_LETTERS = GREEK - {"digamma", "varkappa"}
"""Without those of the AMS, which have one form."""
_WITH_GREEK = ("", "mathrm", "mathbf", "mathit", "mathsf", "mathtt")
_DRAWN_AS = {"-": "−", "*": "∗", "'": "′", r"\|": "∥"}


@dataclass(frozen=True, slots=True)
class FormulaTable:
    """The pieces that a template draws for each unit, in the order of their characters."""

    pieces: Mapping[Unit, tuple[Piece, ...]]

    def missing(self, latex: str) -> str | None:
        """A unit of a formula that this template does not draw as its source says, or None."""
        for unit in units(latex).counts:
            if unit.alphabet != TEXT and unit.symbol.isascii() and unit not in self.pieces:
                return unit.latex
        return None


def every_unit() -> list[Unit]:
    """Every unit whose picture is measured."""
    found = []
    for bold in (False, True):
        for alphabet in _ALPHABETS:
            if bold and alphabet.startswith("text"):
                continue
            chars = string.ascii_letters + string.digits
            found += [Unit(char, alphabet, bold) for char in chars]
            if alphabet in _WITH_GREEK:
                names = sorted(name for name in GREEK if not alphabet or name[0].isupper())
                found += [Unit(f"\\{name}", alphabet, bold) for name in names]
        found += [Unit(f"\\{name}", "", bold) for name in DRAWN if name not in GREEK]
        found += [Unit(char, "", bold) for char in sorted(PLAIN_SIGNS)]
        found += [Unit(f"\\{char}", "", bold) for char in sorted(ESCAPED)]
    return found


def probe(measured: Sequence[Unit], first: int) -> Iterator[str]:
    """Lines of LaTeX that print each unit in a color tag, numbered from `first`."""
    yield r"\tracinglostchars=2\relax"
    for number, unit in enumerate(measured, first):
        yield rf"\leavevmode${{\vi{{{color_tag.encode(number)}}}{unit.latex}\vo{{}}}}$\par"


def read(pages: Iterable[PageGlyphs], measured: Sequence[Unit], first: int) -> FormulaTable:
    """The table of the units that the pages of `probe` show correctly."""
    drawn: dict[int, list[Piece]] = {}
    for glyphs in pages:
        for number, (start, end) in glyphs.runs.items():
            fonts = glyphs.fonts[start:end]
            drawn.setdefault(number, []).extend(pieces_of(glyphs.chars[start:end], fonts))
    found = {unit: sorted(drawn.get(n, ())) for n, unit in enumerate(measured, first)}
    for unit in measured:
        if unit.symbol[1:] in ACCENTS:
            for piece in found.get(Unit("x", "", unit.bold), ()):
                if piece in found[unit]:
                    found[unit].remove(piece)
    return FormulaTable({unit: tuple(p) for unit, p in found.items() if _right(unit, p)})


def pieces_of(chars: Iterable[str], fonts: Iterable[str]) -> list[Piece]:
    """The characters of glyphs, with their style."""
    return [piece for font, char in zip(fonts, chars, strict=True) for piece in _piece(font, char)]


@cache
def _piece(font: str, read_char: str) -> tuple[Piece, ...]:
    return tuple((char, _style(char, look(font, char))) for char in meaning(font, read_char))


def _style(char: str, drawn: Look | None) -> str:
    if drawn is None:
        return "unknown"
    shape = drawn.shape if char.isalnum() else "sign"
    return f"{shape}-bold" if drawn.bold else shape


def _right(unit: Unit, pieces: Sequence[Piece]) -> bool:
    """Whether these pieces are what the source of a unit means."""
    chars = "".join(char for char, _ in pieces)
    name = unit.symbol[1:]
    if name in DRAWN:
        if chars not in DRAWN[name].alternatives:
            return False
    elif chars != _DRAWN_AS.get(unit.symbol, unit.symbol[-1]):
        return False
    shapes = [style.removesuffix("-bold") for _, style in pieces]
    weights = [style.endswith("-bold") for _, style in pieces]
    bold = unit.bold or unit.alphabet in ("mathbf", "textbf")
    if name in DRAWN and name not in _GREEK_LETTERS:
        return "unknown" not in shapes and (
            all(weights) if bold and DRAWN[name].bold else bold or not any(weights)
        )
    if set(weights) != {bold}:
        return False
    return all(shape in _shapes(unit) for shape in shapes)


def _shapes(unit: Unit) -> tuple[str, ...]:
    if not unit.symbol.isalnum() and unit.symbol[1:] not in GREEK:
        return ("sign",)
    if not unit.alphabet and unit.symbol.isdigit():
        return _UPRIGHT
    if not unit.alphabet and unit.symbol[1:] in _GREEK_CAPITALS:
        return (*_ALPHABETS[""], *_UPRIGHT)
    return _ALPHABETS[unit.alphabet]
