"""Reads YAML files as plain data of bounded size."""

from __future__ import annotations

from typing import Any

import yaml

MAX_VALUES = 100_000
"""Values that a file may stand for. A few aliases of aliases stand for billions of values, which
fit in memory until somebody prints, compares or stores them."""


def plain_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        yaml.YAMLError: it is not YAML.
        ValueError: an impossible date, an endless number, a string with a null character (no path
            and no program takes one), deep nesting, or too many values.
    """
    try:
        value = yaml.safe_load(text)
        count = _count(value, {})
    except RecursionError:
        raise ValueError("the nesting is too deep") from None
    if count > MAX_VALUES:
        raise ValueError(f"with its aliases it has more than {MAX_VALUES:,} values")
    return value


def _count(value: Any, known: dict[int, int | None]) -> int:
    """The values in a value, each as often as it is named."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError("a string has a null character")
    if not isinstance(value, dict | list | tuple | set):
        return 1
    if id(value) in known:
        if (count := known[id(value)]) is None:
            raise ValueError("an alias contains itself")
        return count
    known[id(value)] = None
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else list(value)
    count = 1 + sum(_count(part, known) for part in parts)
    known[id(value)] = count
    return count
