"""Numbers in printed values, and colors at places of a picture, for `benchmarks.chart_pixels`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
NEAR = 40
"""Sum of the differences of three channels within which a pixel has a color."""


def number(text: str) -> float:
    """The number in a printed value, without its unit."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    assert match is not None, text
    sign = -1 if text.lstrip().startswith("-") else 1
    return sign * float(match[0].replace(",", ""))


def common_color(pixels: npt.NDArray[np.uint8], box: Sequence[float]) -> npt.NDArray[np.int64]:
    """The most frequent color in a box."""
    x0, y0, x1, y1 = (round(v) for v in box)
    inside = pixels[max(0, y0) : max(y1, y0 + 1), max(0, x0) : max(x1, x0 + 1)].reshape(-1, 3)
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    return np.asarray(colors[counts.argmax()], np.int64)


def where_color(
    pixels: npt.NDArray[np.uint8], box: Sequence[float], color: npt.NDArray[np.int64], pad: int
) -> tuple[Mask, int, int]:
    """Which pixels in and around a box have a color, and the column and row of the first."""
    height, width = pixels.shape[:2]
    x0, y0 = max(0, math.floor(box[0]) - pad), max(0, math.floor(box[1]) - pad)
    x1, y1 = min(width, math.ceil(box[2]) + pad), min(height, math.ceil(box[3]) + pad)
    part = pixels[y0:y1, x0:x1].astype(np.int64)
    return np.abs(part - color).sum(axis=2) < NEAR, x0, y0


def swatch(pixels: npt.NDArray[np.uint8], box: Sequence[float]) -> npt.NDArray[np.int64]:
    """The color of a point: the most frequent one in the inner part of its box, without corners;
    just in the middle a line may shine through."""
    dx, dy = (box[2] - box[0]) / 5, (box[3] - box[1]) / 5
    return common_color(pixels, (box[0] + dx, box[1] + dy, box[2] - dx, box[3] - dy))


def leaf(values: Mapping[str, Any], path: Sequence[str]) -> str:
    found: Any = values
    for name in path:
        found = found[name]
    return str(found)
