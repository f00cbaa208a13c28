"""Crop single tables and formulas from verified pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from renderers.latex.pages import VerifiedPage
from renderers.picture import Box, Picture, Region
from renderers.region_tree import moved, subset

ROLES = {"tables": "table", "formulas": "formula"}
_MARGIN = (4, 28)
"""Range of the pixels of paper around a crop."""


@dataclass(frozen=True, slots=True)
class RegionCrop:
    """`role` is `table` or `formula`; `number` counts them on their page from 0."""

    role: str
    number: int
    picture: Picture
    markdown: str


def crop_regions(
    page: VerifiedPage, roles: frozenset[str], rng: np.random.Generator
) -> Iterator[RegionCrop]:
    """Every table or formula of a page on a margin of clean paper, with the regions inside."""
    counts = dict.fromkeys(roles, 0)
    for region in page.picture.regions:
        if region.role in roles:
            margins = rng.integers(*_MARGIN, size=4)
            picture = _crop_window(page.picture, region, margins)
            yield RegionCrop(region.role, counts[region.role], picture, region.text)
            counts[region.role] += 1


def _crop_window(picture: Picture, region: Region, margins: np.ndarray) -> Picture:
    # one pixel more on each side: edges of glyphs are antialiased
    x0, y0 = (max(int(v) - 1, 0) for v in region.bbox[:2])
    x1, y1 = (
        min(int(region.bbox[2]) + 2, picture.width),
        min(int(region.bbox[3]) + 2, picture.height),
    )
    left, top, right, bottom = (int(m) for m in margins)
    pixels = picture.pixels[y0:y1, x0:x1]
    shape = (y1 - y0 + top + bottom, x1 - x0 + left + right, *pixels.shape[2:])
    canvas = np.empty(shape, np.uint8)
    canvas[:] = picture.pixels[0, 0]
    canvas[top : top + y1 - y0, left : left + x1 - x0] = pixels
    inside = [i for i, r in enumerate(picture.regions) if _within(r.bbox, (x0, y0, x1, y1))]
    return Picture(canvas, moved(subset(picture.regions, inside), left - x0, top - y0))


def _within(box: Box, outer: Box, slack: float = 2.0) -> bool:
    return (
        box[0] >= outer[0] - slack
        and box[1] >= outer[1] - slack
        and box[2] <= outer[2] + slack
        and box[3] <= outer[3] + slack
    )
