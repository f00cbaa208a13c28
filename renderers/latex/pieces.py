"""Cut the glyphs of a page into words and pieces of formulas, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from renderers.latex.characters import FIRST_CJK, is_cjk
from renderers.latex.glyphs import Flags, Floats, PageGlyphs
from renderers.picture import Box

TexRun = tuple[int, int]

_STEP = 0.08
"""Chinese characters of one run are equally wide within this part of their size."""
_ABOVE, _BELOW = (0.76, 0.86), (0.24, 0.14)
"""How far glyphs reach from the baseline, in parts of their size: Latin, Chinese."""


@dataclass(frozen=True, slots=True)
class GlyphPieces:
    """Words and pieces of formulas of a page in columns; lengths in points.

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
    sheet: PageGlyphs,
    spaces: Iterable[int],
    formulas: Iterable[int],
    furniture: Iterable[int],
    scale: float,
) -> GlyphPieces:
    """The pieces of a page at `scale` pixels per point.

    `spaces` are the glyphs before which the text has white space. Words also end with their
    line, where Chinese meets Latin, and where Chinese characters stop being equally wide;
    `formulas` (by atom) are cut with their lines only. Of `furniture` no text is known: its words
    end where there is a gap.
    """
    of_formulas = [sheet.runs[number] for number in formulas]
    cuts = _line_ends(sheet)
    cuts[[start for start, _ in sheet.runs.values()]] = True
    cuts[list(spaces)] = True
    for number in furniture:
        _cut_at_gaps(sheet, cuts, *sheet.runs[number])
    chinese = _chinese(sheet)
    if chinese.any():
        words = np.ones_like(cuts)
        for start, end in of_formulas:
            words[start:end] = False
        _cut_chinese(sheet, cuts, chinese, words)
    return _pieces(sheet, cuts, chinese, of_formulas, scale)


def _line_ends(sheet: PageGlyphs) -> Flags:
    """Glyphs that stand far left of the one before, or far above or below."""
    cuts = np.zeros(len(sheet.chars), np.bool_)
    size = np.maximum(sheet.size[1:], sheet.size[:-1])
    back = np.diff(sheet.x0) < -2 * size
    cuts[1:] = back | (np.abs(np.diff(sheet.y)) > 2.5 * size)
    return cuts


def _cut_at_gaps(sheet: PageGlyphs, cuts: Flags, start: int, end: int) -> None:
    left, right = slice(start, end - 1), slice(start + 1, end)
    gap = sheet.x0[right] - sheet.x1[left] > 0.15 * sheet.size[right]
    back = sheet.x0[right] < sheet.x0[left]
    cuts[right] |= gap | back | (np.abs(sheet.y[right] - sheet.y[left]) > 1)


def _chinese(sheet: PageGlyphs) -> Flags:
    found = np.zeros(len(sheet.chars), np.bool_)
    found[[i for i, c in enumerate(sheet.chars) if c >= FIRST_CJK and is_cjk(c)]] = True
    return found


def _cut_chinese(sheet: PageGlyphs, cuts: Flags, chinese: Flags, words: Flags) -> None:
    """In `words`, cut where Chinese meets Latin and where Chinese characters change their step."""
    cuts[1:] |= (chinese[1:] != chinese[:-1]) & words[1:]
    inner = np.flatnonzero(chinese & words & ~cuts).tolist()
    x0, x1, size = sheet.x0.tolist(), sheet.x1.tolist(), sheet.size.tolist()
    second = False
    last = start = -2
    for i in inner:
        if i != last + 1:
            start = i - 1
        last = i
        second = start == i - 1
        step = x1[i] - x0[i] if second else x0[start + 1] - x0[start]
        slack = _STEP * size[i]
        if abs(x0[i] - x0[i - 1] - step) >= slack or x0[i] - x1[i - 1] >= slack:
            cuts[i] = True
            start = i


def _pieces(
    sheet: PageGlyphs, cuts: Flags, chinese: Flags, formulas: Sequence[TexRun], scale: float
) -> GlyphPieces:
    starts = np.flatnonzero(cuts)
    if not len(starts):
        return GlyphPieces([], [], [], [], [], {})
    above, below = (np.where(chinese, part[1], part[0]) * sheet.size for part in (_ABOVE, _BELOW))
    boxes = np.stack(
        [
            np.minimum.reduceat(sheet.x0, starts),
            np.minimum.reduceat(sheet.y - above, starts),
            np.maximum.reduceat(sheet.x1, starts),
            np.maximum.reduceat(sheet.y + below, starts),
        ],
        axis=1,
    )
    y, size = sheet.y[starts], sheet.size[starts]
    bounds = [*starts.tolist(), len(sheet.chars)]
    of_run = {}
    edges = np.searchsorted(starts, list(sheet.runs.values()))
    for number, (first, end) in zip(sheet.runs, edges.tolist(), strict=True):
        of_run[number] = range(first, end)
    for start, end in formulas:
        for piece in range(*np.searchsorted(starts, (start, end)).tolist()):
            largest = bounds[piece] + int(np.argmax(sheet.size[bounds[piece] : bounds[piece + 1]]))
            y[piece], size[piece] = sheet.y[largest], sheet.size[largest]
    chars = sheet.chars
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
