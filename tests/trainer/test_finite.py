"""Steps and weights that are not finite: left out, counted, and never saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import losses, tree
from trainer.errors import RunError
from trainer.settings import settings_from
from trainer.training import loop, step
from trainer.training.finite import LeftOutSteps
from trainer.training.loop import train
from trainer.training.run import Run, model_folder, read_lines


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data"), "charts", charts(24))


def values(data: Path, **train_fields: Any) -> dict[str, Any]:
    tree_ = tree(data, **train_fields)
    return tree_ | {"evaluation": {"every": 0}, "checkpoint": {"every": 1, "keep": 1}}


def test_one_bad_gradient_is_left_out_and_counted(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real, calls = step.finish_gradients, []

    def overflowed(parameters: Any, factor: float, clip: float) -> float:
        parameters = list(parameters)
        calls.append(1)
        if len(calls) == 3:
            next(p for p in parameters if p.grad is not None).grad.fill_(torch.inf)
        return real(parameters, factor, clip)

    monkeypatch.setattr(step, "finish_gradients", overflowed)
    train(settings_from(values(data, steps=5)), tmp_path / "run")
    assert "the gradient norm is inf at step 3: left out (1 in a row)" in capsys.readouterr().err
    lines = [line for line in read_lines(Run(tmp_path / "run").log) if line["event"] == "train"]
    assert [line["left_out"] for line in lines] == [0, 0, 1, 1, 1]
    assert [line["loss"] is None for line in lines] == [False, False, True, False, False]
    weights = load_file(model_folder(tmp_path / "run") / "model.safetensors")
    assert all(tensor.isfinite().all() for tensor in weights.values())


def test_weights_that_are_not_finite_never_replace_good_ones(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = loop.update_weights

    def poisons(model: Any, optimizers: Any, batches: Any, plan: Any, *args: Any) -> Any:
        update = real(model, optimizers, batches, plan, *args)
        if plan.name == "step 3":
            next(model.parameters()).data.fill_(torch.nan)
        return update

    monkeypatch.setattr(loop, "update_weights", poisons)
    with pytest.raises(RunError, match=r"weights are not finite after step 3 .*: not saved"):
        train(settings_from(values(data, steps=5)), tmp_path / "run")
    assert [c.name for c in Run(tmp_path / "run").checkpoints()] == ["step-00000002"]
    monkeypatch.setattr(loop, "update_weights", real)
    train(settings_from(values(data, steps=5)), tmp_path / "run")
    assert len(losses(tmp_path / "run")) == 5


def test_nothing_is_saved_while_steps_are_left_out(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> float:
        return torch.inf if len(done) > 1 else done.append(1) or 1.0

    done: list[int] = []
    monkeypatch.setattr(step, "finish_gradients", never)
    with pytest.raises(RunError, match=r"norm is inf at step 5, 3 steps in a row without"):
        train(settings_from(values(data, steps=9, nonfinite_limit=3)), tmp_path / "run")
    assert [c.name for c in Run(tmp_path / "run").checkpoints()] == ["step-00000002"]


def test_a_good_step_ends_the_row() -> None:
    left_out = LeftOutSteps(limit=2)
    for problem in ("the loss is nan", None, "the loss is inf", None):
        left_out.observe(problem, "step", "")
    assert (left_out.total, left_out.in_a_row) == (2, 0)
