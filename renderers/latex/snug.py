"""Boxes shrunk or grown to what is drawn."""

from __future__ import annotations

import numpy as np

from renderers.picture import Box, Pixels

_MIN_CONTRAST = 60
"""Gray levels below the paper from which on a pixel counts as drawn."""


def snug(box: Box, pixels: Pixels, grow: float) -> Box:
    """The box shrunk to the drawn pixels in it, after growing up and down over drawn rows.

    Fractions, roots and tall brackets extend beyond the em boxes of their glyphs. It grows by
    `grow` pixels at most.
    """
    height, width = pixels.shape[:2]
    x0, x1 = max(int(box[0]), 0), min(int(np.ceil(box[2])), width)
    low, high = max(int(box[1] - grow), 0), min(int(np.ceil(box[3] + grow)), height)
    if x0 >= x1 or low >= high:
        return box
    area = pixels[low:high, x0:x1]
    gray = area if area.ndim == 2 else area.min(axis=2)
    drawn = gray < int(gray.max()) - _MIN_CONTRAST
    rows = np.asarray(drawn.any(axis=1))
    top, bottom = max(int(box[1]) - low, 0), min(int(np.ceil(box[3])) - low, len(rows))
    while top > 0 and rows[top - 1]:
        top -= 1
    while bottom < len(rows) and rows[bottom]:
        bottom += 1
    filled = np.flatnonzero(rows[top:bottom])
    columns = np.flatnonzero(drawn[top:bottom].any(axis=0))
    if not len(filled):
        return box
    return (
        float(x0 + columns[0]),
        float(low + top + filled[0]),
        float(x0 + columns[-1] + 1),
        float(low + top + filled[-1] + 1),
    )
