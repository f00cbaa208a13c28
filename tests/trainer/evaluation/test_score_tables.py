"""The tables of `vary-train evaluate` in a terminal of 80 columns."""

from __future__ import annotations

from trainer.evaluation.bootstrap import Estimate
from trainer.evaluation.scoring import Group
from trainer.evaluation.summary import tables
from trainer.evaluation.tasks import TASKS


def group(subset: str, lang: str = "en") -> Group:
    shown = TASKS["chart"].shown
    estimates = {name: Estimate(0.5, 0.4, 0.6, 9) for name in shown}
    return Group("chart", "chart", lang, subset, 1234, 1234, estimates)


def test_every_column_is_there_with_the_labels() -> None:
    groups = [group("all"), group("printed-values"), group("all", "zh")]
    text = tables(groups, width=80)
    assert max(map(len, text.splitlines())) <= 80
    parts = text.split("\n\n")
    assert len(parts) > 1
    for part in parts:
        head, *lines = part.splitlines()
        assert head.startswith("chart  subset")
        assert [line.split()[:2] for line in lines] == [
            ["en", "all"],
            ["en", "printed-values"],
            ["zh", "all"],
        ]
    names = [name for part in parts for name in part.splitlines()[0].split()]
    assert [name for name in names if name in TASKS["chart"].shown] == list(TASKS["chart"].shown)
    assert "\n\n" not in tables(groups, width=500)
