"""The fault of a task, a worker or a whole run changes nothing but the faulty task."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.faults.faulty import (
    FaultyGenerator,
    content,
    expire_deadlines_of_hanging_tasks,
    let_continue,
    make,
    make_here,
    recipe,
)
from vary_data import generators
from vary_data.base.errors import OutputError, PlanMismatch, ToolMissing, VaryError
from vary_data.dataset.reader import Dataset
from vary_data.engine import pool
from vary_data.engine.executors import local
from vary_data.engine.output import ConfigWriter
from vary_data.engine.plan import RunPlan
from vary_data.engine.pool import SupervisedPool
from vary_data.engine.shard import OpenTaskRunner, run_shard

MARK = "VARY_FAULT_TEST"


def strays(mark: str) -> list[psutil.Process]:
    """Every other process whose environment has the mark of a test."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
    return found


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    mark = f"{os.getpid()}-{request.node.name}"
    monkeypatch.setenv(MARK, mark)
    yield
    deadline = time.monotonic() + 200
    while left := strays(mark):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.05)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder where faults leave and wait for files."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def test_only_the_faulty_tasks_are_rejected_each_with_its_reason(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expire_deadlines_of_hanging_tasks(state, monkeypatch)
    faults = ("2:crash", "5:segfault", "8:raise", "11:hang", "14:reject")
    make(tmp_path / "out", workers=1, options={"faults": faults, "state": str(state)})
    config = Dataset.open(tmp_path / "out").config("faulty-en")
    assert {int(r.key[-5:]): r.reason for r in config.rejections()} == {
        2: "crash",
        5: "crash",
        8: "RuntimeError",
        11: "timeout",
        14: "too-plain",
    }
    details = {int(r.key[-5:]): r.detail for r in config.rejections()}
    assert "SIGKILL" in details[2]
    assert "SIGSEGV" in details[5]
    assert "this task is bad in two lines (faulty.py:" in details[8]
    assert details[11].startswith("no answer within 120 s, of which it computed for 0.")
    causes = {int(r.key[-5:]): r.cause for r in config.rejections()}
    assert causes == {
        2: "environment",
        5: "content",
        8: "content",
        11: "environment",
        14: "content",
    }
    made = [int(row["id"][-5:]) for row in config.rows(["id"])]
    assert sorted(made) == [i for i in range(20) if i not in (2, 5, 8, 11, 14)]


def test_a_task_that_hangs_is_killed_at_its_deadline(tmp_path: Path) -> None:
    options = {"num_samples": 1, "faults": ("0:hang",)}
    (report,) = make(tmp_path, workers=1, timeout=0.3, options=options)
    (rejection,) = report.rejections
    assert rejection.reason == "timeout"
    # The first task of a worker and a repeated one may take twice as long.
    assert rejection.detail.startswith("no answer within 0.6 s, of which it computed for 0.")


