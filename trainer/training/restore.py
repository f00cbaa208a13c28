"""Reading the optimizer's state from a checkpoint, whatever number of processes wrote it.

One process and DDP write one file, with a number for each parameter; FSDP writes shards, with the
parameters' names.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.distributed.checkpoint import state_dict_loader
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.fsdp import FSDPModule

from trainer.errors import RunError
from trainer.training.parallel import unwrap
from trainer.training.world import World

WHOLE, SHARDS = Path("state", "optimizer.pt"), Path("state", "optimizer")


def restore_optimizer(
    checkpoint: Path, parallel: nn.Module, optimizer: torch.optim.Optimizer, world: World
) -> None:
    """Load the optimizer's state; its hyperparameters stay those of the settings.

    Raises:
        RunError: The state is damaged.
    """
    settings = [{k: v for k, v in g.items() if k != "params"} for g in optimizer.param_groups]
    model = unwrap(parallel).model
    try:
        if (checkpoint / SHARDS).is_dir():
            parts = {"optimizer": get_optimizer_state_dict(model, optimizer)}
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a single process reads alone
                state_dict_loader.load(parts, checkpoint_id=checkpoint / SHARDS)
            set_optimizer_state_dict(model, optimizer, parts["optimizer"])
        elif isinstance(unwrap(parallel), FSDPModule):
            whole = _read(checkpoint, torch.device("cpu")) if world.first else {}
            named = _named(whole, model, optimizer) if world.first else {}
            options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
            set_optimizer_state_dict(model, optimizer, named, options=options)
        else:
            optimizer.load_state_dict(_read(checkpoint, world.device))
    except Exception as error:  # a damaged file can raise anything
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].split(". ")[0]
        raise RunError(
            f"{checkpoint} cannot be resumed from ({reason})",
            f"delete this checkpoint, or start a new run with model.weights.vary={checkpoint}",
        ) from error
    for group, values in zip(optimizer.param_groups, settings, strict=True):
        group.update(values)


def _read(checkpoint: Path, device: torch.device) -> dict[str, Any]:
    state: dict[str, Any] = torch.load(checkpoint / WHOLE, map_location=device, weights_only=True)
    return state


def _named(
    whole: dict[str, Any], model: nn.Module, optimizer: torch.optim.Optimizer
) -> dict[str, Any]:
    """A state with names in place of numbers, which count the parameters of all groups."""
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = [[names[id(p)] for p in group["params"]] for group in optimizer.param_groups]
    ordered = [name for group in groups for name in group]
    return {
        "state": {ordered[number]: values for number, values in whole["state"].items()},
        "param_groups": [
            {**saved, "params": group}
            for saved, group in zip(whole["param_groups"], groups, strict=True)
        ],
    }
