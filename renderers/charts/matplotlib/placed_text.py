"""Texts of a chart at their places, blended into its pixels after all marks are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderers.charts.drawing import DrawnText, Path
from renderers.charts.matplotlib.text import Stamp
from renderers.charts.palette import (
    RGB,
    contrast_to,
    luminance,
    pixel_luminance,
    readable_on,
    rgb,
    rgb_bytes,
)
from renderers.fonts import missing
from renderers.picture import Box, Cell, Pixels, Region

PLATE_PADDING = 0.2
"""Of a plate around its text, in ems."""
MAX_SAMPLED_PIXELS = 64
"""Pixels at least that decide about the ink of a text."""

AUTO = "auto"
"""Ink that suits whatever lies behind."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedText:
    """A text, with the pixel of its top left corner, and how it is painted."""

    stamp: Stamp
    x: int
    y: int
    role: str
    color: str
    plate: str | None
    path: Path
    joined: bool
    cell: Cell | None = None

    @property
    def box(self) -> Box:
        return (
            float(self.x),
            float(self.y),
            float(self.x + self.stamp.width),
            float(self.y + self.stamp.height),
        )


def blend_text(pixels: Pixels, placed: PlacedText, ink: str) -> DrawnText:
    """Draw one text over the pixels, as far as they reach, and measure its contrast."""
    stamp = placed.stamp
    height, width = pixels.shape[:2]
    x0, y0 = max(0, placed.x), max(0, placed.y)
    x1, y1 = min(width, placed.x + stamp.width), min(height, placed.y + stamp.height)
    seen = 0.0
    color = placed.color
    plate = None
    if x1 > x0 and y1 > y0:
        if placed.plate:
            pad = max(2, round(stamp.font.size * PLATE_PADDING))
            rows = slice(max(0, y0 - pad), y1 + pad)
            columns = slice(max(0, x0 - pad), x1 + pad)
            pixels[rows, columns] = rgb_bytes(placed.plate)
            plate = (float(columns.start), float(rows.start), float(columns.stop), float(rows.stop))
        behind = pixels[y0:y1, x0:x1]
        mask = stamp.mask[y0 - placed.y : y1 - placed.y, x0 - placed.x : x1 - placed.x]
        covered = behind[mask > 0].reshape(-1, 3)  # RGB
        if color == AUTO:
            # Of a few pixels, not all: backgrounds are flat nearly everywhere.
            few = covered[:: len(covered) // MAX_SAMPLED_PIXELS + 1]
            # From bytes to shares.
            mean = np.median(few, 0) / 255 if len(few) else np.zeros(3)
            color = readable_on((float(mean[0]), float(mean[1]), float(mean[2])), ink)
        seen = _contrast(covered, rgb(color))
        # Two bytes hold every sum: its weights make up 255.
        cover = mask[..., None].astype(np.uint16)
        paint = np.asarray(rgb_bytes(color), np.uint16)
        pixels[y0:y1, x0:x1] = (behind * (255 - cover) + paint * cover + 127) // 255  # rounded
    words = tuple(
        Region(
            (
                w.bbox[0] + placed.x,
                w.bbox[1] + placed.y,
                w.bbox[2] + placed.x,
                w.bbox[3] + placed.y,
            ),
            w.text,
            w.role,
        )
        for w in stamp.words
    )
    return DrawnText(
        stamp.text,
        placed.box,
        placed.role,
        stamp.angle,
        stamp.font.size,
        round(seen, 2),
        missing(stamp.font.face, stamp.text),
        words,
        placed.path,
        plate,
        placed.joined,
        cell=placed.cell,
    )


def _contrast(covered: npt.NDArray[np.uint8], ink: RGB) -> float:
    """The contrast that nine tenths of the covered pixels reach at least."""
    if not len(covered):
        return 1.0
    ratios = contrast_to(pixel_luminance(covered), luminance(ink))
    # The tenth that antialiasing and thin lines may spoil.
    rank = len(ratios) // 10
    return float(np.partition(ratios, rank)[rank])
