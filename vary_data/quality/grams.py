"""Hashes runs of n tokens to 64-bit numbers, equal on all machines."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
CACHED_TOKENS = 1 << 20


class GramHasher:
    """Hashes every run of `n` tokens of a text; caches the hashes of tokens up to a limit.

    The hash of a run is a polynomial in the hashes of its tokens modulo 2^64, followed by the
    finalizer of MurmurHash3. Among a hundred million runs a collision has odds of 1:3,700.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self._known: dict[str, int] = {}
        power, powers = 1, []
        for _ in range(n):
            powers.append(power)
            power = power * 0x9E3779B97F4A7C15 % 2**64
        self._powers = np.array(powers, np.uint64)

    def __call__(self, tokens: Sequence[str]) -> Hashes:
        """One hash per run, in order: `len(tokens) - n + 1` hashes.

        A shorter text is a single run, which is equal only to the same short text.
        """
        if not tokens:
            return np.empty(0, np.uint64)
        numbers = np.array([self._number(token) for token in tokens], np.uint64)
        if len(numbers) < self.n:
            length = np.full(1, len(numbers), np.uint64)
            return murmur_finalize(
                (numbers * self._powers[: len(numbers)]).sum(keepdims=True) + length
            )
        runs = np.lib.stride_tricks.sliding_window_view(numbers, self.n)
        return murmur_finalize((runs * self._powers).sum(axis=1, dtype=np.uint64))

    def _number(self, token: str) -> int:
        number = self._known.get(token)
        if number is None:
            if len(self._known) >= CACHED_TOKENS:
                self._known.clear()
            data = token.encode("utf-8", "surrogatepass")
            number = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
            self._known[token] = number
        return number


def murmur_finalize(values: Hashes) -> Hashes:
    """The 64-bit finalizer of MurmurHash3: a bijection that spreads each bit over all bits."""
    shift = np.uint64(33)
    values = (values ^ (values >> shift)) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> shift)) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> shift)
