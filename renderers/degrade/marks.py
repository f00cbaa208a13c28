"""Where stamps, stains and pen marks are put: they cover at most a stated share of the text."""

from __future__ import annotations

import numpy as np

from renderers.degrade.step import Boxes, Surface

TRIES = 24


def free_place(
    surface: Surface, width: float, height: float, cover: float, rng: np.random.Generator
) -> tuple[float, float] | None:
    """The upper left corner of a box that covers at most the share `cover` of itself with text.

    None if no such place was found in `TRIES` random ones.
    """
    rows, columns = surface.pixels.shape[:2]
    x = rng.uniform(0, max(columns - width, 1), TRIES)
    y = rng.uniform(0, max(rows - height, 1), TRIES)
    covered = covered_shares(surface.boxes, np.stack([x, y, x + width, y + height], axis=1))
    good = np.flatnonzero(covered <= cover)
    return (float(x[good[0]]), float(y[good[0]])) if len(good) else None


def covered_shares(boxes: Boxes, places: Boxes) -> Boxes:
    """[m]: the share of each place [m, 4] that text boxes [n, 4] cover, which do not overlap."""
    low = np.maximum(places[:, None, :2], boxes[None, :, :2])
    high = np.minimum(places[:, None, 2:], boxes[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), axis=2).sum(1)
    return np.asarray(common / np.prod(places[:, 2:] - places[:, :2], axis=1))
