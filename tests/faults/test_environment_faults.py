"""Tasks that fail because of the machine are named, and the same command tries just them again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from tests.faults import faulty
from tests.faults.faulty import (
    FaultyGenerator,
    content,
    let_continue,
    make,
    make_here,
    recipe,
)
from tests.tools.in_process import InProcess, pools
from vary_data import generators
from vary_data.base.errors import OutputError, PlanMismatch, SourceError
from vary_data.base.seed import TaskSeed
from vary_data.cli.status import command
from vary_data.dataset.reader import Dataset, DatasetConfig
from vary_data.dataset.rejection import Rejection
from vary_data.engine import output, provenance
from vary_data.engine.executors import local
from vary_data.engine.executors.progress import Progress
from vary_data.engine.generator import Task
from vary_data.engine.owner import is_abandoned, owner
from vary_data.engine.plan import RunPlan
from vary_data.engine.run import RunSettings, Unstable, check_unstable, run_plan, summarize
from vary_data.engine.shard import RunTask
from vary_data.quality.validate import validate


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def config(out: Path) -> DatasetConfig:
    return Dataset.open(out).config("faulty-en")


def shard_bytes(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((out / "faulty-en/data").iterdir())]


def test_only_unstable_tasks_are_tried_again(tmp_path: Path, state: Path) -> None:
    faults = ("3:until-crash", "5:reject", "9:several", "10:until-broken", "17:raise")
    options = {"faults": faults, "state": str(state)}
    plan = RunPlan.resolve(recipe(options=options), FaultyGenerator())
    make(tmp_path / "out", workers=1, options=options)
    causes = {int(r.key[-5:]): (r.reason, r.cause) for r in config(tmp_path / "out").rejections()}
    assert causes == {
        3: ("crash", "environment"),
        5: ("too-plain", "content"),
        10: ("broken", "environment"),
        17: ("RuntimeError", "content"),
    }
    with pytest.raises(Unstable, match=r"2 rejections are due to this machine.*crash 1.*SIGKILL"):
        check_unstable(summarize(plan, tmp_path / "out"))
    assert Unstable.exit_code == 4
    assert validate(tmp_path / "out").counts == {"unstable": 2}

    let_continue(state, 3)
    let_continue(state, 10)
    observed: list[tuple[int, int]] = []
    progress = Progress(tasks=lambda tasks, samples, rejections: observed.append((tasks, samples)))
    run_plan(plan, tmp_path / "out", generators.load, RunSettings(1), progress)
    assert len(observed) == 14, "the two shards with unstable tasks"
    check_unstable(summarize(plan, tmp_path / "out"))
    make_here(tmp_path / "calm", options=options)
    assert shard_bytes(tmp_path / "out") == shard_bytes(tmp_path / "calm")
    assert validate(tmp_path / "out").clean
    assert make(tmp_path / "out", options=options) == []


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", ".hidden", "a\\b", "a\x1b[2J", "a" * 300]
)
def test_an_id_is_the_name_of_a_file(name: str) -> None:
    """`select` copies ids of datasets of others; no task may make a row with such an image path."""
    sample = faulty.TaskRunner(recipe())._draw(Task(name, "d"), TaskSeed.of(0, "x", name))
    run = RunTask(SimpleNamespace(run=lambda task, seed: [sample]))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no name of a file"):
        run((Task(name, "d"), TaskSeed.of(0, "x", name)))


def test_rejections_have_no_control_characters() -> None:
    rejection = Rejection("a\x1b[2J", "bad", "one\ntwo\x1b]0;pwned\x07 漢字")
    assert rejection == Rejection("a\ufffd[2J", "bad", "one two\ufffd]0;pwned\ufffd 漢字")


def test_after_three_runs_a_failure_is_final(tmp_path: Path, state: Path) -> None:
    options = {"num_samples": 2, "faults": ("1:crash",), "state": str(state)}
    runs = []
    for _ in range(3):
        (report,) = make(tmp_path / "out", workers=1, options=options)
        runs += [(r.cause, r.runs) for r in report.rejections]
    assert runs == [("environment", 1), ("environment", 2), ("content", 3)]
    assert report.rejections[0].detail.endswith("it failed like this in 3 runs")
    assert make(tmp_path / "out", workers=1, options=options) == []


SHARE = """
import json, sys
from pathlib import Path
from tests.faults.faulty import FaultyGenerator, recipe
from vary_data import generators
from vary_data.engine.executors import local
from vary_data.engine.output import Share
from vary_data.engine.plan import RunPlan
plan = RunPlan.resolve(recipe(options=json.loads(sys.argv[2])), FaultyGenerator())
local.run(plan, Path(sys.argv[1]), generators.load, 1, share=Share(0, int(sys.argv[3])))
"""


def start_share(out: Path, options: dict[str, Any], count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SHARE, str(out), json.dumps(options), str(count)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.mark.parametrize("count", [2, 4])
def test_overlapping_shares_do_not_disturb_each_other(
    tmp_path: Path, state: Path, count: int
) -> None:
    """The second run makes the shard in which the first one waits, and the first one goes on."""
    options = {"num_samples": 28, "faults": ("2:once-wait",), "state": str(state)}
    first = start_share(tmp_path / "out", options, 2)
    deadline = time.monotonic() + 200
    while not (state / "faulty-en-00002").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    second = start_share(tmp_path / "out", options, count)
    assert second.wait() == 0
    let_continue(state, 2)
    assert first.wait() == 0
    assert [shard.finished for shard in config(tmp_path / "out").shards] == [True, False] * 2
    make(tmp_path / "out", options=options)
    make_here(tmp_path / "whole", options=options)
    assert content(tmp_path / "out") == content(tmp_path / "whole")
    assert not list((tmp_path / "out/faulty-en/.vary/incomplete").iterdir())


def test_only_the_files_of_ended_writers_are_abandoned(tmp_path: Path) -> None:
    def file(suffix: str, age: float = 0) -> Path:
        path = tmp_path / f"train-00000-of-00001.parquet.{suffix}"
        path.touch()
        os.utime(path, (time.time() - age,) * 2)
        return path

    place = owner().rsplit("~", 2)[0]
    assert not is_abandoned(file(owner(), age=10**6))
    assert is_abandoned(file(f"{place}~{os.getpid()}~1")), "another process had this number"
    assert is_abandoned(file(f"{place}~{2**22 + 5}~77"))
    assert not is_abandoned(file("other-host~4026531836~17~99"))
    assert is_abandoned(file("other-host~4026531836~17~99", age=2 * 24 * 3600))
    assert is_abandoned(file("node-17", age=2 * 24 * 3600)), "as version 0.2 named them"


def test_shards_that_disappear_during_the_run_are_noticed(tmp_path: Path) -> None:
    plan = RunPlan.resolve(recipe(), FaultyGenerator())

    def clean_up(report: Any) -> None:
        for path in (tmp_path / "faulty-en/data").glob("train-00000*"):
            path.unlink()

    with pools(InProcess):
        with pytest.raises(OutputError, match=r"1 of 3 shards.*disappeared"):
            run_plan(plan, tmp_path, generators.load, RunSettings(1), Progress(shard=clean_up))
        assert run_plan(plan, tmp_path, generators.load, RunSettings(1)).shards == 3


def test_a_report_is_on_the_disk_before_its_shard_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and their folders are synced, since a new name is lost with its folder."""
    synced: list[str] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        synced.append(os.path.realpath(f"/proc/self/fd/{handle}"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    make_here(tmp_path, options={"num_samples": 3})
    names = [path.removeprefix(f"{tmp_path}/faulty-en/") for path in synced]
    report, shard = names.index(".vary/shards"), names.index("data")
    assert names[report - 1].startswith(".vary/shards/")
    assert report < shard
    assert names[shard - 1].startswith(".vary/incomplete/")


def test_a_report_that_is_not_the_shards_is_made_again(tmp_path: Path) -> None:
    make_here(tmp_path)
    before = shard_bytes(tmp_path)
    reports = sorted((tmp_path / "faulty-en/.vary/shards").glob("train*.json"))
    whole = reports[0].read_text()
    for damaged in (
        whole[:40],
        "",
        "[]",
        '{"plan_id": 5}',
        reports[1].read_text(),
        whole.replace('"samples": 7', '"samples": 8'),
        "[" * 100_000,
    ):
        reports[0].write_text(damaged)
        assert validate(tmp_path).counts in ({"report": 1}, {"rows": 1})
        assert [report.index for report in make_here(tmp_path)] == [0]
        assert validate(tmp_path).clean
    assert shard_bytes(tmp_path) == before


@pytest.mark.parametrize("damaged", ["", "[]", '{"plan_id": "x", "sha', "[" * 100_000, "\0"])
def test_a_plan_that_is_damaged_is_written_again(tmp_path: Path, damaged: str) -> None:
    make_here(tmp_path)
    plan_file = tmp_path / "faulty-en/.vary/plan.json"
    plan_file.write_text(damaged)
    with pytest.raises(SourceError, match="run the command that made the dataset again"):
        list(config(tmp_path).rows())
    assert make_here(tmp_path) == []
    assert len(list(config(tmp_path).rows())) == 20
    plan_file.write_text(damaged)
    with pytest.raises(PlanMismatch, match="no readable plan, and train-00000"):
        make_here(tmp_path, seed=1)


@pytest.mark.parametrize(
    "shards", ['{"../../x": 1}', '{"train": -1}', '{"train": 1e9}', '{"train": "3"}', "7"]
)
def test_a_foreign_plan_is_one_clear_line(tmp_path: Path, shards: str) -> None:
    make_here(tmp_path)
    plan_file = tmp_path / "faulty-en/.vary/plan.json"
    plan_file.write_text(f'{{"plan_id": "a", "shards": {shards}}}')
    with pytest.raises(SourceError, match=r"plan\.json is not a plan"):
        config(tmp_path).shards  # noqa: B018


def test_a_shard_with_a_damaged_head_is_named(tmp_path: Path) -> None:
    make_here(tmp_path)
    path = tmp_path / "faulty-en/data/train-00001-of-00003.parquet"
    path.write_bytes(bytes(64) + path.read_bytes()[64:])
    (problem,) = validate(tmp_path).problems
    assert problem.check == "unreadable"
    assert problem.file == "faulty-en/data/train-00001-of-00003.parquet"


def test_the_versions_of_each_shard_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_here(tmp_path)
    plan_file = tmp_path / "faulty-en/.vary/plan.json"
    plan = plan_file.read_text()
    (tmp_path / "faulty-en/data/train-00001-of-00003.parquet").unlink()
    now = {**provenance.versions(), "matplotlib": "9.9.9", "code": "0123456789abcdef"}
    before = {name: provenance.versions().get(name, "none") for name in ("matplotlib", "code")}
    for module in (output, provenance):
        monkeypatch.setattr(module, "versions", lambda: now)
    left = (
        "1 shards are left, and would be made with matplotlib 9.9.9, code 0123456789abcdef "
        f"(finished ones: matplotlib {before['matplotlib']}, code {before['code']})"
    )
    assert provenance.version_notes(config(tmp_path)) == [left]
    status = CliRunner().invoke(command, [str(tmp_path)]).output
    assert f"faulty-en: {left}\n" in status
    make_here(tmp_path)
    assert plan_file.read_text() == plan
    groups = provenance.made_with(config(tmp_path))
    assert sorted(groups.values()) == [["train-00000", "train-00002"], ["train-00001"]]
    card = (tmp_path / "README.md").read_text()
    assert "The shards of faulty-en were made with different versions:" in card
    assert "- 1 from train-00001:" in card
    assert "matplotlib 9.9.9" in card
    assert "code 0123456789abcdef" in card
    note = (
        "faulty-en: its shards were made with different versions: "
        f"2 with matplotlib {before['matplotlib']}, code {before['code']}; "
        "1 with matplotlib 9.9.9, code 0123456789abcdef"
    )
    assert validate(tmp_path).notes == (note,)
    assert f"{note}\n" in CliRunner().invoke(command, [str(tmp_path)]).output


def test_rows_that_are_kept_in_a_retry_keep_their_versions(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"num_samples": 4, "faults": ("1:until-crash",), "state": str(state)}
    make(tmp_path, workers=1, options=options)
    first = provenance.versions()
    now = {**first, "pillow": "9.9.9"}
    for module in (output, provenance):
        monkeypatch.setattr(module, "versions", lambda: now)
    let_continue(state, 1)
    make_here(tmp_path, options=options)
    (shard,) = config(tmp_path).shards
    assert provenance.stored_versions(shard.footer) == now
    assert provenance.earlier_versions(shard.footer) == [first]
    assert validate(tmp_path).notes == (
        "faulty-en: its shards were made with different versions: "
        f"1 with pillow 9.9.9; 1 with pillow {first['pillow']}",
    )


def test_the_code_of_a_checkout_is_part_of_the_versions(tmp_path: Path) -> None:
    for package in provenance.CODE:
        (tmp_path / package).mkdir()
    module = tmp_path / "renderers" / "a.py"
    module.write_text("x = 1")
    before = provenance.code_hash(tmp_path)
    assert provenance.code_hash(tmp_path) == before
    module.write_text("x = 2")
    assert provenance.code_hash(tmp_path) != before
    assert len(provenance.versions()["code"]) == 16


def test_local_run_is_equal_after_a_retry_with_two_workers(tmp_path: Path, state: Path) -> None:
    options = {"faults": ("3:until-crash", "4:until-crash"), "state": str(state)}
    plan = RunPlan.resolve(recipe(options=options), FaultyGenerator())
    reports = local.run(plan, tmp_path / "out", generators.load, 2)
    assert sum(r.unstable for report in reports for r in report.rejections) == 2
    for index in (3, 4):
        let_continue(state, index)
    local.run(plan, tmp_path / "out", generators.load, 2)
    make_here(tmp_path / "calm", options=options)
    assert shard_bytes(tmp_path / "out") == shard_bytes(tmp_path / "calm")
