"""Attention over several samples that are packed into one row, within each sample only.

The samples' lengths are passed through the language model as the keyword `segment_lengths`. Every
segment is one causal attention call, so there is no N x N mask and a flash kernel can be used.
Registered with transformers under the name `SEGMENTED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

SEGMENTED = "vary_segmented"


def segmented_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    segment_lengths: Sequence[int] | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Causal attention within segments; without `segment_lengths` the stock `sdpa` attention.

    `query` is [1, heads, N, d] with N the sum of the lengths; returns [1, N, heads, d].
    """
    if segment_lengths is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **kwargs)
    lengths = list(segment_lengths)
    segments = zip(*(torch.split(x, lengths, dim=2) for x in (query, key, value)), strict=True)
    parts = [sdpa_attention_forward(module, q, k, v, None, **kwargs)[0] for q, k, v in segments]
    return torch.cat(parts, dim=1), None


def segment_positions(lengths: Sequence[int], device: torch.device) -> Tensor:
    """Positions that restart at 0 in every segment: [1, sum(lengths)]."""
    return torch.cat([torch.arange(n, device=device) for n in lengths])[None]


AttentionInterface.register(SEGMENTED, segmented_attention)
AttentionMaskInterface.register(SEGMENTED, sdpa_mask)
