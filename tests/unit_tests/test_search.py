"""Finding a text with a few wrong characters."""

from __future__ import annotations

import random

import pytest

from vary_data.unit_tests.search import ends, normalized


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def test_ends_agree_with_every_part_of_the_text() -> None:
    rng = random.Random(5)
    for _ in range(300):
        text = "".join(rng.choices("abc 中", k=rng.randint(0, 14)))
        pattern = "".join(rng.choices("abc 中", k=rng.randint(1, 6)))
        most = rng.randint(0, 3)
        expected = [
            end
            for end in range(1, len(text) + 1)
            if min(distance(pattern, text[start:end]) for start in range(end + 1)) <= most
        ]
        assert ends(pattern, text, most) == expected, (pattern, text, most)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b\n c", "a b c"),
        ("**bold** and *it* and __x__", "bold and it and x"),
        ("one<br/>two", "one two"),
        ("‘a’ “b” – c — d", "'a' \"b\" - c - d"),
        ("e\u0301", "é"),
    ],
)
def test_normalized(text: str, expected: str) -> None:
    assert normalized(text) == expected
