"""Which character a glyph of a font is, and in which style it is drawn.

A PDF names the glyphs of a Type 1 font. MuPDF knows the names of Adobe's glyph list and many of
TeX's; `glyph_names.tsv` adds the others (`U+E000` marks a part of a larger sign, which is no
character). `glyph_fixes.tsv` corrects characters of single fonts whose names mislead, and
`font_styles.tsv` gives the style of every font by its PDF name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from unicodedata import normalize

from renderers.latex.characters import ACCENTS, FOLDED, LIGATURES
from renderers.latex.data_table import read_table

Shape = Literal["roman", "italic", "sans", "slanted-sans", "mono", "euler", "calligraphic",
                "script", "fraktur", "blackboard", "sign", "chinese"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class GlyphName:
    """A row of `glyph_names.tsv`: the name of a glyph, and its character."""

    name: str
    code_point: str


@dataclass(frozen=True, slots=True)
class GlyphFix:
    """A row of `glyph_fixes.tsv`: what a font's glyph means that a PDF reader reports as `read`."""

    fonts: str
    read: str
    means: str


@dataclass(frozen=True, slots=True)
class FontStyle:
    """A row of `font_styles.tsv`; the first whose pattern matches the beginning of a font's name.

    `capitals` is the shape of the letters A to Z where they differ from other glyphs.
    """

    fonts: str
    shape: Shape
    bold: bool
    capitals: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a glyph is drawn."""

    shape: Shape
    bold: bool


NAMES = read_table(files(__package__) / "glyph_names.tsv", GlyphName)


def glyph_names() -> str:
    """TeX source that makes pdfTeX write the character of every glyph in `glyph_names.tsv`."""
    lines = [
        rf"\pdfglyphtounicode{{{row.name}}}{{{row.code_point.removeprefix('U+')}}}" for row in NAMES
    ]
    return "\n".join([*lines, r"\pdfgentounicode=1", ""])


_STYLES = tuple(
    (re.compile(row.fonts), row)
    for row in read_table(files(__package__) / "font_styles.tsv", FontStyle)
)
_FIXES = tuple(
    (re.compile(row.fonts), row.read, row.means)
    for row in read_table(files(__package__) / "glyph_fixes.tsv", GlyphFix, ("fonts", "read"))
)
_PIECE = "\ue000"
_PARTS = {chr(code): "" for code in range(0xF8E5, 0xF8FF)} | dict(
    zip("\uf8eb\uf8f6\uf8f1\uf8fc", "(){}", strict=True)
)
"""Parts of tall delimiters as Adobe's private use area has them: the top counts as the sign."""
_SAME = {"µ": "μ", "∆": "Δ", "\u2126": "Ω", "ϒ": "Υ", "~": "∼"} | {
    c: twin for c, twin in FOLDED.items() if c in "⋅∙"
}
"""Characters that look the same in Unicode. Unlike in text, ϕ and φ, ϵ and ε differ."""
_OTHERS = {c: a for c, a in ACCENTS.items() if c != "~"} | {_PIECE: "", "ı": "i", "ȷ": "j"}


@cache
def meaning(font: str, read: str) -> str:
    """The characters that a glyph of a formula means: accents apart, parts of signs as nothing."""
    for fonts, wrong, right in _FIXES:
        if read == wrong and fonts.match(font):
            return right
    for table in (_PARTS, _SAME, _OTHERS, LIGATURES):
        if read in table:
            return table[read]
    return normalize("NFD", read)


@cache
def look(font: str, char: str) -> Look | None:
    """How a font draws a character; None for a font that no row of the table names."""
    for fonts, row in _STYLES:
        if fonts.match(font):
            capital = row.capitals and char.isascii() and char.isalpha()
            shape: Shape = row.capitals if capital else row.shape  # type: ignore[assignment]
            return Look(shape, row.bold)
    return None
