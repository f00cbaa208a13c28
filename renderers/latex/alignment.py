"""Compare a text with the glyphs that print it, letter by letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from renderers.latex.characters import FOLDED

HYPHENS = frozenset("-\u00ad\u2010")
_FOLDED = str.maketrans(FOLDED)


@dataclass(frozen=True, slots=True)
class Alignment:
    """`words` are the glyphs that begin a word after white space; `soft` are hyphens at the end of
    a line that TeX inserted, which are not in the text.
    """

    words: tuple[int, ...]
    soft: tuple[int, ...] = ()


def align(text: str, chars: Sequence[str], ends_line: Callable[[int], bool]) -> Alignment | None:
    """Align glyphs with the text that they print; None unless they agree letter by letter.

    White space has no glyphs; a glyph may be a ligature of several letters. `ends_line` returns,
    for a glyph that is not the last, whether the next one is on another line.
    """
    words = (text if text.isascii() else text.translate(_FOLDED)).split()
    letters = "".join(words)
    soft: tuple[int, ...] = ()
    if "".join(chars) != letters:
        found = _soft_hyphens(letters, chars, ends_line)
        if found is None:
            return None
        soft = found
    starts = list(accumulate(map(len, words[:-1])))
    if not soft and len(chars) == len(letters):
        return Alignment(tuple(starts))
    lengths = [len(char) for char in chars]
    for i in soft:
        lengths[i] = 0
    glyph_at = dict(zip(accumulate(lengths, initial=0), range(len(chars)), strict=False))
    if not all(start in glyph_at for start in starts):  # a ligature over white space
        return None
    return Alignment(tuple(glyph_at[start] for start in starts), soft)


def _soft_hyphens(
    letters: str, chars: Sequence[str], ends_line: Callable[[int], bool]
) -> tuple[int, ...] | None:
    """Which hyphens are not in the text; None if more than that differs."""
    soft: list[int] = []
    at = done = 0
    last = len(chars) - 1
    hyphens = [i for i, char in enumerate(chars) if char in HYPHENS]
    for i in hyphens:
        before = "".join(chars[done:i])
        if not letters.startswith(before, at):
            return None
        at += len(before)
        done = i + 1
        if letters.startswith(chars[i], at):
            at += 1
        elif i < last and ends_line(i):
            soft.append(i)
        else:
            return None
    return tuple(soft) if letters[at:] == "".join(chars[done:]) else None


def shown_part(text: str, chars: Sequence[str], soft: Sequence[int], start: int, end: int) -> str:
    """The part of an aligned text that glyphs `start` to `end` show.

    White space around the text belongs to its first and last part; a part that ends in an inserted
    hyphen has it.
    """
    lengths = [0 if i in soft else len(char) for i, char in enumerate(chars[:end])]
    places = [i for i, char in enumerate(text) if not char.isspace()]
    before, up_to = sum(lengths[:start]), sum(lengths)
    first = places[before] if before else 0
    last = places[up_to - 1] + 1 if up_to < len(places) else len(text)
    return text[first:last] + ("-" if end - 1 in soft else "")
