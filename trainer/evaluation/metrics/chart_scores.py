"""Scores of a chart's values: RMS, RNSS, SCRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.evaluation.metrics.chart import Entry
from trainer.evaluation.metrics.edits import edit_distance, ned
from trainer.evaluation.metrics.matching import Matrix, assign, distances, neds
from trainer.evaluation.metrics.overlap import Overlap
from trainer.evaluation.metrics.quantity import quantity, relative_error

Entries = Sequence[Entry]
Value = tuple[float | None, str, float]
"""A value as a number (None if it is not one) and as text, and its step: a number that differs by
no more than that is right, as an axis cannot be read more precisely."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A tolerance of SCRM: `edits` in names and relative `error` of values, both inclusive."""

    edits: int
    error: float


STRICT, SLIGHT, HIGH = Tolerance(0, 0.0), Tolerance(2, 0.05), Tolerance(5, 0.1)


def rms(
    truth: Entries, answer: Entries, text_limit: float = 0.5, number_limit: float = 0.1
) -> Overlap:
    """Relative mapping similarity (DePlot, arXiv 2212.10505, section 3.2).

    Entries are paired one to one by the NED of their names; a pair counts (1 − NED) · (1 − relative
    error), where NED above `text_limit` and errors from `number_limit` count as 1; values that are
    not numbers are compared as text. Precision divides the sum by the entries of the answer,
    recall by those of the truth. The result is the better one of the answer and the transposed
    answer. The limits are those of the paper. The public code (`deplot/metrics.py`) departs from
    it and from this function: an NED of exactly `text_limit` counts as 1 there (its `<` is `<=`
    here), which matters for short names; it reports recall as F1 per chart, gives an empty answer
    the precision 1, and counts the title as an entry, where texts here have a separate score
    (`text_score`).
    """
    if not truth or not answer:
        same = float(len(truth) == len(answer))
        return Overlap(same, same, same)
    total = float(_rms_found(truth, answer, text_limit, number_limit).sum())
    return Overlap(total / len(answer), total / len(truth), 2 * total / (len(answer) + len(truth)))


@dataclass(frozen=True, slots=True)
class RecallByReading:
    """The recall of `rms` over the values that are printed, and over those that are read off an
    axis; None if the chart has no such values."""

    printed: float | None
    unprinted: float | None


def rms_by_reading(
    truth: Entries, answer: Entries, text_limit: float = 0.5, number_limit: float = 0.1
) -> RecallByReading:
    """The recall of `rms` by the way in which values of the truth are read: those with a `step` are
    not printed. Entries are paired as in `rms`, all of them together."""
    found = np.zeros(len(truth))
    if truth and answer:
        found = _rms_found(truth, answer, text_limit, number_limit)
    unprinted = np.array([bool(entry.step) for entry in truth], dtype=bool)
    return RecallByReading(
        float(found[~unprinted].mean()) if not unprinted.all() else None,
        float(found[unprinted].mean()) if unprinted.any() else None,
    )


def _rms_found(truth: Entries, answer: Entries, text_limit: float, number_limit: float) -> Matrix:
    """How well each entry of the truth is found in the answer or in the transposed answer, from 0
    to 1: [entries of the truth]."""
    transposed = [entry.transposed() for entry in answer]
    sides = [_rms_pairs(truth, side, text_limit, number_limit) for side in (answer, transposed)]
    return max(sides, key=lambda found: float(found.sum()))


def _rms_pairs(truth: Entries, answer: Entries, text_limit: float, number_limit: float) -> Matrix:
    names = neds([e.key for e in truth], [e.key for e in answer])
    names = 1 - np.where(names <= text_limit, names, 1.0)
    rows, columns = np.nonzero(names)
    expected, read = _values(truth), _values(answer)
    values = np.zeros_like(names)
    for row, column in zip(rows, columns, strict=True):
        values[row, column] = _value(expected[row], read[column], text_limit, number_limit)
    rows, columns = assign(names + 1e-9 * values)  # values only break ties between names
    found = np.zeros(len(truth))
    found[rows] = (names * values)[rows, columns]
    return found


