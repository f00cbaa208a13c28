"""How much arithmetic a step is: a multiplication and an addition count as two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from trainer.model.configuration import VaryConfig, image_tokens

PEAKS = {"H200": 989.0, "H100": 989.0, "A100": 312.0, "L40S": 362.0, "A10G": 70.0, "4090": 165.0}
"""Dense bf16 TFLOP/s by the vendors' datasheets."""


@dataclass(frozen=True, slots=True)
class ForwardFlops:
    """FLOPs of one forward pass by part, for one sample."""

    vision: float
    clip: float
    projector: float
    text: float

    def training(self, frozen: Collection[str]) -> float:
        """Forward and backward: three times the forward pass, once where frozen."""
        return (
            self.vision * (1 if "vision" in frozen else 3)
            + self.clip * (1 if "clip" in frozen else 3)
            + self.projector * (1 if "projector" in frozen else 3)
            + self.text * (2 if "text" in frozen else 3)
        )


def forward_flops(
    config: VaryConfig, image_size: int, text_tokens: float, targets: float
) -> ForwardFlops:
    """A sample of one picture and `text_tokens` other tokens, `targets` of them answers."""
    images = image_tokens(image_size)
    clip_width = config.clip_config.hidden_size if config.clip_config else 0
    vocabulary = config.vision_config.compressor_channels[-1]
    width = config.text_config.hidden_size
    inputs = vocabulary + clip_width
    outputs = width // 2 if config.clip_config else width
    return ForwardFlops(
        vision=vision_flops(config.vision_config, image_size),
        clip=clip_flops(config) if config.clip_config else 0.0,
        projector=2.0 * images * inputs * outputs,
        text=text_flops(config.text_config, images + text_tokens, targets),
    )


def vision_flops(config: Any, image_size: int) -> float:
    """The vocabulary network, without the work that padding its windows would add."""
    side = image_size // config.patch_size
    tokens, width = side * side, config.hidden_size
    window = config.window_size
    windows = (-(-side // window)) ** 2
    linear = 2.0 * tokens * width * (4 * width + 2 * config.mlp_dim)
    total = 2.0 * tokens * width * config.num_channels * config.patch_size**2
    for layer in range(config.num_hidden_layers):
        is_global = layer in config.global_attn_indexes
        pairs = tokens**2 if is_global else windows * window**4
        keys = 2 * side if is_global else 2 * window
        total += linear + 4.0 * pairs * width + 2.0 * tokens * keys * width
    channels, (mid, out) = config.output_channels, config.compressor_channels
    total += 2.0 * tokens * channels * (width + 9 * channels)
    return total + 2.0 * 9 * (tokens / 4 * channels * mid + tokens / 16 * mid * out)


def clip_flops(config: VaryConfig) -> float:
    """CLIP's vision tower up to the selected layer."""
    clip = config.clip_config
    tokens = (clip.image_size // clip.patch_size) ** 2 + 1
    layers = clip.num_hidden_layers + 1 + config.clip_feature_layer
    width = clip.hidden_size
    linear = 2.0 * tokens * width * (4 * width + 2 * clip.intermediate_size)
    return layers * (linear + 4.0 * tokens**2 * width)


def text_flops(config: Any, tokens: float, targets: float) -> float:
    """A causal language model over `tokens`, its head on `targets` only."""
    width = config.hidden_size
    heads = config.num_attention_heads
    key_width = width * getattr(config, "num_key_value_heads", heads) // heads
    inner = getattr(config, "ffn_dim", None) or config.intermediate_size
    matrices = 2 if config.model_type == "opt" else 3
    linear = 2.0 * tokens * (2 * width * (width + key_width) + matrices * width * inner)
    attention = 2.0 * tokens**2 * width  # half of the square: causal
    return (
        config.num_hidden_layers * (linear + attention) + 2.0 * targets * width * config.vocab_size
    )


def peak_flops(device_name: str, setting: float | None) -> float | None:
    """What the device can do per second, from the setting (TFLOP/s) or its datasheet."""
    if setting is not None:
        return setting * 1e12
    known = next((peak for name, peak in PEAKS.items() if name in device_name), None)
    return known * 1e12 if known else None
