"""One-to-one assignment of expected values to values of an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment

Matrix = NDArray[np.float64]


def assign(gain: Matrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the one-to-one assignment with the largest sum of gains."""
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return rows, columns


def distances(truths: Sequence[str], answers: Sequence[str]) -> Matrix:
    """[len(truths), len(answers)] Levenshtein distances."""
    return np.asarray(cdist(truths, answers, scorer=Levenshtein.distance), np.float64)


def neds(truths: Sequence[str], answers: Sequence[str]) -> Matrix:
    """[len(truths), len(answers)] normalized edit distances."""
    longer = np.maximum.outer([len(t) for t in truths], [len(a) for a in answers])
    return distances(truths, answers) / np.maximum(1, longer)
