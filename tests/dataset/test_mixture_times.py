"""The rule by which a mixture takes rows, computed independently."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vary_data.dataset.mixture import Mixture, Part


def expected_times(part: Part, seed: int) -> list[int]:
    """The documented rule, with the key of `vary_data.base.seed` written out."""
    digest = hashlib.blake2b(digest_size=16)
    for item in ("mix", str(seed), part.config, part.split):
        digest.update(len(item.encode()).to_bytes(4, "big") + item.encode())
    key = int.from_bytes(digest.digest(), "big")
    passes, rest = divmod(part.count, part.rows)
    extra = np.random.Generator(np.random.Philox(key=key)).permutation(part.rows)[:rest].tolist()
    return [passes + (row in extra) for row in range(part.rows)]


@given(
    st.integers(1, 40),
    st.integers(0, 130),
    st.integers(0, 2**40),
    st.text(max_size=8),
    st.sampled_from(["train", "test"]),
)
def test_times_and_picks_follow_the_rule(
    rows: int, count: int, seed: int, config: str, split: str
) -> None:
    part, mixture = Part("p", config, split, rows, count), Mixture((), seed)
    times = mixture.times(part).tolist()
    assert times == expected_times(part, seed)
    assert sum(times) == count
    expected = [(row, turn) for row, n in enumerate(times) for turn in range(n)]
    assert mixture.picks(part) == expected


def test_a_choice_never_changes() -> None:
    part = Part("out", "charts-zh", "train", 6, 8)
    assert Mixture((part,), 0).times(part).tolist() == [1, 1, 2, 2, 1, 1]
