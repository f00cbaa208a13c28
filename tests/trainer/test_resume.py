"""What may differ when a run is resumed, and data that changed under it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import losses, tree
from trainer.errors import RunError
from trainer.settings import settings_from
from trainer.training.loop import train
from trainer.training.run import Run


def values(data: Path, **fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = tree(data, **fields)
    return changed | {"evaluation": {"every": 0}}


def test_a_finished_run_is_extended_with_other_rates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = write(tmp_path / "data", "charts", charts(16)), tmp_path / "run"
    train(settings_from(values(data, steps=2)), out)
    (out / "data.json").rename(tmp_path / "data.json")  # as in a run of an older version
    optim = {"lr": 1e-3, "warmup": 2, "betas": [0.8, 0.95], "weight_decay": 0.1}
    train(settings_from(values(data, steps=4, precision="bf16") | {"optim": optim}), out)
    said = capsys.readouterr().err
    for line in (
        "train.steps is 4 from here on, was 2",
        "optim.lr is 0.001 from here on, was 0.003",
        "train.precision is 'bf16' from here on, was 'fp32'",
        "optim.betas is [0.8, 0.95] from here on, was [0.9, 0.999]",
    ):
        assert f"{out}: {line}\n" in said
    assert len(losses(out)) == 4
    state = torch.load(Run(out).checkpoints()[-1] / "state" / "optimizer.pt")
    assert {group["betas"] for group in state["param_groups"]} == {(0.8, 0.95)}
    assert {group["weight_decay"] for group in state["param_groups"]} == {0.0, 0.1}
    assert yaml.safe_load((out / "settings.yaml").read_text())["train"]["steps"] == 4


def test_changed_data_is_named(tmp_path: Path) -> None:
    data, out = write(tmp_path / "data", "charts", charts(16)), tmp_path / "run"
    write(data, "pages", charts(8, prefix="p"))
    train(settings_from(values(data, steps=1)), out)
    data.rename(tmp_path / "moved")
    moved = settings_from(values(tmp_path / "moved", steps=1))
    train(moved, out)
    write(tmp_path / "moved", "charts", charts(16, seed=1))
    with pytest.raises(RunError, match=r"data of .*run has changed: charts has other files or con"):
        train(moved, out)
    write(tmp_path / "moved", "charts", charts(24))
    with pytest.raises(RunError, match=r"changed: charts has 24 rows, and had 16 when .*restore"):
        train(moved, out)
    write(tmp_path / "moved", "charts", charts(16))
    (tmp_path / "moved" / "pages").rename(tmp_path / "pages")
    with pytest.raises(RunError, match=r"has changed: pages is gone"):
        train(moved, out)
