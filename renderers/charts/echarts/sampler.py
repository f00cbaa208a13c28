"""The free choices of a drawing: drawn from one seed, and written down by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class StyleSampler:
    """Two of the same seed choose alike, so a chart that is drawn again looks the same.

    `chosen` holds what was chosen so far, as plain data; `fixed` are the choices of a look.
    """

    def __init__(self, seed: int, fixed: Mapping[str, Any] | None = None) -> None:
        self._rng = np.random.Generator(np.random.Philox(seed))
        self._fixed = fixed or {}
        self.chosen: dict[str, Any] = {}

    def pick(self, name: str, options: Sequence[T]) -> T:
        """One of the options, equally likely; recorded under `name`, or the fixed choice."""
        value = options[int(self._rng.integers(len(options)))]
        return self._taken(name, value)

    def flag(self, name: str, share: float = 0.5) -> bool:
        """True in this share of cases."""
        return self._taken(name, bool(self._rng.random() < share))

    def whole_number(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return self._taken(name, int(self._rng.integers(low, high + 1)))

    def _taken(self, name: str, value: T) -> T:
        found: T = self._fixed.get(name, value)
        self.chosen[name] = found
        return found

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order; not written down."""
        return [items[i] for i in self._rng.permutation(len(items))]
