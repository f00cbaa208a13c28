"""How fast a run is: tokens and pictures per second, share of the device's peak, memory."""

from __future__ import annotations

import resource
import sys
import time

import torch

from trainer.data.batches import Batch
from trainer.model import VaryConfig
from trainer.settings import Settings
from trainer.training.flops import forward_flops, peak_flops
from trainer.training.world import World


class Speed:
    """Counts batches between two readings."""

    def __init__(self, config: VaryConfig, settings: Settings, world: World) -> None:
        self._config = config
        self._size = settings.model.image_size
        self._frozen = set(settings.train.freeze)
        self._world = world
        name = torch.cuda.get_device_name() if world.device.type == "cuda" else "CPU"
        self._peak = peak_flops(name, settings.log.peak_tflops)
        self._image_tokens = (self._size // 64) ** 2
        self.restart()

    def restart(self) -> None:
        self._start = time.perf_counter()
        self._tokens = self._images = self._flops = 0.0

    def count(self, batch: Batch) -> None:
        """`batch` is still on the CPU: counting waits for no device."""
        images = len(batch.images)
        self._tokens += batch.tokens
        self._images += images
        text = batch.tokens / max(1, images) - self._image_tokens
        each = forward_flops(self._config, self._size, text, batch.targets / max(1, images))
        self._flops += images * each.training(self._frozen)

    def read(self) -> dict[str, float | None]:
        """Rates over all processes since the last reading, and start again."""
        seconds = time.perf_counter() - self._start
        counts = torch.tensor([self._tokens, self._images, self._flops], dtype=torch.float64)
        tokens, images, flops = self._world.sum(counts.to(self._world.device)).tolist()
        self.restart()
        peak = self._peak and self._peak * self._world.size
        return {
            "tokens_per_s": tokens / seconds,
            "images_per_s": images / seconds,
            "tflops": flops / seconds / 1e12,
            "peak_share": flops / seconds / peak if peak else None,
            "memory_gib": memory_gib(self._world.device),
        }


def memory_gib(device: torch.device) -> float:
    """The most memory that was in use: of the GPU, or of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
