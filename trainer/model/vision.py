"""The vocabulary network: a SAM base encoder, then two convolutions down to 256 tokens of 1024.

Parameter names are those of the original checkpoints (`blocks.0.attn.qkv.weight`, `net_2.weight`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers import initialization as init
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.utils import ModelOutput

from trainer.model.attention import grid_attention, window_attention
from trainer.model.configuration import VaryVisionConfig

Offset = tuple[int, int]


@dataclass
class VaryVisionOutput(ModelOutput):
    """`tokens` [B, 256, 1024], and the map of the neck at stride 16 before them."""

    tokens: Tensor | None = None
    neck: Tensor | None = None  # [B, 256, 64, 64]


class LayerNorm2d(nn.Module):
    """Layer norm over the channels of [B, C, H, W]."""

    def __init__(self, channels: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        x = F.layer_norm(x.permute(0, 2, 3, 1), self.weight.shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class VaryVisionAttention(nn.Module):
    """Self-attention over the whole grid (`window` 0) or inside windows."""

    def __init__(self, config: VaryVisionConfig, window: int) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        self.window = window
        width = config.hidden_size
        side = window or config.image_size // config.patch_size
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.rel_pos_h = nn.Parameter(torch.zeros(2 * side - 1, width // self.heads))
        self.rel_pos_w = nn.Parameter(torch.zeros(2 * side - 1, width // self.heads))

    def forward(self, x: Tensor) -> Tensor:
        """`x` is [B, gh, gw, C]."""
        qkv, tables = self.qkv(x), (self.rel_pos_h, self.rel_pos_w)
        if self.window == 0:
            return self.proj(grid_attention(qkv, *tables, self.heads))
        return self.proj(window_attention(qkv, self.qkv.bias, *tables, self.heads, self.window))


class VaryVisionMLP(nn.Module):
    """Two linear layers with GELU between them, over [..., hidden size]."""

    def __init__(self, config: VaryVisionConfig) -> None:
        super().__init__()
        self.lin1 = nn.Linear(config.hidden_size, config.mlp_dim)
        self.lin2 = nn.Linear(config.mlp_dim, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        return self.lin2(F.gelu(self.lin1(x)))


class VaryVisionBlock(GradientCheckpointingLayer):
    """Attention, in windows of `window` patches or global (0), and an MLP; [batch, height, width,
    hidden size]."""

    def __init__(self, config: VaryVisionConfig, window: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.attn = VaryVisionAttention(config, window)
        self.norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = VaryVisionMLP(config)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    """A stride-16 convolution, computed as one matrix product over unfolded patches."""

    def __init__(self, config: VaryVisionConfig) -> None:
        super().__init__()
        size = config.patch_size
        self.proj = nn.Conv2d(config.num_channels, config.hidden_size, size, stride=size)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels [B, 3, H, W] to patches [B, H / 16, W / 16, hidden size]."""
        size = self.proj.kernel_size[0]
        patches = pixels.unfold(2, size, size).unfold(3, size, size)  # [B, 3, gh, gw, 16, 16]
        patches = patches.permute(0, 2, 3, 1, 4, 5).flatten(3)
        return F.linear(patches, self.proj.weight.flatten(1), self.proj.bias)  # [B, gh, gw, C]


class VaryVisionModel(PreTrainedModel):
    """The vocabulary network. Its output for 1024-pixel pictures is [B, 256, 1024]."""

    config_class = VaryVisionConfig
    config: VaryVisionConfig
    main_input_name = "high_res_pixel_values"
    input_modalities = ("image",)
    supports_gradient_checkpointing = True
    _no_split_modules = ("VaryVisionBlock",)
    _supports_sdpa = True

    def __init__(self, config: VaryVisionConfig) -> None:
        super().__init__(config)
        side = config.image_size // config.patch_size
        channels = config.output_channels
        mid, out = config.compressor_channels
        self.patch_embed = PatchEmbed(config)
        self.pos_embed = nn.Parameter(torch.zeros(1, side, side, config.hidden_size))
        self.blocks = nn.ModuleList(
            VaryVisionBlock(config, 0 if i in config.global_attn_indexes else config.window_size)
            for i in range(config.num_hidden_layers)
        )
        self.neck = nn.Sequential(
            nn.Conv2d(config.hidden_size, channels, 1, bias=False),
            LayerNorm2d(channels, eps=1e-6),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            LayerNorm2d(channels, eps=1e-6),
        )
        self.net_2 = nn.Conv2d(channels, mid, 3, stride=2, padding=1, bias=False)
        self.net_3 = nn.Conv2d(mid, out, 3, stride=2, padding=1, bias=False)
        self.gradient_checkpointing = False
        self.post_init()

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        initialize_vision(self, module)

    def forward(
        self, high_res_pixel_values: Tensor, position_offset: Offset | None = None
    ) -> VaryVisionOutput:
        """Encode [B, 3, S, S], where S is at most `config.image_size` and a multiple of 16.

        A smaller picture uses the part of the absolute position table that starts at
        `position_offset` (row, column), by default its center.

        Raises:
            ValueError: the picture is larger than the position tables.
        """
        x = self.patch_embed(high_res_pixel_values)  # [B, 64, 64, 768]
        x = x + self._positions(x.shape[1], x.shape[2], position_offset)
        for block in self.blocks:
            x = block(x)
        neck = self.neck(x.permute(0, 3, 1, 2))  # [B, 256, 64, 64]
        tokens = self.net_3(self.net_2(neck))  # [B, 1024, 16, 16]
        return VaryVisionOutput(tokens=tokens.flatten(2).transpose(1, 2), neck=neck)

    def _positions(self, rows: int, columns: int, offset: Offset | None) -> Tensor:
        side = self.pos_embed.shape[1]
        if rows > side or columns > side:
            patch = self.config.patch_size
            raise ValueError(
                f"picture of {columns * patch}x{rows * patch} pixels is larger than the "
                f"{side * patch} pixels of the position tables"
            )
        top, left = offset or ((side - rows) // 2, (side - columns) // 2)
        return self.pos_embed[:, top : top + rows, left : left + columns]


def initialize_vision(model: PreTrainedModel, module: nn.Module) -> None:
    """Initialize a new vocabulary network: normal, with the configured standard deviation."""
    PreTrainedModel._init_weights(model, module)
    std = model.config.initializer_range
    if isinstance(module, LayerNorm2d):
        init.ones_(module.weight)
        init.zeros_(module.bias)
    elif isinstance(module, VaryVisionModel):
        init.trunc_normal_(module.pos_embed, std=std)
    elif isinstance(module, VaryVisionAttention):
        init.trunc_normal_(module.rel_pos_h, std=std)
        init.trunc_normal_(module.rel_pos_w, std=std)
