"""The pool against workers that stop, grow or read slowly, and what workers inherit."""

from __future__ import annotations

import math
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from vary_data.base.errors import OutputError
from vary_data.engine import pool, scratch, worker_process
from vary_data.engine.channel import LENGTH
from vary_data.engine.failure import JobFailure
from vary_data.engine.pool import SupervisedPool


class Worker:
    """Runs the method of this name."""

    def __call__(self, job: tuple[str, Any]) -> bytes:
        name, argument = job
        return pickle.dumps(getattr(self, name)(argument))

    def echo(self, argument: Any) -> Any:
        return len(argument)

    def stop_while_sending(self, argument: Any) -> None:
        os.write(int(sys.argv[1]), LENGTH.pack(1 << 20) + bytes(1000))
        os.kill(os.getpid(), signal.SIGSTOP)

    def stop_soon(self, argument: float) -> None:
        threading.Timer(argument, os.kill, (os.getpid(), signal.SIGSTOP)).start()

    def grow(self, argument: int) -> int:
        data = b"x" * argument
        time.sleep(1000)
        return len(data)

    def compute(self, argument: tuple[float, Path]) -> None:
        """Compute for some seconds, make a file, and compute on while it is there."""
        seconds, mark = argument
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        mark.touch()
        while mark.exists():
            pass

    def open_files(self, argument: int) -> None:
        files = [open(os.devnull) for _ in range(argument)]  # noqa: PTH123, SIM115
        del files

    def environment(self, argument: Any) -> dict[str, Any]:
        return {"environ": dict(os.environ), "path": sys.path, "temporary": tempfile.gettempdir()}

    def leave(self, argument: Any) -> str:
        return tempfile.mkdtemp(prefix="playwright_chromiumdev_profile-")

    def close(self) -> None:
        pass


def outcomes(jobs: Any, **seconds: float) -> list[Any]:
    """`seconds` has the deadlines of methods; without one it is long enough for a busy machine."""
    with SupervisedPool(Worker, 1, 1.0) as workers:
        results = list(workers.run(jobs, lambda job: seconds.get(job[0], 200.0)))
    return [r if isinstance(r, JobFailure) else pickle.loads(r) for r in results]


def test_a_worker_that_stops_while_it_sends_is_ended_at_the_deadline() -> None:
    jobs = [("stop_while_sending", None), ("echo", "abc")]
    failure, length = outcomes(jobs, stop_while_sending=0.2)
    assert (failure.reason, failure.cause) == ("timeout", "environment")
    assert length == 3


def test_a_stopped_worker_does_not_block_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "UNUSUAL_PATIENCE", 200.0)  # of the second try

    def jobs() -> Iterator[tuple[str, Any]]:
        yield "stop_soon", 0.1
        time.sleep(0.5)
        yield "echo", "x" * (8 << 20)

    assert outcomes(jobs(), echo=1.0) == [None, 8 << 20]


def test_large_messages_pass_in_both_directions() -> None:
    assert outcomes([("echo", "x" * (32 << 20)), ("echo", "")]) == [32 << 20, 0]


PAGE = """
const held = []; for (;;) held.push(new Float64Array(1 << 20).fill(1));
"""


@dataclass(frozen=True)
class OpenBrowser:
    """Makes a function that evaluates a script in a page of Chromium."""

    def __call__(self) -> Browser:
        from renderers.charts.echarts.browser import ChartPage
        from renderers.charts.echarts.install import find_browser, find_echarts_js

        return Browser(ChartPage(find_browser(), find_echarts_js(), timeout=300))


@dataclass
class Browser:
    page: Any

    def __call__(self, job: str) -> bytes:
        if job == "stop":
            for process in psutil.Process().children(recursive=True):
                process.send_signal(signal.SIGSTOP)
            time.sleep(1000)
        self.page._run(self.page._evaluate(f"(() => {{{job}}})()"), 300)
        return b"done"

    def close(self) -> None:
        self.page.close()


def test_a_page_that_allocates_without_end_has_a_named_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "MAX_TOOLS_BYTES", 700 << 20)
    with SupervisedPool(OpenBrowser(), 1, 250.0) as workers:
        failure, fine = workers.run([PAGE, "return 1"])
    assert failure == JobFailure("memory", "its programs need more than 0.683594 GiB of memory")
    assert fine == b"done"


def test_a_stopped_browser_is_killed_with_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARY_STOPPED_BROWSER", "1")
    monkeypatch.setattr(pool, "MAX_TRIES", 1)
    with SupervisedPool(OpenBrowser(), 1, 1.0) as workers:
        (failure,) = workers.run(["stop"])
    assert isinstance(failure, JobFailure)
    assert (failure.reason, failure.cause) == ("timeout", "environment")
    deadline = time.monotonic() + 200
    while left := [p for p in psutil.process_iter(["environ"]) if _marked(p)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def _marked(process: psutil.Process) -> bool:
    environment = process.info["environ"] or {}
    return process.pid != os.getpid() and "VARY_STOPPED_BROWSER" in environment


def test_a_task_that_needs_too_much_memory_has_a_named_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pool, "MAX_TASK_BYTES", 256 << 20)
    failure, length = outcomes([("grow", 400 << 20), ("echo", "a")])
    assert failure == JobFailure("memory", "it needs more than 0.25 GiB of memory", "content")
    assert length == 1


