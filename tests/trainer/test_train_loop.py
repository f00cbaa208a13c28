"""Training runs: they learn, log, stop, and resume to the bit."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.small_runs import losses, tree
from trainer.errors import DataError, RunError, SettingsError, WeightsError
from trainer.settings import settings_from
from trainer.training import loop
from trainer.training.loop import train
from trainer.training.objective import neighbors
from trainer.training.run import Run, model_folder, read_lines
from trainer.training.step import StepPlan
from trainer.weights.assemble import load_model


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder, "charts", [*charts(40), row("broken", "1", image=None)], shards=2)
    write(folder, "pages", [dict(r, kind="page") for r in charts(20, seed=5, prefix="p")])
    return write(folder, "charts", charts(10, seed=9, prefix="v"), split="validation")


def test_tiny_learns_and_leaves_a_run(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    train(settings_from(tree(data, steps=12)), out)
    lines = read_lines(Run(out).log)
    steps = [line for line in lines if line["event"] == "train"]
    assert [line["step"] for line in steps] == list(range(1, 13))
    assert steps[-1]["loss"] < steps[0]["loss"] - 0.8
    assert set(steps[-1]["kinds"]) == {"chart", "page"}
    assert steps[-1]["samples"] == 96
    assert [line["step"] for line in steps if line["gain"] is not None] == [2, 4, 6, 8, 10, 12]
    assert [line["step"] for line in lines if line["event"] == "valid"] == [3, 6, 9, 12]
    assert [c.name for c in Run(out).checkpoints()] == ["step-00000010", "step-00000012"]
    skipped = read_lines(Run(out).skipped)
    assert {s["id"] for s in skipped} == {"broken"}
    assert steps[-1]["skipped"] == len(skipped) > 0
    assert steps[-1]["reasons"] == {"no picture": len(skipped)}
    loaded = load_model(out)
    assert loaded.processor.conversation == "opt"


def test_base_freezes_its_towers(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    train(settings_from(tree(data, "pretrain", steps=4)), out)
    first, last = (load_model(c / "model").model for c in Run(out).checkpoints())
    before, after = first.state_dict(), last.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert any(name.startswith("model.projector.clip") for name in changed)
    assert any(name.startswith("model.language_model") for name in changed)
    assert not any("tower" in name for name in changed)


@pytest.mark.parametrize("stage", ["tiny", "pretrain"])
def test_an_interrupted_run_resumes_to_the_bit(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    values = tree(data, stage)
    values["log"] = {"every": 3, "gain_every": 0, "tensorboard": False}  # not as checkpoints
    values["data"]["answer_noise"] = 0.3
    settings = settings_from(values)
    dropout = dataclasses.replace(
        settings.model, text=settings.model.text | {"dropout": 0.1, "attention_dropout": 0.1}
    )
    settings = dataclasses.replace(settings, model=dropout)
    train(settings, tmp_path / "whole")

    class Killed(BaseException):
        pass

    real = loop.update_weights

    def dies(model: Any, optimizers: Any, batches: Any, plan: StepPlan, *args: Any) -> Any:
        if plan.name == "step 6":
            raise Killed
        return real(model, optimizers, batches, plan, *args)

    monkeypatch.setattr(loop, "update_weights", dies)
    with pytest.raises(Killed):
        train(settings, tmp_path / "cut")
    monkeypatch.setattr(loop, "update_weights", real)
    assert [c.name for c in Run(tmp_path / "cut").checkpoints()][-1] == "step-00000004"
    train(settings, tmp_path / "cut")
    assert len(losses(tmp_path / "whole")) == 2
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    ends = [model_folder(tmp_path / name) / "model.safetensors" for name in ("whole", "cut")]
    assert ends[0].read_bytes() == ends[1].read_bytes()
    skipped = [read_lines(Run(tmp_path / name).skipped) for name in ("whole", "cut")]
    assert skipped[0] == skipped[1]


def test_other_settings_need_another_folder(data: Path, tmp_path: Path) -> None:
    values = tree(data, steps=1)
    train(settings_from(values), tmp_path / "run")
    train(settings_from(values | {"log": {"every": 5, "tensorboard": False}}), tmp_path / "run")
    other = values | {"data": values["data"] | {"augment": True}}
    with pytest.raises(RunError, match=r"other settings \(data.augment: False, now True\)"):
        train(settings_from(other), tmp_path / "run")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    with pytest.raises(RunError, match="is not empty and holds no run"):
        train(settings_from(values), tmp_path / "full")


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = torch.save
    out = tmp_path / "run"

    def full(obj: Any, file: Any, *args: Any) -> None:
        if Run(out).checkpoints():
            raise OSError(28, "No space left on device")
        real(obj, file, *args)

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(RunError, match=r"checkpoint of step 4 .*No space left.*free some space"):
        train(settings_from(tree(data)), out)
    names = [p.name for p in (out / "checkpoints").iterdir()]
    assert names == ["step-00000002"]


def test_out_of_memory_gives_advice(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.errors import OutOfMemory

    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loop, "update_weights", full)
    with pytest.raises(OutOfMemory, match=r"at step 1; lower train\.micro_batch"):
        train(settings_from(tree(data)), tmp_path / "run")


def test_a_loss_that_is_not_finite_stops_the_run(data: Path, tmp_path: Path) -> None:
    values = tree(data, steps=20) | {"optim": {"lr": 1e30, "warmup": 0, "clip": 0}}
    with pytest.raises(
        RunError, match=r"loss is (nan|inf) at step \d+, 10 steps in a row .*; lower optim.lr"
    ):
        train(settings_from(values), tmp_path / "run")


def test_a_model_of_full_size_needs_a_gpu(data: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    values = tree(data, "pretrain")
    values["model"].pop("vision")
    values["train"]["device"] = "auto"
    with pytest.raises(SettingsError, match=r"needs language .* a GPU.*--preset toy"):
        train(settings_from(values), tmp_path / "run")


def test_data_without_a_good_row_is_refused(tmp_path: Path) -> None:
    blank = write(tmp_path / "blank", "charts", [row(f"b{i}", "1", image=None) for i in range(9)])
    with pytest.raises(DataError) as error:
        train(settings_from(tree(blank)), tmp_path / "run")
    assert str(error.value).startswith(
        "none of the first 64 rows can be trained on (64 x no picture); look at the data with"
    )
    long = write(tmp_path / "long", "charts", [row("l", "0 1 2 3 4 5 6 7 8 9 " * 400)])
    with pytest.raises(DataError, match=r"64 x too long.*or set data\.too_long=cut"):
        train(settings_from(tree(long)), tmp_path / "run2")


def test_a_file_and_a_damaged_run_are_refused(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="is a file; name a folder with --out"):
        train(settings_from(tree(data)), tmp_path / "file")
    values = settings_from(tree(data, steps=1))
    train(values, tmp_path / "run")
    (last,) = Run(tmp_path / "run").checkpoints()
    (last / "state" / "optimizer.pt").write_bytes(b"torn")
    with pytest.raises(
        RunError, match=r"cannot be resumed from .*start a new run with model.weights"
    ):
        train(values, tmp_path / "run")
    (last / "model" / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_model(tmp_path / "run")


def test_a_tokenizer_of_another_model_is_noticed(data: Path, tmp_path: Path) -> None:
    values = tree(data)
    values["model"]["text"] = values["model"]["text"] | {"vocab_size": 100}
    with pytest.raises(WeightsError, match=r"has 2\d\d entries, the model 100 embeddings"):
        train(settings_from(values), tmp_path / "run")


def test_a_full_disk_is_named(data: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from trainer.training import checkpoint

    def full(*_: Any) -> None:  # the message of torch
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 6 vs 5")

    class NoSpace:
        free = 0

    monkeypatch.setattr(torch, "save", full)
    monkeypatch.setattr(checkpoint.shutil, "disk_usage", lambda _: NoSpace)
    with pytest.raises(RunError, match=r"step 2 .*\(no space left on the disk\); free some space"):
        train(settings_from(tree(data)), tmp_path / "run")


def test_random_weights_are_not_frozen(data: Path, tmp_path: Path) -> None:
    values = tree(data, "pretrain")
    values["model"]["tokenizer"] = None
    with pytest.raises(SettingsError, match="vision is frozen, but has no weights; use --vision"):
        train(settings_from(values), tmp_path / "run")


def test_batch_size_must_fit_the_processes(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"batch_size 8 is no multiple of 1 processes x .* 3"):
        train(settings_from(tree(data, micro_batch=3)), tmp_path / "run")


def test_pictures_are_exchanged_within_their_kind() -> None:
    assert neighbors(["chart", "page", "chart", "page", "chart"], 5) == [2, 3, 4, 1, 0]
    assert neighbors(["chart", "page", "chart"], 3) == [2, 0, 0], "a single page gets a chart"
    assert neighbors(["chart", "page"], 4) == [1, 0, 2, 3], "what fills the batch stays"
    assert neighbors(["chart", "page", "page", "page"], 3) == [1, 2, 0], "whose is unknown"
