"""Image preprocessing that is saved with a checkpoint: sizes, normalization, CLIP's square."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from transformers import BatchFeature
from transformers.image_processing_utils import BaseImageProcessor
from transformers.image_utils import load_image

from trainer.errors import SettingsError, nearest
from trainer.model.pixels import FITS, NORMALIZATIONS, RESAMPLING, to_pixels

Picture = Image.Image | np.ndarray | Tensor | str
"""A string is a path, a web address or a data URL, as in the messages of a chat."""


class VaryImageProcessor(BaseImageProcessor):
    """Makes `high_res_pixel_values`, and `pixel_values` if the model has CLIP.

    `clip_size` is None for Vary-tiny. The names of normalizations and fits are those of
    trainer/model/pixels.py. Checkpoints before version 0.2.0 spell the key `normalisation`.
    """

    model_input_names = ("high_res_pixel_values", "pixel_values")

    def __init__(
        self,
        image_size: int = 1024,
        normalization: str = "imagenet",
        resample: str = "bicubic",
        clip_size: int | None = None,
        clip_fit: str = "crop",
        **kwargs: Any,
    ) -> None:
        normalization = kwargs.pop("normalisation", normalization)
        super().__init__(**kwargs)
        _check("normalization", normalization, NORMALIZATIONS)
        _check("resample", resample, RESAMPLING)
        _check("clip_fit", clip_fit, FITS)
        self.image_size = image_size
        self.normalization = normalization
        self.resample = resample
        self.clip_size = clip_size
        self.clip_fit = clip_fit

    def pixels(
        self, images: Sequence[Tensor] | Tensor, image_size: int | None = None
    ) -> dict[str, Tensor]:
        """Model input from uint8 pictures [H, W, 3] or one tensor of them, on their device."""
        size = image_size or self.image_size
        out = {
            "high_res_pixel_values": to_pixels(
                images, size, self.normalization, "stretch", self.resample
            )
        }
        if self.clip_size is not None:
            out["pixel_values"] = to_pixels(
                images, self.clip_size, "clip", self.clip_fit, "bicubic"
            )
        return out

    def preprocess(
        self, images: Picture | Sequence[Picture], return_tensors: str | None = "pt", **_: Any
    ) -> BatchFeature:
        """`images` are PIL pictures, uint8 arrays [H, W, 3] or where to read them; one or many."""
        if isinstance(images, Image.Image | np.ndarray | Tensor | str):
            images = [images]
        return BatchFeature(self.pixels([as_uint8(i) for i in images]), tensor_type=return_tensors)

    def __call__(self, images: Picture | Sequence[Picture], **kwargs: Any) -> BatchFeature:
        return self.preprocess(images, **kwargs)


def as_uint8(image: Picture) -> Tensor:
    """A picture as a uint8 tensor [H, W, 3]; transparent pixels become white.

    Raises:
        ValueError: an array or tensor has another shape or type.
        OSError: a picture cannot be read.
    """
    if isinstance(image, str):
        image = _open(image)
    if isinstance(image, Image.Image):
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        return torch.from_numpy(np.array(image.convert("RGB")))
    tensor = torch.as_tensor(image)
    if tensor.dtype != torch.uint8 or tensor.dim() != 3 or tensor.shape[-1] != 3:
        raise ValueError(f"expected uint8 [H, W, 3], got {tensor.dtype} {tuple(tensor.shape)}")
    return tensor


def _open(source: str) -> Image.Image:
    """A picture from a path, a web address or a data URL, turned as its EXIF data says."""
    if source.startswith(("http://", "https://")):
        return load_image(source)
    data = source.startswith("data:")
    encoded = source.partition(",")[2] if data else ""
    with Image.open(io.BytesIO(base64.b64decode(encoded)) if data else source) as image:
        return ImageOps.exif_transpose(image)


def _check(name: str, value: str, known: Sequence[str] | dict[str, Any]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}", nearest(value, known))
