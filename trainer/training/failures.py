"""What goes wrong in the middle of training, in one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from trainer.errors import OutOfMemory, RunError


@contextmanager
def explained(where: Callable[[], str], lower: str) -> Iterator[None]:
    """Turn a full device and a dead data worker into a `TrainerError`.

    `where` says how far training is; `lower` what to lower where memory is short.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(f"the device's memory is full at {where()}", lower) from error
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise RunError(
            f"a data worker died at {where()} ({str(error).splitlines()[0]})",
            "run the same command again; if memory was short, lower data.workers or data.cache_mb",
        ) from error
