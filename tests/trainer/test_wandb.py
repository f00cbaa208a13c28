"""W&B has one run and one step axis, over the warm-up and restarts."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from trainer.settings import LogSettings
from trainer.training.log import RunLog
from trainer.training.run import Run


class FakeWandb(SimpleNamespace):
    """Records what is asked of it."""

    def __init__(self) -> None:
        super().__init__(runs=[], metrics={}, lines=[])

    def init(self, **options: Any) -> FakeWandb:
        self.runs.append(options)
        return self

    def define_metric(self, name: str, step_metric: str | None = None) -> None:
        self.metrics[name] = step_metric

    def log(self, values: dict[str, float]) -> None:
        self.lines.append(values)

    def finish(self) -> None:
        self.lines.append({})


def test_steps_go_on_after_the_warm_up_and_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wandb = FakeWandb()
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    settings = LogSettings(tensorboard=False, wandb="vary")
    log = RunLog(Run(tmp_path), settings, active=True)
    log.write("warm-up", 1, 3, {"loss": 3.0})
    log.write("warm-up", 3, 3, {"loss": 2.5})
    log.write("warm-up crops", 3, 3, {"loss": 2.4})
    log.write("train", 1, 2, {"loss": 2.0, "gain": None})
    log.close()
    log = RunLog(Run(tmp_path), settings, active=True)
    log.discard_after(0, 0)
    for step in (1, 2):
        log.write("train", step, 2, {"loss": 2.0, "kinds": {"chart": {"loss": 1.5}}})
    log.close()
    assert len({options["id"] for options in wandb.runs}) == 1
    assert [options["resume"] for options in wandb.runs] == ["allow", "allow"]
    assert wandb.metrics["*"] == "global_step"
    assert [line.get("global_step") for line in wandb.lines] == [1, 3, 3, 4, None, 4, 5, None]
    assert wandb.lines[3] == {"train/loss": 2.0, "global_step": 4}
    assert wandb.lines[6]["train/kinds/chart/loss"] == 1.5


def test_another_folder_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wandb = FakeWandb()
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        RunLog(Run(tmp_path / name), LogSettings(tensorboard=False, wandb="vary"), active=True)
    assert wandb.runs[0]["id"] != wandb.runs[1]["id"]
