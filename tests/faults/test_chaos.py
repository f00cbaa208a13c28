"""A few rounds of `benchmarks/chaos.py`, which has many."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import chaos
from benchmarks.chaos import Disturbance, Round


@pytest.mark.parametrize(
    ("names", "verdicts"),
    [
        (("kill-worker", "double"), {"equal", "named"}),
        pytest.param(("double", "stop-worker"), {"equal", "named"}, marks=pytest.mark.slow),
        pytest.param(
            ("kill-child", "delete-shard", "kill-command"), {"named"}, marks=pytest.mark.slow
        ),
    ],
    ids=["killed workers", "stopped workers", "command"],
)
def test_a_disturbed_run_is_equal_or_names_what_is_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    verdicts: set[str],
) -> None:
    commands = chaos.kinds(tmp_path / "inputs")
    expected, seconds = chaos._undisturbed(tmp_path, "faulty", commands["faulty"])
    events = [Disturbance(name, 0.2 + 0.2 * i) for i, name in enumerate(names)]
    monkeypatch.setattr(chaos, "plan_of", lambda rng: (2, events))
    round_ = Round(tmp_path / "out", commands["faulty"], "chaos-test", ray=False)
    verdict, described = chaos.check(round_, random.Random(1), seconds, expected)
    assert verdict in verdicts, described
    assert not list(chaos.left_behind("chaos-test"))