@pytest.mark.parametrize(
    ("workers", "faults"),
    [
        (2, ("3:once-crash", "9:once-broken", "12:once-segfault")),
        (1, ("3:once-crash", "6:once-hang", "9:once-broken", "12:once-segfault")),
    ],
)
def test_faults_that_happen_once_cost_nothing(
    tmp_path: Path,
    state: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: int,
    faults: tuple[str, ...],
) -> None:
    with monkeypatch.context() as patch:
        expire_deadlines_of_hanging_tasks(state, patch)
        make(tmp_path / "a", workers, options={"faults": faults, "state": str(state)})
    assert not list(Dataset.open(tmp_path / "a").config("faulty-en").rejections())
    make_here(tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_worker_count_and_shard_size_do_not_matter(tmp_path: Path) -> None:
    make_here(tmp_path / "one")
    make(tmp_path / "many", workers=3)
    make(tmp_path / "large", workers=2, samples_per_shard=1000)
    assert content(tmp_path / "one") == content(tmp_path / "many")
    assert sorted(content(tmp_path / "one")) == sorted(content(tmp_path / "large"))


COMMAND = """
import json, sys
from pathlib import Path
from tests.faults.faulty import make
make(Path(sys.argv[1]), int(sys.argv[2]), options=json.loads(sys.argv[3]))
"""


def start(out: Path, workers: int, options: dict[str, Any]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(out), str(workers), json.dumps(options)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )


def waiting(state: Path, *tasks: int) -> dict[str, Any]:
    """Options for a run of nine shards that waits at some tasks."""
    faults = [f"{task}:wait" for task in tasks]
    return {"num_samples": 60, "faults": faults, "state": str(state)}


def wait_for_shards(out: Path, count: int) -> None:
    deadline = time.monotonic() + 200
    while len(list(out.glob("faulty-en/data/*.parquet"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_killed_command_resumes_to_the_same_dataset(tmp_path: Path, state: Path) -> None:
    options = waiting(state, 28)
    process = start(tmp_path / "killed", 2, options)
    wait_for_shards(tmp_path / "killed", 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "killed").glob("*/data/*.parquet")}
    assert 2 <= len(before) <= 4
    let_continue(state, 28)
    make(tmp_path / "killed", options=options)
    assert {p: p.stat().st_mtime_ns for p in before} == before, "finished shards were made again"
    make_here(tmp_path / "whole", options={"num_samples": 60})
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert not list((tmp_path / "killed/faulty-en/.vary/incomplete").glob("*"))


def test_killed_workers_change_nothing(tmp_path: Path, state: Path) -> None:
    stops = {1: 7, 3: 21, 5: 35}
    process = start(tmp_path / "killed", 1, waiting(state, *stops.values()))
    for shards, task in stops.items():
        wait_for_shards(tmp_path / "killed", shards)
        (worker,) = psutil.Process(process.pid).children()
        worker.kill()
        let_continue(state, task)
    assert process.wait() == 0
    make_here(tmp_path / "whole", options={"num_samples": 60})
    assert content(tmp_path / "killed") == content(tmp_path / "whole")


def test_another_recipe_is_refused_and_says_what_differs(tmp_path: Path) -> None:
    make_here(tmp_path)
    with pytest.raises(PlanMismatch, match="seed: 0 there, 1 now") as refused:
        make(tmp_path, seed=1)
    assert "--overwrite" in refused.value.hint
    before = content(tmp_path)
    plan = RunPlan.resolve(recipe(seed=1), FaultyGenerator())
    local.run(plan, tmp_path, generators.load, 2, overwrite=True)
    assert content(tmp_path) != before


def test_running_again_makes_nothing(tmp_path: Path) -> None:
    assert len(make_here(tmp_path)) == 3
    assert make(tmp_path) == []


def test_a_shard_run_alone_is_the_shard_of_the_whole_run(tmp_path: Path) -> None:
    make_here(tmp_path)
    plan = RunPlan.resolve(recipe(), FaultyGenerator())
    alone = ConfigWriter(tmp_path / "alone" / "faulty-en")
    with SupervisedPool(
        OpenTaskRunner(generators.load, plan.recipe), 1, plan.recipe.timeout
    ) as workers:
        report = run_shard(plan, 1, workers, alone)
    assert (report.index, report.samples) == (1, 7)
    shard = plan.shards[1]
    assert alone.shard(shard).read_bytes() == (
        ConfigWriter(tmp_path / "faulty-en").shard(shard).read_bytes()
    )


def test_a_damaged_shard_is_made_again(tmp_path: Path) -> None:
    make_here(tmp_path)
    before = content(tmp_path)
    shard = tmp_path / "faulty-en/data/train-00001-of-00003.parquet"
    shard.write_bytes(shard.read_bytes()[:-100])
    assert [report.index for report in make_here(tmp_path)] == [1]
    assert content(tmp_path) == before


def test_missing_tools_stop_the_run_with_their_message(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="not installed; apt-get install tool"):
        make(tmp_path, options={"state": "no-tool"})


def test_a_tool_that_keeps_dying_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MAX_BROKEN_IN_A_ROW", 4)  # each costs the start of a worker
    faults = tuple(f"{i}:broken" for i in range(20))
    with pytest.raises(VaryError, match="tools of workers keep dying: the browser died"):
        make(tmp_path, options={"faults": faults})


def test_several_samples_of_a_task_and_retried_attempts(tmp_path: Path) -> None:
    faults = ("1:several", "4:retried")
    (report, *_) = make_here(tmp_path, options={"num_samples": 6, "faults": faults})
    assert report.samples == 8
    assert report.failed_tasks == 0
    assert [(r.reason, r.retried) for r in report.rejections] == [("overlap", True)]
    assert "faulty-en-00001#2" in [row[0] for row in content(tmp_path)]


def test_disk_full_in_mid_shard_keeps_finished_shards(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no right to mount a file system here")
    try:
        with pytest.raises(OutputError, match="disk is full"):
            make(disk / "out", options={"num_samples": 300})
        kept = Dataset.open(disk / "out").config("faulty-en")
        finished = [shard for shard in kept.shards if shard.finished]
        assert 0 < len(finished) < len(kept.shards)
        assert len(list(kept.rows(["id"]))) == 7 * len(finished)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot write"):
        make(tmp_path / "file")


def test_two_runs_into_one_configuration(tmp_path: Path, state: Path) -> None:
    options = waiting(state, 14)
    process = start(tmp_path / "out", 1, options)
    wait_for_shards(tmp_path / "out", 1)
    with pytest.raises(OutputError, match="another run is writing"):
        make(tmp_path / "out", options=options)
    let_continue(state, 14)
    assert process.wait() == 0


def test_a_readme_of_another_program_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# My project")
    with pytest.raises(OutputError, match="not a dataset card of vary-data"):
        make(tmp_path)
    assert (tmp_path / "README.md").read_text() == "# My project"
