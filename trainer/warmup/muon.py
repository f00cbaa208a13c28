"""Muon: a step in which every direction of a matrix moves equally far.

The momentum of a matrix is replaced by the nearest matrix whose singular values are all one, so
that rare directions (here: of rare characters) move as far as frequent ones (Jordan et al. 2024,
https://kellerjordan.github.io/posts/muon). The step is scaled to the size of AdamW's (Moonlight,
arXiv 2502.16982), so that one learning rate serves both.

torch.optim.Muon does one matrix after the other: thousands of small launches in every step. Here
all matrices of a shape go together, and queries, keys and values, which lie in one matrix, apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

BLOCK_WEIGHT = re.compile(r"\.(blocks|layers)\.\d+\..*weight$")
STEPS = 5
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
RMS = 0.2
"""What the entries of AdamW's steps come to, in learning rates."""


def hidden_matrices(named: Mapping[str, nn.Parameter]) -> dict[str, nn.Parameter]:
    """The weights of the linear maps in blocks: no embeddings, tables, norms or convolutions."""
    return {name: p for name, p in named.items() if p.dim() == 2 and BLOCK_WEIGHT.search(name)}


def maps_in_one(name: str) -> int:
    """How many maps of one input a matrix holds: queries, keys and values of the tower, or one."""
    return 3 if name.endswith(".qkv.weight") else 1


class Muon(torch.optim.Optimizer):
    """For matrices only; `momentum` is Nesterov's. The rows of a group's matrices hold `maps`
    maps, which are orthogonalised apart."""

    def __init__(self, groups: list[dict[str, Any]], lr: float, momentum: float) -> None:
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": 0.0, "maps": 1})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for same in by_shape.values():
                self._move(same, group)

    def _move(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        lr, momentum, decay = group["lr"], group["momentum"], group["weight_decay"]
        gradients = [m.grad for m in matrices if m.grad is not None]
        for matrix in matrices:
            if "mean" not in self.state[matrix]:
                self.state[matrix]["mean"] = torch.zeros_like(matrix)
        means = [self.state[m]["mean"] for m in matrices]
        torch._foreach_lerp_(means, gradients, 1 - momentum)
        ahead = torch.stack(list(torch._foreach_lerp(gradients, means, momentum)))
        steps = orthogonal(ahead.view(len(ahead) * group["maps"], -1, ahead.shape[-1]))
        scale = RMS * max(steps.shape[-2:]) ** 0.5
        moves = steps.reshape(ahead.shape).to(matrices[0].dtype).unbind(0)
        if decay:
            torch._foreach_mul_(matrices, 1 - lr * decay)
        torch._foreach_add_(matrices, list(moves), alpha=-lr * scale)


def orthogonal(matrices: Tensor) -> Tensor:
    """Nearly the nearest semi-orthogonal matrices to [n, R, C]: after five Newton-Schulz steps in
    bfloat16 (float32 on a CPU) singular values lie between 0.7 and 1.2, which is enough."""
    a, b, c = COEFFICIENTS
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x
