"""Private temporary folders do not outlive a run that is killed."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from vary_data.engine import scratch
from vary_data.engine.channel import ParentEnd
from vary_data.engine.scratch import Scratch
from vary_data.engine.worker_process import start_worker

LIMIT = 200.0
"""Seconds that may pass on a busy machine."""

RUN = """
import json, sys
from pathlib import Path
from tests.faults.faulty import make
make(Path(sys.argv[1]), workers=2, options={"faults": ("0:wait", "1:wait"), "state": sys.argv[1]})
"""


def folders(base: Path) -> list[Path]:
    return list(base.glob("vary-data-*"))


def test_workers_remove_the_folder_of_a_killed_run(tmp_path: Path) -> None:
    base = tmp_path / "tmp"
    base.mkdir()
    environment = {**os.environ, "TMPDIR": str(base), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path / "out")], env=environment)
    end = time.monotonic() + LIMIT
    while len(psutil.Process(run.pid).children()) < 2:  # no worker removes what none knows
        assert time.monotonic() < end
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    while folders(base):
        assert time.monotonic() < end, folders(base)
        time.sleep(0.05)


def test_a_worker_whose_last_message_nobody_read_stays_until_the_folder_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    private = Scratch.create()
    worker = start_worker(dict, private, stores=False)
    select.select([worker.channel], [], [], LIMIT)  # it has sent "ready"
    # A dying parent closes its descriptors one after the other: first the channel, then the rest.
    worker.channel.close()
    with pytest.raises(subprocess.TimeoutExpired):
        worker.process.wait(0.5)
    os.close(private._lock)
    os.close(worker.lifeline)
    assert worker.process.wait(LIMIT) == -signal.SIGKILL
    assert folders(tmp_path) == []
    worker.log.close()


def ended_worker(changes: str, opener: Callable[[], object], parent_dies: bool) -> int:
    """The status of a worker whose module has some changes."""
    parent, child = socket.socketpair()
    lifeline, write = os.pipe()
    fds = (child.fileno(), lifeline)
    code = f"from vary_data.engine import worker\n{changes}\nworker.main()"
    command = [sys.executable, "-c", code, *map(str, fds)]
    worker = subprocess.Popen(command, pass_fds=fds, start_new_session=True)
    child.close()
    os.close(lifeline)
    channel = ParentEnd(parent)
    channel.send(opener)
    if parent_dies:
        channel.close()
        os.close(write)
    try:
        return worker.wait(LIMIT)
    finally:
        worker.kill()
        worker.wait()
        if not parent_dies:
            channel.close()
            os.close(write)


def test_a_worker_in_compiled_code_without_end_does_not_run_forever() -> None:
    """It cannot see the end of its parent: regular expressions hold Python's lock."""
    opener = partial(re.match, "(a+)+$", "a" * 60 + "b")
    assert ended_worker("worker.STUCK_SECONDS = 1.0", opener, False) == -signal.SIGVTALRM


@pytest.mark.parametrize("name", ["kill_processes_below", "remove_after_owner"])
def test_a_worker_whose_parent_has_died_ends_whatever_fails(name: str) -> None:
    assert ended_worker(f"worker.{name} = None", dict, True) == -signal.SIGKILL


def test_what_was_ended_with_its_workers_is_removed_by_the_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    living = Scratch.create()
    code = "from vary_data.engine.scratch import Scratch; Scratch.create()"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert len(folders(tmp_path)) == 2
    scratch.remove_left_behind(0.0)
    assert folders(tmp_path) == [living.folder], "a living process keeps its own"
    scratch.remove_after_owner(living.folder, 0.0)
    assert living.folder.is_dir()
    living.close()
    assert folders(tmp_path) == []


@pytest.mark.parametrize("last", [scratch.remove_left_behind, scratch.remove_after_owner])
def test_a_process_that_was_stopped_beyond_its_deadline_still_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: Callable[..., None]
) -> None:
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    ended = Scratch.create()
    os.close(ended._lock)
    arguments = (ended.folder,) if last is scratch.remove_after_owner else ()
    last(*arguments, seconds=-1.0)
    assert folders(tmp_path) == []


def test_a_folder_that_a_tool_made_again_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker removed it before the tool was killed."""
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    ended = Scratch.create()
    os.close(ended._lock)
    scratch.remove_after_owner(ended.folder)
    (ended.folder / "worker" / "profile").mkdir(parents=True)
    scratch.remove_after_owner(ended.folder, 1.0)
    assert folders(tmp_path) == []


@pytest.mark.parametrize("named", [scratch.MADE, None])
def test_a_folder_without_owner_is_removed_when_it_is_old_and_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    """Its run was killed while it made the folder."""
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    unmade, foreign, young = (tmp_path / f"vary-data-{name}" for name in ("a", "b", "c"))
    for folder in (unmade, foreign, young):
        folder.mkdir()
        if named:
            (folder / named).touch()
    (foreign / "file").touch()
    for folder in (unmade, foreign):
        os.utime(folder, (0, 0))
    scratch.remove_left_behind(0.0)
    assert sorted(folders(tmp_path)) == [foreign, young]


def test_no_run_removes_the_folder_that_another_one_is_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run looks just before the folder is locked."""
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    lock = fcntl.flock
    looked: list[int] = []

    def look_first(handle: int, operation: int) -> None:
        if not looked:
            looked.append(handle)
            Scratch.create().close()
        lock(handle, operation)

    monkeypatch.setattr(scratch.fcntl, "flock", look_first)
    made = Scratch.create()
    assert looked
    assert made.subfolder().is_dir()
    scratch.remove_left_behind(0.0)
    assert folders(tmp_path) == [made.folder]
    made.close()
