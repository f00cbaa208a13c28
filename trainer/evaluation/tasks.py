"""The metrics by which rows are scored, used by the command and described in docs/evaluation.md.

A row kind names one of them, its `scoring`:

chart             parsed, RMS, RNSS, SCRM, texts; NED of the dict as text
page              NED, CER; precision, recall, F1 of words and characters; BLEU, METEOR
markdown          the same; also separate NED and F1 of text, formulas and tables, matched
                  formulas, TEDS
table, formula    the same for one table or formula
short_answer      ANLS, relaxed accuracy, exact match
nothing_to_read   accuracy: one of the sentences for pictures without text
description       BLEU, METEOR, F1 of words, NED
edit_distance     NED, CER; also for kinds without a description, or with an unknown `scoring`
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
from vary_data.dataset.rejection import Rejected
from vary_data.dataset.row_kinds import EDIT_DISTANCE


class Score(NamedTuple):
    """A value and its weight in the mean."""

    value: float
    weight: float = 1.0


Scores = dict[str, Score]
Normalize = Callable[[str], str]
Scorer = Callable[..., Scores]
"""Called with the accepted answers, the answer and a `Normalize`."""


@dataclass(frozen=True, slots=True)
class ScoringTask:
    """A way to score rows. `shown` are the columns of tables; the first orders the worst samples.
    `reads_axes` is true if `score` also takes the steps of values that are read off an axis
    (`Example.steps`) and the language that they are printed in.

    `score(accepted, answer, normalize)` returns every metric that applies; those of formulas, for
    example, only if the truth has formulas.

    Raises:
        Rejected: by `score`, for a truth that cannot be scored in this way.
    """

    shown: tuple[str, ...]
    score: Scorer
    reads_axes: bool = False


LOWER_IS_BETTER = frozenset(
    {"ned", "ned_pooled", "cer", "text_ned", "formula_ned", "table_ned"}
)  # fmt: skip
"""All other metrics are better when higher."""


def plain_text(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """Any text against its first accepted reading, by edit distance."""
    truth, answer = normalize(accepted[0]), normalize(answer)
    distance = ned(truth, answer)
    return {
        "ned": Score(distance),
        "ned_pooled": Score(distance, max(len(truth), len(answer))),
        "cer": Score(cer(truth, answer), max(1, len(truth))),
    }


def page(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """A page of text against its first accepted reading."""
    text_scores = plain_text(accepted, answer, normalize)
    truth, answer = normalize(accepted[0]), normalize(answer)
    truth_words, answer_words = words(truth), words(answer)
    return {
        **text_scores,
        **_shares("", overlap(truth_words, answer_words)),
        **_shares("set_", set_overlap(truth_words, answer_words)),
        **_shares("char_", overlap(characters(truth), characters(answer))),
        "bleu": Score(bleu(truth_words, answer_words)),
        "meteor": Score(meteor(truth_words, answer_words)),
    }


def latex_page(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """A page of Mathpix Markdown, as text and by its parts."""
    return page(accepted, answer, normalize) | _parts(accepted[0], answer, normalize)


def formula_crop(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """One formula; an answer without delimiters is treated as a formula."""
    truth = accepted[0]
    found = split_markdown(answer, dollars=True).formulas
    formulas = found or ((answer,) if answer.strip() else ())
    return {"ned": Score(ned(normalize(truth), normalize(answer)))} | _formulas((truth,), formulas)


def table_crop(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """One table, with the formulas in its cells as LaTeX."""
    scores = _parts(accepted[0], answer, normalize)
    if "teds" not in scores:
        raise Rejected("no table")
    return {"ned": Score(ned(normalize(accepted[0]), normalize(answer)))} | scores


def chart_dict(
    accepted: Sequence[str],
    answer: str,
    normalize: Normalize,
    steps: Mapping[tuple[str, ...], str] = MappingProxyType({}),
    lang: str = "en",
) -> Scores:
    """A chart's dict, with numbers as its language prints them. An answer that cannot be parsed
    scores 0 except in the NED of the text.

    A value that is read off an axis is right within its step. Printed values and such ones also
    have separate scores, if the truth has some.
    """
    truth = chart.parse_chart(accepted[0], steps, lang)
    if truth is None:
        raise Rejected("not a chart dict")
    read = chart.parse_chart(answer, lang=lang)
    values = dict.fromkeys(_CHART_VALUES, 0.0)
    if read is not None:
        values = _chart_values(truth.entries, read.entries)
    return {
        "parsed": Score(float(read is not None)),
        **{name: Score(value) for name, value in values.items()},
        **_by_reading(truth.entries, read.entries if read else ()),
        "texts": Score(chart.text_score(truth, read) if read else 0.0),
        "ned": Score(ned(normalize(accepted[0]), normalize(answer))),
    }


def _by_reading(truth: chart_scores.Entries, answer: chart_scores.Entries) -> Scores:
    recall = chart_scores.rms_by_reading(truth, answer)
    found = {"rms_printed": recall.printed, "rms_unprinted": recall.unprinted}
    return {name: Score(value) for name, value in found.items() if value is not None}


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


def short_answer(accepted: Sequence[str], answer: str, _: Normalize) -> Scores:
    """A question with one or several accepted answers."""
    return {
        "anls": Score(anls(accepted, answer)),
        "relaxed_accuracy": Score(relaxed_accuracy(accepted, answer)),
        "exact_match": Score(exact_match(accepted, answer)),
    }


def nothing_to_read(accepted: Sequence[str], answer: str, _: Normalize) -> Scores:
    """A picture without text: the answer must be one of the accepted sentences."""
    closest = min(ned(layout(truth), layout(answer)) for truth in accepted)
    return {
        "accuracy": Score(exact_match(accepted, answer)),
        "similarity": Score(1 - closest),
    }


def description(accepted: Sequence[str], answer: str, normalize: Normalize) -> Scores:
    """A caption or a free answer, against the first accepted one."""
    truth, answer = normalize(accepted[0]), normalize(answer)
    truth_words, answer_words = words(truth), words(answer)
    return {
        "bleu": Score(bleu(truth_words, answer_words)),
        "meteor": Score(meteor(truth_words, answer_words)),
        **_shares("", overlap(truth_words, answer_words)),
        "ned": Score(ned(truth, answer)),
    }


_CHART_VALUES = ("rms_precision", "rms_recall", "rms_f1", "rnss", "scrm_strict", "scrm_slight",
                 "scrm_high", "scrm_exact")  # fmt: skip


def _shares(prefix: str, shares: Overlap) -> Scores:
    return {
        f"{prefix}precision": Score(shares.precision),
        f"{prefix}recall": Score(shares.recall),
        f"{prefix}f1": Score(shares.f1),
    }


def _parts(truth: str, answer: str, normalize: Normalize) -> Scores:
    """Separate scores of text, formulas and tables; a part that the truth lacks is not scored."""
    expected, read = split_markdown(truth), split_markdown(answer, dollars=True)
    scores: Scores = {}
    text = normalize(expected.text)
    if text:
        other = normalize(read.text)
        scores["text_ned"] = Score(ned(text, other))
        scores |= _shares("text_", overlap(words(text), words(other)))
    if expected.formulas:
        scores |= _formulas(expected.formulas, read.formulas)
    if expected.tables:
        raw, other = (normalize("\n".join(parts.tables)) for parts in (expected, read))
        trees = expected.parsed_tables(), read.parsed_tables()
        scores["table_ned"] = Score(ned(raw, other))
        scores |= _shares("table_", overlap(words(raw), words(other)))
        scores["teds"] = Score(teds.teds_of_page(*trees))
        scores["teds_structure"] = Score(teds.teds_of_page(*trees, structure=True))
    return scores


def _formulas(truth: Sequence[str], answer: Sequence[str]) -> Scores:
    """Formulas by tokens of their normalized form, and the F1 of those read exactly."""
    tokens = [[t for f in side for t in formula.normalized(f)] for side in (truth, answer)]
    return {
        "formula_ned": Score(ned(*tokens)),
        **_shares("formula_", overlap(*tokens)),
        "formula_match": Score(formula.formulas_matched(truth, answer).f1),
    }


_PAGE = ("ned", "precision", "recall", "f1", "char_f1", "bleu", "meteor")
_MARKDOWN = ("ned", "precision", "recall", "f1", "text_ned", "formula_ned", "formula_match",
             "table_ned", "teds", "teds_structure")  # fmt: skip
_CHART = ("rms_f1", "rms_printed", "rms_unprinted", "rnss", "scrm_strict", "scrm_slight",
          "scrm_high", "texts", "parsed", "ned")  # fmt: skip
_FORMULA = ("formula_ned", "formula_match", "formula_f1", "ned")
_TABLE = ("teds", "teds_structure", "table_ned", "table_f1", "ned")
_WORDS = ("f1", "precision", "recall", "bleu", "meteor", "ned")

TASKS: Mapping[str, ScoringTask] = MappingProxyType(
    {
        "chart": ScoringTask(_CHART, chart_dict, reads_axes=True),
        "page": ScoringTask(_PAGE, page),
        "markdown": ScoringTask(_MARKDOWN, latex_page),
        "table": ScoringTask(_TABLE, table_crop),
        "formula": ScoringTask(_FORMULA, formula_crop),
        "short_answer": ScoringTask(("anls", "relaxed_accuracy", "exact_match"), short_answer),
        "nothing_to_read": ScoringTask(("accuracy", "similarity"), nothing_to_read),
        "description": ScoringTask(_WORDS, description),
        EDIT_DISTANCE: ScoringTask(("ned", "cer"), plain_text),
    }
)
"""By the `scoring` of row kinds (`vary_data.dataset.row_kinds`)."""