def _value(truth: Value, answer: Value, text_limit: float, number_limit: float) -> float:
    if truth[0] is not None and answer[0] is not None:
        error = relative_error(truth[0], answer[0], truth[2])
        return 1 - error if error < number_limit else 0.0
    distance = ned(truth[1], answer[1])
    return 1 - distance if distance <= text_limit else 0.0


def rnss(truth: Entries, answer: Entries) -> float:
    """Relative number set similarity (ChartQA; DePlot's `table_number_accuracy`).

    1 − Σ min(1, relative error) / max(numbers), over the best one-to-one pairing of all numbers,
    where an unpaired number counts as an error of 1; names do not count. In DePlot's code it
    counts as 0, so that one right number of a hundred scores 1.
    """
    expected = [(n, step) for n, _, step in _values(truth) if n is not None]
    read = [n for e in answer if (n := quantity(e.value)) is not None]
    if not expected or not read:
        return float(len(expected) == len(read))
    gain = np.array(
        [[1 - min(1.0, relative_error(t, a, step)) for a in read] for t, step in expected]
    )
    rows, columns = assign(gain)
    return float(gain[rows, columns].sum()) / max(len(expected), len(read))


def scrm(truth: Entries, answer: Entries, tolerance: Tolerance) -> float:
    """SCRM's mPrecision of one chart (StructChart, arXiv 2309.11268).

    It is the share of the IoU thresholds 0.50, 0.55, …, 0.95 that the chart's IoU reaches at this
    tolerance. IoU = m / (|truth| + |answer| − m), with m the largest number of entries that can be
    paired one to one so that the joined names are within `edits` (in either order of names) and
    the values within `error`. Errors of public implementations that are avoided here: names that
    contain one another pass (OneChart: the empty name equals everything), one entry may match
    several, a negative truth is matched by any value (ChartVLM divides by the signed value), and
    `np.arange` gives 0.6000…01, so that an IoU of 3/5 misses its threshold. Answers that cannot be
    parsed score 0 instead of being multiplied in at the end, which gives the same mean.
    """
    matched, union = _iou(truth, answer, tolerance)
    # IoU >= step / 20 in whole numbers, for the thresholds 10/20 to 19/20
    return sum(20 * matched >= step * union for step in range(10, 20)) / 10


def scrm_exact(truth: Entries, answer: Entries) -> float:
    """SCRM's exact match: 1 if the strict IoU is 1."""
    matched, union = _iou(truth, answer, STRICT)
    return float(matched == union)


def _iou(truth: Entries, answer: Entries, tolerance: Tolerance) -> tuple[int, int]:
    """Matched entries and the size of the union."""
    if not truth or not answer:
        return 0, len(truth) + len(answer)
    near = _names_within(truth, answer, tolerance.edits)
    expected, read = _values(truth), _values(answer)
    for row, column in zip(*np.nonzero(near), strict=True):
        near[row, column] = _value_within(expected[row], read[column], tolerance)
    rows, columns = assign(near)
    matched = int(near[rows, columns].sum())
    return matched, len(truth) + len(answer) - matched


def _names_within(truth: Entries, answer: Entries, edits: int) -> Matrix:
    """1 where the joined names differ by at most `edits`, in either order of names."""
    keys = [entry.key for entry in truth]
    direct = distances(keys, [entry.key for entry in answer])
    transposed = distances(keys, [entry.transposed().key for entry in answer])
    return (np.minimum(direct, transposed) <= edits).astype(np.float64)


def _value_within(truth: Value, answer: Value, tolerance: Tolerance) -> bool:
    if truth[0] is None or answer[0] is None:
        return edit_distance(truth[1], answer[1]) <= tolerance.edits
    allowed = max(tolerance.error * abs(truth[0]), truth[2])
    return abs(answer[0] - truth[0]) <= allowed * (1 + 1e-12)


def _values(entries: Entries) -> list[Value]:
    return [
        (quantity(entry.value), entry.value.strip().casefold(), quantity(entry.step) or 0.0)
        for entry in entries
    ]
