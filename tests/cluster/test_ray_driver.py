"""The driver's reactions to results of tasks, tested with a fake Ray without a cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.faults.faulty import GENERATOR, TIMEOUT, FaultyGenerator, Options
from vary_data import generators
from vary_data.base.errors import ToolMissing, VaryError
from vary_data.cli import group
from vary_data.dataset.reader import Dataset
from vary_data.engine.executors import local
from vary_data.engine.executors import ray as executor
from vary_data.engine.output import ConfigWriter, versions
from vary_data.engine.plan import RunPlan
from vary_data.engine.recipe import Recipe


class RayError(Exception):
    pass


class RayTaskError(RayError):
    def __init__(self, cause: Exception) -> None:
        super().__init__("many lines\nof a traceback")
        self.cause = cause


@dataclass(eq=False)
class Reference:
    run: Callable[[], Any]


class OneNodeRay:
    """Runs tasks immediately in this process; `ends` has the exceptions of a shard's tries."""

    exceptions = SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)

    def __init__(self, ends: dict[int, list[Exception]]) -> None:
        self.ends = ends
        self.most = 0
        self.waiting: list[Any] = []

    def remote(self, **_: Any) -> Callable[[Any], Any]:
        def wrap(function: Any) -> Any:
            def submit(job: Any) -> object:
                reference = Reference(lambda: self._end(function, job))
                self.waiting.append(reference)
                self.most = max(self.most, len(self.waiting))
                return reference

            return SimpleNamespace(remote=submit)

        return wrap

    def _end(self, function: Any, job: Any) -> Any:
        number = job.part.shards[0].index
        if self.ends.get(number):
            raise self.ends[number].pop(0)
        return function(job)

    def wait(self, references: list[Any], timeout: float) -> tuple[list[Any], list[Any]]:
        return references[:1], references[1:]

    def get(self, reference: Any) -> Any:
        self.waiting.remove(reference)
        return reference.run()

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def is_initialized(self) -> bool:
        return True


@pytest.fixture
def plan() -> RunPlan:
    options = Options(num_samples=20, faults=("3:reject",))
    recipe = Recipe(GENERATOR, "faulty-en", "en", options, samples_per_shard=2, timeout=TIMEOUT)
    return RunPlan.resolve(recipe, FaultyGenerator())


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., OneNodeRay]]:
    def install(ends: dict[int, list[Exception]] | None = None) -> OneNodeRay:
        fake = OneNodeRay(ends or {})
        monkeypatch.setitem(sys.modules, "ray", fake)
        return fake

    yield install
    for pool in executor._pools.values():
        pool.close()
    executor._pools.clear()


def ids(out: Path) -> list[str]:
    return [row["id"] for row in Dataset.open(out).config("faulty-en").rows(["id"])]


