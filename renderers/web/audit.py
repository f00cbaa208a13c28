"""Checks of a page that was drawn: no text over text, ink under every word, no other ink.

Ink is found by its edges, as on PDF pages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renderers.ink import box_sums, find_ink
from renderers.picture import Box, Pixels
from renderers.rejected import Rejected
from renderers.web.readback import Laid, Layout

MAX_OVERLAP = 0.12
"""Share of the smaller of two lines from which they lie over each other."""
INNER = 0.14
"""Part of a line's height, at its top and bottom, that letters of its neighbors reach."""
MAX_STRAY = 0.004
"""Share of the ink that may be under nothing that the page contains: the rims of drawings."""
Places = npt.NDArray[np.float64]


def audit(layout: Layout, pixels: Pixels) -> float:
    """Compare a layout with its picture; returns the share of the ink that is under text.

    Raises:
        Rejected: `overlap`, `no-ink` or `stray-ink`.
    """
    laid = [item for item in layout.laid if item is not None]
    check_overlap(laid, layout.pictures)
    return _check_ink(laid, layout, pixels)


def check_overlap(laid: Sequence[Laid], pictures: Sequence[Box]) -> None:
    """No two lines, and no line and picture, lie over each other.

    Raises:
        Rejected: `overlap`.
    """
    lines = [line for item in laid for line in item.lines]
    if not lines:
        return
    places = np.array([_inner(line.box) for line in lines] + list(pictures), np.float64)
    low = np.maximum(places[:, None, :2], places[None, :, :2])
    high = np.minimum(places[:, None, 2:], places[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(-1)
    areas = (places[:, 2:] - places[:, :2]).prod(-1)
    share = shared / np.maximum(1e-6, np.minimum(areas[:, None], areas[None, :]))
    np.fill_diagonal(share, 0)
    share[len(lines) :, len(lines) :] = 0  # pictures may lie in pictures
    found = np.argwhere(share > MAX_OVERLAP)
    if len(found):
        a, b = (int(i) for i in found[0])
        other = lines[b].text[:30] if b < len(lines) else "a picture"
        raise Rejected("overlap", f"{lines[a].text[:30]!r} and {other!r}")


def _inner(box: Box) -> Box:
    x0, y0, x1, y1 = box
    dx, dy = (INNER * (x1 - x0), 0.0) if y1 - y0 > 3 * (x1 - x0) else (0.0, INNER * (y1 - y0))
    return (x0 + dx, y0 + dy, x1 - dx, y1 - dy)


def _check_ink(laid: Sequence[Laid], layout: Layout, pixels: Pixels) -> float:
    ink = find_ink(pixels)
    texts = [
        (word.text, word.box)
        for item in laid
        for line in item.lines
        for word in (line.words or (line,))
    ]
    lines = [line for item in laid for line in item.lines]
    texts += [(f"the hyphen of {line.text}", _alone(line.hyphen)) for line in lines if line.hyphen]
    total = int(np.count_nonzero(ink))
    if not texts or not total:
        raise Rejected("no-ink", "the page shows no text")
    boxes = np.array([box for _, box in texts], np.float64) / 2
    counts = box_sums(ink, boxes, padding=0.5)
    for (text, _), count in zip(texts, counts.tolist(), strict=True):
        if not count:
            raise Rejected("no-ink", f"nothing is drawn where {text[:40]!r} should be")
    for item in laid:
        for line in item.lines:
            _clear(ink, line.box, 0.22 * line.size)
        if item.entry.role == "formula" and item.box:
            _clear(ink, item.box, 3)
    text_ink = 1 - int(np.count_nonzero(ink)) / total
    for box in (*layout.drawn, *layout.pictures, *layout.readings):
        _clear(ink, box, 2)
    stray = int(np.count_nonzero(ink)) / total
    if stray > MAX_STRAY:
        y, x = (int(v) for v in np.argwhere(ink)[0])
        raise Rejected("stray-ink", f"{stray:.2%} of the ink, first at {2 * x}, {2 * y}")
    return text_ink


def _alone(hyphen: Box) -> Box:
    """The box of a hyphen without the part that the letter before it may reach."""
    x0, y0, x1, y1 = hyphen
    return (x0 + 0.35 * (x1 - x0), y0, x1, y1)


def _clear(mask: npt.NDArray[np.bool_], box: Box, padding: float) -> None:
    x0, y0 = max(0, int((box[0] - padding) / 2)), max(0, int((box[1] - padding) / 2))
    x1, y1 = int((box[2] + padding) / 2) + 1, int((box[3] + padding) / 2) + 1
    if x1 > 0 and y1 > 0:
        mask[y0:y1, x0:x1] = False
