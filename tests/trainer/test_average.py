"""The exponential moving average of the weights."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.trainer.small_runs import losses, tree, weights, write_held_out
from trainer.errors import RunError, SettingsError
from trainer.prediction import load_reader
from trainer.settings import Settings, settings_from
from trainer.training.average import WHOLE, WeightAverage
from trainer.training.loop import train
from trainer.training.run import Run, read_lines


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_held_out(tmp_path_factory.mktemp("data"))


def settings(data: Path, stage: str = "tiny", **fields: object) -> Settings:
    return settings_from(tree(data, stage, ema=0.9, **fields))


def test_the_average_by_hand() -> None:
    model = nn.Linear(1, 1, bias=False)
    frozen = nn.Linear(1, 1).requires_grad_(False)
    both = nn.Sequential(model, frozen)
    nn.init.constant_(model.weight, 1.0)
    average = WeightAverage(both, 0.5)
    assert list(average.tensors) == ["0.weight"]
    for updates, value in enumerate((2.0, 4.0)):  # decays 1/10 and 2/11, below 0.5
        nn.init.constant_(model.weight, value)
        average.update(both, updates)
    first = 0.1 * 1 + 0.9 * 2
    assert average.tensors["0.weight"].item() == pytest.approx(first * 2 / 11 + 4 * 9 / 11)
    with average.applied(both):
        assert model.weight.item() == average.tensors["0.weight"].item()
    assert model.weight.item() == 4


def test_checkpoints_have_it_and_a_run_resumes_to_the_bit(data: Path, tmp_path: Path) -> None:
    chosen, out = settings(data), tmp_path / "run"
    train(chosen, out)
    last = out / "checkpoints" / "step-00000006"
    averaged, trained = weights(last / "ema"), weights(last / "model")
    stored = torch.load(last / WHOLE, weights_only=True)
    for name, tensor in stored.items():
        assert torch.equal(averaged[name.removeprefix("model.")], tensor), name
    assert any(not torch.equal(averaged[name], trained[name]) for name in averaged)
    valid = [line["loss"] for line in read_lines(Run(out).log) if line["event"] == "valid"]
    before = losses(out)
    assert load_reader(last / "ema", device="cpu", max_new_tokens=4)
    shutil.rmtree(last)  # as if stopped before it
    train(chosen, out)
    assert losses(out) == before
    again = [line["loss"] for line in read_lines(Run(out).log) if line["event"] == "valid"]
    assert again == valid
    assert all(torch.equal(averaged[n], t) for n, t in weights(last / "ema").items())
    (last / WHOLE).write_bytes(b"no")
    with pytest.raises(RunError, match="no readable average of the weights"):
        train(chosen, out)


def test_held_out_samples_are_read_with_it(data: Path, tmp_path: Path) -> None:
    train(settings(data), tmp_path / "averaged")
    train(settings_from(tree(data)), tmp_path / "plain")
    assert losses(tmp_path / "averaged") == losses(tmp_path / "plain")
    valid = [
        [line["loss"] for line in read_lines(Run(tmp_path / n).log) if line["event"] == "valid"]
        for n in ("averaged", "plain")
    ]
    assert valid[0] != valid[1]
    with pytest.raises(SettingsError, match=r"train\.ema is 1\.0; expected 0 or a share below 1"):
        settings_from(tree(data, ema=1.0))
