"""The positions of the warm-up's pictures within whole pictures.

A crop's tokens have the positions of a part of the whole picture, in the tower and in the text, so
that what is learned on crops is valid for whole pictures.
"""

from __future__ import annotations

import math

import torch

from trainer.model import VaryConfig
from trainer.model.configuration import IMAGE_STRIDE, image_tokens
from trainer.model.vision import Offset


def random_offset(
    config: VaryConfig, image_size: int, whole_size: int, seed: int, step: int
) -> Offset:
    """A position [patches] for a step's pictures of `image_size` pixels in ones of `whole_size`."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
    starts = _starts(image_size, whole_size)
    top, left = torch.randint(0, starts, (2,), generator=generator).tolist()
    return top * _patches(config), left * _patches(config)


def middle_offset(config: VaryConfig, image_size: int, whole_size: int) -> Offset:
    """The position [patches] of pictures of `image_size` pixels in the middle of whole ones."""
    start = _starts(image_size, whole_size) // 2 * _patches(config)
    return start, start


def _starts(image_size: int, whole_size: int) -> int:
    """The number of token rows of the whole picture at which a picture can begin."""
    return math.isqrt(image_tokens(whole_size)) - math.isqrt(image_tokens(image_size)) + 1


def _patches(config: VaryConfig) -> int:
    """The patches along a token's side."""
    return int(IMAGE_STRIDE // config.vision_config.patch_size)
