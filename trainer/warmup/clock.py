"""How much time the warm-up has used, and how fast its steps are."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import torch

from trainer.training.world import World

FIT_EVERY = 100
"""Steps between two estimates of how many more fit into the time."""


@dataclass
class Clock:
    """Seconds since the start of this process, and per step; recent steps have a larger weight."""

    began: float = field(default_factory=time.perf_counter)
    last_read: float = field(default_factory=time.perf_counter)
    pace: float | None = None

    def read(self, world: World) -> tuple[float, float]:
        """Seconds since the start and per step, called every `FIT_EVERY` steps.

        All processes get the values of the first one, so that they end together.
        """
        now = time.perf_counter()
        recent = (now - self.last_read) / FIT_EVERY
        self.pace = ((self.pace or recent) + recent) / 2
        self.last_read = now
        values = torch.tensor([now - self.began, self.pace], device=world.device)
        seconds, pace = world.sum(values if world.first else torch.zeros_like(values)).tolist()
        return seconds, pace
