"""A few rounds of `benchmarks/chaos.py`, which has many."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import chaos
from benchmarks.chaos import MARK, Round
from benchmarks.chaos_rounds.events import Disks, Disturbance, RoundPlan, left_behind
from benchmarks.chaos_rounds.kinds import kind
from tests.tools.openai_server import State

SLOW = pytest.mark.slow
NEEDS_ROOT = [
    pytest.mark.skipif(not Disks.possible(), reason="only root can mount a file system"),
]


@pytest.mark.parametrize(
    ("name", "events", "members", "verdicts"),
    [
        ("faulty", ("kill-worker", "double"), 1, {"equal", "named"}),
        pytest.param("faulty", ("full-disk",), 1, {"named"}, marks=NEEDS_ROOT),
        pytest.param("faulty", ("double", "stop-worker"), 1, {"equal", "named"}, marks=SLOW),
        pytest.param("faulty", ("kill-worker",), 3, {"equal", "named"}, marks=SLOW),
        pytest.param(
            "faulty", ("kill-child", "delete-shard", "kill-command"), 1, {"named"}, marks=SLOW
        ),
        pytest.param("pages", ("kill-counter",), 1, {"equal"}, marks=SLOW),
        pytest.param("poppler", ("kill-poppler", "stop-poppler"), 1, {"equal"}, marks=SLOW),
        pytest.param("latex", ("kill-tex", "kill-figures"), 1, {"equal"}, marks=SLOW),
        pytest.param("latex", ("full-tmp",), 1, {"equal", "named"}, marks=[*NEEDS_ROOT, SLOW]),
    ],
)
def test_a_disturbed_run_is_equal_or_names_what_is_missing(
    tmp_path: Path, name: str, events: tuple[str, ...], members: int, verdicts: set[str]
) -> None:
    made = kind(name, tmp_path / "inputs", State())
    expected, seconds = chaos.undisturbed(tmp_path, made)
    moments = tuple(Disturbance(event, 0.3 + 0.2 * i) for i, event in enumerate(events))
    round_ = Round(tmp_path / "round", made, "chaos-test")
    try:
        plan = RoundPlan(2, moments, members)
        verdict, ending, _ = chaos.check(round_, random.Random(1), plan, seconds, expected)
        assert verdict in verdicts, ending
        assert round_.litter() == []
    finally:
        round_.disks.close()
    assert not list(left_behind(MARK, "chaos-test"))
