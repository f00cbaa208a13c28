"""Which metrics go with which kind of data: the one table that commands and docs follow.

chart, semantic_chart   parsed, RMS, RNSS, SCRM, texts; NED of the dict as text
page                    NED, CER; precision, recall, F1 of words and characters; BLEU, METEOR
latex_page              the same, and for text, formulas and tables apart: NED, F1;
                        formulas matched, TEDS
table, formula          the same for one table or formula
vqa                     ANLS, relaxed accuracy, exact match
negative                accuracy: one of the sentences that say that there is nothing to read
caption, conversation   BLEU, METEOR, F1 of words, NED
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from trainer.evaluation.metrics import chart, chart_scores, formula, teds
from trainer.evaluation.metrics.answers import anls, exact_match, relaxed_accuracy
from trainer.evaluation.metrics.edits import cer, ned
from trainer.evaluation.metrics.markdown import split_markdown
from trainer.evaluation.metrics.normalize import layout
from trainer.evaluation.metrics.overlap import Overlap, overlap, set_overlap
from trainer.evaluation.metrics.translation import bleu, meteor
from trainer.evaluation.metrics.words import characters, words


class Rejected(ValueError):
    """A truth that its kind cannot be scored against; the message says why."""


class Measure(NamedTuple):
    """A value and its weight in the mean."""

    value: float
    weight: float = 1.0


Measures = dict[str, Measure]
Normalize = Callable[[str], str]
Scorer = Callable[[Sequence[str], str, Normalize], Measures]


@dataclass(frozen=True, slots=True)
class Task:
    """How a kind is scored. `shown` are the columns of tables; the first orders the worst samples.

    `score(accepted, answer, normalize)` gives every metric that applies: those of formulas, say,
    only where the truth has some.
    """

    shown: tuple[str, ...]
    score: Scorer


LOWER_IS_BETTER = frozenset(
    {"ned", "ned_pooled", "cer", "text_ned", "formula_ned", "table_ned"}
)  # fmt: skip
"""All other metrics are better when higher."""


def page(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """A page of text against its first accepted reading."""
    truth, answer = normalize(accepted[0]), normalize(answer)
    longer = max(len(truth), len(answer))
    expected, given = words(truth), words(answer)
    distance = ned(truth, answer)
    return {
        "ned": Measure(distance),
        "ned_pooled": Measure(distance, longer),
        "cer": Measure(cer(truth, answer), max(1, len(truth))),
        **_shares("", overlap(expected, given)),
        **_shares("set_", set_overlap(expected, given)),
        **_shares("char_", overlap(characters(truth), characters(answer))),
        "bleu": Measure(bleu(expected, given)),
        "meteor": Measure(meteor(expected, given)),
    }


def latex_page(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """A page of Mathpix Markdown: as text, and by its parts."""
    return page(accepted, answer, normalize) | _parts(accepted[0], answer, normalize)


def formula_crop(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """One formula; an answer without delimiters is taken for a formula."""
    truth = accepted[0]
    found = split_markdown(answer, dollars=True).formulas
    given = found if found else ((answer,) if answer.strip() else ())
    return {"ned": Measure(ned(normalize(truth), normalize(answer)))} | _formulas((truth,), given)


def table_crop(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """One table, with the formulas inside its cells as they are written."""
    measures = _parts(accepted[0], answer, normalize)
    if "teds" not in measures:
        raise Rejected("holds no table")
    return {"ned": Measure(ned(normalize(accepted[0]), normalize(answer)))} | measures


def chart_dict(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """A chart's dict. What cannot be parsed scores 0 in everything but the NED of the text."""
    truth = chart.parse_chart(accepted[0])
    if truth is None:
        raise Rejected("is no chart dict")
    given = chart.parse_chart(answer)
    values = dict.fromkeys(_CHART_VALUES, 0.0)
    if given is not None:
        values = _chart_values(truth.entries, given.entries)
    return {
        "parsed": Measure(float(given is not None)),
        **{name: Measure(value) for name, value in values.items()},
        "texts": Measure(chart.text_score(truth, given) if given else 0.0),
        "ned": Measure(ned(normalize(accepted[0]), normalize(answer))),
    }


def _chart_values(truth: chart_scores.Entries, answer: chart_scores.Entries) -> dict[str, float]:
    rms = chart_scores.rms(truth, answer)
    tolerances = (chart_scores.STRICT, chart_scores.SLIGHT, chart_scores.HIGH)
    return dict(
        zip(
            _CHART_VALUES,
            (
                rms.precision,
                rms.recall,
                rms.f1,
                chart_scores.rnss(truth, answer),
                *(chart_scores.scrm(truth, answer, tolerance) for tolerance in tolerances),
                chart_scores.scrm_exact(truth, answer),
            ),
            strict=True,
        )
    )


