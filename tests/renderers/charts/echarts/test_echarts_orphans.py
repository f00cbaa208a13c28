"""Nothing of a worker's browser outlives the worker, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

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


@pytest.mark.parametrize(
    ("end", "kill"),
    [(WAIT, kill_alone), (WAIT, kill_group), (HANG, kill_alone), (LEAVE, leave)],
)
@pytest.mark.usefixtures("backend")
def test_no_process_is_left(end: str, kill: Callable[[int], None]) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(end=end)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"open\n"
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
