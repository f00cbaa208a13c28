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


def random_offset(config: VaryConfig, image_size: int, seed: int, step: int) -> Offset:
    """A position [patches] for the pictures of `image_size` pixels of a step."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
    top, left = torch.randint(0, _starts(config, image_size), (2,), generator=generator).tolist()
    return top * _patches(config), left * _patches(config)


def middle_offset(config: VaryConfig, image_size: int) -> Offset:
    """The position [patches] of pictures of `image_size` pixels in the middle."""
    start = _starts(config, image_size) // 2 * _patches(config)
    return start, start


def _starts(config: VaryConfig, image_size: int) -> int:
    """The number of token rows of the whole picture at which a picture can begin."""
    whole = math.isqrt(image_tokens(config.vision_config.image_size))
    return whole - math.isqrt(image_tokens(image_size)) + 1


def _patches(config: VaryConfig) -> int:
    """The patches along a token's side."""
    return int(IMAGE_STRIDE // config.vision_config.patch_size)