def test_a_task_that_computes_until_its_deadline_is_slow_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline of 1 s passes as soon as it has computed for 0.7 s, however long that takes."""
    mark = tmp_path / "mark"
    monkeypatch.setattr(pool, "MAX_TRIES", 1)
    monkeypatch.setattr(pool, "STOPPED_SECONDS", math.inf)
    clock = SimpleNamespace(monotonic=lambda: 10_000.0 if mark.exists() else 0.0)
    monkeypatch.setattr(pool, "time", clock)
    (failure,) = outcomes([("compute", (0.7, mark))], compute=0.5)
    assert (failure.reason, failure.cause) == ("timeout", "content")
    assert failure.detail.startswith("no answer within 1 s, of which it computed for ")


def test_too_few_file_handles_are_named_and_not_the_inputs_fault() -> None:
    (failure,) = outcomes([("open_files", 2_000_000)])
    assert (failure.reason, failure.cause) == ("broken", "environment")
    assert "raise the limit with `ulimit -n 4096`" in failure.detail


def test_deadlines_move_by_the_time_in_which_everything_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"

    class Clock:
        """Jumps once, while the second job runs, as after `kill -STOP` of the whole tree."""

        jump = 0.0

        def monotonic(self) -> float:
            if mark.exists():
                self.jump = 10_000.0
                mark.unlink()  # the job ends
            return time.monotonic() + self.jump

    clock = Clock()
    monkeypatch.setattr(pool, "time", clock)
    monkeypatch.setattr(pool, "MAX_TRIES", 1)  # the job would end in a second worker
    assert outcomes([("echo", "a"), ("compute", (0.0, mark))]) == [1, None]
    assert clock.jump


def test_workers_inherit_no_secret_and_no_code_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("calendar", "socket", "pickle"):
        (tmp_path / f"{module}.py").write_text("open('taken over', 'w'); raise SystemExit")
    (tmp_path / "renderers").mkdir()
    (tmp_path / "renderers" / "__init__.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    secrets = ("OPENAI_API_KEY", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "ANY_OTHER")
    for name in secrets:
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("VARY_WORKER_ENV", "WANTED, ALSO_WANTED")
    monkeypatch.setenv("WANTED", "yes")
    (found,) = outcomes([("environment", None)])
    assert "secret" not in found["environ"].values()
    assert found["environ"]["WANTED"] == "yes"
    assert str(tmp_path) not in found["path"]
    assert "" not in found["path"]
    assert not (tmp_path / "taken over").exists()
    with SupervisedPool(Worker, 1, 60.0, stores=True) as workers:
        (result,) = workers.run([("environment", None)])
    assert isinstance(result, bytes)
    environ = pickle.loads(result)["environ"]
    assert environ["AWS_SECRET_ACCESS_KEY"] == "secret"
    assert "OPENAI_API_KEY" not in environ


def test_temporary_files_are_private_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "vary-data-killed"
    left.mkdir()
    (left / "owner").touch()
    (left / "profile").mkdir()
    foreign = tmp_path / "vary-data-0"
    foreign.mkdir()
    with SupervisedPool(Worker, 1, 60.0) as workers:
        (result,) = workers.run([("leave", None)])
        assert isinstance(result, bytes)
        made = Path(pickle.loads(result))
        (private,) = (p for p in tmp_path.iterdir() if p != foreign)
        assert made.is_relative_to(private)
        assert private.stat().st_mode & 0o777 == 0o700
        other = scratch.Scratch.create()
        assert made.exists(), "another run must not remove it"
        other.close()
    assert list(tmp_path.iterdir()) == [foreign], "a folder without an owner is not ours"


def test_a_full_disk_of_temporary_files_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*arguments: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker_process.subprocess, "Popen", full)
    with (
        SupervisedPool(Worker, 1, 60.0) as workers,
        pytest.raises(OutputError, match=r"cannot start a worker.*set TMPDIR"),
    ):
        list(workers.run([("echo", "a")]))


def test_a_folder_that_a_dying_worker_still_fills_is_removed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "vary-data-left"
    (left / "worker").mkdir(parents=True)
    (left / "owner").touch()
    remove = shutil.rmtree

    def refill(path: Path, **settings: Any) -> None:
        remove(path, **settings)
        if path == left / "worker":
            path.mkdir()
            (path / "log").touch()
            raise OSError(39, "Directory not empty")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", refill)
        other = scratch.Scratch.create()
    assert (left / "owner").exists()
    other.close()
    assert list(tmp_path.iterdir()) == []
