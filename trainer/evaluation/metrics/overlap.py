"""Precision, recall and F1 of words or characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overlap:
    """The common share of the answer and of the truth, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def overlap(truth: Iterable[Hashable], answer: Iterable[Hashable]) -> Overlap:
    """Overlap of multisets: a word that occurs twice must be read twice.

    With c(w) = min(count in truth, count in answer): precision = Σc / |answer|, recall =
    Σc / |truth|, F1 = 2Σc / (|answer| + |truth|). Order does not count.
    """
    return _overlap(Counter(truth), Counter(answer))


def set_overlap(truth: Iterable[Hashable], answer: Iterable[Hashable]) -> Overlap:
    """Overlap of sets: the number of occurrences of a word does not count.

    The variant of Nougat, GOT-OCR2 and Fox; the latter two call it with truth and answer
    exchanged, so that the printed precision is recall.
    """
    return _overlap(Counter(set(truth)), Counter(set(answer)))


def _overlap(truth: Counter[Hashable], answer: Counter[Hashable]) -> Overlap:
    expected, read = truth.total(), answer.total()
    if not expected or not read:
        same = float(expected == read)
        return Overlap(same, same, same)
    common = (truth & answer).total()
    return Overlap(common / read, common / expected, 2 * common / (read + expected))
