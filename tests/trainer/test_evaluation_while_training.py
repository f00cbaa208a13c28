"""Answers scored while training, the best model kept, early stops, and traces."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import losses, tree
from trainer.errors import SettingsError
from trainer.settings import settings_from
from trainer.training import paper
from trainer.training.best import Best
from trainer.training.evaluate import Evaluation
from trainer.training.loop import train
from trainer.training.run import Run, read_lines
from trainer.weights.assemble import load_model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder, "pages", [dict(r, kind="page") for r in charts(16)])
    rows = [dict(r, kind="page") for r in charts(10, seed=9, prefix="v")]
    return write(folder, "pages", rows, split="validation")


def settings(data: Path, evaluation: dict[str, Any], **fields: Any) -> Any:
    log = {"every": 1, "gain_every": 0, "tensorboard": False}
    return settings_from(
        tree(data, **fields) | {"evaluation": {"every": 1} | evaluation, "log": log}
    )


def test_answers_are_scored_while_training(data: Path, tmp_path: Path) -> None:
    reading = {"read": 5, "max_new_tokens": 4, "best": "ned"}
    train(settings(data, reading, steps=2, profile=[2, 2]), tmp_path / "run")
    lines = [line for line in read_lines(Run(tmp_path / "run").log) if line["event"] == "read"]
    assert [line["step"] for line in lines] == [1, 2]
    assert all(line["samples"] == 5 and line["exact"] == 0 for line in lines)
    assert all(0.5 < line["ned"] <= 1 for line in lines), "two digits are not read after two steps"
    assert lines[0]["kinds"]["page"]["ned"] == lines[0]["ned"]
    assert load_model(tmp_path / "run" / "best").processor.conversation == "opt"
    with gzip.open(tmp_path / "run" / "profile" / "process-0.json.gz") as trace:
        assert any("backward" in str(e.get("name")) for e in json.load(trace)["traceEvents"])


def test_training_ends_when_it_gets_no_better(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    values = iter([3.0, 2.0, 2.5, 2.0, 1.0])
    monkeypatch.setattr(
        paper, "evaluate", lambda *_: Evaluation(next(values), None, {"page": {"loss": 1.0}})
    )
    chosen = settings(data, {"best": "loss", "patience": 2}, steps=9)
    train(chosen, tmp_path / "run")
    assert len(losses(tmp_path / "run")) == 4
    assert "loss has not been better than 2.0000 since step 2: the" in capsys.readouterr().err
    (*_, last) = Run(tmp_path / "run").checkpoints()
    assert last.name == "step-00000004"
    train(chosen, tmp_path / "run")
    assert len(losses(tmp_path / "run")) == 4, "it has ended"


def test_a_higher_share_of_exact_answers_is_better() -> None:
    best = Best("exact", patience=3)
    assert [best.observe(i, {"exact": x}) for i, x in enumerate([0.1, 0.3, 0.2, float("nan")])] == [
        True, True, False, False,
    ]  # fmt: skip
    assert best.state() == {"value": 0.3, "step": 1, "since": 1}
    assert not Best(None).observe(1, {"loss": 1.0})


def test_settings_that_do_not_fit_are_one_line() -> None:
    for group, message in (
        ({"best": "ned"}, "nothing is read; set evaluation.read"),
        ({"patience": 2}, "evaluation.patience needs evaluation.best"),
        ({"best": "rms"}, "evaluation.best is 'rms'"),
    ):
        with pytest.raises(SettingsError, match=message):
            settings_from({"evaluation": group})
    with pytest.raises(SettingsError, match=r"train.profile is \[3, 1\]"):
        settings_from({"train": {"profile": [3, 1]}})