def test_few_shards_are_under_way_at_a_time(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    fake = start()
    reports = executor.run(plan, tmp_path / "ray", generators.load)
    assert fake.most == 4  # two for each of two CPUs
    assert [report.index for report in reports] == list(range(10))
    assert sum(len(report.rejections) for report in reports) == 1
    local.run(plan, tmp_path / "local", generators.load, 1)
    assert ids(tmp_path / "ray") == ids(tmp_path / "local")
    (pool,) = executor._pools.values()
    assert len(pool._pool) == 1, "the worker outlives its shard"

    fake = start()
    assert executor.run(plan, tmp_path / "few", generators.load, workers=1)
    assert fake.most == 1


def test_a_shard_that_fails_on_one_node_is_made_on_another(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    full = RayTaskError(VaryError("cannot write: no space left on device"))
    start({4: [full, full]})
    executor.run(plan, tmp_path / "out", generators.load)
    assert len(ids(tmp_path / "out")) == 19


def test_a_shard_that_fails_everywhere_stops_the_run(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    missing = RayTaskError(ToolMissing("pdflatex is not installed", "install it"))
    start({4: [missing] * 3})
    with pytest.raises(ToolMissing, match="pdflatex is not installed; install it"):
        executor.run(plan, tmp_path / "out", generators.load)
    start()
    assert 0 < len(executor.run(plan, tmp_path / "out", generators.load)) < 10
    assert len(ids(tmp_path / "out")) == 19


def test_a_shard_that_kills_its_workers_does_not_stop_the_others(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    start({4: [RayError("The node died.")]})
    with pytest.raises(VaryError) as error:
        executor.run(plan, tmp_path / "out", generators.load)
    assert error.value.message == "1 of 10 shards were not made; shard 4: The node died."
    assert len(ids(tmp_path / "out")) == 17
    start()
    (report,) = executor.run(plan, tmp_path / "out", generators.load)
    assert report.index == 4


def test_an_unknown_error_keeps_its_name(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    start({0: [RayTaskError(ModuleNotFoundError("No module named 'vary_data'"))] * 3})
    with pytest.raises(VaryError, match="ModuleNotFoundError: No module named 'vary_data'"):
        executor.run(plan, tmp_path / "out", generators.load)


def job(plan: RunPlan, folder: Path, **changes: str) -> executor.ShardJob:
    return executor.ShardJob(
        plan.part(1), folder / "faulty-en", generators.load, str(folder), {**versions(), **changes}
    )


def test_a_node_with_another_renderer_is_refused(plan: RunPlan, tmp_path: Path) -> None:
    with pytest.raises(VaryError, match=r"has pillow [\d.]+, the driver has 1\.0"):
        executor.make_shard(job(plan, tmp_path, pillow="1.0"))


def test_a_repeated_task_gives_the_report_that_is_there(
    plan: RunPlan, tmp_path: Path, start: Callable[..., OneNodeRay]
) -> None:
    start()
    first = executor.make_shard(job(plan, tmp_path, python="another"))
    shard = ConfigWriter(tmp_path / "faulty-en").shard(plan.shards[1])
    written = shard.stat().st_mtime_ns
    assert executor.make_shard(job(plan, tmp_path)) == first
    assert shard.stat().st_mtime_ns == written


def test_no_ray_and_no_cluster_are_one_line(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ToolMissing, match=r"pip install 'vary-data\[ray\]'"):
        executor.run(plan, tmp_path / "out", generators.load)
    fake = SimpleNamespace(is_initialized=lambda: False)
    monkeypatch.setitem(sys.modules, "ray", fake)
    with pytest.raises(VaryError, match=r"answers at 127\.0\.0\.1:9: Connection refused"):
        executor.run(plan, tmp_path / "out", generators.load, address="127.0.0.1:9")


def starting_ray(init: Callable[..., None]) -> SimpleNamespace:
    """A Ray that is started by `init`; the calls of `shutdown` are in `ended`."""
    ended: list[bool] = []
    utils = SimpleNamespace(
        set_sigterm_handler=lambda handler: signal.signal(signal.SIGTERM, handler)
    )
    return SimpleNamespace(
        __file__="/nowhere/ray/__init__.py",
        is_initialized=lambda: False,
        init=init,
        shutdown=lambda: ended.append(True),
        ended=ended,
        _private=SimpleNamespace(utils=utils),
    )


@pytest.mark.parametrize(
    ("number", "ending"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)]
)
@pytest.mark.parametrize("fails", [False, True])
def test_a_signal_waits_until_ray_has_started(
    number: signal.Signals,
    ending: type[BaseException],
    fails: bool,
    plan: RunPlan,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception within `ray.init` left the driver in an endless destructor of Ray."""
    steps: list[str] = []

    def init(**_: Any) -> None:
        fake._private.utils.set_sigterm_handler(lambda *_: sys.exit(15))
        os.kill(os.getpid(), number)
        steps.append("started")
        if fails:
            raise ValueError("no cluster")

    def terminate(*_: object) -> None:
        steps.append("terminated")
        sys.exit(143)

    fake = starting_ray(init)
    installs = fake._private.utils.set_sigterm_handler
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, terminate),
        # A shell starts background jobs with SIGINT ignored.
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
    }
    try:
        with pytest.raises(ending) as ended:
            executor.run(plan, tmp_path / "out", generators.load)
        assert signal.getsignal(signal.SIGTERM) is terminate
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert steps == (["started", "terminated"] if number == signal.SIGTERM else ["started"])
    assert not isinstance(ended.value, SystemExit) or ended.value.code == 143
    assert fake.ended == [True]
    assert fake._private.utils.set_sigterm_handler is installs


def test_a_second_signal_does_not_wait(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def init(**_: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("the second one was ignored")

    fake = starting_ray(init)
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            executor.run(plan, tmp_path / "out", generators.load)
    finally:
        signal.signal(signal.SIGINT, before)
    assert fake.ended == [True]


def test_a_signal_that_is_ignored_stays_ignored(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def init(**_: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise ValueError("no cluster")

    monkeypatch.setitem(sys.modules, "ray", starting_ray(init))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(VaryError, match="no cluster"):
            executor.run(plan, tmp_path / "out", generators.load)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_workers_of_ray_do_not_search_the_current_folder(
    plan: RunPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray adds the folder in which it is started to the module search path of its workers."""
    folders: list[Path] = []

    def init(**_: Any) -> None:
        folders.append(Path.cwd())
        raise ValueError("no cluster")

    monkeypatch.setitem(sys.modules, "ray", starting_ray(init))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VaryError, match="no cluster"):
        executor.run(plan, tmp_path / "out", generators.load)
    assert folders == [Path("/")]
    assert Path.cwd() == tmp_path


DOCS = Path(__file__).resolve().parents[2] / "docs" / "scaling"


def test_the_cluster_file_of_the_docs_is_valid() -> None:
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    from ray.autoscaler._private.util import prepare_config, validate_config

    cluster = yaml.safe_load((DOCS / "ray-cluster.yaml").read_text("utf-8"))
    validate_config(prepare_config(cluster))
    assert cluster["head_node_type"] in cluster["available_node_types"]


def test_the_script_of_the_docs_submits_the_command(tmp_path: Path) -> None:
    fake = tmp_path / "ray"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    fake.chmod(0o755)
    done = subprocess.run(
        [str(DOCS / "ray-submit.sh"), "vary-tiny", "s3://bucket/out", "--scale", "0.1"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    submit, _, command = done.stdout.partition("--\n")
    assert submit.split() == ["job", "submit", "--address", "http://127.0.0.1:8265"]
    words = command.split()
    assert words[0] == "vary-data"
    context = group.make_context("vary-data", words[1:])
    run = group.get_command(context, words[1])
    assert run is not None
    given = run.make_context("run", words[2:]).params
    assert (given["recipe"], given["output"], given["executor"], given["scale"]) == (
        "vary-tiny",
        "s3://bucket/out",
        "ray",
        0.1,
    )


def test_sigterm_ends_the_driver_with_its_own_status() -> None:
    """Ray gives the exception of a handler that runs within `ray.wait` the status 1."""

    def handler(*_: object) -> None:
        sys.exit(143)

    def wait() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except SystemExit:
            sys.exit(1)

    before = signal.signal(signal.SIGTERM, handler)
    try:
        with pytest.raises(SystemExit) as ended, executor._own_sigterm(handler):
            wait()
        assert ended.value.code == 143
        with pytest.raises(SystemExit) as ended, executor._own_sigterm(handler):
            sys.exit(7)
        assert ended.value.code == 7
        assert signal.getsignal(signal.SIGTERM) is handler
    finally:
        signal.signal(signal.SIGTERM, before)
