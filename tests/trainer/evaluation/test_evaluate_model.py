"""Answering with a model: from training to a report, killed and gone on with, by two processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.trainer.drawn_charts import charts, picture, row, write
from trainer.cli import group
from trainer.errors import RunError


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(group, [str(a) for a in arguments])


@pytest.fixture(scope="module")
def test_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    pages = [dict(r, kind="page") for r in charts(9, seed=4)]
    broken = row("broken", "7", kind="page", image={"bytes": b"no picture", "path": "x.png"})
    return write(folder, "pages", [*pages, broken], split="test")


def options(model: Path, rows: Path, out: Path) -> tuple[Any, ...]:
    return ("evaluate", "-m", model, "-d", rows, "-o", out, "--max-new-tokens", 4, "--batch", 2,
            "--device", "cpu")  # fmt: skip


def lines(out: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in out.glob("answers*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            given = json.loads(line)
            assert given["id"] not in found, "answered twice"
            found[given["id"]] = given
    return found


def scores(out: Path) -> Any:
    return json.loads((out / "scores.json").read_text())["groups"]


@pytest.fixture(scope="module")
def whole(trained: Path, test_rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole") / "out"
    result = run(*options(trained, test_rows, out))
    assert result.exception is None, result.exception
    assert "1 pictures could not be read: broken: picture unreadable" in result.output
    assert "answers did not end within 4 tokens" in result.output
    return out


def test_every_row_is_answered(whole: Path) -> None:
    given = lines(whole)
    assert len(given) == 10
    assert (given["broken"]["answer"], given["broken"]["error"]) == ("", "picture unreadable")
    assert all(0 < g["tokens"] <= 4 for name, g in given.items() if name != "broken")
    assert all(g["answer"].startswith("seven") for g in given.values() if not g["error"])
    assert scores(whole)[0]["samples"] == 10


def test_answers_can_be_scored_again(whole: Path, test_rows: Path, tmp_path: Path) -> None:
    result = run("evaluate", "-p", whole / "answers.jsonl", "-d", test_rows, "-o", tmp_path)
    assert result.exception is None
    assert scores(tmp_path) == scores(whole)


def test_an_interrupted_evaluation_goes_on(
    whole: Path, trained: Path, test_rows: Path, tmp_path: Path
) -> None:
    all_lines = (whole / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "model.json").write_bytes((whole / "model.json").read_bytes())
    # three answers, one of another test set under a known id, and one that was cut off
    stale = json.loads(all_lines[5]) | {"key": "of another truth", "answer": "stale"}
    torn = b"".join(all_lines[:3]) + json.dumps(stale).encode() + b"\n" + all_lines[4][:20]
    (tmp_path / "answers.jsonl").write_bytes(torn)
    result = run(*options(trained, test_rows, tmp_path))
    assert result.exception is None, result.exception
    assert "answered 7 of 7" in result.output
    after = (tmp_path / "answers.jsonl").read_bytes()
    assert after.startswith(b"".join(all_lines[:3]))
    assert len(after.splitlines()) == 11  # the stale one stays, and is passed over
    assert scores(tmp_path) == scores(whole)
    again = run(*options(trained, test_rows, tmp_path))
    assert "answered " not in again.output
    assert (tmp_path / "answers.jsonl").read_bytes() == after


def test_another_model_or_setting_is_refused(
    whole: Path, trained: Path, test_rows: Path, tmp_path: Path
) -> None:
    given = [*options(trained, test_rows, whole)]
    given[given.index("--max-new-tokens") + 1] = 5
    result = run(*given)
    assert isinstance(result.exception, RunError)
    assert "has answers of another run (max_new_tokens differ)" in str(result.exception)
    (tmp_path / "model.json").write_text("[]")
    result = run(*options(trained, test_rows, tmp_path))
    assert isinstance(result.exception, RunError)
    assert "\n" not in str(result.exception)


def command(*arguments: Any) -> list[str]:
    return [str(a) for a in arguments]


ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


KILLED = """
import os, signal
from trainer.cli import main
from trainer.evaluation.answers import Journal

append, left = Journal.append, iter(range(5))

def append_five(*arguments):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    append(*arguments)

Journal.append = append_five
main()
"""
"""`python -m trainer` that is killed after five answers."""


def test_killed_and_started_again(trained: Path, tmp_path: Path) -> None:
    rows = [dict(r, kind="page") for r in charts(12, seed=8)]
    data = write(tmp_path / "data", "pages", rows, split="test")
    out = tmp_path / "out"
    given = command(sys.executable, "-c", KILLED, *options(trained, data, out))
    ended = subprocess.run(given, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert not (out / "scores.json").exists()
    journal = out / "answers.jsonl"
    before = journal.read_bytes()
    assert before.count(b"\n") == 5
    result = run(*options(trained, data, out))
    assert result.exception is None, result.exception
    kept = before[: before.rfind(b"\n") + 1]
    assert journal.read_bytes().startswith(kept)
    assert set(lines(out)) == {r["id"] for r in rows}


def test_two_processes_share_the_work(
    whole: Path, trained: Path, test_rows: Path, tmp_path: Path
) -> None:
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*torchrun, "-m", "trainer", *command(*options(trained, test_rows, tmp_path))],
        capture_output=True, text=True, timeout=280, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("report.html") == 1  # one process speaks
    assert (tmp_path / "answers-1.jsonl").exists()
    assert {n: g["answer"] for n, g in lines(tmp_path).items()} == {
        n: g["answer"] for n, g in lines(whole).items()
    }
    assert scores(tmp_path) == scores(whole)


def test_a_picture_is_needed_for_a_thumbnail_only(tmp_path: Path) -> None:
    """Scoring reads no pictures: one that is damaged is left out of the report, quietly."""
    rows = [row("a", "12", kind="page"), row("b", "34", kind="page")]
    rows[1]["image"] = {"bytes": picture("34")[:60], "path": "b.png"}
    data = write(tmp_path / "data", "pages", rows, split="test")
    (tmp_path / "p.jsonl").write_text('{"id": "a", "answer": "12"}')
    result = run("evaluate", "-d", data, "-p", tmp_path / "p.jsonl", "-o", tmp_path / "out")
    assert result.exception is None
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("data:image/webp") == 1
    assert page.count("no picture") == 1
