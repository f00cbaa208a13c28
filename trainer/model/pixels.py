"""Converts decoded pictures to model input, on the pictures' device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

NORMALIZATIONS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "clip": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    "none": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}
"""Mean and standard deviation by name. Published towers differ, so a checkpoint has the name."""

FITS = ("stretch", "crop", "pad")
RESAMPLING = ("bilinear", "bicubic", "cv2")
"""`bilinear` and `bicubic` average over the pixels that a smaller picture loses, as PIL does; `cv2`
is OpenCV's bilinear resampling, which skips them, as in the training of Vary."""


def to_pixels(
    images: Sequence[Tensor] | Tensor, size: int, normalization: str, fit: str, resample: str
) -> Tensor:
    """Square, normalized float pictures [n, 3, size, size].

    `images` are uint8 [H, W, 3], or one tensor [n, H, W, 3]. `fit` is `stretch` (without the
    aspect ratio, as Vary), `crop` (shortest side to `size`, then the center, as CLIP in
    transformers) or `pad`
    (longest side to `size`, at the top left of a square of the mean color).
    """
    mean, std = (torch.tensor(x, device=images[0].device) for x in NORMALIZATIONS[normalization])
    if isinstance(images, Tensor) and images.shape[1:3] == (size, size):
        pictures = images.permute(0, 3, 1, 2).float() / 255
    else:
        pictures = torch.stack([_square(image, size, fit, resample, mean) for image in images])
    return (pictures - mean[:, None, None]) / std[:, None, None]


def _square(image: Tensor, size: int, fit: str, resample: str, mean: Tensor) -> Tensor:
    picture = image.permute(2, 0, 1)[None].float() / 255  # [1, 3, H, W]
    height, width = picture.shape[2:]
    if fit == "stretch":
        return _resize(picture, size, size, resample)[0]
    side = min(height, width) if fit == "crop" else max(height, width)
    whole = int if fit == "crop" else round  # transformers drops the fraction of the longer side
    new_height = max(1, whole(size * height / side))
    new_width = max(1, whole(size * width / side))
    picture = _resize(picture, new_height, new_width, resample)[0]
    if fit == "crop":
        top, left = (new_height - size) // 2, (new_width - size) // 2
        return picture[:, top : top + size, left : left + size]
    square = mean[:, None, None].repeat(1, size, size)
    square[:, :new_height, :new_width] = picture
    return square


def _resize(picture: Tensor, height: int, width: int, resample: str) -> Tensor:
    if picture.shape[2:] == (height, width):
        return picture
    if resample == "cv2":
        resized = F.interpolate(picture, (height, width), mode="bilinear", align_corners=False)
        return (resized * 255).round() / 255  # OpenCV's result has 8 bits again
    options: dict[str, Any] = {"mode": resample, "antialias": True, "align_corners": False}
    return F.interpolate(picture, (height, width), **options).clamp(0, 1)
