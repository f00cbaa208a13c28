"""Random streams that depend only on the recipe's seed, the generator's name and the task's key.

A task's seed is a hash of these three. Order, worker count, shard size and the number of samples
have no influence, so a change to one sample never changes another. Never use numpy's global
random state.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np


def stable_hash(*parts: str | int, bits: int = 64) -> int:
    """An unsigned integer of `bits` bits by BLAKE2b, equal on all machines and in all versions."""
    digest = hashlib.blake2b(digest_size=bits // 8)
    for part in parts:
        item = str(part).encode()
        digest.update(len(item).to_bytes(4, "big") + item)
    return int.from_bytes(digest.digest(), "big")


@dataclass(frozen=True, slots=True)
class TaskSeed:
    """The 64-bit seed of a task; `value` is stored with each of its samples."""

    value: int

    @classmethod
    def of(cls, recipe_seed: int, generator: str, key: str) -> TaskSeed:
        """A hash of the three, so that the seed depends on no other task."""
        return cls(stable_hash(recipe_seed, generator, key))

    def generator(self, attempt: int = 0, stream: str = "") -> np.random.Generator:
        """A new random generator; the same (attempt, stream) always gives the same numbers."""
        key = stable_hash(self.value, attempt, stream, bits=128)
        return np.random.Generator(np.random.Philox(key=key))
