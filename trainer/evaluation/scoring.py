"""Scores of examples and answers, by kind, language and subset."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trainer.errors import DataError
from trainer.evaluation.bootstrap import Estimate, estimate
from trainer.evaluation.example import Example
from trainer.evaluation.metrics.normalize import NORMALIZERS
from trainer.evaluation.tasks import LOWER_IS_BETTER, TASKS, Score, Scores
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import BUILT_IN, EDIT_DISTANCE

ALL = "all"


@dataclass(frozen=True, slots=True)
class Scored:
    """An example with its answer (empty if there is none) and its scores."""

    example: Example
    answer: str
    scores: Scores

    @property
    def badness(self) -> tuple[float, ...]:
        """The kind's shown metrics, with signs such that higher is worse."""
        found = [m for m in TASKS[self.example.scoring].shown if m in self.scores]
        values = ((m in LOWER_IS_BETTER, self.scores[m].value) for m in found)
        return tuple(value if lower else -value for lower, value in values)


@dataclass(frozen=True, slots=True)
class Group:
    """Scores of one kind, language and subset; `subset` is `ALL` over several subsets."""

    kind: str
    scoring: str
    lang: str
    subset: str
    samples: int
    documents: int
    metrics: dict[str, Estimate]


def score(
    examples: Sequence[Example], answers: Mapping[str, str], normalizer: str = "layout"
) -> list[Scored]:
    """Score every example, in order; an id that `answers` lacks has the empty answer.

    Raises:
        DataError: a truth is not of its kind.
    """
    normalize = NORMALIZERS[normalizer]
    scored = []
    for example in examples:
        answer = answers.get(example.id, "")
        try:
            task = TASKS[example.scoring]
            axes = {"steps": example.steps, "lang": example.lang} if task.reads_axes else {}
            scores = task.score(example.accepted, answer, normalize, **axes)
        except Rejected as error:
            raise DataError(
                f"the truth of {example.id} cannot be scored ({error.reason})",
                f"expected one of kind {example.kind}",
            ) from error
        scored.append(Scored(example, answer, scores))
    return scored


def groups(scored: Sequence[Scored], seed: int = 0, draws: int = 1000) -> list[Group]:
    """Scores by kind and language, and by subset if there are several.

    Every group has a separate random generator, so that leaving out a group changes no other.
    """
    return [
        _group(kind, lang, subset, members, seed, draws)
        for kind, lang, subset, members in _members(scored)
    ]


def _members(scored: Sequence[Scored]) -> Iterator[tuple[str, str, str, list[Scored]]]:
    order = {kind: place for place, kind in enumerate(BUILT_IN)}
    found = {(s.example.kind, s.example.lang) for s in scored}
    for kind, lang in sorted(found, key=lambda pair: (order.get(pair[0], len(order)), pair)):
        members = [s for s in scored if (s.example.kind, s.example.lang) == (kind, lang)]
        subsets = sorted({s.example.subset for s in members})
        if len(subsets) == 1:
            yield kind, lang, subsets[0], members
            continue
        yield kind, lang, ALL, members
        for subset in subsets:
            yield kind, lang, subset, [s for s in members if s.example.subset == subset]


def _group(
    kind: str, lang: str, subset: str, members: Sequence[Scored], seed: int, draws: int
) -> Group:
    names = list(dict.fromkeys(name for s in members for name in s.scores))
    absent = Score(math.nan, 0.0)
    found = np.array([[s.scores.get(name, absent) for name in names] for s in members])
    documents = [s.example.document for s in members]
    rng = np.random.default_rng([seed, *f"{kind} {lang} {subset}".encode()])
    estimates = estimate(found[..., 0], found[..., 1], documents, rng, draws)
    metrics = dict(zip(names, estimates, strict=True))
    scoring = members[0].example.scoring
    return Group(kind, scoring, lang, subset, len(members), len(set(documents)), metrics)


def notes(examples: Sequence[Example]) -> Iterator[str]:
    """A note for each kind that is scored by edit distance because its metrics are not known."""
    for kind in sorted({e.kind for e in examples if e.scoring == EDIT_DISTANCE}):
        yield f"rows of the kind {kind!r} are scored by edit distance"
