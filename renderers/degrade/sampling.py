"""Pixels through a map: one resampling, with averaging where the picture shrinks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from renderers.degrade.step import Image, Points
from renderers.degrade.warp import Composition

STEP = 8
"""Pixels of the picture between the nodes at which the map is computed; bilinear in between. For
a page that is bent with a radius of 1,000 pixels, this is off by 0.01 pixels."""
SHRINK = 1.1
"""Pixels of the page per pixel of the picture from which the page is averaged first."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where each pixel of a picture [height, width] lies on the page.

    `x`, `y` [height, width] are positions on the page, `inside` is 1 on the page and 0 around it,
    `shade` the light of bent paper (None: 1 everywhere), `shrink` the pixels of the page per pixel
    of the picture.
    """

    x: Image
    y: Image
    inside: Image | None
    shade: Image | None
    shrink: float

    def pixels(self, page: Image) -> Image:
        """The page as the picture shows it; around the page, its border goes on."""
        x, y = self.x, self.y
        if self.shrink > SHRINK:
            height, width = page.shape[:2]
            size = (max(1, round(width / self.shrink)), max(1, round(height / self.shrink)))
            page = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA))
            x, y = x * np.float32(size[0] / width), y * np.float32(size[1] / height)
        half = np.float32(0.5)
        return np.asarray(
            cv2.remap(page, x - half, y - half, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        )


def sampling(warp: Composition, page: tuple[int, int], picture: tuple[int, int]) -> Sampling:
    """The sampling of a map; `page` and `picture` are (height, width) in pixels."""
    height, width = picture
    rows, columns = (-(-side // STEP) + 2 for side in picture)
    # Nodes lie at the centers of cells of STEP pixels, from one cell outside of the picture on.
    x = (np.arange(columns) - 0.5) * STEP
    y = (np.arange(rows) - 0.5) * STEP
    nodes: Points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    found, light = warp.backward_with_shade(nodes)
    grid = found.reshape(rows, columns, 2)
    dense = _dense(grid.astype(np.float32), height, width)
    shade = None
    if light is not None:
        shade = _dense(light.reshape(rows, columns).astype(np.float32), height, width)
    along = np.diff(grid, axis=1)[:-1] / STEP
    down = np.diff(grid, axis=0)[:, :-1] / STEP
    areas = np.abs(along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0])
    page_height, page_width = page
    on_page = np.asarray(((grid > 0) & (grid < (page_width, page_height))).all(-1))
    areas = areas[on_page[:-1, :-1]] if on_page[:-1, :-1].any() else areas
    xs, ys = np.ascontiguousarray(dense[..., 0]), np.ascontiguousarray(dense[..., 1])
    shrink = float(np.sqrt(np.median(areas)))
    inside = None if on_page.all() else _inside(xs, ys, page, shrink)
    return Sampling(xs, ys, inside, shade, shrink)


def _dense(grid: Image, height: int, width: int) -> Image:
    rows, columns = grid.shape[:2]
    size = (columns * STEP, rows * STEP)
    large = cv2.resize(grid, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(large[STEP : STEP + height, STEP : STEP + width])


def _inside(x: Image, y: Image, page: tuple[int, int], shrink: float) -> Image:
    """1 on the page, 0 around it, in between along its border, one pixel wide."""
    height, width = page
    distance: Image = np.minimum(x, width - x)
    np.minimum(distance, y, out=distance)
    np.minimum(distance, height - y, out=distance)
    distance /= max(shrink, 1e-3)
    distance += 0.5
    return np.clip(distance, 0, 1, out=distance)
