"""The model on its devices: compiled, replicated by DDP, or sharded by FSDP2 per decoder layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch._dynamo
import torch._inductor.config
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    set_model_state_dict,
)
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard
from torch.nn.parallel import DistributedDataParallel

from trainer.data.batches import PACKED
from trainer.settings import Settings
from trainer.training.objective import Objective
from trainer.training.optimizer import freeze
from trainer.training.world import World
from trainer.weights.assemble import Assembly

MAX_GRAPHS = 64
"""Compiled graphs of one function that are kept: windowed and global blocks, each picture size,
with and without gradients. Past torch's default of 8, blocks would silently run uncompiled."""


def distribute_model(assembly: Assembly, settings: Settings, world: World) -> nn.Module:
    """Freeze, compile and distribute the model, within its objective."""
    options, model = settings.train, assembly.model
    freeze(model, options.freeze)
    if settings.data.sequences == PACKED:
        model.pack_sequences()
    if options.precision == "bf16-pure":
        model.to(torch.bfloat16)
    if options.activation_checkpointing:
        checkpoint_activations(model)
    objective = Objective(
        model, assembly.processor.image_processor, settings.model.image_size, options.precision
    )
    objective.train()
    method = choose_method(settings, world)
    if method == "fsdp":
        objective = shard(objective, world, options.precision != "fp32")
    else:
        objective.to(world.device)
    if options.compile:
        compile_blocks([*model.model.vision_tower.blocks, *decoder_layers(model)])
    return replicate(objective, world) if method == "ddp" else objective


def choose_method(settings: Settings, world: World) -> str:
    """`none`, `ddp` or `fsdp`: by default DDP for Vary-tiny and FSDP2 for Vary-base."""
    if world.size == 1:
        return "none"
    if settings.train.parallel == "auto":
        return "ddp" if settings.stage == "tiny" else "fsdp"
    return settings.train.parallel


def compile_blocks(blocks: Iterable[nn.Module], dynamic: bool | None = None) -> None:
    """Compile each block of a tower in place; `dynamic` as in `torch.compile`.

    Block by block, because the blocks of a tower are alike: a few graphs serve all of them. That
    also sends the gradients of a block under DDP while earlier ones are computed, so that graphs
    need not be split where DDP's buckets end; PyTorch (2.11 to 2.13) fails at it in blocks whose
    inputs have several dimensions of any length.

    For blocks on a GPU nothing is compiled for the processor, so its vector instructions are not
    looked for: that takes a compilation and an import of PyTorch for each set of them, which is
    most of a minute.
    """
    blocks = list(blocks)
    if all(parameter.is_cuda for block in blocks for parameter in block.parameters()):
        torch._inductor.config.cpp.vec_isa_ok = False
    torch._dynamo.config.optimize_ddp = False
    torch._dynamo.config.recompile_limit = max(MAX_GRAPHS, torch._dynamo.config.recompile_limit)
    for block in blocks:
        block.compile(dynamic=dynamic)


def replicate(objective: Objective, world: World) -> DistributedDataParallel:
    """DDP around a model that is already on its device."""
    ids = [world.device.index] if world.device.type == "cuda" else None
    return DistributedDataParallel(objective, device_ids=ids, gradient_as_bucket_view=True)


def shard(objective: Objective, world: World, low_precision: bool) -> Objective:
    """FSDP2 over the language model's layers and the rest; frozen towers are not sharded.

    The weights of the first process reach the others, which may be on the meta device. With
    `low_precision`, layers are gathered and computed in bfloat16, gradients summed in float32.
    """
    model = objective.model
    whole = dict(model.state_dict()) if world.first else {}
    buffers = {n: b.clone() for n, b in model.named_buffers()} if world.first else {}
    model.to_empty(device="meta")
    model.tie_weights()  # leaving a real device untied them, on the first process only
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
    for name, buffer in model.named_buffers():  # rotary frequencies are in no state dict
        if world.first:
            buffer.copy_(buffers[name])
        dist.broadcast(buffer, 0)
    return objective


def load_whole(model: nn.Module, state: dict[str, Tensor]) -> None:
    """Fill a sharded model from the first process's whole tensors."""
    options = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True, strict=False)
    set_model_state_dict(model, dict(state), options=options)


def whole_state(objective: Objective, world: World, copy: bool = False) -> dict[str, Tensor]:
    """The model's tensors, whole and on the CPU; empty on all processes but the first.

    With FSDP a collective operation. A model on the CPU shares their memory, unless `copy`.
    """
    if not isinstance(objective, FSDPModule):
        if not world.first:
            return {}
        tensors = objective.model.state_dict().items()
        return {name: tensor.detach().to("cpu", copy=copy) for name, tensor in tensors}
    options = StateDictOptions(full_state_dict=True, cpu_offload=True)
    state = get_model_state_dict(objective.model, options=options)
    return {name: t for name, t in state.items() if isinstance(t, Tensor)}


def decoder_layers(model: nn.Module) -> list[nn.Module]:
    """The language model's blocks, for every supported family."""
    text: Any = model.get_submodule("model.language_model")
    return list(text.decoder.layers if hasattr(text, "decoder") else text.layers)


def checkpoint_activations(model: Any) -> None:
    """Keep only the inputs of blocks, and compute the rest again in the backward pass."""
    # the name in transformers >= 5.20
    enable = getattr(model, "activation_checkpointing_enable", None)
    (enable or model.gradient_checkpointing_enable)({"use_reentrant": False})


def unwrap(parallel: nn.Module) -> Objective:
    """The objective inside a parallel wrapper."""
    objective = parallel.module if isinstance(parallel, DistributedDataParallel) else parallel
    assert isinstance(objective, Objective)
    return objective


@contextmanager
def accumulate(parallel: nn.Module, last: bool) -> Iterator[None]:
    """Exchange gradients between processes only in the last pass of a step."""
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
