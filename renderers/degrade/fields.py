"""Random fields: smooth ones from small grids, and noise."""

from __future__ import annotations

import math

import cv2
import numpy as np

from renderers.degrade.step import Image

SUM_MEAN = np.float32(4 * 127.5)
SUM_DEVIATION = np.float32(np.sqrt(4 * (256**2 - 1) / 12))
"""Of the sum of four even numbers from 0 to 255."""


REDUCTION = 4
"""Wide spots are drawn smaller by this, and then bilinearly: off by a hundredth of a deviation, in
an eighth of the time."""
WIDE_CELL = 32
"""Pixels between the nodes of wide spots."""


def enlarged(small: Image, height: int, width: int) -> Image:
    """A small field stretched to a picture's size, bicubic."""
    small = np.ascontiguousarray(small, np.float32)
    rows, columns = small.shape[:2]
    if WIDE_CELL * rows <= height and WIDE_CELL * columns <= width:
        between = (width // REDUCTION, height // REDUCTION)
        small = np.asarray(cv2.resize(small, between, interpolation=cv2.INTER_CUBIC))
        return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def smooth(rng: np.random.Generator, height: int, width: int, cell: float) -> Image:
    """[height, width] of smooth noise with spots of about `cell` pixels; mean 0, deviation 1."""
    rows, columns = (max(2, round(side / max(cell, 1.0)) + 1) for side in (height, width))
    grid = rng.standard_normal((rows, columns), dtype=np.float32)
    # Bicubic interpolation averages neighbors: the deviation between nodes is about 0.75.
    return enlarged(grid, height, width) / 0.75


def white(rng: np.random.Generator, height: int, width: int) -> Image:
    """[height, width] of independent noise; mean 0, deviation 1.

    The sum of the four bytes of an integer is nearly normal, at a third of the time.
    """
    bits = rng.integers(0, 2**32, (height, width), dtype=np.uint32)
    total = bits & 255
    for _ in range(3):
        bits >>= 8
        total += bits & 255
    noise = total.astype(np.float32)
    noise -= SUM_MEAN
    noise /= SUM_DEVIATION
    return noise


def grain(rng: np.random.Generator, height: int, width: int, sigma: float) -> Image:
    """Noise blurred by `sigma` pixels, with deviation 1."""
    noise = np.asarray(cv2.GaussianBlur(white(rng, height, width), (0, 0), max(sigma, 0.3)))
    return np.asarray(noise / max(float(noise[::4, ::4].std()), 1e-6), np.float32)


def octaves(rng: np.random.Generator, height: int, width: int, cell: float, count: int) -> Image:
    """Smooth noise in several sizes, each half as large and half as strong as the one before."""
    field = smooth(rng, height, width, cell)
    for octave in range(1, count):
        field += smooth(rng, height, width, cell / 2**octave) / 2**octave
    return field


def ramp(height: int, width: int, angle: float) -> Image:
    """[height, width] from -1 to 1 across the picture in the direction `angle` (radians)."""
    cos, sin = math.cos(angle), math.sin(angle)
    total = abs(cos) + abs(sin)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * (cos / total)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * (sin / total)
    return np.asarray(x + y)


def sigmoid(field: Image) -> Image:
    """Values from 0 to 1."""
    falling = np.asarray(cv2.exp(np.clip(-field, -30, 30)))
    falling += 1
    return np.asarray(1 / falling)
