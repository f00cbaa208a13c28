"""Fonts whose codes are those of letters and whose glyphs are signs: Zapf Dingbats and Wingdings.

The glyphs of Zapf Dingbats have numbers for names: `a71` is ●. MuPDF takes the number for the code
of a character, so that ● is read as G; with an encoding of letters ● is `l`. The names of the
glyphs are right in either case. Those of Wingdings have no names in most files. Word writes their
codes as letters (➢ is `Ø`, ▪ is `§`) or in the private use area (U+F0D8).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from fontTools.agl import toUnicode

_DINGBATS = re.compile(r"(?:[A-Z]{6}\+)?(?:(?:ITC-?)?(?:Zapf)?Dingbats|D050000L)")
_WINGDINGS = re.compile(r"(?:[A-Z]{6}\+)?Wingdings(?! ?-?[23])")
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
    """Whether a font is Zapf Dingbats, its copy by URW, or Wingdings, by its name."""
    return _DINGBATS.match(font) is not None or _WINGDINGS.match(font) is not None


def sign(font: str, name: str, character: str) -> str | None:
    """The sign that a glyph of a symbol font is, by its name, or by the character that the file
    calls it; None if it is not known. A letter if another font takes the place of this one."""
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
