"""The doctor passes if the model reads, and reports what is wrong if it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from click.testing import CliRunner, Result

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.small_runs import tree
from trainer import doctor
from trainer.cli import group
from trainer.data.samples import TrainingSample
from trainer.doctor import Fit
from trainer.errors import DataError, TrainerError
from trainer.model.loss import IGNORE
from trainer.training.objective import Objective

USES_PICTURE = "the model uses the picture"


@pytest.fixture(autouse=True)
def _few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SAMPLES", 6)


def examine(folder: Path, rows: list[dict[str, Any]], steps: int = 200, **data: Any) -> Result:
    """`vary-train doctor` with a model of two layers on these rows."""
    folder.mkdir(exist_ok=True)
    settings = tree(write(folder / "data", "charts", rows))
    settings["data"] |= data
    settings["optim"] = {"lr": 3e-3, "lr_scale": {"vision": 0.1, "compressor": 0.1}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(settings))
    options = ["--recipe", str(folder / "recipe.yaml"), "--steps", str(steps)]
    return CliRunner().invoke(group, ["doctor", *options])


def test_it_passes_from_start_to_end(tmp_path: Path) -> None:
    result = examine(tmp_path, charts(64))
    assert result.exception is None, result.output
    assert "overfitting 6 samples for 200 steps, at most" in result.output
    assert "ok    rows can be trained on: 0 of 64 left out" in result.output
    assert f"ok    {USES_PICTURE}" in result.output
    assert "without it, 6 answers cost 1.8 each" in result.output
    assert "step 200/200" not in result.output  # it ends when all checks pass


def test_pictures_without_information_are_noticed(tmp_path: Path) -> None:
    rows = charts(64)
    result = examine(tmp_path, [r | {"image": rows[0]["image"]} for r in rows], steps=75)
    assert "ok    the loss falls" in result.output
    assert f"FAIL  {USES_PICTURE}: 0.0 nats more with another picture" in result.output
    assert isinstance(result.exception, TrainerError)
    assert str(result.exception) == f"failed checks: {USES_PICTURE}"


def test_answers_are_read_without_noise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong token is one of the answer, and so tells which one it is."""
    seen: list[TrainingSample] = []
    real = doctor._read_samples

    def records(*args: Any) -> Any:
        found, skipped = real(*args)
        seen.extend(found)
        return found, skipped

    monkeypatch.setattr(doctor, "_read_samples", records)
    examine(tmp_path, charts(64), steps=1, answer_noise=0.9)
    assert len(seen) == 64
    for sample in seen:
        targets = zip(sample.ids, sample.labels, strict=True)
        assert all(label in (IGNORE, token) for token, label in targets)


def test_permuted_pictures_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Objective._input_pixels
    generator = torch.Generator().manual_seed(0)

    def permuted(self: Objective, batch: Any, shuffled: bool) -> dict[str, torch.Tensor]:
        order = torch.randperm(len(batch.images), generator=generator)
        return {name: p[order] for name, p in real(self, batch, shuffled).items()}

    monkeypatch.setattr(Objective, "_input_pixels", permuted)
    result = examine(tmp_path, charts(64), steps=75)
    assert "ok    the loss falls" in result.output
    assert f"FAIL  {USES_PICTURE}" in result.output
    assert result.exit_code == 1


def test_unusable_rows_are_counted(tmp_path: Path) -> None:
    broken = [row(f"b{i}", "1", image=None) for i in range(20)]
    result = examine(tmp_path, [*charts(44), *broken], steps=1)
    assert "FAIL  rows can be trained on: 20 of 64 left out (20 x no picture)" in result.output
    result = examine(tmp_path / "same", [row(f"s{i}", "the same") for i in range(8)], steps=1)
    assert isinstance(result.exception, DataError)
    assert str(result.exception) == (
        "the first 64 rows have 1 different answers to train on; all of them begin the same"
    )


def test_verdicts() -> None:
    def passed(cost: float, gain: float) -> list[bool]:
        checks = doctor._verdicts(Fit(0, 100.0, 0.0), Fit(50, cost, gain), 16)  # blind: 2.77
        return [check.passed for check in checks]

    assert passed(1.0, 5.0) == [True, True]
    assert passed(2.8, 0.0) == [True, False]  # memorized
    assert passed(1.0, 2.0) == [True, False]
    assert passed(50.0, 5.0) == [False, False]
