"""An exponential moving average of the weights (EMA)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.distributed.checkpoint import state_dict_loader
from torch.distributed.fsdp import FSDPModule
from torch.distributed.tensor import DTensor, distribute_tensor

from trainer.errors import RunError

WHOLE, SHARDS = Path("state", "average.pt"), Path("state", "average")
LAG = 10
"""The first decays are (1 + n) / (LAG + n), so that an average does not keep the first weights."""


class WeightAverage:
    """The average of the trained parameters, in float32 and sharded as they are.

    `model` is the module that FSDP has sharded, if it has: always the same one.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.tensors = {name: _copy(p) for name, p in _trained(model)}
        self._decay = decay

    @torch.no_grad()
    def update(self, model: nn.Module, updates: int) -> None:
        """Count the parameters after an update of the weights, before which there were `updates`
        others."""
        decay = min(self._decay, (1 + updates) / (LAG + updates))
        averages = [_local(self.tensors[name]) for name, _ in _trained(model)]
        current = [_local(p.detach()).float() for _, p in _trained(model)]
        torch._foreach_lerp_(averages, current, 1 - decay)

    @contextmanager
    def applied(self, model: nn.Module) -> Iterator[None]:
        """A block in which the model has the averaged weights."""
        kept = {name: _local(p.detach()).clone() for name, p in _trained(model)}
        try:
            self._write(model, self.tensors)
            yield
        finally:
            self._write(model, kept)

    @torch.no_grad()
    def _write(self, model: nn.Module, tensors: dict[str, Tensor]) -> None:
        for name, parameter in _trained(model):
            _local(parameter.detach()).copy_(_local(tensors[name]))

    def restore(self, checkpoint: Path) -> None:
        """Load the average of a checkpoint, which any number of processes has written.

        Raises:
            RunError: it is missing or damaged.
        """
        try:
            if (checkpoint / SHARDS).is_dir():
                parts = {"average": self.tensors}
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # that a single process reads alone
                    state_dict_loader.load(parts, checkpoint_id=checkpoint / SHARDS)
                return
            stored = torch.load(checkpoint / WHOLE, map_location="cpu", weights_only=True)
            for name, tensor in self.tensors.items():
                _local(tensor).copy_(_local(_like(stored[name], tensor)))
        except Exception as error:  # a damaged file can raise anything
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise RunError(
                f"{checkpoint} has no readable average of the weights ({reason})",
                "delete this checkpoint, or choose another --out",
            ) from error


def _like(whole: Tensor, tensor: Tensor) -> Tensor:
    """A whole tensor, sharded as another one if that is."""
    if not isinstance(tensor, DTensor):
        return whole
    device = tensor.to_local().device
    return distribute_tensor(
        whole.to(device), tensor.device_mesh, tensor.placements, src_data_rank=None
    )


def _trained(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    for module in model.modules():
        if isinstance(module, FSDPModule):
            module.reshard()  # after a pass without gradients it still has whole parameters
    return ((name, p) for name, p in model.named_parameters() if p.requires_grad)


def _copy(parameter: Tensor) -> Tensor:
    return parameter.detach().to(torch.float32, copy=True)


def _local(tensor: Tensor) -> Tensor:
    """The part of a sharded tensor on this process, which shares its memory."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor
