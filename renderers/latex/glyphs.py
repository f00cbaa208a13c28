"""The glyphs of a typeset PDF, each with the atom that its ink names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pymupdf

from renderers.latex.characters import ACCENTS, FOLDED, LIGATURES, SHARED_PUNCTUATION, is_cjk
from renderers.latex.ink import decode
from renderers.quiet import no_cycle_collection

reader: Any = pymupdf
"""PyMuPDF has no type information."""

HYPHENS = frozenset("-\u00ad\u2010")
_OVERPRINT = 0.06
"""Poor man's bold prints a glyph three times within this part of its size."""


_CHARACTERS = {
    ord(char): LIGATURES.get(twin, twin)
    for char, twin in ({c: c for c in LIGATURES} | FOLDED).items()
}
"""What a glyph stands for, by its code, where that is not the character itself."""

_DOTTED = {"ı": "i", "ȷ": "j"}


class Glyph(NamedTuple):
    """`x0` to `x1` is the advance, `y` the baseline, in points from the top left."""

    char: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def top(self) -> float:
        return self.y - (0.86 if is_cjk(self.char) else 0.76) * self.size

    @property
    def bottom(self) -> float:
        return self.y + (0.14 if is_cjk(self.char) else 0.24) * self.size


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `runs` holds its glyphs by atom, in the order in which atoms first appear."""

    width: float
    height: float
    runs: dict[int, list[Glyph]]


def read_all(path: Path) -> tuple[Sheet, ...]:
    """The pages of a PDF."""
    with no_cycle_collection(), reader.open(path) as document:
        return tuple(map(read, document))


def read(page: Any) -> Sheet:
    """Glyphs of a PyMuPDF page in the order of its content stream."""
    runs: dict[int, list[Glyph]] = {}
    for span in page.get_texttrace():
        run = runs.setdefault(decode(span["color"]), [])
        size = span["size"]
        overprint = _OVERPRINT * size
        last = run[-1] if run else None
        for code, _, (x, y), (_, _, x1, _) in span["chars"]:
            char = _CHARACTERS.get(code) or chr(code)
            if last is not None:
                if last.char == char and abs(last.x0 - x) < overprint and _is_chinese(char):
                    continue
                if char in ACCENTS or last.char in ACCENTS:
                    composed = _accented(last, char, x, x1, y)
                    if composed is not None:
                        run[-1] = last = composed
                        continue
            last = Glyph(char, x, x1, y, size)
            run.append(last)
    return Sheet(page.rect.width, page.rect.height, runs)


def _accented(last: Glyph, char: str, x0: float, x1: float, y: float) -> Glyph | None:
    """A letter and an accent printed over one another are one character."""
    if last.char in ACCENTS and char.isalpha():
        letter, accent, box = char, last.char, (x0, x1)
        inner = (last.x0 + last.x1) / 2
    elif char in ACCENTS and last.char.isalpha():
        letter, accent, box = last.char, char, (last.x0, last.x1)
        inner = (x0 + x1) / 2
    else:
        return None
    composed = unicodedata.normalize("NFC", _DOTTED.get(letter, letter) + ACCENTS[accent])
    if len(composed) != 1 or not box[0] <= inner <= box[1]:
        return None
    return Glyph(composed, *box, last.y if last.char == letter else y, last.size)


def _is_chinese(char: str) -> bool:
    return is_cjk(char) or char in SHARED_PUNCTUATION


def align(text: str, glyphs: Sequence[Glyph]) -> list[tuple[int, int]] | None:
    """Where in `text` each glyph stands, as (start, end); None unless they agree letter by letter.

    White space has no glyphs. A hyphen that TeX put at the end of a line stands at an empty
    place of the text.
    """
    places: list[tuple[int, int]] = []
    at, end = 0, len(text)
    for i, glyph in enumerate(glyphs):
        while at < end and text[at].isspace():
            at += 1
        char = glyph.char
        if text.startswith(char, at) or FOLDED.get(text[at : at + 1]) == char:
            places.append((at, at + len(char)))
            at += len(char)
        elif at < end and text[at] in LIGATURES and LIGATURES[text[at]] == char:
            places.append((at, at + 1))
            at += 1
        elif char in HYPHENS and _ends_line(glyphs, i):
            places.append((at, at))
        else:
            return None
    return places if not text[at:].strip() else None


def _ends_line(glyphs: Sequence[Glyph], i: int) -> bool:
    if i + 1 == len(glyphs):
        return False
    here, after = glyphs[i], glyphs[i + 1]
    return abs(after.y - here.y) > 0.3 * here.size or after.x0 < here.x0
