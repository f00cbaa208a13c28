"""Pictures through a lossy encoder and back."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Image


def recoded(image: Image, suffix: str, flags: list[int]) -> Image:
    """A picture encoded as `suffix` (`.jpg`, `.webp`) with OpenCV's flags, and decoded."""
    pixels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    if image.ndim == 2:
        encoded = cv2.imencode(suffix, pixels, flags)[1]
        return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.float32)
    encoded = cv2.imencode(suffix, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), flags)[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), np.float32)
