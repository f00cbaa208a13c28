"""Read the glyphs of a typeset PDF as arrays, sorted by atom.

A dense page has five thousand glyphs: as objects they would take more time than TeX and the
drawing together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.latex.characters import ACCENTS, FOLDED, LIGATURES, SHARED_PUNCTUATION, is_cjk
from renderers.latex.color_tag import decode

reader: Any = pymupdf
"""PyMuPDF has no type information."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int_]
Flags = npt.NDArray[np.bool_]

_LINE_STEP = 0.3
"""Baselines that differ by more than this part of the glyph size are different lines."""
_OVERPRINT = 0.06
"""Simulated bold prints a glyph three times within this part of its size."""
_CHARACTERS = {
    ord(char): LIGATURES.get(twin, twin)
    for char, twin in ({c: c for c in LIGATURES} | FOLDED).items()
}
"""The character of a glyph, by its code, where it is not the code itself."""
_ACCENTS = tuple(map(ord, ACCENTS))
_SOMETIMES_CHINESE = ord(min(SHARED_PUNCTUATION))
_DOTTED = {"ı": "i", "ȷ": "j"}


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """The glyphs of one page. `x0` to `x1` are their advances, `y` their baselines, in points from
    the top left.

    `fonts` are the PDF names of the fonts; `heavy` glyphs are Chinese and printed several times.
    `runs` maps an atom's number to the range of its glyphs in the arrays, in the order in which
    atoms first appear on the page; within a run, glyphs are in the order of the content stream.
    """

    width: float
    height: float
    runs: dict[int, tuple[int, int]]
    chars: list[str]
    x0: Floats
    x1: Floats
    y: Floats
    size: Floats
    fonts: list[str]
    heavy: Flags

    def text(self, number: int) -> str:
        """The text that is drawn of an atom."""
        start, end = self.runs[number]
        return "".join(self.chars[start:end])

    def ends_line(self, i: int) -> bool:
        """Whether the glyph after glyph i of the same run is on another line."""
        down = abs(float(self.y[i + 1] - self.y[i])) > _LINE_STEP * float(self.size[i])
        return down or bool(self.x0[i + 1] < self.x0[i])


def read_pages(path: Path) -> tuple[PageGlyphs, ...]:
    """The pages of a PDF."""
    with reader.open(path) as document:
        return tuple(map(read_page, document))


def read_page(page: Any) -> PageGlyphs:
    """Glyphs of a PyMuPDF page."""
    spans = [span for span in page.get_texttrace() if span["chars"]]
    width, height = page.rect.width, page.rect.height
    if not spans:
        none, never = np.empty(0), np.zeros(0, np.bool_)
        return PageGlyphs(width, height, {}, [], none, none, none, none, [], never)
    colors: dict[Any, int] = {}  # in the order in which they appear
    ranks = [colors.setdefault(span["color"], len(colors)) for span in spans]
    counts = [len(span["chars"]) for span in spans]
    numbers, rank_of_color = _ranked(decode(color) for color in colors)
    rank = np.repeat(np.array(rank_of_color)[ranks], counts)
    order = np.argsort(rank, kind="stable")
    rank = rank[order]

    every = chain.from_iterable(span["chars"] for span in spans)
    codes, _, origins, boxes = zip(*every, strict=True)
    xs, ys = zip(*origins, strict=True)
    code = np.array(codes)[order]
    x0, y, x1 = np.array(xs)[order], np.array(ys)[order], np.array([b[2] for b in boxes])[order]
    size = np.repeat([span["size"] for span in spans], counts)[order]
    chars = [_CHARACTERS.get(code) or chr(code) for code in code.tolist()]
    names: dict[str, int] = {}
    of_span = [names.setdefault(span["font"], len(names)) for span in spans]
    font = np.repeat(of_span, counts)[order]

    again = _overprinted(code, x0, size, rank)
    heavy = np.append(again[1:], False)
    kept = ~again
    for i in np.flatnonzero(np.isin(code, _ACCENTS)).tolist():
        kept[i] = not _joins_letter(i, chars, x0, x1, rank, kept)
    if not kept.all():
        chars = [char for char, keep in zip(chars, kept.tolist(), strict=True) if keep]
        rank, x0, x1, y, size = (column[kept] for column in (rank, x0, x1, y, size))
        font, heavy = font[kept], heavy[kept]
    ends = np.cumsum(np.bincount(rank, minlength=len(numbers))).tolist()
    runs = dict(zip(numbers, pairwise([0, *ends]), strict=True))
    listed = list(names)
    fonts = [listed[i] for i in font.tolist()]
    return PageGlyphs(width, height, runs, chars, x0, x1, y, size, fonts, heavy)


def _ranked(numbers: Iterable[int]) -> tuple[list[int], list[int]]:
    """The distinct numbers, and the index of each given number among them.

    Two colors may have one number: a color without a tag has number 0.
    """
    found: dict[int, int] = {}
    ranks = [found.setdefault(number, len(found)) for number in numbers]
    return list(found), ranks


def _overprinted(code: Integers, x0: Floats, size: Floats, rank: Integers) -> Flags:
    """Which glyphs are Chinese and repeat the glyph before them at the same place."""
    again = np.zeros(len(code), np.bool_)
    again[1:] = (
        (code[1:] == code[:-1])
        & (code[1:] >= _SOMETIMES_CHINESE)
        & (rank[1:] == rank[:-1])
        & (np.abs(np.diff(x0)) < _OVERPRINT * size[1:])
    )
    for i in np.flatnonzero(again).tolist():
        again[i] = _is_chinese(chr(int(code[i])))
    return again


def _joins_letter(
    i: int, chars: list[str], x0: Floats, x1: Floats, rank: Integers, kept: Flags
) -> bool:
    """Join accent i with the letter that it is printed over, which is before or after it."""
    before = i - 1
    while before >= 0 and not kept[before]:
        before -= 1
    middle = (x0[i] + x1[i]) / 2
    for letter in (before, i + 1):
        same_run = 0 <= letter < len(chars) and rank[letter] == rank[i]
        if same_run and x0[letter] <= middle <= x1[letter]:
            composed = _accented(chars[letter], chars[i])
            if composed:
                chars[letter] = composed
                return True
    return False


def _accented(letter: str, accent: str) -> str | None:
    """A letter and an accent printed over each other, as one character."""
    if not letter.isalpha():
        return None
    composed = unicodedata.normalize("NFC", _DOTTED.get(letter, letter) + ACCENTS[accent])
    return composed if len(composed) == 1 else None


def _is_chinese(char: str) -> bool:
    return is_cjk(char) or char in SHARED_PUNCTUATION
