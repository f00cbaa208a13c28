"""A Ray task whose process is stopped: its shard is made by another task."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from vary_data.engine.executors import ray


class Cluster:
    """The part of Ray that the executor uses; the first task of `stopped` never ends."""

    exceptions = SimpleNamespace(RayTaskError=KeyError, RayError=OSError)

    def __init__(self, stopped: int) -> None:
        self.stopped = stopped
        self.submitted: list[int] = []

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 1}

    def remote(self, **options: Any) -> Any:
        return lambda function: SimpleNamespace(remote=self.submit)

    def submit(self, number: int) -> str:
        self.submitted.append(number)
        return f"{number}-{self.submitted.count(number)}"

    def wait(self, references: list[str], timeout: float) -> tuple[list[str], list[str]]:
        done = [r for r in references if r != f"{self.stopped}-1"]
        return done[:1], [r for r in references if r not in done[:1]]

    def get(self, reference: str) -> str:
        return f"report {reference}"


@pytest.mark.parametrize("stopped", [0, 1, 2])
def test_the_shard_of_a_stopped_task_is_submitted_once_more(
    stopped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray, "SLOW_SECONDS", -1.0)
    monkeypatch.setattr(ray, "SLOW_FACTOR", -1.0)
    cluster = Cluster(stopped)
    reports = list(ray._run_jobs(cluster, [0, 1, 2], lambda number: number, None))  # type: ignore[arg-type,return-value]
    assert sorted(reports) == sorted(  # type: ignore[type-var]
        f"report {number}-{2 if number == stopped else 1}" for number in range(3)
    )
    assert cluster.submitted.count(stopped) == 2
    assert len(cluster.submitted) <= 6


def test_tasks_that_only_wait_are_not_repeated() -> None:
    cluster = Cluster(stopped=9)
    assert len(list(ray._run_jobs(cluster, [0, 1, 2], lambda n: n, None))) == 3  # type: ignore[arg-type,return-value]
    assert cluster.submitted == [0, 1, 2]
