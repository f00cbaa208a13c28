"""A Ray cluster of a head without CPUs and two nodes with one each, on this machine."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from renderers.picture import pixel_hash
from vary_data.dataset.reader import Dataset

ROOT = Path(__file__).resolve().parents[2]
OBJECT_STORE = 80 << 20
GENERATOR = "tests.faults.faulty:FaultyGenerator"


@dataclass
class RayCluster:
    """The nodes, and commands that run against them."""

    cluster: Any
    nodes: list[Any] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def add_node(self) -> Any:
        node = self.cluster.add_node(num_cpus=1, object_store_memory=OBJECT_STORE)
        self.nodes.append(node)
        return node

    def remove_node(self) -> None:
        """As when a machine loses its power."""
        self.cluster.remove_node(self.nodes.pop(), allow_graceful=False)

    def tasks(self) -> list[psutil.Process]:
        """The processes of this cluster that are making a shard at the moment."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                ours = os.getpid() in (parent.pid for parent in process.parents())
                if ours and process.cmdline()[:1] == ["ray::make_shard"]:
                    found.append(process)
        return found


def _start() -> RayCluster:
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 0,
            "object_store_memory": OBJECT_STORE,
            "include_dashboard": False,
        },
    )
    started = RayCluster(cluster)
    started.add_node()
    started.add_node()
    return started


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[RayCluster]:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    path = os.environ.get("PYTHONPATH", "")
    # Nodes import the kind of the tests from here.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), path]))
    with warnings.catch_warnings():
        # Ray leaves log files open and forks beside its threads.
        warnings.filterwarnings("ignore", category=ResourceWarning)
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        started = _start()
        yield started
        started.cluster.shutdown()
    os.environ["PYTHONPATH"] = path


def content_of(out: str | Path) -> list[tuple[Any, ...]]:
    """What must be equal: ids, texts, regions, pixels, in order."""
    rows = Dataset.open(str(out)).config("faulty-en").rows()
    return [(r["id"], r["text"], str(r["regions"]), pixel_hash(r["image"]["bytes"])) for r in rows]


@dataclass(frozen=True)
class Work:
    """One recipe that is made by commands, on the cluster or here."""

    folder: Path
    recipe: Path

    def command(self, out: str, *flags: str) -> list[str]:
        run = [sys.executable, "-m", "vary_data", "run", str(self.recipe)]
        return [*run, "-o", str(self.folder / out), *flags]

    def start(self, out: str, *flags: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(out, *flags),
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def make(self, out: str, *flags: str) -> subprocess.CompletedProcess[str]:
        process = self.start(out, *flags)
        stdout, stderr = process.communicate(timeout=200)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def content(self, out: str) -> list[tuple[Any, ...]]:
        return content_of(self.folder / out)

    def shards(self, out: str) -> list[Path]:
        return sorted((self.folder / out).glob("faulty-en/data/*.parquet"))

    def wait_for_shards(self, out: str, count: int, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + 90
        while len(self.shards(out)) < count:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline, "no shards came"
            time.sleep(0.05)


@pytest.fixture
def work(tmp_path: Path) -> Callable[..., Work]:
    def write(samples: int = 60, per_shard: int = 5, **options: Any) -> Work:
        recipe = tmp_path / "recipe.yaml"
        data = {
            "generator": GENERATOR,
            "name": "faulty-en",
            "samples_per_shard": per_shard,
            "timeout": 5.0,
            "options": {"num_samples": samples, **options},
        }
        recipe.write_text(yaml.safe_dump(data), "utf-8")
        return Work(tmp_path, recipe)

    return write


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """No process that a test of the cluster started draws on afterwards."""
    yield
    if "ray_cluster" not in request.fixturenames:
        return
    deadline = time.monotonic() + 15
    while left := request.getfixturevalue("ray_cluster").tasks():
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.1)
