"""The tree of regions on a degraded picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renderers.degrade.quads import Quads, mapped_quads
from renderers.degrade.step import Points
from renderers.degrade.warp import Composition
from renderers.picture import Quad, Region
from renderers.region_tree import mapped
from renderers.roles import SHAPES

EXACT = 0.02
"""Pixels within which corners are those of their box: then there is no quad."""
WHOLE = 0.95
"""Share of the picture's sides from which a region is the picture itself."""
OUTSIDE = 0.5
"""Pixels by which a text may exceed the picture."""


def printed_texts(regions: Sequence[Region]) -> list[int]:
    """The indices of the regions with printed text, each text once: words, or what has none."""
    with_parts = {region.parent for region in regions if region.text.strip()}
    return [
        i
        for i, region in enumerate(regions)
        if region.text.strip() and region.role not in SHAPES and i not in with_parts
    ]


def quads_of(regions: Sequence[Region]) -> Quads:
    """[n, 4, 2]: the corners of the regions."""
    return np.array([region.corners for region in regions], np.float64).reshape(-1, 4, 2)


def content_quads(regions: Sequence[Region], width: int, height: int) -> Quads:
    """[n, 4, 2]: the corners of the regions that are not nearly as wide and high as the picture."""
    quads = quads_of(regions)
    sizes = quads.max(1) - quads.min(1)
    return np.asarray(quads[~(sizes > WHOLE * np.array([width, height])).all(1)])


def mapped_regions(
    regions: Sequence[Region], warp: Composition, width: int, height: int
) -> tuple[Region, ...]:
    """The regions through a map, clipped to a picture of this size in pixels.

    Quads hold the curves that edges become; corners stay in the order of the text.
    """

    def corners(points: Points) -> Points:
        return mapped_quads(points.reshape(-1, 4, 2), warp).reshape(-1, 2)

    limits = np.array([width, height], np.float64)
    return tuple(_clipped(region, limits) for region in mapped(regions, corners))


def outside(regions: Sequence[Region], warp: Composition, width: int, height: int) -> list[Region]:
    """The regions that are not completely inside a picture of this size after a map."""
    quads = mapped_quads(quads_of(regions), warp)
    limits = np.array([width, height]) + OUTSIDE
    wrong = np.asarray(((quads < -OUTSIDE) | (quads > limits)).any((1, 2)))
    return [region for region, is_wrong in zip(regions, wrong, strict=True) if is_wrong]


def _clipped(region: Region, limits: Points) -> Region:
    corners = np.clip(np.array(region.corners).reshape(4, 2), 0, limits)
    low, high = corners.min(0), corners.max(0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    upright = np.array([[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]]])
    if np.abs(corners - upright).max() <= EXACT:
        return replace(region, bbox=box, quad=None)
    quad: Quad = tuple(map(float, corners.reshape(8)))  # type: ignore[assignment]
    return replace(region, bbox=box, quad=quad)
