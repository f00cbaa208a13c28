"""Dense targets: the character in each cell of the vocabulary network's map, from the corners of
words."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.warmup.quads import Quad, bounds, shares_in, touched, upright
from trainer.warmup.words import Words

STRIDE = 16
"""Pixels along a cell's side, in the neck's map before the two convolutions."""
BACKGROUND, UNKNOWN = 0, -1
"""In place of a code point: no text, and text whose characters are unknown."""

Cells = npt.NDArray[np.int32]

NARROW_CHARACTERS = frozenset("iljtfrI.,:;'`!|()[]{}-·")
WIDE_CHARACTERS = frozenset("mwMW@%—")


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
    boxes = bounds(quads) / np.array([wide, high, wide, high], np.float32)  # in units of places
    windows = [(_span(y0, y1, rows), _span(x0, x1, columns)) for x0, y0, x1, y1 in boxes]
    levels = upright(quads).tolist()
    for quad, window, level in zip(quads, windows, levels, strict=True):
        if level:
            cells[window] = UNKNOWN
        else:
            cells[window][touched(quad, _centers(window, high, wide), wide, high)] = UNKNOWN
    for i, text in enumerate(words.texts, len(words.hidden_quads)):
        characters = "".join(text.split())
        if levels[i]:
            _place_upright(cells, boxes[i], characters)
        else:
            _place_turned(cells, quads[i], windows[i], characters, (high, wide))
    return cells


def _place_upright(cells: Cells, box: Quad, text: str) -> None:
    """Write the characters of a horizontal word to the places whose centers it covers.

    `box` is [4], in units of places.
    """
    x0, y0, x1, y1 = box
    across, down = (
        _covered_centers(x0, x1, cells.shape[1]),
        _covered_centers(y0, y1, cells.shape[0]),
    )
    if not len(across) or not len(down) or x1 <= x0:
        return
    middle = np.clip(across + 0.5, x0, np.nextafter(x1, x0))
    cells[down[:, None], across] = _codes_at(text, (middle - x0) / (x1 - x0))


def _place_turned(
    cells: Cells, quad: Quad, window: tuple[slice, slice], text: str, place: tuple[float, float]
) -> None:
    """The same for a word in any direction; `window` are the places that its box touches."""
    (high, wide), (rows, columns) = place, cells.shape
    shares = shares_in(quad, _centers(window, high, wide))
    covered = (shares >= 0).all(-1) & (shares < 1).all(-1)
    if covered.any():
        cells[window][covered] = _codes_at(text, shares[covered, 0])
        return
    x, y = quad.mean(0) / (wide, high)
    if 0 <= x < columns and 0 <= y < rows:
        cells[int(y), int(x)] = _codes_at(text, np.array([0.5]))[0]


def _codes_at(text: str, shares: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.int32]:
    """The code points of the characters at shares [n] of a word's length, 0 to below 1."""
    ends = np.cumsum([_relative_width(character) for character in text])
    index = np.searchsorted(ends, shares * ends[-1], side="right").clip(0, len(text) - 1)
    return np.array([ord(text[i]) for i in index], np.int32)


def _centers(window: tuple[slice, slice], high: float, wide: float) -> npt.NDArray[np.float32]:
    """[rows, columns, 2]: the centers of places in pixels."""
    y, x = (np.arange(part.start, max(part.start, part.stop)) + 0.5 for part in window)
    return np.stack(np.meshgrid(x * wide, y * high), axis=-1).astype(np.float32)


def _span(low: float, high: float, count: int) -> slice:
    """The places that an interval touches; `low` and `high` are in units of places."""
    return slice(max(0, int(np.floor(low))), min(count, max(0, int(np.ceil(high)))))


def _covered_centers(low: float, high: float, count: int) -> npt.NDArray[np.int64]:
    """The places whose center an interval covers, or else the one that contains its middle;
    `low` and `high` are in units of places."""
    first = int(np.ceil(low - 0.5))
    last = int(np.ceil(high - 0.5))
    if last <= first:
        first = int(np.floor((low + high) / 2))
        last = first + 1
    return np.arange(max(0, first), min(count, last))


def _relative_width(character: str) -> float:
    """The width of a character relative to the others, about as in common proportional fonts."""
    if character in NARROW_CHARACTERS:
        return 0.5
    return 1.5 if character in WIDE_CHARACTERS else 1.0
