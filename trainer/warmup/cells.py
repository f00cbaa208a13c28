"""Dense targets: the character in each cell of the vocabulary network's map, from the corners of
words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainer.warmup.quads import Boxes, Numbers, Quad, bounds, shares_in, touched, upright
from trainer.warmup.words import Words

STRIDE = 16
"""Pixels along a cell's side, in the neck's map before the two convolutions."""
BACKGROUND, UNKNOWN = 0, -1
"""In place of a code point: no text, and text whose characters are unknown."""

Cells = npt.NDArray[np.int32]

NARROW_CODES = [ord(character) for character in "iljtfrI.,:;'`!|()[]{}-·"]
WIDE_CODES = [ord(character) for character in "mwMW@%—"]


def character_cells(
    words: Words, width: int, height: int, places: tuple[int, int] = (1, 1)
) -> Cells:
    """The character at each place of a picture of `width` x `height` pixels, as code points.

    The result is [height / 16 * rows, width / 16 * columns] for `places` (rows, columns) per cell.
    A place has the character that covers its center. A word smaller than a place takes the place
    that contains the word's center. Places that text touches without covering their center are
    `UNKNOWN`, and so are those of hidden text.
    """
    rows, columns = height // STRIDE * places[0], width // STRIDE * places[1]
    high, wide = (STRIDE / n for n in places)
    cells = np.full((rows, columns), BACKGROUND, np.int32)
    quads = np.concatenate([words.hidden_quads, words.quads])
    place: Quad = np.array([wide, high, wide, high], np.float32)
    boxes: Boxes = bounds(quads) / place  # in units of places
    down, across = _spans(boxes[:, 1::2], rows), _spans(boxes[:, ::2], columns)
    level = upright(quads)
    for quad, window, is_level in zip(
        quads, zip(down, across, strict=True), level.tolist(), strict=True
    ):
        if is_level:
            cells[window] = UNKNOWN
        else:
            cells[window][touched(quad, _centers(window, high, wide), wide, high)] = UNKNOWN
    texts = ["".join(text.split()) for text in words.texts]
    first = len(words.hidden_quads)
    of_level = np.flatnonzero(level[first:])
    _place_upright(cells, boxes[first + of_level], [texts[i] for i in of_level.tolist()])
    for i in np.flatnonzero(~level[first:]).tolist():
        window = (down[first + i], across[first + i])
        _place_turned(cells, quads[first + i], window, texts[i], (high, wide))
    return cells


def _place_upright(cells: Cells, boxes: Boxes, texts: Sequence[str]) -> None:
    """Write the characters of horizontal words to the places whose centers they cover.

    `boxes` [n, 4] are in units of places. Where words overlap, the later one is written.
    """
    wide = boxes[:, 2] > boxes[:, 0]
    boxes, texts = boxes[wide], [texts[i] for i in np.flatnonzero(wide).tolist()]
    top, bottom = _covered_centers(boxes[:, 1], boxes[:, 3], cells.shape[0])
    left, right = _covered_centers(boxes[:, 0], boxes[:, 2], cells.shape[1])
    word, column = _numbers_between(left, right)
    x0, x1 = boxes[word, 0], boxes[word, 2]
    middle = np.clip(column + 0.5, x0, np.nextafter(x1, x0))
    codes = _codes_at(texts, word, (middle - x0) / (x1 - x0))
    entry, row = _numbers_between(top[word], bottom[word])
    cells[row, column[entry]] = codes[entry]


def _place_turned(
    cells: Cells, quad: Quad, window: tuple[slice, slice], text: str, place: tuple[float, float]
) -> None:
    """The same for a word in any direction; `window` are the places that its box touches."""
    (high, wide), (rows, columns) = place, cells.shape
    shares = shares_in(quad, _centers(window, high, wide))
    covered = (shares >= 0).all(-1) & (shares < 1).all(-1)
    if covered.any():
        along = shares[covered, 0]
        cells[window][covered] = _codes_at([text], np.zeros(len(along), np.intp), along)
        return
    x, y = quad.mean(0) / (wide, high)
    if 0 <= x < columns and 0 <= y < rows:
        cells[int(y), int(x)] = _codes_at([text], np.zeros(1, np.intp), np.array([0.5]))[0]


def _codes_at(
    texts: Sequence[str], word: Numbers, shares: npt.NDArray[np.floating]
) -> npt.NDArray[np.int32]:
    """The code points of the characters at shares [n], 0 to below 1, of the length of the words
    with the numbers `word` [n]."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.int32)
    widths = _relative_widths(codes)
    lengths = np.array([len(text) for text in texts], np.intp)
    last = np.cumsum(lengths) - 1
    first = last - lengths + 1
    # All words in one row: the sums are exact, since widths are multiples of a half.
    ends = np.cumsum(widths)
    starts = ends - widths
    place = starts[first[word]] + shares * (ends[last[word]] - starts[first[word]])
    index = np.searchsorted(ends, place, side="right").clip(first[word], last[word])
    found: npt.NDArray[np.int32] = codes[index]
    return found


def _centers(window: tuple[slice, slice], high: float, wide: float) -> npt.NDArray[np.float32]:
    """[rows, columns, 2]: the centers of places in pixels."""
    y, x = (np.arange(part.start, max(part.start, part.stop)) + 0.5 for part in window)
    return np.stack(np.meshgrid(x * wide, y * high), axis=-1).astype(np.float32)


def _spans(intervals: npt.NDArray[np.float32], count: int) -> list[slice]:
    """The places that intervals [n, 2] touch, which are in units of places."""
    low = np.maximum(np.floor(intervals[:, 0]), 0).astype(np.intp)
    high = np.clip(np.ceil(intervals[:, 1]), 0, count).astype(np.intp)
    return [slice(*ends) for ends in zip(low.tolist(), high.tolist(), strict=True)]


def _covered_centers(
    low: npt.NDArray[np.float32], high: npt.NDArray[np.float32], count: int
) -> tuple[Numbers, Numbers]:
    """The first place and the one after the last whose centers intervals [n] cover, or else the
    one that contains the middle; `low` and `high` are in units of places."""
    first, end = (np.ceil(border - 0.5).astype(np.intp) for border in (low, high))
    none = end <= first
    first = np.where(none, np.floor((low + high) / 2).astype(np.intp), first)
    end = np.where(none, first + 1, end)
    return np.maximum(first, 0), np.minimum(end, count)


def _numbers_between(first: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """The entries [m] of all numbers from each `first` [n] to before its `end`, and the numbers."""
    counts = np.maximum(end - first, 0)
    entry = np.repeat(np.arange(len(counts)), counts)
    return entry, np.arange(len(entry)) - (np.cumsum(counts) - counts - first)[entry]


def _relative_widths(codes: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """[n]: widths of characters relative to the others, about as in common proportional fonts."""
    narrow, wide = np.isin(codes, NARROW_CODES), np.isin(codes, WIDE_CODES)
    return np.where(narrow, 0.5, np.where(wide, 1.5, 1.0))
