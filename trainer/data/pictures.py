"""Decoding pictures, and the paper's light augmentations."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter, UnidentifiedImageError
from torch import Tensor

from trainer.model.image_processing import as_uint8


class Unreadable(Exception):
    """A row that cannot be trained on; the message is a short fixed reason that is counted."""


def decode(data: bytes) -> Image.Image:
    """A picture from its encoded bytes; raises `Unreadable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                return image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("picture too large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Unreadable("picture unreadable") from None


def picture_tensor(image: Image.Image, rng: np.random.Generator | None) -> Tensor:
    """uint8 [H, W, 3]; with a generator, augmented."""
    tensor = as_uint8(image)
    if rng is None:
        return tensor
    return torch.from_numpy(np.array(augment(Image.fromarray(tensor.numpy()), rng)))


def augment(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Each light change by itself with a chance of 2 to 8 %, as in Nougat (arXiv 2308.13418)."""
    for chance, change in CHANGES:
        if rng.random() < chance:
            image = change(image, rng)
    return image


def _erode(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return image.filter(
        ImageFilter.MinFilter(3) if rng.random() < 0.5 else ImageFilter.MaxFilter(3)
    )


def _affine(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Up to 2 degrees of rotation, 3 % of shear and 1 % of shift about the centre, on white."""
    angle, shear = np.radians(rng.uniform(-2, 2)), rng.uniform(-0.03, 0.03)
    shift = rng.uniform(-0.01, 0.01, size=2) * image.size
    matrix = np.array([[np.cos(angle), np.sin(angle) + shear], [-np.sin(angle), np.cos(angle)]])
    centre = np.array(image.size) / 2
    offset = centre - matrix @ centre + shift
    data = (*matrix[0], offset[0], *matrix[1], offset[1])
    return image.transform(
        image.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR, fillcolor="white"
    )


def _warp(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A grid of 5 x 5 cells with its inner corners moved by up to 1 % of the side."""
    cells, (width, height) = 5, image.size
    xs, ys = np.linspace(0, width, cells + 1), np.linspace(0, height, cells + 1)
    corners = np.stack(np.meshgrid(xs, ys), axis=-1)
    jitter = rng.uniform(-0.01, 0.01, size=(cells - 1, cells - 1, 2)) * image.size
    moved = corners.copy()
    moved[1:-1, 1:-1] += jitter
    mesh = []
    for i in range(cells):
        for j in range(cells):
            box = (int(xs[j]), int(ys[i]), int(xs[j + 1]), int(ys[i + 1]))
            quad = (moved[i, j], moved[i + 1, j], moved[i + 1, j + 1], moved[i, j + 1])
            mesh.append((box, tuple(float(v) for point in quad for v in point)))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _brightness(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.85, 1.15))
    return ImageEnhance.Contrast(image).enhance(rng.uniform(0.8, 1.2))


def _jpeg(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(90, 96)))
    return Image.open(buffer).convert("RGB")


def _noise(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    array = np.asarray(image) + rng.normal(0, rng.uniform(2, 8), size=(*image.size[::-1], 3))
    return Image.fromarray(array.clip(0, 255).astype(np.uint8))


def _blur(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))


CHANGES: tuple[tuple[float, Callable[[Image.Image, np.random.Generator], Image.Image]], ...] = (
    (0.02, _erode),
    (0.03, _affine),
    (0.04, _warp),
    (0.03, _brightness),
    (0.07, _jpeg),
    (0.08, _noise),
    (0.03, _blur),
)
