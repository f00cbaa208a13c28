"""Split the glyphs of a page into words and pieces of formulas, with array operations."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from renderers.latex.characters import FIRST_CJK, is_cjk
from renderers.latex.glyphs import Flags, Floats, PageGlyphs
from renderers.picture import Box

TexRun = tuple[int, int]

_STEP_TOLERANCE = 0.08
"""Chinese characters of one run are equally wide within this part of their size."""
_ABOVE, _BELOW = (0.76, 0.86), (0.24, 0.14)
"""How far glyphs extend from the baseline, in parts of their size: Latin, Chinese."""
_BACK, _DOWN = 2.0, 2.5
"""A line ends where the next glyph is so far left, or above or below, in parts of its size."""
_GAP = 0.15
"""The smallest gap between words of page furniture, in parts of the glyph size."""


@dataclass(frozen=True, slots=True)
class GlyphPieces:
    """Words and pieces of formulas of a page as lists; lengths in points.

    `pixels` are the boxes in pixels, to one decimal. `y` is the baseline and `size` the size of
    a piece's first glyph; of a formula's, of its first largest. `of_run` gives the pieces of each
    atom.
    """

    text: list[str]
    box: list[Box]
    pixels: list[Box]
    y: list[float]
    size: list[float]
    of_run: dict[int, range]


def split_into_pieces(
    glyphs: PageGlyphs,
    spaces: Iterable[int],
    formulas: Iterable[int],
    furniture: Iterable[int],
    scale: float,
) -> GlyphPieces:
    """The pieces of a page at `scale` pixels per point.

    `spaces` are the glyphs before which the text has white space. Words also end with their
    line, where Chinese meets Latin, and where Chinese characters stop being equally wide;
    `formulas` (by atom) are split at line ends only. The text of `furniture` is not known: its
    words end at gaps.
    """
    of_formulas = [glyphs.runs[number] for number in formulas]
    cuts = _line_ends(glyphs)
    cuts[[start for start, _ in glyphs.runs.values()]] = True
    cuts[list(spaces)] = True
    for number in furniture:
        _split_at_gaps(glyphs, cuts, *glyphs.runs[number])
    chinese = _chinese(glyphs)
    if chinese.any():
        words = np.ones_like(cuts)
        for start, end in of_formulas:
            words[start:end] = False
        _split_chinese(glyphs, cuts, chinese, words)
    return _pieces(glyphs, cuts, chinese, of_formulas, scale)


def _line_ends(glyphs: PageGlyphs) -> Flags:
    """Glyphs that are far left of the one before, or far above or below."""
    cuts = np.zeros(len(glyphs.chars), np.bool_)
    size = np.maximum(glyphs.size[1:], glyphs.size[:-1])
    back = np.diff(glyphs.x0) < -_BACK * size
    cuts[1:] = back | (np.abs(np.diff(glyphs.y)) > _DOWN * size)
    return cuts


def _split_at_gaps(glyphs: PageGlyphs, cuts: Flags, start: int, end: int) -> None:
    left, right = slice(start, end - 1), slice(start + 1, end)
    gap = glyphs.x0[right] - glyphs.x1[left] > _GAP * glyphs.size[right]
    back = glyphs.x0[right] < glyphs.x0[left]
    cuts[right] |= gap | back | (np.abs(glyphs.y[right] - glyphs.y[left]) > 1)


def _chinese(glyphs: PageGlyphs) -> Flags:
    found = np.zeros(len(glyphs.chars), np.bool_)
    found[[i for i, c in enumerate(glyphs.chars) if c >= FIRST_CJK and is_cjk(c)]] = True
    return found


def _split_chinese(glyphs: PageGlyphs, cuts: Flags, chinese: Flags, words: Flags) -> None:
    """In `words`, split between Chinese and Latin, and where the step of Chinese changes."""
    cuts[1:] |= (chinese[1:] != chinese[:-1]) & words[1:]
    inner = np.flatnonzero(chinese & words & ~cuts).tolist()
    x0, x1, size = glyphs.x0.tolist(), glyphs.x1.tolist(), glyphs.size.tolist()
    second = False
    last = start = -2
    for i in inner:
        if i != last + 1:
            start = i - 1
        last = i
        second = start == i - 1
        step = x1[i] - x0[i] if second else x0[start + 1] - x0[start]
        slack = _STEP_TOLERANCE * size[i]
        if abs(x0[i] - x0[i - 1] - step) >= slack or x0[i] - x1[i - 1] >= slack:
            cuts[i] = True
            start = i


def _pieces(
    glyphs: PageGlyphs, cuts: Flags, chinese: Flags, formulas: Sequence[TexRun], scale: float
) -> GlyphPieces:
    starts = np.flatnonzero(cuts)
    if not len(starts):
        return GlyphPieces([], [], [], [], [], {})
    above, below = (np.where(chinese, part[1], part[0]) * glyphs.size for part in (_ABOVE, _BELOW))
    boxes = np.stack(
        [
            np.minimum.reduceat(glyphs.x0, starts),
            np.minimum.reduceat(glyphs.y - above, starts),
            np.maximum.reduceat(glyphs.x1, starts),
            np.maximum.reduceat(glyphs.y + below, starts),
        ],
        axis=1,
    )
    y, size = glyphs.y[starts], glyphs.size[starts]
    bounds = [*starts.tolist(), len(glyphs.chars)]
    of_run = {}
    edges = np.searchsorted(starts, list(glyphs.runs.values()))
    for number, (first, end) in zip(glyphs.runs, edges.tolist(), strict=True):
        of_run[number] = range(first, end)
    for start, end in formulas:
        for piece in range(*np.searchsorted(starts, (start, end)).tolist()):
            largest = bounds[piece] + int(np.argmax(glyphs.size[bounds[piece] : bounds[piece + 1]]))
            y[piece], size[piece] = glyphs.y[largest], glyphs.size[largest]
    chars = glyphs.chars
    return GlyphPieces(
        ["".join(chars[a:b]) for a, b in itertools.pairwise(bounds)],
        _boxes(boxes),
        _boxes(np.round(boxes * scale, 1)),
        y.tolist(),
        size.tolist(),
        of_run,
    )


def _boxes(boxes: Floats) -> list[Box]:
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in boxes.tolist()]
