"""Arithmetic of gray and color pictures and of fields.

OpenCV's functions are used where numpy would repeat a field over the three channels, which takes
several times as long.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from renderers.degrade.step import Image


def is_color(image: Image) -> bool:
    """Whether a picture has three channels."""
    return image.ndim == 3


def as_color(image: Image) -> Image:
    """[h, w, 3] of a gray or color picture."""
    return image if is_color(image) else np.asarray(cv2.merge((image, image, image)))


def as_gray(image: Image) -> Image:
    """[h, w] of a gray or color picture, by the weights of ITU-R BT.601."""
    if not is_color(image):
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))


def scaled(image: Image, factor: npt.NDArray[Any]) -> Image:
    """A picture times a field [h, w], [h, w, 3] or a color [3]."""
    factor = np.asarray(factor, np.float32)
    if factor.ndim == 1:
        return np.asarray(cv2.transform(as_color(image), np.diag(factor)))
    if factor.ndim == 3:
        image = as_color(image)
    elif is_color(image):
        factor = as_color(factor)
    return np.asarray(image * factor)


def blended(image: Image, other: npt.NDArray[Any] | float, share: Image) -> Image:
    """From a picture to another picture, a field [h, w] or a gray level, by a share from 0 to 1:
    [h, w], or [h, w, 3] for each channel."""
    if is_color(image):
        share = as_color(share)
        other = as_color(other) if isinstance(other, np.ndarray) else other
    elif isinstance(other, np.ndarray) and is_color(other):
        image, share = as_color(image), as_color(share)
    change: Image = np.subtract(other, image, dtype=np.float32)
    change *= share
    change += image
    return change
