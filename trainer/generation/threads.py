"""Chooses how many threads of a CPU generate, by time.

One token of one answer is some 150 small operations. Each waits for all of its threads: on a
computer that does something else as well, for the one whose core is taken. Then one thread is
several times faster than all of them; on an idle one it is slower.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

TRIED = 3
"""Steps for which each number of threads is tried; the fastest counts."""
KEPT = 200
"""Steps before all are tried again."""


class Threads:
    """The number of threads for each step, among 1, 2, 4, … and torch's own number."""

    def __init__(self, most: int) -> None:
        self._numbers = sorted({most, *(2**k for k in range(most.bit_length()) if 2**k < most)})
        self._seconds: dict[int, float] = {}
        self._step = 0

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step with the number of threads that is fastest, or is tried."""
        number = self.next()
        before = torch.get_num_threads()
        torch.set_num_threads(number)
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(number, time.perf_counter() - began)
            torch.set_num_threads(before)

    def next(self) -> int:
        """The number of threads of the next step."""
        trial = self._step // TRIED
        if trial < len(self._numbers):
            return self._numbers[trial]
        return min(self._seconds, key=self._seconds.__getitem__)

    def took(self, number: int, seconds: float) -> None:
        """A step with `number` threads took so long."""
        if self._step < TRIED * len(self._numbers):
            self._seconds[number] = min(seconds, self._seconds.get(number, seconds))
        self._step += 1
        if self._step == KEPT:
            self._step = 0
            self._seconds = {}
