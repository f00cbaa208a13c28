"""Starting the processes of a run, and reporting a failure once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.drawn_charts import charts, write
from tests.trainer.small_runs import tree
from trainer import launch as launching
from trainer.errors import RunError, SettingsError
from trainer.launch import launch, one_report
from trainer.settings import settings_from, to_yaml
from trainer.training.prepare import share_of
from trainer.training.world import World


def test_every_process_knows_its_rank(tmp_path: Path) -> None:
    script = "import os, pathlib; pathlib.Path(os.environ['RANK']).write_text(" \
             "os.environ['WORLD_SIZE'] + os.environ['LOCAL_RANK'])"  # fmt: skip
    assert launch(["-c", f"import os; os.chdir({str(tmp_path)!r}); {script}"], 3) == 0
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"0": "30", "1": "31", "2": "32"}


def test_a_failure_ends_the_others() -> None:
    script = "import os, sys, time; sys.exit(7) if os.environ['RANK'] == '1' else time.sleep(1000)"
    assert launch(["-c", script], 2) == 7
    assert launch(["-c", "import os; os.kill(os.getpid(), 9)"], 1) == 137


def test_other_processes_wait_and_give_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(launching.REPORT, raising=False)
    waits: list[float] = []
    monkeypatch.setattr(launching.time, "sleep", waits.append)
    for rank, message in (("0", "full; wait"), ("2", "process 2: full; wait")):
        monkeypatch.setenv("RANK", rank)
        with pytest.raises(RunError) as error, one_report():
            raise RunError("full", "wait")
        assert str(error.value) == message
    assert waits == [launching.FIRST_REPORTS_SECONDS]


def test_a_failure_of_all_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "FIRST_REPORTS_SECONDS", 0)
    monkeypatch.setenv(launching.REPORT, str(tmp_path / "reported"))
    raised = []
    for rank in ("1", "0", "2"):
        monkeypatch.setenv("RANK", rank)
        with pytest.raises((RunError, SystemExit)) as error, one_report():
            raise RunError("full", "wait")
        raised.append(error.value)
    assert isinstance(raised[0], RunError)
    assert [e.code for e in raised[1:] if isinstance(e, SystemExit)] == [1, 1]


@pytest.mark.slow
def test_a_wrong_batch_size_is_one_line_of_one_process(tmp_path: Path) -> None:
    data = write(tmp_path / "data", "charts", charts(8))
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(to_yaml(settings_from(tree(data, batch_size=7))))
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "tiny", "--recipe", str(recipe), "--gpus", "2",
         "-o", str(tmp_path / "run")],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error: train.batch_size 7 is no multiple of 2 processes x train.micro_batch 4",
        "  set train.batch_size=8",
    ]


@pytest.mark.parametrize(
    ("size", "processes", "micro", "advice"),
    [
        (512, 6, 16, "set train.batch_size=480"),
        (12, 2, 4, "set train.batch_size=16 or train.micro_batch=2"),
        (1, 2, 1, "set train.batch_size=2"),
    ],
)
def test_the_nearest_batch_size_is_suggested(
    tmp_path: Path, size: int, processes: int, micro: int, advice: str
) -> None:
    import torch

    settings = settings_from(tree(tmp_path, batch_size=size, micro_batch=micro))
    with pytest.raises(SettingsError) as error:
        share_of(settings, World(0, processes, torch.device("cpu")))
    assert error.value.hint == advice
