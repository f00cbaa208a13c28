"""Reads YAML files as plain data of bounded size."""

from __future__ import annotations

from typing import Any

import yaml

from vary_data.base.literals import is_endless

MAX_DIGITS = 1_000
"""Characters of a number. Those in base 60 (`1:30:00`) take quadratic time."""
MAX_VALUES = 100_000
"""Values that a file may stand for. A few aliases of aliases stand for billions of values, which
fit in memory until somebody prints, compares or stores them."""


def plain_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises:
        yaml.YAMLError: it is not YAML.
        ValueError: an impossible date, a number beyond floats, a value that its tag does not allow,
            a string with a null character (no path and no program takes one), deep nesting, or too
            many values.
    """
    try:
        value = yaml.load(text, _Loader)
        count = _count(value, {})
    except RecursionError:
        raise ValueError("the nesting is too deep") from None
    if count > MAX_VALUES:
        raise ValueError(f"with its aliases it has more than {MAX_VALUES:,} values")
    return value


class _Loader(yaml.SafeLoader):
    """PyYAML's, whose constructors end with errors of many kinds at a value that their tag does not
    allow."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            return super().construct_object(node, deep)
        kind = node.tag.rpartition(":")[2]
        if kind in ("int", "float") and len(node.value) > MAX_DIGITS:
            raise ValueError(f"a number has more than {MAX_DIGITS:,} digits")
        try:
            value = super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError) as error:
            raise ValueError(f"{node.value[:40]!r} is no value of the kind {kind}") from error
        if is_endless(value):
            raise ValueError("a number is too large")
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
