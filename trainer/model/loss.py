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
    With labels on the CPU the GPU is not waited for, and the index is there too.
    """
    rows, columns = (labels[:, 1:] != IGNORE).nonzero(as_tuple=True)
    index = rows * labels.shape[1] + columns + 1
    targets = without_waiting(labels.flatten()[index], hidden.device)
    before = without_waiting(index - 1, hidden.device)
    states = hidden.flatten(0, 1).index_select(0, before)  # [M, D]
    losses = [
        checkpoint(_chunk_losses, head, states[i : i + CHUNK], targets[i : i + CHUNK],
                   use_reentrant=False)
        # at least one chunk, maybe empty: the head stays in the graph, as on ranks with targets
        for i in range(0, max(1, len(targets)), CHUNK)
    ]  # fmt: skip
    return torch.cat(losses), index


def _chunk_losses(head: nn.Module, states: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(head(states).float(), targets, reduction="none")


def without_waiting(x: Tensor, device: torch.device) -> Tensor:
    """`x` on a device. A copy from the CPU to a GPU starts when the GPU comes to it, and this
    process goes on."""
    if device.type == "cuda" and not x.is_cuda:
        return x.pin_memory().to(device, non_blocking=True)
    return x.to(device)
