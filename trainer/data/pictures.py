"""Decoding of pictures, and the paper's light augmentations."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter, ImageOps, UnidentifiedImageError
from torch import Tensor

from trainer.model.image_processing import as_uint8
from vary_data.dataset.rejection import Rejected


def decode(data: bytes) -> Image.Image:
    """A picture from its encoded bytes, of several the first.

    Raises:
        Rejected: `picture too large` or `picture unreadable`.
    """
    with _rejecting(), Image.open(io.BytesIO(data)) as image:
        image.load()
        return image


def count_pages(data: bytes) -> int:
    """The number of pages of an encoded picture; TIFF and GIF may have several.

    Raises:
        Rejected: `picture too large` or `picture unreadable`.
    """
    with _rejecting(), Image.open(io.BytesIO(data)) as image:
        return getattr(image, "n_frames", 1)


def decode_page(data: bytes, number: int) -> Image.Image:
    """A page of an encoded picture, counted from 0, turned upright as its EXIF data demands.

    Raises:
        Rejected: `picture too large` or `picture unreadable`.
    """
    with _rejecting(), Image.open(io.BytesIO(data)) as image:
        image.seek(number)
        image.load()
        return ImageOps.exif_transpose(image)


@contextmanager
def _rejecting() -> Iterator[None]:
    """A block in which what Pillow raises becomes a rejection."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected("picture too large") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Rejected("picture unreadable") from None


def picture_tensor(image: Image.Image, rng: np.random.Generator | None) -> Tensor:
    """uint8 [H, W, 3]; with a generator, augmented."""
    tensor = as_uint8(image)
    if rng is None:
        return tensor
    return torch.from_numpy(np.array(augment(Image.fromarray(tensor.numpy()), rng)))


def augment(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Each light distortion with a probability of 2 to 8 %, as in Nougat (arXiv 2308.13418)."""
    for probability, change in AUGMENTATIONS:
        if rng.random() < probability:
            image = change(image, rng)
    return image


def _erode(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return image.filter(
        ImageFilter.MinFilter(3) if rng.random() < 0.5 else ImageFilter.MaxFilter(3)
    )


def _affine(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Up to 2 degrees of rotation, 3 % of shear and 1 % of shift about the center, on white."""
    angle, shear = np.radians(rng.uniform(-2, 2)), rng.uniform(-0.03, 0.03)
    shift = rng.uniform(-0.01, 0.01, size=2) * image.size
    matrix = np.array([[np.cos(angle), np.sin(angle) + shear], [-np.sin(angle), np.cos(angle)]])
    center = np.array(image.size) / 2
    offset = center - matrix @ center + shift
    data = (*matrix[0], offset[0], *matrix[1], offset[1])
    return image.transform(
        image.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR, fillcolor="white"
    )


def _warp(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Warp by a grid of 5 x 5 cells whose inner corners move by up to 1 % of the side."""
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


Augmentation = Callable[[Image.Image, np.random.Generator], Image.Image]

AUGMENTATIONS: tuple[tuple[float, Augmentation], ...] = (
    (0.02, _erode),
    (0.03, _affine),
    (0.04, _warp),
    (0.03, _brightness),
    (0.07, _jpeg),
    (0.08, _noise),
    (0.03, _blur),
)
