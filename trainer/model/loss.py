"""Cross-entropy on target positions only, in chunks, without the full logits.

The logits of a page of 1,000 tokens over Qwen's 151,936 entries are 600 MB of float32; the 256
image tokens and the prompt need none.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

IGNORE = -100
CHUNK = 4096


def target_losses(hidden: Tensor, labels: Tensor, head: nn.Module) -> tuple[Tensor, Tensor]:
    """Losses of all positions whose next token is a target.

    `hidden` is [B, T, D], `labels` [B, T] with `IGNORE` where nothing is predicted; `head`
    maps [N, D] to logits. Returns the M losses (float32) and the flat index into `labels` of each.
    """
    rows, columns = (labels[:, 1:] != IGNORE).nonzero(as_tuple=True)
    index = rows * labels.shape[1] + columns + 1
    targets = labels.flatten()[index]
    states = hidden[rows, columns]  # [M, D]
    losses = [
        checkpoint(_chunk_losses, head, states[i : i + CHUNK], targets[i : i + CHUNK],
                   use_reentrant=False)
        # at least one chunk, maybe empty: the head stays in the graph, as on ranks with targets
        for i in range(0, max(1, len(targets)), CHUNK)
    ]  # fmt: skip
    return torch.cat(losses), index


def _chunk_losses(head: nn.Module, states: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(head(states).float(), targets, reduction="none")
