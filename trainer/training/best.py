"""The best step of a run by a measure on held-out data, and stopping when it stays the best."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LOWER_IS_BETTER = {"loss": True, "ned": True, "exact": False}
"""What `evaluation.best` may be: the validation loss, or a score of answers that are read."""


@dataclass
class Best:
    """The best value of `measure` so far, its step, and the evaluations since then.

    Without a measure nothing is compared. `patience` evaluations without a better value end the
    training, 0 never.
    """

    measure: str | None
    patience: int = 0
    value: float | None = None
    step: int = 0
    since: int = 0

    @property
    def stops(self) -> bool:
        return self.patience > 0 and self.since >= self.patience

    def observe(self, step: int, values: Mapping[str, Any]) -> bool:
        """Compare what was measured after a step; returns whether it is the best."""
        new = None if self.measure is None else values.get(self.measure)
        if self.measure is None or new is None or not math.isfinite(new):
            return False
        lower = LOWER_IS_BETTER[self.measure]
        if self.value is None or (new < self.value if lower else new > self.value):
            self.value, self.step, self.since = new, step, 0
            return True
        self.since += 1
        return False

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        kept = asdict(self)
        return {name: kept[name] for name in ("value", "step", "since")}
