"""The glyphs of a typeset PDF, in columns, those of one atom side by side.

A dense page has five thousand glyphs: as objects they would cost more than TeX and the drawing
together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from operator import eq
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pymupdf

from renderers.latex.characters import ACCENTS, FOLDED, LIGATURES, SHARED_PUNCTUATION, is_cjk
from renderers.latex.ink import decode
from renderers.quiet import no_cycle_collection

reader: Any = pymupdf
"""PyMuPDF has no type information."""

Floats = npt.NDArray[np.float64]

_OVERPRINT = 0.06
"""Poor man's bold prints a glyph three times within this part of its size."""
_CHARACTERS = {
    ord(char): LIGATURES.get(twin, twin)
    for char, twin in ({c: c for c in LIGATURES} | FOLDED).items()
}
"""What a glyph stands for, by its code, where that is not the character itself."""
_ACCENT_CODES = frozenset(map(ord, ACCENTS))
_SOMETIMES_CHINESE = ord(min(SHARED_PUNCTUATION))
_DOTTED = {"ı": "i", "ȷ": "j"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `x0` to `x1` are the advances of its glyphs, `y` their baselines, in points from
    the top left.

    `runs` says by atom where its glyphs stand in the columns, in the order in which atoms first
    appear on the page; within a run glyphs are in the order of the content stream.
    """

    width: float
    height: float
    runs: dict[int, tuple[int, int]]
    chars: list[str]
    x0: Floats
    x1: Floats
    y: Floats
    size: Floats

    def text(self, number: int) -> str:
        """What is drawn of an atom."""
        start, end = self.runs[number]
        return "".join(self.chars[start:end])

    def ends_line(self, i: int) -> bool:
        """Whether the glyph after glyph i of the same run stands on another line."""
        down = abs(float(self.y[i + 1] - self.y[i])) > 0.3 * float(self.size[i])
        return down or bool(self.x0[i + 1] < self.x0[i])


@dataclass(slots=True)
class _Run:
    """The glyphs of one atom while a page is being read."""

    chars: list[str] = field(default_factory=list)
    x0: list[float] = field(default_factory=list)
    x1: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    size: list[float] = field(default_factory=list)

    def add(self, span: Any) -> None:
        """A span of PyMuPDF: glyphs of one font, size and colour."""
        codes, _, origins, boxes = zip(*span["chars"], strict=True)
        xs, ys = zip(*origins, strict=True)
        chars = list(map(chr, codes))
        if not _CHARACTERS.keys().isdisjoint(codes):
            chars = [_CHARACTERS.get(code) or chr(code) for code in codes]
        rights = [box[2] for box in boxes]
        if self._may_overprint(codes, chars):
            for glyph in zip(chars, xs, rights, ys, strict=True):
                self._add_over(*glyph, span["size"])
            return
        self.chars += chars
        self.x0 += xs
        self.x1 += rights
        self.y += ys
        self.size += [span["size"]] * len(chars)

    def _may_overprint(self, codes: Sequence[int], chars: Sequence[str]) -> bool:
        last = self.chars[-1] if self.chars else ""
        if last in ACCENTS or not _ACCENT_CODES.isdisjoint(codes):
            return True
        return max(codes) >= _SOMETIMES_CHINESE and (
            last == chars[0] or any(map(eq, codes, codes[1:]))
        )

    def _add_over(self, char: str, x0: float, x1: float, y: float, size: float) -> None:
        """Add a glyph that may be one with the glyph before it."""
        if self.chars:
            last = self.chars[-1]
            near = abs(self.x0[-1] - x0) < _OVERPRINT * size
            if last == char and near and _is_chinese(char):
                return
            inner, accent_inside = (self.x0[-1] + self.x1[-1]) / 2, (x0 + x1) / 2
            if char in ACCENTS and self.x0[-1] <= accent_inside <= self.x1[-1]:
                if composed := _accented(last, char):
                    self.chars[-1] = composed
                    return
            elif last in ACCENTS and x0 <= inner <= x1 and (composed := _accented(char, last)):
                for column in (self.chars, self.x0, self.x1, self.y, self.size):
                    column.pop()
                char = composed
        self.chars.append(char)
        self.x0.append(x0)
        self.x1.append(x1)
        self.y.append(y)
        self.size.append(size)


def read_all(path: Path) -> tuple[Sheet, ...]:
    """The pages of a PDF."""
    with no_cycle_collection(), reader.open(path) as document:
        return tuple(map(read, document))


def read(page: Any) -> Sheet:
    """Glyphs of a PyMuPDF page."""
    runs: dict[int, _Run] = {}
    run, colour = _Run(), None
    for span in page.get_texttrace():
        if span["color"] != colour:
            colour = span["color"]
            run = runs.setdefault(decode(colour), _Run())
        if span["chars"]:
            run.add(span)
    ends = np.cumsum([0, *(len(run.chars) for run in runs.values())]).tolist()
    all_runs = runs.values()
    return Sheet(
        page.rect.width,
        page.rect.height,
        dict(zip(runs, pairwise(ends), strict=True)),
        list(chain.from_iterable(run.chars for run in all_runs)),
        _column([run.x0 for run in all_runs]),
        _column([run.x1 for run in all_runs]),
        _column([run.y for run in all_runs]),
        _column([run.size for run in all_runs]),
    )


def _column(parts: Sequence[list[float]]) -> Floats:
    return np.array(list(chain.from_iterable(parts)), np.float64)


def _accented(letter: str, accent: str) -> str | None:
    """A letter and an accent that are printed over one another, as one character."""
    if not letter.isalpha():
        return None
    composed = unicodedata.normalize("NFC", _DOTTED.get(letter, letter) + ACCENTS[accent])
    return composed if len(composed) == 1 else None


def _is_chinese(char: str) -> bool:
    return is_cjk(char) or char in SHARED_PUNCTUATION
