"""Attention over several samples that are packed into one row, within each sample only.

Where the samples end is passed through the language model as the keyword `segments`. On a GPU in
half precision, all samples are one call of a flash kernel for sequences of variable length; else
each is one causal attention call. In neither case is there an N x N mask. Registered with
transformers under the name `SEGMENTED`.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from trainer.model.loss import without_waiting

try:
    from torch.nn.attention.varlen import varlen_attn
except ModuleNotFoundError:  # torch < 2.10
    HAVE_VARLEN = False
else:  # the one of torch 2.10 has another argument for causal attention
    HAVE_VARLEN = "window_size" in inspect.signature(varlen_attn).parameters

SEGMENTED = "vary_segmented"
CAUSAL = (-1, 0)
"""The window of causal attention: any number of keys before a query, none after it."""
LONGEST_STEP = 512
"""The longest segment is rounded up to a multiple, so that compiled layers see few values."""
FLASH_WIDTHS = range(8, 257, 8)
"""Head widths of the flash kernel."""

Segments = tuple[Tensor, int]
"""Where segments begin, and the end of the last one: int32 [count + 1]; and a length that none of
them exceeds."""


def segments_of(lengths: Sequence[int], device: torch.device) -> Segments:
    """Consecutive segments of the given lengths."""
    ends = torch.tensor([0, *lengths]).cumsum(0, dtype=torch.int32)
    longest = max(lengths)
    return without_waiting(ends, device), longest + -longest % LONGEST_STEP


def segmented_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    segments: Segments | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Causal attention within segments; without `segments` the stock `sdpa` attention.

    `query` is [1, heads, N, d] with N the end of the last segment; returns [1, N, heads, d].
    """
    kwargs |= {"dropout": dropout, "scaling": scaling}
    if segments is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **kwargs)
    ends, longest = segments
    if suits_flash(query, dropout):
        groups = query.shape[1] // key.shape[1]
        rows = (query, repeat_kv(key, groups), repeat_kv(value, groups))
        q, k, v = (x.squeeze(0).transpose(0, 1) for x in rows)  # [N, heads, d]
        lengths = (ends, ends, longest, longest)
        out = varlen_attn(q, k, v, *lengths, scale=scaling, window_size=CAUSAL)
        assert isinstance(out, Tensor)
        return out.unsqueeze(0), None
    return _one_by_one(module, query, key, value, ends, **kwargs), None


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _one_by_one(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, ends: Tensor, **kwargs: Any
) -> Tensor:
    """Never compiled: a graph would hold the number of segments and their lengths."""
    lengths = ends.diff().tolist()
    parts = zip(*(torch.split(x, lengths, dim=2) for x in (query, key, value)), strict=True)
    outs = [sdpa_attention_forward(module, q, k, v, None, **kwargs)[0] for q, k, v in parts]
    return torch.cat(outs, dim=1)


def suits_flash(query: Tensor, dropout: float) -> bool:
    """Whether the flash kernel computes these queries."""
    return (
        HAVE_VARLEN
        and query.is_cuda
        and query.dtype in (torch.bfloat16, torch.float16)
        and query.shape[-1] in FLASH_WIDTHS
        and dropout == 0.0
    )


def segment_positions(lengths: Sequence[int], device: torch.device) -> Tensor:
    """Positions that restart at 0 in every segment: [1, sum(lengths)]."""
    return without_waiting(torch.cat([torch.arange(n) for n in lengths])[None], device)


AttentionInterface.register(SEGMENTED, segmented_attention)
AttentionMaskInterface.register(SEGMENTED, sdpa_mask)
