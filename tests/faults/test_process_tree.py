"""The processes below another one, while they start and end."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psutil

from vary_data.engine.process_tree import processes_below

LISTINGS = 3000


def test_a_process_that_ends_while_it_is_listed_is_no_error() -> None:
    """Each shell ends at another moment of a listing."""
    shells = "while :; do for i in 1 2 3 4 5 6 7 8; do sh -c : & done; wait; done"
    run = subprocess.Popen(["sh", "-c", shells], start_new_session=True)
    try:
        for _ in range(LISTINGS):
            processes_below(run.pid)
    finally:
        os.killpg(run.pid, signal.SIGKILL)
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
