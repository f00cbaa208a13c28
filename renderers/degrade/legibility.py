"""How legible text is after the degradation, against the text before it.

The clean page is moved by the same map. From both pictures the mean brightness around each pixel is
taken away, so that only strokes remain. In the bounds of each word the strokes are then compared:
their correlation (noise and missing ink lower it), and the contrast that is left of the clean one
(blur and pale ink lower it).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Boxes, Image

MIN_CORRELATION = 0.75
"""Limits, calibrated with an OCR engine: `benchmarks/degrade.py calibrate`, see docs/degrade.md."""
MIN_CONTRAST = 12.0
"""Of 255, between the ink and the paper of a word."""
MIN_HEIGHT = 7.0
"""Pixels of a word's box, which is higher than its letters."""
KEPT_HEIGHT = 0.8
"""Share of its height that a text may be reduced to below this limit: boxes of charts are as low as
the ink, so that a large "a" is below it already."""
KEPT_CONTRAST = 0.6
"""Share of the clean contrast that pale text must keep: it may be below the limit already."""
MAX_ILLEGIBLE = 0.02
"""Share of the characters of a sample that may be below a limit."""
MIN_CLEAN_DEVIATION = 3.0
"""Of the clean strokes in a box with ink, of 255; below it there is nothing to compare."""
SURROUNDINGS = 0.8
"""Text heights within which the mean brightness is taken away."""


@dataclass(frozen=True, slots=True)
class Legibility:
    """[n] for each text: correlation with the clean page (0 to 1), contrast (of 255) and height in
    pixels. `clean` is the contrast on the clean page; 0 where there is nothing to compare."""

    correlation: npt.NDArray[np.float64]
    contrast: npt.NDArray[np.float64]
    height: npt.NDArray[np.float64]
    clean: npt.NDArray[np.float64]

    def __getitem__(self, part: slice) -> Legibility:
        """That of a part of the texts."""
        return Legibility(
            self.correlation[part], self.contrast[part], self.height[part], self.clean[part]
        )

    def illegible(self, heights_before: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """[n]: whether the degradation made a text illegible; `heights_before` [n] in pixels."""
        wanted = np.minimum(MIN_CONTRAST, KEPT_CONTRAST * self.clean)
        low = (self.correlation < MIN_CORRELATION) | (self.contrast < wanted)
        small = self.height < np.minimum(MIN_HEIGHT, KEPT_HEIGHT * heights_before)
        return np.asarray(((self.clean > 0) & low) | small)


def lost_share(marks: Legibility) -> float:
    """The share of the marks of a chart that have lost their contrast; 0 without marks."""
    lost = marks.contrast < np.minimum(MIN_CONTRAST, KEPT_CONTRAST / 2 * marks.clean)
    return float(lost.mean()) if len(lost) else 0.0


def measure(
    clean: Image, degraded: Image, boxes: Boxes, heights: npt.NDArray[np.float64], unit: float
) -> Legibility:
    """Compare two gray pictures [h, w] within boxes [n, 4], whose text is `heights` [n] high.

    `unit` is the median height in pixels.
    """
    rows, columns = clean.shape
    x0, y0 = np.floor(boxes[:, :2]).T.clip(0).astype(int)
    x1, y1 = np.ceil(boxes[:, 2:]).T.astype(int)
    x0, y0 = np.minimum(x0, columns - 1), np.minimum(y0, rows - 1)
    x1, y1 = np.clip(x1, x0 + 1, columns), np.clip(y1, y0 + 1, rows)
    area = ((x1 - x0) * (y1 - y0)).astype(np.float64)

    def mean(image: Image) -> npt.NDArray[np.float64]:
        total = cv2.integral(image)
        return np.asarray((total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]) / area)

    c, d = (_strokes(np.clip(image, 0, 255), unit) for image in (clean, degraded))
    mean_c, mean_d = mean(c), mean(d)
    var_c = np.maximum(mean(c * c) - mean_c**2, 0)
    var_d = np.maximum(mean(d * d) - mean_d**2, 0)
    covariance = mean(c * d) - mean_c * mean_d
    seen = np.sqrt(var_c) >= MIN_CLEAN_DEVIATION
    safe_c = np.where(seen, var_c, 1.0)
    correlation = covariance / np.sqrt(safe_c * np.maximum(var_d, 1e-3))
    # Strokes cover a part of a box, so that the contrast of text is about three deviations.
    contrast = 3 * covariance / np.sqrt(safe_c)
    before = np.where(seen, 3 * np.sqrt(var_c), 0.0)
    return Legibility(correlation, contrast, heights, before)


def _strokes(image: Image, unit: float) -> Image:
    """A picture without its mean brightness around each pixel."""
    size = max(3, round(SURROUNDINGS * unit) | 1)
    return np.asarray(image - cv2.blur(image, (size, size)))
