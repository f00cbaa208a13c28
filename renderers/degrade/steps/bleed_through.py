"""The print of the other side shines through, mirrored."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from renderers.degrade.pixels import as_gray, scaled
from renderers.degrade.step import Image, Number, Stage, Step, Surface, Values


def apply(surface: Surface, values: Values, rng: np.random.Generator) -> Image:
    """The other side is another page, moved by some percent. If none is known, it is the page
    itself, moved by a third to a half of its height, so that its lines are not at their places."""
    down, right = rng.uniform(0.3, 0.5), rng.uniform(-0.03, 0.03)
    height, width = surface.pixels.shape[:2]
    other = surface.back()
    if other is None:
        page = as_gray(surface.pixels)
    else:
        page = _covering(other, height, width)
        down = (down - 0.4) / 4
    back = np.roll(page[:, ::-1], (int(height * down), int(width * right)), axis=(0, 1))
    back = np.asarray(cv2.GaussianBlur(back, (0, 0), 0.08 * surface.unit))
    paper = float(np.percentile(back[::8, ::8], 90))
    ink = np.clip(1 - back / max(paper, 1.0), 0, 1)
    return scaled(surface.pixels, 1 - values["amount"] * ink)


def _covering(page: npt.NDArray[np.uint8], height: int, width: int) -> Image:
    """[height, width]: the upper left of a page that is scaled so that it covers this size."""
    scale = max(height / page.shape[0], width / page.shape[1])
    size = (max(width, round(page.shape[1] * scale)), max(height, round(page.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(page, size, interpolation=way)[:height, :width], np.float32)


STEP = Step(Stage.PAPER, apply, {"amount": Number((0.05, 0.25), 0, 0.6, neutral=0.0)})
