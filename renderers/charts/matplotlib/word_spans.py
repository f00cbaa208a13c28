"""Where the words of a line of text begin and end, from the places of its glyphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from renderers.charts.directions import is_right_to_left

Span = tuple[str, float, float]
"""A word, and its left and right end in pixels."""
WIDE = r"\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Han characters and kana, between which a line may be broken."""
_WORDS = re.compile(rf"[{WIDE}]+|[^\s{WIDE}]+")


def letter_spans(text: str, starts: Sequence[float]) -> list[Span]:
    """The words of a text whose characters start at these places; the last one is its end."""
    found = _WORDS.finditer(text) if len(starts) > len(text) else ()
    return [(m.group(), starts[m.start()], starts[m.end()]) for m in found]


def shaped_spans(text: str, glyphs: Iterable[tuple[str, float]], end: float) -> list[Span]:
    """The words, in the order of reading, of a text whose `glyphs` come from left to right: for
    each the characters that it is a part of, and its place. Words are parted by spaces, which no
    script joins to its letters. Empty where glyphs and words do not correspond."""
    groups: list[tuple[set[str], float, float]] = []
    letters: set[str] = set()
    left = 0.0
    for characters, x in (*glyphs, (" ", end)):
        if characters.isspace():
            if letters:
                groups.append((letters, left, x))
            letters = set()
        elif shown := _shown(characters):
            left = left if letters else x
            letters = letters | shown
    words = text.split()
    if len(words) != len(groups):
        return []
    if is_right_to_left(text):
        groups.reverse()
    spans = []
    for word in words:
        # Words of other letters within a line from right to left are in their own order.
        same = (i for i, (letters, _, _) in enumerate(groups) if letters == _shown(word))
        if (at := next(same, None)) is None:
            return []
        _, left, right = groups.pop(at)
        spans.append((word, left, right))
    return spans


def _shown(characters: str) -> set[str]:
    """The characters that are drawn; others only join, part or turn letters."""
    return {c for c in characters if unicodedata.category(c) != "Cf"}
