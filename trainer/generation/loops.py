"""Finds answers that repeat one piece of text again and again, while they are generated."""

from __future__ import annotations

import torch
from torch import Tensor

PERIOD = 128
"""The longest piece, in tokens, whose repetition is found."""
REPEATS = 4
"""So often, at least, a loop has its piece."""
LENGTH = 64
"""Tokens that the repetitions fill together, at least: rows of dots are no loop."""


class LoopStop:
    """For every slot and every period up to `PERIOD`, how many of the last tokens are equal to the
    token one period before them."""

    def __init__(self, slots: int, device: torch.device) -> None:
        self._periods = torch.arange(1, PERIOD + 1, device=device)
        needed = torch.clamp(self._periods * REPEATS, min=LENGTH)
        self._needed = needed - self._periods  # the first piece equals nothing before it
        self._equal = torch.zeros(slots, PERIOD, dtype=torch.int32, device=device)

    def clear(self, slot: int) -> None:
        """Begin a new answer in a slot, whose first token is not passed to `add`."""
        self._equal[slot] = 0

    def add(self, tokens: Tensor, count: Tensor) -> tuple[Tensor, Tensor]:
        """Takes answers [S, T] of `count` [S] tokens, of which one is new.

        Returns which answers loop, and the length up to which each has its piece once.
        """
        last = count[:, None] - 1
        before = last - self._periods
        new = tokens.gather(1, last)
        equal = (tokens.gather(1, before.clamp(min=0)) == new) & (before >= 0)
        self._equal += 1
        self._equal *= equal
        loops = self._equal >= self._needed
        first = loops.int().argmax(1, keepdim=True)  # the shortest period
        once = count - self._equal.gather(1, first)[:, 0]
        return loops.any(1), once
