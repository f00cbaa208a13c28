"""Nothing of a worker's browser outlives the worker, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

WORKER = """
from renderers.charts.echarts import find_browser, find_echarts_js
from renderers.charts.echarts.browser import ChartPage
page = ChartPage(find_browser(), find_echarts_js(), timeout=200)
print("open", flush=True)
{end}
"""
WAIT = "import time; time.sleep(600)"
HANG = "page._run(page._evaluate('() => { for (;;); }'), 600)"
LEAVE = "raise SystemExit"


def kill_alone(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_group(pid: int) -> None:
    os.killpg(pid, signal.SIGKILL)


def leave(pid: int) -> None:
    """It ends by itself, without closing the browser."""


def started(end: str, log: Path) -> subprocess.Popen[bytes] | None:
    """A process whose browser is open; None if the browser did not start, as `log` says.

    The pool repeats the task of such a worker, and the test repeats its start: it is about what is
    left of a browser.
    """
    with log.open("ab") as errors:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER.format(end=end)],
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert worker.stdout is not None
    if worker.stdout.readline() == b"open\n":
        return worker
    worker.stdout.close()
    with log.open("a") as file:
        file.write(f"ended with {worker.wait()}\n")
    return None


@pytest.mark.parametrize(
    ("end", "kill"),
    [(WAIT, kill_alone), (WAIT, kill_group), (HANG, kill_alone), (LEAVE, leave)],
)
@pytest.mark.usefixtures("backend")
def test_no_process_is_left(end: str, kill: Callable[[int], None], tmp_path: Path) -> None:
    worker = started(end, tmp_path / "log") or started(end, tmp_path / "log")
    assert worker is not None, (tmp_path / "log").read_text()[-2000:]
    assert worker.stdout is not None
    try:
        children = psutil.Process(worker.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    if end != LEAVE:
        assert any("chrom" in child.name() for child in children)
    kill(worker.pid)
    worker.wait(100)
    worker.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=100)
    for process in alive:
        process.kill()
    assert not alive
