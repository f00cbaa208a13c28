"""Text inside of pictures: screenshots, scanned tables, figures that are pixels.

The text of a page cannot have it. Rows of text are found by their shape: bands of equal height with
blank rows between them, full of vertical edges, on the background of these. Photographs have no
blank rows, drawings few bands, and the rows of a brick wall have another shade than its mortar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from renderers.ink import MIN_EDGE_STEP, Mask
from renderers.pdf.characters import Line
from renderers.picture import Box, Pixels

MIN_PICTURE = 0.01
"""Share of the page from which a picture is looked at."""
STRIP = 160
"""Width in pixels of the strips of a picture that are searched one by one: rows of text may stand
beside other things."""
MIN_ROW, MAX_ROW = 5, 48
"""Height of a row of text in pixels."""
MIN_ROWS = 4
SAME_HEIGHT = 1.7
"""Largest height of a row in heights of the median row; and the smallest, inverted."""
BLANK = 0.01
"""Share of edges in a row of pixels below which it is blank."""
MIN_EDGES = 0.08
"""Share of edges in a row of text: two for each stroke of a letter, 0.15 and more on average."""

_Pixels = TypeVar("_Pixels", Mask, Pixels)

WHOLE_HEIGHT = 0.9
MAX_BARS = 0.7
"""Share of a band's edges in columns that have them over `WHOLE_HEIGHT`: few strokes of letters."""


def picture_text_share(
    gray: Pixels, lines: Sequence[Line], images: Sequence[Box], scale: float
) -> float:
    """The share of a page's vertical edges that are rows of text in its pictures, 0 to 1.

    Args:
        gray: the brightness of the page, `[H, W]`.
        lines: the text of the page, which may lie over a picture.
        images: the pictures in points.
        scale: pixels per point.
    """
    height, width = gray.shape
    boxes = [tuple(round(v * scale) for v in box) for box in images]
    large = [b for b in boxes if (b[2] - b[0]) * (b[3] - b[1]) >= MIN_PICTURE * height * width]
    if not large:
        return 0.0
    edges = _edges(gray)
    total = int(np.count_nonzero(edges))
    for line in lines:
        pad = 0.15 * line.size
        x0, y0, x1, y1 = line.box
        left, top = (max(0, int((v - pad) * scale)) for v in (x0, y0))
        edges[top : int((y1 + pad) * scale) + 1, left : int((x1 + pad) * scale) + 1] = False
    found = 0
    for x0, y0, x1, y1 in set(large):
        place = slice(max(0, y0), max(0, y1)), slice(max(0, x0), min(max(0, x1), width - 1))
        part = edges[place]
        found += sum(map(_in_rows, _strips(part), _strips(gray[place])))
        part[:] = False  # pictures may overlap
    return found / max(1, total)


def _is_bars(band: Mask) -> bool:
    """Whether a band has upright edges of its whole height: codes of bars, cells of heat maps."""
    columns = band.mean(axis=0)
    return float(columns[columns >= WHOLE_HEIGHT].sum()) > MAX_BARS * float(columns.sum())


def _edges(gray: Pixels) -> Mask:
    """Whether each pixel differs from the one to its right, `[H, W - 1]`."""
    left, right = gray[:, :-1], gray[:, 1:]
    found: Mask = np.maximum(left, right) - np.minimum(left, right) > MIN_EDGE_STEP
    return found


def _strips(part: _Pixels) -> Iterator[_Pixels]:
    count = max(1, part.shape[1] // STRIP)
    yield from np.array_split(part, count, axis=1)


def _has_background(gray: Pixels, top: int, bottom: int) -> bool:
    """Whether most of a band of a strip has the brightness of the blank row above or below it."""
    usual = np.median(gray[top:bottom])
    beside = [np.median(gray[row]) for row in (top - 1, bottom) if 0 <= row < len(gray)]
    return any(abs(usual - shade) < MIN_EDGE_STEP for shade in beside)


def _in_rows(strip: Mask, gray: Pixels) -> int:
    """The edges in rows of text of a strip, whose brightness is `gray`; 0 if there are too few."""
    if strip.size == 0:
        return 0
    inked = np.concatenate(([False], strip.mean(axis=1) > BLANK, [False]))
    changes = np.flatnonzero(inked[1:] != inked[:-1])
    bands = [
        (int(top), int(bottom))
        for top, bottom in zip(changes[::2], changes[1::2], strict=True)
        if MIN_ROW <= bottom - top <= MAX_ROW
        and strip[top:bottom].mean() >= MIN_EDGES
        and not _is_bars(strip[top:bottom])
        and _has_background(gray, top, bottom)
    ]
    if len(bands) < MIN_ROWS:
        return 0
    usual = float(np.median([bottom - top for top, bottom in bands]))
    rows = [b for b in bands if usual / SAME_HEIGHT <= b[1] - b[0] <= usual * SAME_HEIGHT]
    if len(rows) < MIN_ROWS:
        return 0
    return sum(int(np.count_nonzero(strip[top:bottom])) for top, bottom in rows)
