"""One-line errors for what can fail in the middle of training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from trainer.errors import OutOfMemory, RunError


@contextmanager
def explained(where: Callable[[], str], memory_advice: str) -> Iterator[None]:
    """Turn a full device and a dead data worker into a `TrainerError`.

    Args:
        where: Gives the progress of the training, for the message.
        memory_advice: What to change when memory is short.

    Raises:
        OutOfMemory: The device's memory is full.
        RunError: A data worker died.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(f"the device's memory is full at {where()}", memory_advice) from error
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise RunError(
            f"a data worker died at {where()} ({str(error).splitlines()[0]})",
            "run the same command again; if memory was short, lower data.workers or data.cache_mb",
        ) from error
