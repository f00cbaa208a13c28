"""What a page has already: options in random order without a repetition, and texts that are new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

TRIES = 20
"""Texts that are drawn until the page does not have one of them."""


class PageTexts:
    """The texts of one page so far. All randomness comes from `rng`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._texts: set[str] = set()
        self._left: dict[str, list[str]] = {}

    def in_turn(self, name: str, options: Sequence[str]) -> str:
        """One of the options of this name, in random order: each of them comes before one comes
        again."""
        if not self._left.get(name):
            order = self._rng.permutation(len(options)).tolist()
            self._left[name] = [options[i] for i in order]
        return self._left[name].pop()

    def used_up(self, name: str) -> bool:
        """Whether each of the options has come, and none of them again."""
        return self._left.get(name) == []

    def new(self, draw: Callable[[], str]) -> str:
        """A text that the page does not have, if one of some that are drawn is such a one."""
        for _ in range(TRIES):
            text = draw()
            if text not in self._texts:
                break
        self._texts.add(text)
        return text

    def next_new(self, texts: Sequence[str], first: int) -> int:
        """The position of the first text that the page does not have, from this position on, in a
        circle; this position if the page has them all, and then they all begin again."""
        order = chain(range(first, len(texts)), range(first))
        found = next((i for i in order if texts[i] not in self._texts), None)
        if found is None:
            self._texts.difference_update(texts)
            found = first
        self._texts.add(texts[found])
        return found
