"""Short answers to questions: ANLS, relaxed accuracy, exact match, over all accepted answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from trainer.evaluation.metrics.edits import ned
from trainer.evaluation.metrics.normalize import layout


def anls(accepted: Sequence[str], answer: str, threshold: float = 0.5) -> float:
    """Average normalized Levenshtein similarity of one question (arXiv 1905.13648, DocVQA).

    The best of 1 − NED over the accepted answers, and 0 if NED ≥ `threshold`. Case and runs of
    white space do not count, and lengths are those of the normalized strings (lmms-eval uses
    those of the originals).
    """
    folded = _folded(answer)
    best = min((ned(_folded(truth), folded) for truth in accepted), default=1.0)
    return 1 - best if best < threshold else 0.0


def exact_match(accepted: Sequence[str], answer: str) -> float:
    """1 if the answer is an accepted one, except for case and white space."""
    return float(_folded(answer) in {_folded(truth) for truth in accepted})


def relaxed_accuracy(accepted: Sequence[str], answer: str, tolerance: float = 0.05) -> float:
    """1 if a number is within 5 % of an accepted one, or a text is equal (arXiv 2203.10244).

    As in Pix2Struct, "5%" is 0.05, and case does not count in texts. Unlike there and in lmms-eval,
    thousands separators are read, an accepted 0 is a number (any spelling of zero is right), and
    "nan" is a word.
    """
    return float(any(_relaxed(truth, answer, tolerance) for truth in accepted))


def _relaxed(truth: str, answer: str, tolerance: float) -> bool:
    expected, value = _number(truth), _number(answer)
    if expected is None or value is None:
        return _folded(truth) == _folded(answer)
    # The factor keeps a value at the border inside in spite of rounding.
    return abs(value - expected) <= tolerance * abs(expected) * (1 + 1e-12)


def _number(text: str) -> float | None:
    text = text.strip().replace(",", "")
    scale = 0.01 if text.endswith("%") else 1.0
    try:
        value = float(text.removesuffix("%")) * scale
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _folded(text: str) -> str:
    return layout(text).casefold()
