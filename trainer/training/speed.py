"""The speed of a run: tokens and pictures per second, share of the device's peak, memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator

import torch

from trainer.data.batches import Batch
from trainer.model.configuration import image_tokens
from trainer.settings import Settings
from trainer.training.flops import forward_flops, peak_flops
from trainer.training.objective import Objective
from trainer.training.world import World


class Speed:
    """Counts the batches between two readings."""

    def __init__(self, objective: Objective, settings: Settings, world: World) -> None:
        self._objective = objective
        self._frozen = set(settings.train.freeze)
        self._world = world
        name = torch.cuda.get_device_name() if world.device.type == "cuda" else "CPU"
        self._peak = peak_flops(name, settings.log.peak_tflops)
        self.restart()

    def restart(self) -> None:
        """Begin a new reading, so that what was between counts for none."""
        self._start = time.perf_counter()
        self._tokens = self._places = self._images = self._flops = 0.0

    def counting(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The same batches, counted. They are on the CPU: counting waits for no device."""
        for batch in batches:
            self._count(batch)
            yield batch

    def _count(self, batch: Batch) -> None:
        images = min(len(batch.images), len(batch.kinds))  # without those that fill the batch
        size, config = self._objective.image_size, self._objective.model.config
        self._tokens += batch.tokens
        self._places += batch.input_ids.numel()
        self._images += images
        text = batch.tokens / max(1, images) - image_tokens(size)
        flops = forward_flops(config, size, text, batch.targets / max(1, images))
        self._flops += images * flops.training(self._frozen)

    def read(self) -> dict[str, float | None]:
        """Rates and the share of padding over all processes since the last reading, which starts
        the next one."""
        seconds = time.perf_counter() - self._start
        counts = torch.tensor(
            [self._tokens, self._places, self._images, self._flops], dtype=torch.float64
        )
        tokens, places, images, flops = self._world.sum(counts.to(self._world.device)).tolist()
        self.restart()
        peak = self._peak and self._peak * self._world.size
        return {
            "tokens_per_s": tokens / seconds,
            "padding": 1 - tokens / max(1.0, places),
            "images_per_s": images / seconds,
            "tflops": flops / seconds / 1e12,
            "peak_share": flops / seconds / peak if peak else None,
            "memory_gib": memory_gib(self._world.device),
        }


def memory_gib(device: torch.device) -> float:
    """The peak memory in use: of the GPU, or of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
