"""Random numbers of a pass, from nothing but where it stands."""

from __future__ import annotations

import numpy as np
import torch


def seed_pass(*key: int) -> None:
    """Dropout of a pass depends on nothing but the run's seed and where the pass stands."""
    torch.manual_seed(int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> 1))
