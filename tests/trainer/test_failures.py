"""Failures in the middle of training are one line with advice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import SMALL_WARM_UP, tree
from trainer.errors import OutOfMemory, RunError
from trainer.settings import settings_from
from trainer.training import loop
from trainer.training.failures import explained
from trainer.training.loop import train


def test_a_dead_worker_is_named() -> None:
    with pytest.raises(RunError) as error, explained(lambda: "step 7", "lower it"):
        raise RuntimeError("DataLoader worker (pid 12) is killed by signal: Killed.\nmore")
    assert str(error.value) == (
        "a data worker died at step 7 (DataLoader worker (pid 12) is killed by signal: Killed.); "
        "run the same command again; if memory was short, lower data.workers or data.cache_mb"
    )
    with pytest.raises(RuntimeError, match=r"^a bug$"), explained(lambda: "step 7", "lower it"):
        raise RuntimeError("a bug")


def test_out_of_memory_in_the_warm_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = charts(24)
    for row in rows:
        row["regions"] = [{"bbox": [6.0, 10.0, 36.0, 30.0], "text": row["text"], "role": "word"}]
    write(tmp_path / "data", "charts", rows)

    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loop, "update_weights", full)
    with pytest.raises(OutOfMemory) as error:
        train(settings_from(tree(tmp_path / "data") | {"warm_up": SMALL_WARM_UP}), tmp_path / "run")
    assert str(error.value) == (
        "the device's memory is full at step 1 of the warm-up; "
        "lower warm_up.batch_sizes or warm_up.lengths, and choose another --out"
    )
