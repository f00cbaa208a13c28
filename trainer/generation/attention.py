"""Lets transformers' language models keep keys and values where generation wants them.

A language model's layers call the attention function that its configuration names. `SLOTTED` hands
queries, keys and values of a layer to `states`, a keyword that passes through the model: to
`PromptStates` for whole prompts, to `Slots` for the next token of many answers. So the layers
themselves are transformers' own, and models that compute attention through that function alone
(`COVERED`) need nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AttentionInterface

SLOTTED = "vary_slotted"
COVERED = ("opt", "llama", "qwen2")
"""Language models whose layers keep nothing but keys and values and see all that is before them."""


class States(Protocol):
    """Keeps keys and values of all layers."""

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """Keeps [B, kv_heads, T, d] keys and values, and returns the attention [B, heads, T, d] of
        queries to them and to those before them."""
        ...


class PromptStates:
    """Keys and values of prompts, which begin at position 0 and are padded on the right."""

    def __init__(self) -> None:
        self._kept: list[Tensor] = []

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        assert len(self._kept) == 2 * layer
        self._kept += (key, value)
        return F.scaled_dot_product_attention(
            query, key, value, is_causal=True, scale=scale, enable_gqa=_grouped(query, key)
        )

    def stacked(self) -> Tensor:
        """[layers, 2, B, kv_heads, T, d], keys before values."""
        kept = torch.stack(self._kept)
        return kept.view(-1, 2, *kept.shape[1:])


def masked_attention(
    query: Tensor, key: Tensor, value: Tensor, lengths: Tensor, scale: float
) -> Tensor:
    """Attention [B, heads, 1, d] of one query in each row to its first `lengths` + 1 keys.

    As plain products: the fused kernel for CPUs is made for many queries and takes twice as long.
    """
    reach = int(lengths.max()) + 1
    key, value = key[:, :, :reach], value[:, :, :reach]
    slots, heads, _, d = query.shape
    groups = query.reshape(slots, key.shape[1], -1, d)  # [B, kv_heads, heads of each, d]
    logits = (groups * scale) @ key.transpose(2, 3)
    if int(lengths.min()) + 1 < reach:
        beyond = torch.arange(reach, device=lengths.device) > lengths[:, None]  # [B, reach]
        logits.masked_fill_(beyond[:, None, None], -torch.inf)
    weights = logits.softmax(-1, dtype=torch.float32).to(value.dtype)
    return (weights @ value).reshape(slots, heads, 1, d)


def covers(text_config: Any) -> bool:
    """Whether a language model of this configuration generates in slots."""
    kinds = getattr(text_config, "layer_types", None) or ()
    return text_config.model_type in COVERED and set(kinds) <= {"full_attention"}


@contextmanager
def slotted(text: nn.Module) -> Iterator[None]:
    """A block in which a language model hands its attention to `states`, uncompiled."""
    config: Any = text.config
    before = config._attn_implementation
    config._attn_implementation = SLOTTED
    try:
        with torch.compiler.set_stance("force_eager"):
            yield
    finally:
        config._attn_implementation = before


def _grouped(query: Tensor, key: Tensor) -> bool:
    return query.shape[1] != key.shape[1]


def _slotted_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    states: States,
    scaling: float,
    **_: Any,
) -> tuple[Tensor, None]:
    """transformers' interface: [B, heads, T, d] queries; returns [B, T, heads, d]."""
    layer: Any = module.layer_idx
    return states.attend(layer, query, key, value, scaling).transpose(1, 2), None


AttentionInterface.register(SLOTTED, _slotted_attention)
