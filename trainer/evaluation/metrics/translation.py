"""BLEU and METEOR: word order counts, but an error does not affect all words after it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any


def bleu(truth: Sequence[str], answer: Sequence[str]) -> float:
    """BLEU-4 of one answer by sacrebleu, on words.

    Papineni et al. 2002, with sacrebleu's sentence settings: counts of zero are smoothed ("exp"),
    and answers shorter than four words are scored by the n-grams that they have.
    """
    if not truth or not answer:
        return float(not truth and not answer)
    score = _bleu().sentence_score(" ".join(answer), [" ".join(truth)]).score
    return float(min(1.0, score / 100))


def meteor(truth: Sequence[str], answer: Sequence[str]) -> float:
    """METEOR with the stages exact and stem, aligned by nltk; without WordNet's synonyms.

    Lavie and Agarwal 2007: F = P·R / (0.9·P + 0.1·R) of matched lower-case words (equal, or of
    equal Porter stem), times 1 − 0.5·(chunks / matches)³. If everything matches in one chunk
    there is no penalty, as in METEOR 1.5; nltk's function scores a right answer of one word 0.5.
    WordNet would have to be downloaded and is only for English: if answers use synonyms, scores
    are lower than nltk's with WordNet.
    """
    if not truth or not answer:
        return float(not truth and not answer)
    align, no_synonyms = _aligner()
    reference = [word.lower() for word in truth]
    hypothesis = [word.lower() for word in answer]
    pairs, _, _ = align(hypothesis, reference, wordnet=no_synonyms)
    matches = len(pairs)
    if not matches:
        return 0.0
    precision, recall = matches / len(answer), matches / len(truth)
    mean = precision * recall / (0.9 * precision + 0.1 * recall)
    chunks = 1 + sum((i + 1, j + 1) != after for (i, j), after in pairwise(pairs))
    if chunks == 1 and matches == len(truth) == len(answer):
        return 1.0
    return float(mean * (1 - 0.5 * (chunks / matches) ** 3))


class _NoSynonyms:
    """A WordNet without entries, for nltk."""

    def synsets(self, _: str) -> list[Any]:
        return []


@cache
def _bleu() -> Any:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize="none", effective_order=True)


@cache
def _aligner() -> tuple[Any, Any]:
    from nltk.translate.meteor_score import align_words

    return align_words, _NoSynonyms()
