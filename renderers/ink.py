"""The ink of a picture: edges, which are found on any background, and sums of them in boxes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from renderers.picture import Pixels

MIN_EDGE_STEP = 24
"""Smallest step of brightness (of 255) between neighboring pixels that counts as ink."""

Mask = npt.NDArray[np.bool_]
BoxArray = npt.NDArray[np.float64]
"""`[N, 4]`: x0, y0, x1, y1."""


def box_sums(mask: Mask, boxes: BoxArray, padding: float = 0.0) -> npt.NDArray[np.int32]:
    """How many cells of a mask lie in each box, `[N]`; boxes in cells, rounded outwards."""
    height, width = mask.shape
    sums = np.zeros((height + 1, width + 1), np.int32)
    inner = sums[1:, 1:]
    np.cumsum(mask, axis=1, dtype=np.int32, out=inner)
    np.cumsum(inner, axis=0, out=inner)
    left, top, right, bottom = boxes.T
    x0 = _to_cells(left, -padding, width)
    x1 = _to_cells(right, 1 + padding, width)
    above = _to_cells(top, -padding, height) * (width + 1)
    below = _to_cells(bottom, 1 + padding, height) * (width + 1)
    flat = sums.ravel()
    found: npt.NDArray[np.int32] = (
        flat[below + x1] - flat[above + x1] - flat[below + x0] + flat[above + x0]
    )
    return found


def any_in_boxes(mask: Mask, boxes: BoxArray, padding: float = 0.0) -> Mask:
    """Whether `box_sums` is not 0, `[N]`; faster for boxes of a few rows of cells."""
    height, width = mask.shape
    sums = np.zeros(mask.size + 1, np.int32)
    np.cumsum(mask.ravel(), dtype=np.int32, out=sums[1:])
    left, top, right, bottom = boxes.T
    x0, y0 = _to_cells(left, -padding, width), _to_cells(top, -padding, height)
    x1, y1 = _to_cells(right, 1 + padding, width), _to_cells(bottom, 1 + padding, height)
    found = np.zeros(len(boxes), np.bool_)
    rest = np.flatnonzero((x0 < x1) & (y0 < y1))
    # Most letters have ink in the middle row; the others are looked through from the top.
    row = (y0 + y1) // 2
    while len(rest):
        start = row[rest] * width
        hit = sums[start + x1[rest]] != sums[start + x0[rest]]
        found[rest[hit]] = True
        rest = rest[~hit]
        row = y0
        y0 = y0 + 1
        rest = rest[row[rest] < y1[rest]]
    return found


def _to_cells(edges: npt.NDArray[np.float64], padding: float, limit: int) -> npt.NDArray[np.intp]:
    """Edges as whole cells, clipped to 0 and `limit`."""
    cells = edges + padding
    np.maximum(cells, 0, out=cells)
    np.minimum(cells, limit, out=cells)
    return cells.astype(np.intp)


def find_ink(pixels: Pixels) -> Mask:
    """The edges at half resolution, `[H // 2, W // 2]`."""
    gray = brightness(pixels)
    rows, columns = gray.shape[0] // 2 * 2, gray.shape[1] // 2 * 2
    gray = gray[:rows, :columns]
    spread = _cell_extremes(gray, np.maximum) - _cell_extremes(gray, np.minimum)
    found: Mask = spread > MIN_EDGE_STEP
    return found


def brightness(pixels: Pixels) -> Pixels:
    """Pillow's gray of RGB pixels `[H, W, 3]`, `[H, W]`; gray pixels as they are.

    Only rows with a color need the conversion.
    """
    if pixels.ndim == 2:
        return pixels
    height, width, _ = pixels.shape
    flat = pixels.reshape(height, -1)
    colored = flat.min(axis=1) < 255  # at first all rows that are not white
    inked = flat[colored]
    differs = inked[:, 1:] != inked[:, :-1]  # red from green, green from blue, ...
    differs &= np.tile([True, True, False], width)[:-1]  # ... but not blue from the next red
    colored[colored] = differs.any(axis=1)
    gray = np.ascontiguousarray(pixels[..., 0])
    if colored.any():
        gray[colored] = np.asarray(Image.fromarray(pixels[colored]).convert("L"))
    return gray


def _cell_extremes(gray: Pixels, extreme: np.ufunc) -> Pixels:
    """The minimum or maximum of each cell of 2 by 2 pixels and its right and lower neighbors.

    The neighbors are included so that an edge between two cells is detected in one of them.
    """
    high = extreme(gray[0::2], gray[1::2])
    extreme(high[:-1], gray[2::2], out=high[:-1])
    # Two columns as one 16-bit number: numpy vectorizes this, but not a stride of two pixels.
    pairs = high.view("<u2")
    even, odd = (pairs & 255).astype(np.uint8), (pairs >> 8).astype(np.uint8)
    cells: Pixels = extreme(even, odd)
    extreme(cells[:, :-1], even[:, 1:], out=cells[:, :-1])
    return cells
