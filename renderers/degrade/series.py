"""Whether a chart can still be read: its marks are there, and its series have different colors.

Text is audited by `legibility.py`. Here marks must keep a part of their contrast, and two series of
a legend whose marks differ in color must still do so. Colors are those of the middles of the marks.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from renderers.degrade.quads import Quads
from renderers.degrade.regions import quads_of
from renderers.degrade.step import Points
from renderers.degrade.warp import Composition
from renderers.picture import Pixels, Region
from renderers.roles import LEGEND, MARK

MIN_DIFFERENCE = 12.0
"""Of 255, between the colors of two series; the limit of the contrast of text."""
KEPT_DIFFERENCE = 0.3
"""Share of the difference that series must keep whose colors are near to each other before."""
MIN_CLEAN_DIFFERENCE = 12.0
"""Series that differ less are told apart by something else: dashes, markers, labels."""

Series = Mapping[str, Quads]
"""The quads of the marks of each series that a legend names."""


def mark_quads(regions: Sequence[Region]) -> Quads:
    """[n, 4, 2]: the corners of all marks."""
    return quads_of([region for region in regions if region.role == MARK])


def series_of(regions: Sequence[Region]) -> Series:
    """The series of a chart; a mark's text is its path, which begins with the series."""
    names = {region.text for region in regions if region.role == LEGEND}
    found: dict[str, list[Region]] = {name: [] for name in sorted(names, key=len, reverse=True)}
    for region in regions:
        if region.role == MARK:
            # The longest name: "A/B/x" is a mark of "A/B", not of "A".
            starts = (name for name in found if f"{region.text}/".startswith(f"{name}/"))
            if (name := next(starts, None)) is not None:
                found[name].append(region)
    return {name: quads_of(marks) for name, marks in found.items() if marks}


def alike(
    series: Series, page: Pixels, picture: Pixels, warp: Composition
) -> tuple[str, str] | None:
    """Two series that have one color in the picture, but not on the page, if there are any."""
    middles = {name: quads.mean(1) for name, quads in series.items()}
    before = {name: _color(page, points) for name, points in middles.items()}
    after = {name: _color(picture, warp.forward(points)) for name, points in middles.items()}
    for a, b in itertools.combinations(series, 2):
        clean = float(np.linalg.norm(before[a] - before[b]))
        left = float(np.linalg.norm(after[a] - after[b]))
        if clean >= MIN_CLEAN_DIFFERENCE and left < min(MIN_DIFFERENCE, KEPT_DIFFERENCE * clean):
            return a, b
    return None


def _color(pixels: Pixels, points: Points) -> npt.NDArray[np.float64]:
    """[3]: the median color of 3 x 3 pixels around points [n, 2]."""
    x, y = np.floor(points).astype(int).T
    offsets = np.array(list(itertools.product((-1, 0, 1), repeat=2))).T
    rows = np.clip(y[:, None] + offsets[0], 0, pixels.shape[0] - 1)
    columns = np.clip(x[:, None] + offsets[1], 0, pixels.shape[1] - 1)
    found = pixels[rows, columns].reshape(rows.size, -1)  # [9 n, 1 or 3]
    return np.broadcast_to(np.median(found, axis=0), 3).astype(np.float64)
