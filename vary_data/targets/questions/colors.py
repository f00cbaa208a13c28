"""Names of colors, only where no reader would give another one."""

from __future__ import annotations

import colorsys
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

HUES = {
    "red": (-8, 8), "orange": (24, 38), "yellow": (48, 62), "green": (95, 150),
    "blue": (205, 238), "purple": (268, 292),
}  # fmt: skip
"""Degrees of the hues that have one name only."""
MIN_SATURATION, MIN_VALUE = 0.5, 0.5
PURE_SHARE = 0.6
"""Share of the middle of a mark that has its color; the rest is a label or an edge."""
MAX_PIXELS = 64_000_000


def color_name(red: int, green: int, blue: int) -> str:
    """The name of a color; empty for colors between two names, and for pale and dark ones."""
    hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    if value < 0.15:
        return "black"
    if saturation < MIN_SATURATION or value < MIN_VALUE:
        return ""
    degrees = hue * 360
    for name, (low, high) in HUES.items():
        if low <= degrees <= high or low <= degrees - 360 <= high:
            return name
    return ""


def mark_colors(
    image: bytes, boxes: Mapping[tuple[str, ...], Sequence[float]]
) -> dict[tuple[str, ...], str]:
    """The names of the colors of marks that fill their boxes (bars), by path."""
    with Image.open(io.BytesIO(image)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return {}
        pixels = np.asarray(picture.convert("RGB"))
    named = {path: _color(pixels, box) for path, box in boxes.items()}
    return {path: name for path, name in named.items() if name}


def _color(pixels: np.ndarray[Any, Any], box: Sequence[float]) -> str:
    x0, y0, x1, y1 = (int(v) for v in box)
    dx, dy = (x1 - x0) // 4, (y1 - y0) // 4
    inner = pixels[max(0, y0 + dy) : y1 - dy, max(0, x0 + dx) : x1 - dx].reshape(-1, 3)
    if len(inner) < 9:
        return ""
    (color, count), *_ = Counter(map(tuple, inner.tolist())).most_common(1)
    return color_name(*color) if count >= PURE_SHARE * len(inner) else ""
