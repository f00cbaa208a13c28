"""YAML files of bounded size, whatever their aliases stand for."""

from __future__ import annotations

import pytest

from vary_data.base.plain_yaml import MAX_VALUES, plain_yaml


def test_aliases_are_read() -> None:
    assert plain_yaml("a: &a [1, 2]\nb: *a") == {"a": [1, 2], "b": [1, 2]}
    assert plain_yaml("5") == 5


def test_a_few_aliases_stand_for_billions_of_values() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghijk", "abcdefghij", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    with pytest.raises(ValueError, match=f"more than {MAX_VALUES:,} values"):
        plain_yaml("\n".join(lines))


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a {b: {c: *a}}"])
def test_a_value_that_contains_itself(text: str) -> None:
    with pytest.raises(ValueError, match="contains itself"):
        plain_yaml(text)


@pytest.mark.parametrize("text", ["[" * 5000, "a: " + "[" * 5000 + "]" * 5000])
def test_deep_nesting(text: str) -> None:
    with pytest.raises(ValueError, match="nesting is too deep"):
        plain_yaml(text)


@pytest.mark.parametrize("text", ['"a\\0b"', '{"a\\0": 1}', '[[x, "\\x00"]]'])
def test_no_path_has_a_null_character(text: str) -> None:
    with pytest.raises(ValueError, match="null character"):
        plain_yaml(text)
