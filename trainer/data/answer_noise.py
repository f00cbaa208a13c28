"""Wrong tokens in the answer that a model has read so far, so that it learns to go on after its own
mistakes.

In training, what the model has read of the answer is always right. In use it is the model's own
answer, and after one mistake the model may repeat itself without end. Nougat (arXiv 2308.13418,
section 5.4) trains with a few wrong tokens and sees fewer such repetitions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.model.loss import IGNORE


@dataclass(frozen=True, slots=True)
class AnswerNoise:
    """A share of the tokens of answers is wrong where the model reads them; targets stay right.

    `end` is the token that ends an answer.
    """

    share: float
    seed: int
    end: int

    def applied(self, ids: Sequence[int], labels: Sequence[int], key: tuple[int, ...]) -> list[int]:
        """The token ids with noise, the same for the same `key`.

        A wrong token is one from any place of the same answers: like a model's mistakes, it looks
        right, and by chance may be. The token that ends an answer neither moves nor changes, also
        between two answers in a row, and neither does the last one of an answer that is cut.
        """
        noisy = list(ids)
        places = [
            i
            for i in range(len(labels) - 1)
            if labels[i] not in (IGNORE, self.end) and labels[i + 1] != IGNORE
        ]
        rng = np.random.default_rng((self.seed, *key, *b"answer noise"))
        for i in np.flatnonzero(rng.random(len(places)) < self.share).tolist():
            noisy[places[i]] = ids[places[int(rng.integers(len(places)))]]
        return noisy
