"""Literals and YAML of others are plain data, or a ValueError."""

from __future__ import annotations

import time

import pytest

from vary_data.base.literals import literal
from vary_data.base.plain_yaml import plain_yaml

LARGE = "0x" + "f" * 5000
"""A number that Python computes with and refuses to print."""


@pytest.mark.parametrize(
    "text",
    [
        LARGE,
        "-" + LARGE,
        f"{{'values': {{'a': [{LARGE}]}}}}",
        f"{{{LARGE}: 1}}",
        f"[({LARGE},)]",
        "{(3,): True}",
        "{'a': 1j}",
        "{2j: 'a'}",
        "[b'a']",
        "{'a'}",
        "{...: 1}",
        "9" * 400,
        "9" * 5000,
        "{[]: 1}",
        "{{}}",
        "(" * 5000,
        "1 +",
        "f()",
        "",
        "\0",
    ],
)
def test_what_is_no_plain_literal(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        literal(text)


def test_a_literal() -> None:
    text = "{'a': ['\\d', 1e999, None], 2: {3.5: (True,)}}"
    assert literal(text) == {"a": ["\\d", float("inf"), None], 2: {3.5: (True,)}}
    assert literal(str(2**1023)) == 2**1023


@pytest.mark.parametrize(
    "text",
    [
        f"a: {LARGE}",
        f"? {LARGE}\n: a",
        f"[-{LARGE}]",
        "a: " + "9" * 400,
        "a: " + "9" * 5000,
        "a: " + "1:" * 200 + "1.5",
        "!!int ''",
        "!!float ''",
        "!!bool x",
        "!!timestamp x",
        "!!timestamp 2024-13-01",
    ],
)
def test_values_that_yaml_cannot_make(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|kind|month|digits"):
        plain_yaml(text)


def test_numbers_of_yaml_take_no_quadratic_time() -> None:
    started = time.process_time()
    with pytest.raises(ValueError, match="more than 1,000 digits"):
        plain_yaml("a: " + "1:" * 200_000 + "1")  # 11 s if it is computed
    assert time.process_time() - started < 5


def test_numbers_of_yaml() -> None:
    text = "[0x1F, 1:30, 1_000, -0o17, 1e3, 1.5e+3, .inf, 2024-01-02]"
    assert plain_yaml(text)[:7] == [31, 90, 1000, "-0o17", "1e3", 1500.0, float("inf")]
