"""Processes and nodes that die on a cluster cost time, never data."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.cluster.conftest import ROOT, RayCluster, Work, content_of
from tests.faults.faulty import let_continue


def ray_flags(cluster: RayCluster) -> tuple[str, ...]:
    return ("--executor", "ray", "--ray-address", cluster.address)


def test_a_killed_ray_worker_changes_nothing(
    ray_cluster: RayCluster, work: Callable[..., Work], tmp_path: Path
) -> None:
    faults = ["7:reject", "11:segfault", "20:wait"]  # the last shard cannot end before the kill
    made = work(samples=24, per_shard=4, faults=faults, state=str(tmp_path))
    process = made.start("ray", *ray_flags(ray_cluster))
    made.wait_for_shards("ray", 1, process)
    while not (tasks := ray_cluster.tasks()):  # each may be between two shards, or just start
        assert process.poll() is None
        time.sleep(0.05)
    tasks[0].kill()
    let_continue(tmp_path, 20)
    _, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    assert "shards 6/6" in errors
    assert "too-plain 1" in errors
    made.make("local", "-j", "1")
    assert made.content("ray") == made.content("local")
    assert not list((made.folder / "ray" / "faulty-en" / ".vary").glob("incomplete/*"))


@pytest.mark.slow
def test_a_node_that_is_lost_costs_its_shards_another_try(
    ray_cluster: RayCluster, work: Callable[..., Work]
) -> None:
    made = work(pause=0.1)
    process = made.start("ray", *ray_flags(ray_cluster))
    made.wait_for_shards("ray", 2, process)
    ray_cluster.remove_node()
    _, errors = process.communicate(timeout=150)
    ray_cluster.add_node()
    assert process.returncode == 0, errors
    made.make("local", "-j", "1")
    assert made.content("ray") == made.content("local")


@pytest.mark.slow
def test_a_killed_driver_resumes(ray_cluster: RayCluster, work: Callable[..., Work]) -> None:
    made = work(pause=0.1)
    process = made.start("ray", *ray_flags(ray_cluster))
    made.wait_for_shards("ray", 3, process)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 120
    while ray_cluster.tasks():
        assert time.monotonic() < deadline, "tasks are still running after their driver ended"
        time.sleep(0.1)
    before = {path: path.stat().st_mtime_ns for path in made.shards("ray")}
    assert 3 <= len(before) < 12
    again = made.make("ray", *ray_flags(ray_cluster))
    assert again.returncode == 0, again.stderr
    after = {path: path.stat().st_mtime_ns for path in made.shards("ray")}
    assert {path: after[path] for path in before} == before
    made.make("local", "-j", "1")
    assert made.content("ray") == made.content("local")


@pytest.mark.slow
def test_ctrl_c_cancels_and_resumes(ray_cluster: RayCluster, work: Callable[..., Work]) -> None:
    made = work(pause=0.1)
    process = made.start("ray", *ray_flags(ray_cluster))
    made.wait_for_shards("ray", 2, process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 130, errors
    assert "are finished and kept, the same command continues from there" in errors
    assert "Traceback" not in errors
    assert made.make("ray", *ray_flags(ray_cluster)).returncode == 0
    made.make("local", "-j", "1")
    assert made.content("ray") == made.content("local")


@pytest.mark.slow
def test_what_a_node_lacks_is_one_line(ray_cluster: RayCluster, work: Callable[..., Work]) -> None:
    made = work(state="no-tool")
    done = made.make("ray", "-q", *ray_flags(ray_cluster))
    assert done.returncode == 1
    assert done.stderr == "error: the tool is not installed\n  apt-get install tool\n"


@pytest.mark.slow
def test_ray_writes_to_a_bucket_that_fails_now_and_then(
    work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
    from tests.tools.faulty_store import serve

    made = work(samples=30)
    with serve() as store:
        for name, value in {**store.environment, "RAY_ADDRESS": "local"}.items():
            monkeypatch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("ray")
        store.every = 9
        command = [*made.command("unused", "--executor", "ray", "-j", "2")]
        command[command.index("-o") + 1] = "s3://ray/out"
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        store.every = 0
        assert store.faults.total() > 3
        made.make("local", "-j", "1")
        assert content_of("s3://ray/out") == made.content("local")
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.slow
def test_sigterm_leaves_nothing_behind(
    work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ray kills its workers with all that they started: the driver removes what they leave."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("RAY_TMPDIR", "/tmp")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    made = work(samples=40, pause=0.1)
    process = made.start("ray", "--executor", "ray", "--ray-address", "local")
    made.wait_for_shards("ray", 1, process)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 143, errors
    assert list((tmp_path / "tmp").glob("vary-data-*")) == []
    done = made.make("ray", "--executor", "ray", "--ray-address", "local")
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "tmp").glob("vary-data-*")) == []


@pytest.mark.slow
def test_sigterm_while_ray_starts(
    work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray's own handler ended the command with 15 and no message, or never."""
    monkeypatch.setenv("RAY_TMPDIR", "/tmp")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    made = work(samples=40, pause=0.1)
    process = made.start("ray", "--executor", "ray", "--ray-address", "local")
    started = psutil.Process(process.pid)
    deadline = time.monotonic() + 200
    while not any("gcs_server" in child.name() for child in started.children()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 143, errors
