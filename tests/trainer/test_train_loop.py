"""Training runs: they learn, log, stop, resume to the bit, and agree over processes."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.small import CLIP, TEXT, VISION
from trainer.errors import DataError, RunError, SettingsError, WeightsError
from trainer.settings import Settings, settings_from
from trainer.training import loop
from trainer.training.loop import train
from trainer.training.objective import neighbours
from trainer.training.run import Run, model_folder, read_lines
from trainer.weights.assemble import load_model


def tree(data: Path, stage: str = "tiny", **train_fields: Any) -> dict[str, Any]:
    base = stage != "tiny"
    return {
        "stage": stage,
        "model": {
            "conversation": "qwen" if base else "opt",
            "tokenizer": "bytes",
            "tokenizer_size": 300,
            "image_size": 256,
            "max_length": 512,
            "vision": VISION,
            "clip": CLIP if base else {},
            "text": TEXT["qwen2" if base else "opt"],
        },
        "data": {
            "datasets": [str(data)],
            "workers": 0,
            "sequences": "packed" if base else "padded",
        },
        "train": {"batch_size": 8, "micro_batch": 4, "steps": 6, "precision": "fp32",
                  "device": "cpu", "freeze": ["vision", "compressor", "clip"] if base else []}
        | train_fields,
        "optim": {"lr": 3e-3, "warmup": 2},
        "evaluation": {"every": 3, "samples": 8},
        "checkpoint": {"every": 2, "keep": 2},
        "log": {"every": 1, "gain_every": 2, "tensorboard": False},
    }  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder, "charts", [*charts(40), row("broken", "1", image=None)], shards=2)
    write(folder, "pages", [dict(r, kind="page") for r in charts(20, seed=5, prefix="p")])
    return write(folder, "charts", charts(10, seed=9, prefix="v"), split="validation")


def losses(out: Path) -> list[float]:
    return [line["loss"] for line in read_lines(Run(out).log) if line["event"] == "train"]


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
def test_an_interrupted_run_goes_on_to_the_bit(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    log = {"every": 3, "gain_every": 0, "tensorboard": False}  # not in step with checkpoints
    settings = settings_from(tree(data, stage) | {"log": log})
    dropout = dataclasses.replace(
        settings.model, text=settings.model.text | {"dropout": 0.1, "attention_dropout": 0.1}
    )
    settings = dataclasses.replace(settings, model=dropout)
    train(settings, tmp_path / "whole")

    class Killed(BaseException):
        pass

    real = loop._one_step

    def dies(training: loop.Training, *args: Any) -> Any:
        if training.step == 5:
            raise Killed
        return real(training, *args)

    monkeypatch.setattr(loop, "_one_step", dies)
    with pytest.raises(Killed):
        train(settings, tmp_path / "cut")
    monkeypatch.setattr(loop, "_one_step", real)
    assert [c.name for c in Run(tmp_path / "cut").checkpoints()][-1] == "step-00000004"
    train(settings, tmp_path / "cut")
    assert len(losses(tmp_path / "whole")) == 2
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    ends = [model_folder(tmp_path / name) / "model.safetensors" for name in ("whole", "cut")]
    assert ends[0].read_bytes() == ends[1].read_bytes()
    skipped = [read_lines(Run(tmp_path / name).skipped) for name in ("whole", "cut")]
    assert skipped[0] == skipped[1]


def test_other_settings_need_another_folder(data: Path, tmp_path: Path) -> None:
    wanted = tree(data, steps=1)
    train(settings_from(wanted), tmp_path / "run")
    train(settings_from(wanted | {"log": {"every": 5, "tensorboard": False}}), tmp_path / "run")
    with pytest.raises(RunError, match=r"other settings \(optim.lr: 0.003, now 0.1\)"):
        train(settings_from(wanted | {"optim": {"lr": 0.1, "warmup": 2}}), tmp_path / "run")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").touch()
    with pytest.raises(RunError, match="is not empty and holds no run"):
        train(settings_from(wanted), tmp_path / "full")


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


def test_out_of_memory_says_what_to_lower(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.errors import OutOfMemory

    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loop, "_one_step", full)
    with pytest.raises(OutOfMemory, match=r"at step 1; lower train\.micro_batch"):
        train(settings_from(tree(data)), tmp_path / "run")


def test_a_loss_that_is_not_finite_stops_the_run(data: Path, tmp_path: Path) -> None:
    wanted = tree(data, steps=20) | {"optim": {"lr": 1e30, "warmup": 0, "clip": 0}}
    with pytest.raises(RunError, match=r"the loss is (nan|inf) at step \d+; lower optim.lr"):
        train(settings_from(wanted), tmp_path / "run")


def test_a_model_of_full_size_wants_a_gpu(data: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    wanted = tree(data, "pretrain")
    wanted["model"].pop("vision")
    wanted["train"]["device"] = "auto"
    with pytest.raises(SettingsError, match=r"needs language .* a GPU.*--preset toy"):
        train(settings_from(wanted), tmp_path / "run")


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


def test_what_is_no_run_or_a_damaged_one(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="is a file; name a folder with --out"):
        train(settings_from(tree(data)), tmp_path / "file")
    wanted = settings_from(tree(data, steps=1))
    train(wanted, tmp_path / "run")
    (last,) = Run(tmp_path / "run").checkpoints()
    (last / "state" / "optimizer.pt").write_bytes(b"torn")
    with pytest.raises(RunError, match=r"cannot be resumed from .*start anew from its model"):
        train(wanted, tmp_path / "run")
    (last / "model" / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_model(tmp_path / "run")


def test_a_tokenizer_of_another_model_is_noticed(data: Path, tmp_path: Path) -> None:
    wanted = tree(data)
    wanted["model"]["text"] = wanted["model"]["text"] | {"vocab_size": 100}
    with pytest.raises(WeightsError, match=r"has 2\d\d entries, the model 100 embeddings"):
        train(settings_from(wanted), tmp_path / "run")


def test_a_full_disk_is_called_so(data: Path, tmp_path: Path, monkeypatch: Any) -> None:
    from trainer.training import checkpoint

    def full(*_: Any) -> None:  # what torch says
        raise RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 6 vs 5")

    class NoSpace:
        free = 0

    monkeypatch.setattr(torch, "save", full)
    monkeypatch.setattr(checkpoint.shutil, "disk_usage", lambda _: NoSpace)
    with pytest.raises(RunError, match=r"step 2 .*\(no space left on the disk\); free some space"):
        train(settings_from(tree(data)), tmp_path / "run")


def test_random_weights_are_not_frozen(data: Path, tmp_path: Path) -> None:
    wanted = tree(data, "pretrain")
    wanted["model"]["tokenizer"] = None
    with pytest.raises(SettingsError, match="vision is frozen, but has no weights; use --vision"):
        train(settings_from(wanted), tmp_path / "run")


def test_batch_size_must_fit_the_processes(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"batch_size 8 is no multiple of 1 processes x .* 3"):
        train(settings_from(tree(data, micro_batch=3)), tmp_path / "run")


def distributed(settings: Settings, out: Path, processes: int) -> list[float]:
    from trainer.settings import to_yaml

    recipe = out.with_suffix(".yaml")
    recipe.write_text(to_yaml(settings))
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = ["-m", "trainer", "tiny", "--recipe", str(recipe), "--out", str(out)]
    subprocess.run(
        [*torchrun, f"--nproc-per-node={processes}", *command],
        env=environment,
        check=True,
        capture_output=True,
        timeout=240,
    )
    return losses(out)


@pytest.mark.parametrize(
    ("stage", "parallel", "tied"),
    [("tiny", "ddp", True), ("pretrain", "fsdp", False), ("pretrain", "fsdp", True)],
)
def test_two_processes_compute_what_one_does(
    data: Path, tmp_path: Path, stage: str, parallel: str, tied: bool
) -> None:
    wanted = tree(data, stage, parallel=parallel, steps=4)
    wanted["model"]["text"] = wanted["model"]["text"] | {"tie_word_embeddings": tied}
    settings = settings_from(wanted)
    train(settings, tmp_path / "one")
    two = distributed(settings, tmp_path / "two", 2)
    assert two == pytest.approx(losses(tmp_path / "one"), rel=1e-4)
    skipped = [
        sorted(s["n"] for s in read_lines(Run(tmp_path / name).skipped)) for name in ("one", "two")
    ]
    assert skipped[0] == skipped[1]
    longer = dataclasses.replace(settings, train=dataclasses.replace(settings.train, steps=4))
    # one process goes on from what two have saved
    checkpoint = Run(tmp_path / "two").checkpoints()
    progress = json.loads((checkpoint[-1] / "state" / "progress.json").read_text())
    assert progress["step"] == longer.train.steps
    assert sum(progress["counts"].values()) == 32


def test_pictures_are_exchanged_within_their_kind() -> None:
    assert neighbours(["chart", "page", "chart", "page", "chart"], 5) == [2, 3, 4, 1, 0]
    assert neighbours(["chart", "page", "chart"], 3) == [2, 0, 0], "a single page gets a chart"
    assert neighbours(["chart", "page"], 4) == [1, 0, 2, 3], "what fills the batch stays"
    assert neighbours(["chart", "page", "page", "page"], 3) == [1, 2, 0], "whose is unknown"
