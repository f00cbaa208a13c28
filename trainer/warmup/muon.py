"""Muon: an optimizer whose steps are equally large in every direction of a matrix.

The momentum of a matrix is replaced by the nearest matrix whose singular values are all one, so
that rare directions (here: of rare characters) move as far as frequent ones (Jordan et al. 2024,
https://kellerjordan.github.io/posts/muon). The step is scaled to the size of AdamW's (Moonlight,
arXiv 2502.16982), so that both can use the same learning rate.

torch.optim.Muon updates one matrix after the other, with thousands of small kernel launches in
every step. Here all matrices of one shape are updated together. Queries, keys and values, which
share one matrix, are orthogonalized separately.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

BLOCK_WEIGHT = re.compile(r"\.(blocks|layers)\.\d+\..*weight$")
NEWTON_SCHULZ_STEPS = 5
NEWTON_SCHULZ_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""Of the quintic iteration, from Jordan et al."""
ADAMW_RMS = 0.2
"""Typical root mean square of the entries of AdamW's steps, in learning rates (Moonlight)."""


def hidden_matrices(named: Mapping[str, nn.Parameter]) -> dict[str, nn.Parameter]:
    """The weights of linear layers in blocks: no embeddings, position tables, norms or
    convolutions."""
    return {name: p for name, p in named.items() if p.dim() == 2 and BLOCK_WEIGHT.search(name)}


def maps_in_one(name: str) -> int:
    """How many linear maps a matrix stacks: 3 for queries, keys and values of the tower, else 1."""
    return 3 if name.endswith(".qkv.weight") else 1


class Muon(torch.optim.Optimizer):
    """For matrices only, with Nesterov momentum. The matrices of a group stack `maps` linear maps
    each, which are orthogonalized separately."""

    def __init__(self, groups: list[dict[str, Any]], lr: float, momentum: float) -> None:
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": 0.0, "maps": 1})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Update every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for same in by_shape.values():
                self._update(same, group)

    def _update(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        lr, momentum, decay = group["lr"], group["momentum"], group["weight_decay"]
        gradients = [m.grad for m in matrices if m.grad is not None]
        for matrix in matrices:
            if "mean" not in self.state[matrix]:
                self.state[matrix]["mean"] = torch.zeros_like(matrix)
        means = [self.state[m]["mean"] for m in matrices]
        torch._foreach_lerp_(means, gradients, 1 - momentum)
        nesterov = torch.stack(list(torch._foreach_lerp(gradients, means, momentum)))
        steps = orthogonal(nesterov.view(len(nesterov) * group["maps"], -1, nesterov.shape[-1]))
        scale = ADAMW_RMS * max(steps.shape[-2:]) ** 0.5
        updates = steps.reshape(nesterov.shape).to(matrices[0].dtype).unbind(0)
        if decay:
            torch._foreach_mul_(matrices, 1 - lr * decay)
        torch._foreach_add_(matrices, list(updates), alpha=-lr * scale)


def orthogonal(matrices: Tensor) -> Tensor:
    """Approximately the nearest semi-orthogonal matrices to [n, R, C].

    After five Newton-Schulz steps in bfloat16 (float32 on a CPU) singular values are between 0.7
    and 1.2, which is enough.
    """
    a, b, c = NEWTON_SCHULZ_COEFFICIENTS
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(NEWTON_SCHULZ_STEPS):
        square = x @ x.mT
        mixed = torch.baddbmm(square, square, square, beta=b, alpha=c)
        x = torch.baddbmm(x, mixed, x, beta=a)
    return x.mT if tall else x
