"""On every kind that vary-data makes: the perfect model is perfect on every metric, the empty one
worst, and shuffled answers score as chance."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from trainer.evaluation.example import Example, open_examples
from trainer.evaluation.scoring import groups, score
from trainer.evaluation.tasks import LOWER_IS_BETTER, TASKS
from vary_data.dataset.row_kinds import BUILT_IN, EDIT_DISTANCE


@pytest.fixture(scope="module")
def examples(test_set: Path) -> list[Example]:
    return open_examples([str(test_set)])


def best(metric: str) -> float:
    return 0.0 if metric in LOWER_IS_BETTER else 1.0


def test_every_kind_has_its_metrics(examples: list[Example]) -> None:
    assert set(TASKS) == {kind.scoring for kind in BUILT_IN.values()} | {EDIT_DISTANCE}
    made = {example.kind for example in examples}
    drawn_by_tex = set() if shutil.which("pdflatex") else {"latex_page", "table", "formula"}
    assert made == set(BUILT_IN) - drawn_by_tex
    assert {e.subset for e in examples if e.kind == "vqa"} == {
        "docvqa", "chartqa/human", "chartqa/augmented",
    }  # fmt: skip


def test_the_perfect_model(examples: list[Example]) -> None:
    scored = score(examples, {e.id: e.truth for e in examples})
    assert len(scored) == len(examples)
    for one in scored:
        for name, measure in one.scores.items():
            assert measure.value == best(name), (one.example.id, name)
    for group in groups(scored, draws=50):
        for name, estimate in group.metrics.items():
            assert (estimate.mean, estimate.low, estimate.high) == (best(name),) * 3


def test_every_accepted_answer_is_perfect(examples: list[Example]) -> None:
    for kind in ("vqa", "negative"):
        chosen = [e for e in examples if e.kind == kind]
        scored = score(chosen, {e.id: e.accepted[-1] for e in chosen})
        assert all(m.value == 1 for one in scored for m in one.scores.values())


def test_the_empty_model(examples: list[Example]) -> None:
    """Zero in everything that is better when higher, one in every edit distance."""
    for answers in ({}, {e.id: "" for e in examples}, {e.id: " \n" for e in examples}):
        for one in score(examples, answers):
            for name, measure in one.scores.items():
                assert measure.value == 1 - best(name), (one.example.id, name)


def test_shuffled_answers_score_as_chance(examples: list[Example]) -> None:
    """Chance is what any other sample's truth would score. The mean over random permutations must
    come near the mean over all pairs, and be far from perfect."""
    rng = np.random.default_rng(0)
    for kind in sorted({e.kind for e in examples}):
        members = [e for e in examples if e.kind == kind]
        if len(members) < 3:
            continue
        metric = TASKS[members[0].scoring].shown[0]
        table = np.array([
            [one.scores[metric].value for one in score(members, {e.id: f.truth for e in members})]
            for f in members
        ])  # fmt: skip
        others = ~np.eye(len(members), dtype=bool)
        chance = table[others].mean()
        shuffled = []
        for n in range(60):
            order = _derangement(len(members), rng)
            values = [table[j, i] for i, j in enumerate(order)]
            if n < 3:  # a score does not depend on the answers to other samples
                answers = {e.id: members[j].truth for e, j in zip(members, order, strict=True)}
                assert values == [s.scores[metric].value for s in score(members, answers)], kind
            shuffled.append(np.mean(values))
        assert np.mean(shuffled) == pytest.approx(chance, abs=0.06), kind
        if kind != "negative":  # where every accepted sentence is right
            assert abs(chance - best(metric)) > 0.3, (kind, chance)


def _derangement(size: int, rng: np.random.Generator) -> np.ndarray:
    while True:
        order = rng.permutation(size)
        if (order != np.arange(size)).all():
            return order


def test_another_kind_s_answer_is_wrong(examples: list[Example]) -> None:
    """A page of text is no chart, no table, no formula and no sentence for nature pictures."""
    text = next(e.truth for e in examples if e.kind == "page")
    for one in score([e for e in examples if e.kind not in ("page", "latex_page")],
                     {e.id: text for e in examples}):  # fmt: skip
        metric = TASKS[one.example.scoring].shown[0]
        assert abs(one.scores[metric].value - best(metric)) > 0.5, one.example.id
