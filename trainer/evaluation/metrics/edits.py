"""Edit distances, by rapidfuzz: exact, and linear in memory."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from rapidfuzz.distance import Levenshtein


def edit_distance(truth: Sequence[Hashable], answer: Sequence[Hashable]) -> int:
    """Levenshtein distance: insertions, deletions and substitutions, each 1."""
    return Levenshtein.distance(truth, answer)


def ned(truth: Sequence[Hashable], answer: Sequence[Hashable]) -> float:
    """Normalized edit distance: distance / length of the longer, from 0 (equal) to 1.

    The "edit distance" of Nougat (arXiv 2308.13418), Vary, GOT-OCR2 and OmniDocBench. Those papers
    report its mean over pages; weighted by the longer length it is the pooled convention of
    OmniDocBench, sum of distances / sum of lengths.
    """
    longer = max(len(truth), len(answer))
    return edit_distance(truth, answer) / longer if longer else 0.0


def cer(truth: str, answer: str) -> float:
    """Character error rate: distance / length of the truth; above 1 for answers that are too long.

    The convention of speech and handwriting recognition. With an empty truth every character of
    the answer is one error.
    """
    return edit_distance(truth, answer) / max(1, len(truth))
