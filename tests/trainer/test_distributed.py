"""Two processes: they compute what one does, with empty ranks and with every part trained.

Processes need longer to start than to train these models. Therefore all runs of two processes are
here, and the same two make all of them.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.processes import train_together
from tests.trainer.small_runs import (
    log_of,
    losses,
    tree,
    warm_up_settings,
    weights,
    write_digits,
    write_held_out,
    write_uneven,
)
from trainer.settings import Settings, settings_from
from trainer.training.loop import train
from trainer.training.run import Run, read_lines

pytestmark = pytest.mark.timeout(1500)  # the first test waits for all runs

LONG = "0 1 2 3 4 5 6 7 8 9 " * 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write(folder, "charts", [*charts(40), row("broken", "1", image=None)], shards=2)
    return write(folder, "pages", [dict(r, kind="page") for r in charts(20, seed=5, prefix="p")])


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of four rows three are too long: many micro-batches of one row have no target."""
    folder = tmp_path_factory.mktemp("gaps")
    good = charts(24)
    return write(folder, "charts", [r if i % 4 == 0 else row(f"long{i}", LONG)
                                    for i, r in enumerate(good)])  # fmt: skip


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_uneven(tmp_path_factory.mktemp("uneven"))


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_digits(tmp_path_factory.mktemp("digits"))


@pytest.fixture(scope="module")
def held_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_held_out(tmp_path_factory.mktemp("held-out"))


def settings(
    data: Path, stage: str, tied: bool = False, packed: bool | None = None, **train_fields: Any
) -> Settings:
    values = tree(data, stage, **train_fields)
    values["model"]["text"] = values["model"]["text"] | {"tie_word_embeddings": tied}
    values["evaluation"] = {"every": 0}
    values["log"]["gain_every"] = 0
    values["data"]["answer_noise"] = 0.3  # the same in any process
    if packed is not None:
        values["data"]["sequences"] = "packed" if packed else "padded"
    return settings_from(values)


def cases(data: Path, gaps: Path) -> Iterator[tuple[str, Settings]]:
    """Names and settings of runs."""
    yield "tiny-ddp", settings(data, "tiny", True, parallel="ddp", steps=4)
    yield "base-fsdp", settings(data, "pretrain", parallel="fsdp", steps=4)
    yield "base-fsdp-tied", settings(data, "pretrain", True, parallel="fsdp", steps=4)
    for method in ("ddp", "fsdp"):
        for packed in (True, False):
            fields = {"batch_size": 4, "micro_batch": 1, "steps": 4, "parallel": method}
            name = f"gaps-{method}-{'packed' if packed else 'padded'}"
            yield name, settings(gaps, "pretrain", packed=packed, **fields)
        yield (
            f"all-trained-{method}",
            settings(data, "pretrain", parallel=method, steps=2, freeze=[]),
        )


def with_few_tokens(uneven: Path, parallel: str) -> Settings:
    fields = {"micro_tokens": 300, "micro_batch": 8, "steps": 4}
    values = tree(uneven, "pretrain", parallel=parallel, **fields)
    return settings_from(values | {"evaluation": {"every": 0}})


def warm_up(digits: Path) -> Settings:
    """Without the dense loss, which is a mean over the places of one process and so weighs them a
    little differently."""
    return warm_up_settings(digits, dense_weight=0.0)


def averaged(held_out: Path, parallel: str = "auto", steps: int = 6) -> Settings:
    """With an average of the weights, by which samples that are held out are read."""
    values = tree(held_out, "pretrain", ema=0.9, parallel=parallel, steps=steps)
    return with_constant_rate(settings_from(values))


