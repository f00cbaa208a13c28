from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.latex import color_tag

COLORS = st.tuples(*[st.integers(0, 254)] * 3)


def channels(operator: str) -> list[float]:
    return [float(v) for v in operator.removesuffix(" rg").split()]


@given(st.integers(0, color_tag.CAPACITY - 1), COLORS)
def test_a_number_comes_back_and_no_pixel_changes(number: int, color: color_tag.Color) -> None:
    values = channels(color_tag.encode(number, color))
    assert color_tag.decode(values) == number
    assert tuple(round(v * 255) for v in values) == color


def test_plain_colors_have_the_number_zero() -> None:
    assert color_tag.decode([0.0, 0.0, 0.0]) == 0
    assert color_tag.decode([1.0, 1.0, 1.0]) == 0
    assert color_tag.decode([0.5]) == 0


def test_numbers_beyond_the_capacity_are_rejected() -> None:
    with pytest.raises(ValueError, match="must be between 0 and 7529535"):
        color_tag.encode(color_tag.CAPACITY)
