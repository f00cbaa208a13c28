"""Muon for the hidden matrices, AdamW for everything else.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) replaces the momentum of a
matrix by the nearest matrix whose singular values are all one, so that rare directions (here: rare
characters) move as far as frequent ones. Its step is scaled to the size of AdamW's (Moonlight,
arXiv 2502.16982), so one learning rate serves both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from trainer.settings import OptimSettings
from trainer.train.optimizer import adamw, parameter_groups

STEPS = 5
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
BLOCK = re.compile(r"\.(blocks|layers)\.\d+\..*weight$")
"""Tables of relative positions are no weights: they have rows to look up."""
RMS = 0.2
"""What the entries of AdamW's steps come to, in learning rates."""


class Muon(torch.optim.Optimizer):
    """Hidden matrices in groups of equal shape, orthogonalised together."""

    def __init__(self, parameters: Iterable[dict[str, Any]], lr: float, momentum: float) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """Move every matrix that has a gradient."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for same in by_shape.values():
                self._move(same, group["lr"], group["momentum"])

    def _move(self, parameters: list[nn.Parameter], lr: float, momentum: float) -> None:
        gradients = [p.grad for p in parameters if p.grad is not None]
        for parameter in parameters:
            if "momentum" not in self.state[parameter]:
                self.state[parameter]["momentum"] = torch.zeros_like(parameter)
        means = [self.state[p]["momentum"] for p in parameters]
        torch._foreach_lerp_(means, gradients, 1 - momentum)
        ahead = torch._foreach_lerp(gradients, means, momentum)  # Nesterov
        steps = orthogonal(_square_parts(torch.stack(list(ahead))))
        scale = RMS * max(steps.shape[-2:]) ** 0.5
        steps = steps.reshape(len(parameters), *parameters[0].shape).to(parameters[0].dtype)
        torch._foreach_add_(parameters, list(steps.unbind(0)), alpha=-lr * scale)


def _square_parts(matrices: Tensor) -> Tensor:
    """[n, R, C]; matrices that hold several maps of their input (queries, keys and values in one)
    are taken apart where R is three times C."""
    _, rows, columns = matrices.shape
    return matrices.reshape(-1, columns, columns) if rows == 3 * columns else matrices


def orthogonal(matrices: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrices to [n, R, C], to some 30 % in their singular values:
    five Newton-Schulz steps in bfloat16 (float32 on a CPU)."""
    a, b, c = COEFFICIENTS
    x = matrices.bfloat16() if matrices.is_cuda else matrices.float()
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return x.mT if tall else x


class MuonWithAdamW(torch.optim.Optimizer):
    """Two optimizers as one: a learning rate per group, one state."""

    def __init__(self, muon: Muon, adamw: torch.optim.AdamW) -> None:
        self.parts = {"muon": muon, "adamw": adamw}
        self.defaults = dict(adamw.defaults)

    @property
    def param_groups(self) -> list[dict[str, Any]]:  # type: ignore[override]
        return [group for part in self.parts.values() for group in part.param_groups]

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for part in self.parts.values():
            part.step()

    def zero_grad(self, set_to_none: bool = True) -> None:
        for part in self.parts.values():
            part.zero_grad(set_to_none)

    def state_dict(self) -> dict[str, Any]:
        return {name: part.state_dict() for name, part in self.parts.items()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        for name, part in self.parts.items():
            part.load_state_dict(state_dict[name])

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        self.parts["adamw"].add_param_group(param_group)


def build(
    model: nn.Module, settings: OptimSettings, momentum: float
) -> MuonWithAdamW:
    """Muon for the matrices of the towers' and the language model's blocks, AdamW for the rest."""
    named = list(model.named_parameters())
    hidden = [(name, p) for name, p in named if BLOCK.search(name) and p.dim() == 2]
    names = {name for name, _ in hidden}
    return MuonWithAdamW(
        Muon(parameter_groups(hidden, settings), settings.lr, momentum),
        adamw([(name, p) for name, p in named if name not in names], settings),
    )
