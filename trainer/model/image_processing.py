"""Image preprocessing that is saved with a checkpoint: sizes, normalization, CLIP's square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers import BatchFeature
from transformers.image_processing_utils import BaseImageProcessor

from trainer.errors import SettingsError, nearest
from trainer.model.pixels import FITS, NORMALIZATIONS, RESAMPLING, to_pixels

Picture = Image.Image | np.ndarray | Tensor


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
        """`images` are PIL pictures or uint8 arrays [H, W, 3]; one or many."""
        if isinstance(images, Image.Image | np.ndarray | Tensor):
            images = [images]
        return BatchFeature(self.pixels([as_uint8(i) for i in images]), tensor_type=return_tensors)

    def __call__(self, images: Picture | Sequence[Picture], **kwargs: Any) -> BatchFeature:
        return self.preprocess(images, **kwargs)


def as_uint8(image: Picture) -> Tensor:
    """A picture as a uint8 tensor [H, W, 3]; transparent pixels become white.

    Raises:
        ValueError: an array or tensor has another shape or type.
    """
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


def _check(name: str, value: str, known: Sequence[str] | dict[str, Any]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}", nearest(value, known))
