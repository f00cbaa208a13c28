"""Random fields: smooth ones from small grids, and noise."""

from __future__ import annotations

import cv2
import numpy as np

from renderers.degrade.step import Image

SUM_MEAN = np.float32(4 * 127.5)
SUM_DEVIATION = np.float32(np.sqrt(4 * (256**2 - 1) / 12))
"""Of the sum of four even numbers from 0 to 255."""


def enlarged(small: Image, height: int, width: int) -> Image:
    """A small field stretched to a picture's size, bicubic."""
    small = np.ascontiguousarray(small, np.float32)
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
    total = (bits & 255) + ((bits >> 8) & 255) + ((bits >> 16) & 255) + (bits >> 24)
    return np.asarray((total.astype(np.float32) - SUM_MEAN) / SUM_DEVIATION)


def grain(rng: np.random.Generator, height: int, width: int, sigma: float) -> Image:
    """Noise blurred by `sigma` pixels, with deviation 1."""
    noise = np.asarray(cv2.GaussianBlur(white(rng, height, width), (0, 0), max(sigma, 0.3)))
    return np.asarray(noise / max(float(noise[::4, ::4].std()), 1e-6), np.float32)


def octaves(rng: np.random.Generator, height: int, width: int, cell: float, count: int) -> Image:
    """Smooth noise in several sizes, each half as large and half as strong as the one before."""
    field = np.zeros((height, width), np.float32)
    for octave in range(count):
        field += smooth(rng, height, width, cell / 2**octave) / 2**octave
    return field


def ramp(height: int, width: int, angle: float) -> Image:
    """[height, width] from -1 to 1 across the picture in the direction `angle` (radians)."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.float32(np.cos(angle))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    return np.asarray((x + y) / (abs(np.cos(angle)) + abs(np.sin(angle))), np.float32)


def sigmoid(field: Image) -> Image:
    """Values from 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(field, -30, 30))), np.float32)
