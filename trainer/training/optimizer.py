"""AdamW with a learning rate per part of the model, the schedule, and gradient clipping."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from trainer.errors import SettingsError
from trainer.settings import OptimSettings


def part_of(name: str) -> str:
    """The part of the model (`trainer.settings.PARTS`) that a parameter belongs to."""
    if ".vision_tower.net_" in name:
        return "compressor"
    for prefix, part in (
        ("model.vision_tower.", "vision"),
        ("model.clip_tower.", "clip"),
        ("model.projector.", "projector"),
    ):
        if name.startswith(prefix):
            return part
    return "text"


def freeze(model: nn.Module, parts: Iterable[str]) -> None:
    """Disable gradients for whole parts of the model."""
    frozen = set(parts)
    for name, parameter in model.named_parameters():
        if part_of(name) in frozen:
            parameter.requires_grad_(False)


def build_optimizer(
    parameters: Iterable[tuple[str, nn.Parameter]], settings: OptimSettings
) -> torch.optim.AdamW:
    """AdamW over the named parameters that are trained.

    Raises:
        SettingsError: None is trained.
    """
    groups = parameter_groups(parameters, settings)
    if not groups:
        raise SettingsError("train.freeze leaves nothing to train")
    return torch.optim.AdamW(
        groups,
        lr=settings.lr,
        betas=settings.betas,
        fused=groups[0]["params"][0].is_cuda or None,
    )


def parameter_groups(
    parameters: Iterable[tuple[str, nn.Parameter]], settings: OptimSettings
) -> list[dict[str, Any]]:
    """Two groups per part of the model: matrices, and vectors (norms, biases) without weight decay.

    A group's learning rate at a step is the schedule's value times its `scale`.
    """
    groups: dict[tuple[str, bool], list[nn.Parameter]] = {}
    for name, parameter in parameters:
        if parameter.requires_grad:
            groups.setdefault((part_of(name), parameter.dim() > 1), []).append(parameter)
    return [
        {
            "params": members,
            "part": part,
            "scale": settings.lr_scale.get(part, 1.0),
            "weight_decay": settings.weight_decay if decays else 0.0,
        }
        for (part, decays), members in groups.items()
    ]


def learning_rate(settings: OptimSettings, step: int, steps: int) -> float:
    """The schedule's value at a step: linear warm-up, then cosine, linear or constant."""
    warmup = settings.warmup * steps if settings.warmup < 1 else settings.warmup
    if step < warmup:
        return settings.lr * (step + 1) / (math.ceil(warmup) + 1)
    progress = min(1.0, (step - warmup) / max(1.0, steps - warmup))
    shape = {
        "cosine": (1 + math.cos(math.pi * progress)) / 2,
        "linear": 1 - progress,
        "constant": 1.0,
    }[settings.schedule]
    return settings.lr * (settings.min_lr_ratio + (1 - settings.min_lr_ratio) * shape)


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the rate of every group to `rate` times its scale."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["scale"]


def finish_gradients(parameters: Iterable[Tensor], factor: float, clip: float) -> float:
    """Multiply the summed gradients by `factor`, clip them, and return their norm before."""
    trained = [p for p in parameters if p.grad is not None]
    gradients = [p.grad for p in trained if p.grad is not None]
    norm = torch.nn.utils.get_total_norm(gradients)
    if isinstance(norm, DTensor):
        norm = norm.full_tensor()
    before = factor * float(norm)
    # one pass over the gradients for both; as in `clip_grad_norm_`
    torch._foreach_mul_(gradients, factor * min(1.0, clip / (before + 1e-6)) if clip else factor)
    return before