def short_answer(accepted: Sequence[str], answer: str, _: Normalize) -> Measures:
    """A question with one or several accepted answers."""
    return {
        "anls": Measure(anls(accepted, answer)),
        "relaxed_accuracy": Measure(relaxed_accuracy(accepted, answer)),
        "exact_match": Measure(exact_match(accepted, answer)),
    }


def nothing_to_read(accepted: Sequence[str], answer: str, _: Normalize) -> Measures:
    """A picture without text: the answer must be one of the sentences that say so."""
    closest = min(ned(layout(truth), layout(answer)) for truth in accepted)
    return {
        "accuracy": Measure(exact_match(accepted, answer)),
        "similarity": Measure(1 - closest),
    }


def description(accepted: Sequence[str], answer: str, normalize: Normalize) -> Measures:
    """A caption or an answer in words; of several accepted ones the first."""
    truth, answer = normalize(accepted[0]), normalize(answer)
    expected, given = words(truth), words(answer)
    return {
        "bleu": Measure(bleu(expected, given)),
        "meteor": Measure(meteor(expected, given)),
        **_shares("", overlap(expected, given)),
        "ned": Measure(ned(truth, answer)),
    }


_CHART_VALUES = ("rms_precision", "rms_recall", "rms_f1", "rnss", "scrm_strict", "scrm_slight",
                 "scrm_high", "scrm_exact")  # fmt: skip


def _shares(prefix: str, shares: Overlap) -> Measures:
    return {
        f"{prefix}precision": Measure(shares.precision),
        f"{prefix}recall": Measure(shares.recall),
        f"{prefix}f1": Measure(shares.f1),
    }


def _parts(truth: str, answer: str, normalize: Normalize) -> Measures:
    """Text, formulas and tables apart; a part that the truth lacks is not scored."""
    expected, given = split_markdown(truth), split_markdown(answer, dollars=True)
    measures: Measures = {}
    text = normalize(expected.text)
    if text:
        other = normalize(given.text)
        measures["text_ned"] = Measure(ned(text, other))
        measures |= _shares("text_", overlap(words(text), words(other)))
    if expected.formulas:
        measures |= _formulas(expected.formulas, given.formulas)
    if expected.tables:
        raw, other = (normalize("\n".join(parts.tables)) for parts in (expected, given))
        trees = expected.parsed_tables(), given.parsed_tables()
        measures["table_ned"] = Measure(ned(raw, other))
        measures |= _shares("table_", overlap(words(raw), words(other)))
        measures["teds"] = Measure(teds.teds_of_page(*trees))
        measures["teds_structure"] = Measure(teds.teds_of_page(*trees, structure=True))
    return measures


def _formulas(truth: Sequence[str], answer: Sequence[str]) -> Measures:
    """Formulas by tokens of their normalized form, and the F1 of those read exactly."""
    tokens = [[t for f in side for t in formula.normalized(f)] for side in (truth, answer)]
    return {
        "formula_ned": Measure(ned(*tokens)),
        **_shares("formula_", overlap(*tokens)),
        "formula_match": Measure(formula.formulas_matched(truth, answer).f1),
    }


_PAGE = ("ned", "precision", "recall", "f1", "char_f1", "bleu", "meteor")
_MARKDOWN = ("ned", "precision", "recall", "f1", "text_ned", "formula_ned", "formula_match",
             "table_ned", "teds", "teds_structure")  # fmt: skip
_CHART = ("rms_f1", "rnss", "scrm_strict", "scrm_slight", "scrm_high", "texts", "parsed", "ned")
_FORMULA = ("formula_ned", "formula_match", "formula_f1", "ned")
_TABLE = ("teds", "teds_structure", "table_ned", "table_f1", "ned")
_WORDS = ("f1", "precision", "recall", "bleu", "meteor", "ned")

TASKS: Mapping[str, Task] = MappingProxyType(
    {
        "chart": Task(_CHART, chart_dict),
        "semantic_chart": Task(_CHART, chart_dict),
        "page": Task(_PAGE, page),
        "latex_page": Task(_MARKDOWN, latex_page),
        "table": Task(_TABLE, table_crop),
        "formula": Task(_FORMULA, formula_crop),
        "vqa": Task(("anls", "relaxed_accuracy", "exact_match"), short_answer),
        "negative": Task(("accuracy", "similarity"), nothing_to_read),
        "caption": Task(_WORDS, description),
        "conversation": Task(_WORDS, description),
    }
)
