"""Zapf Dingbats, whose glyphs have numbers for names: `a71` is ●.

MuPDF takes the number for the code of a character, so that ● is read as G; with an encoding of
letters ● is `l`. The names of the glyphs are right in either case.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fontTools.agl import toUnicode

_FONTS = re.compile(r"(?:[A-Z]{6}\+)?(?:(?:ITC-?)?(?:Zapf)?Dingbats|D050000L)")


@lru_cache(1024)
def is_dingbats(font: str) -> bool:
    """Whether a font is Zapf Dingbats, or its copy by URW, by its name."""
    return _FONTS.match(font) is not None


def dingbat(name: str) -> str | None:
    """The character of a glyph by its name, as in Adobe's list; None if there is none."""
    return toUnicode(name, isZapfDingbats=True) or None