@pytest.fixture(scope="module")
def trained(
    data: Path,
    gaps: Path,
    uneven: Path,
    digits: Path,
    held_out: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Every case trained by two processes, in folders with the names of the cases."""
    folder = tmp_path_factory.mktemp("two")
    runs = [(chosen, folder / name) for name, chosen in cases(data, gaps)]
    for stage in ("tiny", "pretrain"):  # DDP and FSDP
        train(constant(data, stage, "auto", 2), folder / f"one-two-{stage}")
        runs.append((constant(data, stage, "auto", 4), folder / f"one-two-{stage}"))
        runs.append((constant(data, stage, "auto", 2), folder / f"two-one-{stage}"))
    runs.append((warm_up(digits), folder / "warm-up"))
    for method, other in (("ddp", "fsdp"), ("fsdp", "ddp")):
        runs.append((with_few_tokens(uneven, method), folder / f"tokens-{method}"))
        runs.append((averaged(held_out, method), folder / f"average-{method}"))
        out = folder / f"average-{method}-{other}"
        runs.append((averaged(held_out, method, 4), out))
        runs.append((averaged(held_out, other), out))
    runs.append((averaged(held_out, "fsdp", 4), folder / "average-fsdp-one"))
    train_together(runs)
    return folder


@pytest.mark.parametrize(
    "name",
    ["tiny-ddp", "base-fsdp", "base-fsdp-tied", "all-trained-ddp", "all-trained-fsdp",
     *(f"gaps-{method}-{kind}" for method in ("ddp", "fsdp") for kind in ("packed", "padded"))],
)  # fmt: skip
def test_two_processes_compute_what_one_does(
    data: Path, gaps: Path, trained: Path, tmp_path: Path, name: str
) -> None:
    chosen = dict(cases(data, gaps))[name]
    train(chosen, tmp_path / "one")
    found, expected = losses(trained / name), losses(tmp_path / "one")
    without = [loss is None for loss in expected]  # steps without any target
    assert [loss is None for loss in found] == without
    assert any(without) == name.startswith("gaps")
    known = [loss for loss in expected if loss is not None]
    assert [loss for loss in found if loss is not None] == pytest.approx(known, rel=1e-4)
    skipped = [
        sorted(s["n"] for s in read_lines(Run(out).skipped))
        for out in (tmp_path / "one", trained / name)
    ]
    assert skipped[0] == skipped[1]
    (*_, checkpoint) = Run(trained / name).checkpoints()
    progress = json.loads((checkpoint / "state" / "progress.json").read_text())
    assert progress["step"] == chosen.train.steps
    assert sum(progress["counts"].values()) == chosen.train.steps * chosen.train.batch_size


def constant(data: Path, stage: str, parallel: str, steps: int) -> Settings:
    return with_constant_rate(settings(data, stage, steps=steps, parallel=parallel))


def with_constant_rate(chosen: Settings) -> Settings:
    """A schedule that does not depend on the number of steps."""
    optim = dataclasses.replace(chosen.optim, schedule="constant")
    return dataclasses.replace(chosen, optim=optim)


@pytest.mark.parametrize("stage", ["tiny", "pretrain"])
def test_a_run_continues_with_another_number_of_processes(
    data: Path, trained: Path, tmp_path: Path, stage: str
) -> None:
    train(constant(data, stage, "auto", 4), tmp_path / "one")
    train(constant(data, stage, "auto", 4), trained / f"two-one-{stage}")
    for name in (f"one-two-{stage}", f"two-one-{stage}"):
        assert losses(trained / name) == pytest.approx(losses(tmp_path / "one"), rel=1e-4), name


def test_two_processes_have_the_samples_of_one(uneven: Path, trained: Path, tmp_path: Path) -> None:
    train(with_few_tokens(uneven, "auto"), tmp_path / "one")
    for method in ("ddp", "fsdp"):
        found = losses(trained / f"tokens-{method}")
        assert found == pytest.approx(losses(tmp_path / "one"), rel=2e-4)


def test_two_processes_warm_up_as_one(digits: Path, trained: Path, tmp_path: Path) -> None:
    """Same crops, same curriculum, same updates."""
    train(warm_up(digits), tmp_path / "one")
    logs = [log_of(out) for out in (tmp_path / "one", trained / "warm-up")]
    one, two = ([line for line in log if line["event"] == "warm-up"] for log in logs)
    for name in ("loss", "grad_norm"):
        assert [line[name] for line in two] == pytest.approx([line[name] for line in one], rel=1e-3)
    # of a step: the mean of the processes' means; three to ten characters, from map and tokens
    dense = [[line["dense_loss"] for line in lines] for lines in (one, two)]
    assert dense[1] == pytest.approx(dense[0], rel=0.2)
    assert 1.0 < dense[0][0] < 10.0
    for name in ("stage", "length", "characters", "samples", "lr"):
        assert [line[name] for line in two] == [line[name] for line in one]
    valid = [log[-1] for log in logs]
    assert valid[0]["event"] == "valid"
    assert valid[1]["loss"] == pytest.approx(valid[0]["loss"], rel=1e-3)


def test_processes_and_shards_have_the_same_average(
    held_out: Path, trained: Path, tmp_path: Path
) -> None:
    """Also where one way goes on from the checkpoint of another."""
    train(averaged(held_out), tmp_path / "one")
    train(averaged(held_out), trained / "average-fsdp-one")
    last = Path("checkpoints", "step-00000006", "ema")
    expected = weights(tmp_path / "one" / last)
    for way in ("ddp", "fsdp", "ddp-fsdp", "fsdp-ddp", "fsdp-one"):
        assert len(losses(trained / f"average-{way}")) == 6
        found = weights(trained / f"average-{way}" / last)
        for name, tensor in expected.items():
            torch.testing.assert_close(found[name], tensor, rtol=1e-3, atol=1e-4)
