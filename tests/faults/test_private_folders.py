"""Private temporary folders do not outlive a run that is killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vary_data.engine import scratch
from vary_data.engine.scratch import Scratch
from vary_data.engine.worker_process import start_worker

RUN = """
import json, sys
from pathlib import Path
from tests.faults.faulty import make
make(Path(sys.argv[1]), workers=2, options={"faults": ("0:wait", "1:wait"), "state": sys.argv[1]})
"""


def folders(base: Path) -> list[Path]:
    return list(base.glob("vary-data-*"))


def wait_until(what: bool, base: Path) -> None:
    end = time.monotonic() + 30
    while bool(folders(base)) != what:
        assert time.monotonic() < end, folders(base)
        time.sleep(0.05)


def test_workers_remove_the_folder_of_a_killed_run(tmp_path: Path) -> None:
    base = tmp_path / "tmp"
    base.mkdir()
    environment = {**os.environ, "TMPDIR": str(base), "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen([sys.executable, "-c", RUN, str(tmp_path / "out")], env=environment)
    wait_until(True, base)
    time.sleep(1.0)  # its workers have started
    run.send_signal(signal.SIGKILL)
    run.wait()
    wait_until(False, base)


def test_a_worker_whose_last_message_nobody_read_stays_until_the_folder_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    private = Scratch.create()
    worker = start_worker(dict, private, stores=False)
    select.select([worker.channel], [], [], 30)  # it has sent "ready"
    # A dying parent closes its descriptors one after the other: first the channel, then the rest.
    worker.channel.close()
    with pytest.raises(subprocess.TimeoutExpired):
        worker.process.wait(0.5)
    os.close(private._lock)
    os.close(worker.lifeline)
    assert worker.process.wait(30) == -signal.SIGKILL
    assert folders(tmp_path) == []
    worker.log.close()


def test_what_was_ended_with_its_workers_is_removed_by_the_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scratch.tempfile, "gettempdir", lambda: str(tmp_path))
    living = Scratch.create()
    code = "from vary_data.engine.scratch import Scratch; Scratch.create()"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert len(folders(tmp_path)) == 2
    scratch.remove_left_behind(0.2)
    assert folders(tmp_path) == [living.folder], "a living process keeps its own"
    scratch.remove_after_owner(living.folder, 0.1)
    assert living.folder.is_dir()
    living.close()
    assert folders(tmp_path) == []
