"""Soft hyphens in words, at the places where print breaks them at the end of a line.

The dictionaries are those of LibreOffice, as Pyphen has them. A hyphen is drawn by the browser, and
only where it breaks the word; the text of a page never has one.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

from renderers.languages.registry import Hyphenation

SOFT_HYPHEN = "\u00ad"
DRAWN_HYPHEN = "-"
"""What is drawn for a soft hyphen; `base.css` says so, too."""
MIN_WORD = 5
"""Letters of the shortest word that is broken."""
HYPHENATED = {
    **dict.fromkeys(("paragraph", "abstract", "list_item", "footnote", "reference"), MIN_WORD),
    **dict.fromkeys(("caption", "margin_note"), MIN_WORD),
    "cell": 12,
}
"""Roles whose words are broken, and the letters of the shortest one: in tables only long words."""
MAX_KNOWN = 50_000
"""Words whose breaks are remembered."""
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*(?!\w)")
_LETTERS = re.compile(r"[^\W\d_]+")
_TECHNICAL = re.compile(r"[-‐–/\\@_\d]|\w\.\w")
"""Addresses, names of files, and compounds, which are broken at their own hyphens."""


def with_soft_hyphens(text: str, breaks: Hyphenation, least: int = MIN_WORD) -> str:
    """A text with soft hyphens in its words of `least` letters and more."""
    dictionary = _dictionary(breaks)

    def broken(found: re.Match[str]) -> str:
        letters = found[0]
        if len(letters) < least or letters.isupper():
            return letters
        places = [p for p in dictionary.positions(letters) if getattr(p, "data", None) is None]
        for place in reversed(places):
            letters = f"{letters[:place]}{SOFT_HYPHEN}{letters[place:]}"
        return letters

    def chunk(found: re.Match[str]) -> str:
        if _TECHNICAL.search(found[0]):
            return found[0]
        return _WORD.sub(lambda word: _LETTERS.sub(broken, word[0]), found[0])

    return _CHUNK.sub(chunk, text)


@cache
def _dictionary(breaks: Hyphenation) -> _Breaks:
    return _Breaks(breaks)


class _Breaks:
    """Pyphen with a bounded memory: a corpus may have millions of words."""

    def __init__(self, breaks: Hyphenation) -> None:
        self._made = pyphen.Pyphen(lang=breaks.dictionary, left=breaks.left, right=breaks.right)

    def positions(self, word: str) -> list[int]:
        found: list[int] = self._made.positions(word)
        if len(self._made.hd.cache) > MAX_KNOWN:
            self._made.hd.cache.clear()
        return found
