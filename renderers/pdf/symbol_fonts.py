"""Fonts whose codes are those of letters and whose glyphs are none.

Zapf Dingbats and Wingdings have signs, LaTeX's picture fonts and those of Xy-pic pieces of
drawings.

The glyphs of Zapf Dingbats have numbers for names: `a71` is ●. MuPDF takes the number for the code
of a character, so that ● is read as G; with an encoding of letters ● is `l`. The names of the
glyphs are right in either case. Those of Wingdings have no names in most files. Word writes their
codes as letters (➢ is `Ø`, ▪ is `§`) or in the private use area (U+F0D8). Pieces of lines, arcs and
arrow tips are numbered, too: a line of LINE10 is `a45`, a hyphen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fontTools.agl import toUnicode

_DINGBATS = re.compile(r"(?:[A-Z]{6}\+)?(?:(?:ITC-?)?(?:Zapf)?Dingbats|D050000L)")
_WINGDINGS = re.compile(r"(?:[A-Z]{6}\+)?Wingdings(?! ?-?[23])")
_DRAWINGS = re.compile(r"(?:[A-Z]{6}\+)?(?:(?:LINE|LCIRCLE)W?10|XY[A-Z]{4}-Medium)$")
_SIGNS_OF_WINGDINGS = {
    **dict(zip(b'!"(*FJ', "✏✂☎✉☞☺", strict=True)),
    **dict(zip(b"lmnoqrstuvwx", "●❍■□❑❒⬧⧫◆❖⬥⌧", strict=True)),
    **dict(zip(b"\x9e\x9f\xa1\xa7\xa8\xab\xd8", "·•○▪□★➢", strict=True)),
    **dict(zip(b"\xdf\xe0\xe1\xe2\xe8\xef\xf0", "←→↑↓➔⇦⇨", strict=True)),
    **dict(zip(b"\xfb\xfc\xfd\xfe", "✗✓☒☑", strict=True)),
}
"""The usual ones, from Unicode's table for this font (L2/11-052); ◻ is □, as of other fonts."""
_PRIVATE = 0xF000


@lru_cache(1024)
def is_symbol_font(font: str) -> bool:
    """Whether a font has signs or pieces of drawings, by its name."""
    return any(kind.match(font) for kind in (_DINGBATS, _WINGDINGS, _DRAWINGS))


def sign(font: str, name: str, character: str) -> str | None:
    """The sign that a glyph of a symbol font is, by its name, or by the character that the file
    calls it; empty for a piece of a drawing, None if it is not known. A letter if another font
    takes the place of Wingdings.
    """
    if _DRAWINGS.match(font):
        return ""
    if _DINGBATS.match(font):
        found = toUnicode(name, isZapfDingbats=True)
    elif toUnicode(name) == character:
        found = character
    else:
        found = _SIGNS_OF_WINGDINGS.get(_code(character), "")
    return found or (character if _is_sign(character) else None)


def _code(character: str) -> int:
    """The code in the font of a character, which is that of a letter or private; -1 if none."""
    code = ord(character)
    if _PRIVATE <= code <= _PRIVATE + 0xFF:
        return code - _PRIVATE
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return -1


def _is_sign(character: str) -> bool:
    """Whether a character is a sign or number that no encoding of letters has."""
    known = character > "\u00ff" and character != "\ufffd"
    return known and unicodedata.category(character)[0] in "SN"
