"""One model over several devices: DDP replicates it, FSDP2 cuts it up by decoder layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    set_model_state_dict,
)
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard
from torch.nn.parallel import DistributedDataParallel

from trainer.training.objective import Objective
from trainer.training.world import World

Parallel = Objective | DistributedDataParallel


def choose(parallel: str, stage: str, world: World) -> str:
    """`none`, `ddp` or `fsdp`: by default DDP for Vary-tiny and FSDP2 for Vary-base."""
    if world.size == 1:
        return "none"
    if parallel == "auto":
        return "ddp" if stage == "tiny" else "fsdp"
    return parallel


def replicate(objective: Objective, world: World) -> DistributedDataParallel:
    """DDP around a model that is already on its device."""
    ids = [world.device.index] if world.device.type == "cuda" else None
    return DistributedDataParallel(objective, device_ids=ids, gradient_as_bucket_view=True)


def shard(objective: Objective, world: World, low_precision: bool) -> Objective:
    """FSDP2 over the language model's layers and the rest; frozen towers stay whole.

    The first process's weights are the ones that count; the others may be on the meta device.
    With `low_precision`, layers are gathered and computed in bfloat16, gradients summed in
    float32.
    """
    model = objective.model
    whole = dict(model.state_dict()) if world.first else {}
    buffers = {n: b.clone() for n, b in model.named_buffers()} if world.first else {}
    model.to_empty(device="meta")
    model.tie_weights()  # leaving a real device has parted tied weights, on the first process only
    policy = MixedPrecisionPolicy(
        param_dtype=torch.bfloat16 if low_precision else None, reduce_dtype=torch.float32
    )
    frozen = {p for p in model.parameters() if not p.requires_grad}
    options: dict[str, Any] = {"mp_policy": policy, "mesh": _mesh(world)}
    for layer in decoder_layers(model):
        fully_shard(layer, **options)
    fully_shard(objective, ignored_params=frozen, **options)
    model.to_empty(device=world.device)
    model.tie_weights()
    load_whole(model, whole)
    for name, buffer in model.named_buffers():  # positions' frequencies are in no state dict
        if world.first:
            buffer.copy_(buffers[name])
        dist.broadcast(buffer, 0)
    return objective


def load_whole(model: nn.Module, state: dict[str, Tensor]) -> None:
    """Fill a sharded model from the first process's whole tensors."""
    options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True, strict=False)
    set_model_state_dict(model, dict(state), options=options)


def whole_state(objective: Objective) -> dict[str, Tensor]:
    """The model's tensors, whole and on the CPU; empty on all processes but the first."""
    if not isinstance(objective, FSDPModule):
        return {name: t.detach().cpu() for name, t in objective.model.state_dict().items()}
    options = StateDictOptions(full_state_dict=True, cpu_offload=True)
    state = get_model_state_dict(objective.model, options=options)
    return {name: t for name, t in state.items() if isinstance(t, Tensor)}


def decoder_layers(model: nn.Module) -> list[nn.Module]:
    """The language model's blocks, whatever its family."""
    text: Any = model.get_submodule("model.language_model")
    return list(text.decoder.layers if hasattr(text, "decoder") else text.layers)


def checkpoint_activations(model: Any) -> None:
    """Keep only the inputs of blocks, and compute the rest again in the backward pass."""
    newer = getattr(model, "activation_checkpointing_enable", None)  # transformers >= 5.20
    (newer or model.gradient_checkpointing_enable)({"use_reentrant": False})


def unwrap(parallel: nn.Module) -> Objective:
    objective = parallel.module if isinstance(parallel, DistributedDataParallel) else parallel
    assert isinstance(objective, Objective)
    return objective


@contextmanager
def accumulate(parallel: nn.Module, last: bool) -> Iterator[None]:
    """Gradients are exchanged only in the last pass of a step."""
    if isinstance(parallel, FSDPModule):
        parallel.set_requires_gradient_sync(last)
        yield
    elif isinstance(parallel, DistributedDataParallel) and not last:
        with parallel.no_sync():
            yield
    else:
        yield


def _mesh(world: World) -> Any:
    return dist.device_mesh.init_device_mesh(world.device.type, (world.size,))
