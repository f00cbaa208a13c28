"""Steps and weights that are not finite: left out, counted, and never saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from trainer.errors import RunError
from trainer.training.world import World


@dataclass
class LeftOutSteps:
    """Counts steps without an update, in the whole run and in a row.

    `limit` is how many in a row stop the run.
    """

    limit: int
    total: int = 0
    in_a_row: int = 0

    def observe(self, problem: str | None, step_name: str, advice: str) -> str | None:
        """Count a step, and give a line about it if it was left out.

        Raises:
            RunError: It is one too many in a row.
        """
        if problem is None:
            self.in_a_row = 0
            return None
        self.total += 1
        self.in_a_row += 1
        if self.in_a_row >= self.limit:
            row = f", {self.in_a_row} steps in a row without an update" if self.limit > 1 else ""
            raise RunError(f"{problem} at {step_name}{row}", advice)
        return f"{problem} at {step_name}: left out ({self.in_a_row} in a row)"


def check_finite(tensors: Mapping[str, Tensor], step: int, world: World) -> None:
    """Check the first process's tensors before they are saved; all processes take part.

    Raises:
        RunError: On every process, if one of them is not finite.
    """
    names = (n for n, t in tensors.items() if t.is_floating_point() and not t.isfinite().all())
    found = next((name for name in world.gather(next(names, "")) if name), None)
    if found is not None:
        raise RunError(
            f"the weights are not finite after step {step} (for example {found}): not saved",
            "run the same command again with a lower optim.lr; earlier checkpoints are intact",
        )
