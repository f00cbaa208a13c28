"""Which script a character belongs to, by its name in Unicode."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

NAMES = {
    "Latn": ("LATIN",),
    "Cyrl": ("CYRILLIC",),
    "Arab": ("ARABIC",),
    "Deva": ("DEVANAGARI",),
    "Thai": ("THAI",),
    "Kore": ("HANGUL",),
    "Jpan": ("HIRAGANA", "KATAKANA", "CJK", "KATAKANA-HIRAGANA"),
    "Hans": ("CJK",),
    "Hant": ("CJK",),
}
"""First words of the names of characters by ISO 15924 code."""


@lru_cache(maxsize=2**16)
def in_script(character: str, script: str) -> bool:
    """Whether a letter or mark is of a script (ISO 15924)."""
    first = unicodedata.name(character, "").partition(" ")[0]
    return first in NAMES[script]
