"""The choice of another target for the rows of a dataset: what `vary_data.targets` writes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A form (docs/targets.md), and the prompts that are used instead of its own."""

    form: str
    prompts: tuple[str, ...] = ()
    seed: int = 0
