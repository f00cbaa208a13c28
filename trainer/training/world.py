"""The processes of a run: one, or those that `torchrun` started."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from trainer.errors import RunError, SettingsError
from trainer.launch import FIRST_REPORTS_SECONDS, one_report


@dataclass(frozen=True, slots=True)
class World:
    """This process, the `rank`-th of `size`, and the device that it computes on."""

    rank: int
    size: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """The sum over all processes, in float64 so that counts stay exact."""
        values = values.to(torch.float64)
        if self.size > 1:
            dist.all_reduce(values)
        return values

    def largest(self, value: int) -> int:
        """The largest of the values of all processes."""
        if self.size == 1:
            return value
        values = torch.tensor(value, device=self.device)
        dist.all_reduce(values, dist.ReduceOp.MAX)
        return int(values)

    def gather(self, value: Any) -> list[Any]:
        """The values of all processes, in rank order."""
        if self.size == 1:
            return [value]
        values: list[Any] = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def barrier(self) -> None:
        """Wait until all processes are here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def open_world(device: str = "auto") -> Iterator[World]:
    """A block within the process group that `torchrun` started, if it did.

    Raises:
        SettingsError: `device` is `cuda` and no GPU is visible.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    cuda = torch.cuda.is_available()
    if device == "cuda" and not cuda:
        raise SettingsError("train.device is 'cuda', but no GPU is visible")
    if device == "cpu" or not cuda:
        chosen = torch.device("cpu")
    else:
        chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if chosen.index >= torch.cuda.device_count():
            raise SettingsError(
                f"process {chosen.index + 1} of this computer has no GPU: "
                f"{torch.cuda.device_count()} are visible"
            )
        torch.cuda.set_device(chosen)
    if size == 1:
        yield World(0, 1, chosen)
        return
    dist.init_process_group("nccl" if chosen.type == "cuda" else "gloo")
    try:
        with one_report(), _lost_connections():
            yield World(dist.get_rank(), size, chosen)
    finally:
        gc.collect()  # freeing a DDP model after its process group can hang
        dist.destroy_process_group()


@contextmanager
def _lost_connections() -> Iterator[None]:
    """Turn torch's error about a process that has ended into one line.

    Raises:
        RunError: Another process has ended.
    """
    try:
        yield
    except RuntimeError as error:
        closed = "Connection closed by peer" in str(error) or "Connection reset" in str(error)
        if not closed and not isinstance(error, dist.DistError):
            raise
        time.sleep(FIRST_REPORTS_SECONDS)  # that process reports why, and this one is ended
        raise RunError("another process of the run has ended", "look for its message") from error
