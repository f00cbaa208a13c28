"""Two processes: they compute what one does, with empty ranks and with every part trained."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.drawn_charts import charts, row, write
from tests.trainer.processes import train_together
from tests.trainer.test_train_loop import losses, tree
from trainer.settings import Settings, settings_from
from trainer.training.loop import train
from trainer.training.run import Run, read_lines

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


def settings(
    data: Path, stage: str, tied: bool = False, packed: bool | None = None, **train_fields: Any
) -> Settings:
    values = tree(data, stage, **train_fields)
    values["model"]["text"] = values["model"]["text"] | {"tie_word_embeddings": tied}
    values["evaluation"] = {"every": 0}
    values["log"]["gain_every"] = 0
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


@pytest.fixture(scope="module")
def trained(data: Path, gaps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every case trained by two processes, in folders with the names of the cases."""
    folder = tmp_path_factory.mktemp("two")
    runs = [(chosen, folder / name) for name, chosen in cases(data, gaps)]
    for stage in ("tiny", "pretrain"):  # DDP and FSDP
        train(constant(data, stage, "auto", 2), folder / f"one-two-{stage}")
        runs.append((constant(data, stage, "auto", 4), folder / f"one-two-{stage}"))
        runs.append((constant(data, stage, "auto", 2), folder / f"two-one-{stage}"))
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
    """A schedule that does not depend on the number of steps."""
    chosen = settings(data, stage, steps=steps, parallel=parallel)
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
