"""The processes below another one, while they start and end."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psutil
import pytest

from vary_data.engine import process_tree
from vary_data.engine.process_tree import processes_below


@pytest.mark.parametrize("error", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_ends_while_it_is_listed_is_no_error(
    monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    """Its folder in /proc is there when it is found, and not when its threads are read."""
    run = subprocess.Popen(["sleep", "600"])
    threads = os.listdir

    def ended(path: str) -> list[str]:
        if path == f"/proc/{run.pid}/task":
            raise error
        return threads(path)

    monkeypatch.setattr(process_tree.os, "listdir", ended)
    try:
        assert run.pid in processes_below(os.getpid())
        assert processes_below(run.pid) == []
    finally:
        run.kill()
        run.wait()


def test_a_process_that_has_ended_has_none_below() -> None:
    run = subprocess.Popen(["true"])
    run.wait()
    assert processes_below(run.pid) == []
    assert processes_below(run.pid, all_threads=False) == []


def test_each_process_is_after_the_one_that_started_it() -> None:
    run = subprocess.Popen(["sh", "-c", "sh -c 'sleep 600; :'; :"], start_new_session=True)
    try:
        end = time.monotonic() + 60
        while len(found := processes_below(run.pid)) < 2:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert [psutil.Process(pid).ppid() for pid in found] == [run.pid, found[0]]
        assert processes_below(run.pid, all_threads=False) == found
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
