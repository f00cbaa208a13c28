"""Parameters of exhaustive tests: some cases by default, the others with `-m slow`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def some(values: Iterable[Any], step: int) -> list[Any]:
    """Every `step`-th value by default."""
    return [_case(i % step == 0, value) for i, value in enumerate(values)]


def in_turn(first: Sequence[Any], second: Sequence[Any], each: int = 1) -> list[Any]:
    """All pairs. By default, each of `first` with `each` of `second`, which take turns."""
    return [
        _case((j - i * each) % len(second) < each, one, other)
        for i, one in enumerate(first)
        for j, other in enumerate(second)
    ]


def _case(by_default: bool, *values: Any) -> Any:
    return pytest.param(*values, marks=() if by_default else pytest.mark.slow)
