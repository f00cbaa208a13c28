"""The print of the other side: another page if one is known."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.degrade.step import Back, Image, Surface, find_step, no_back

LEFT = np.full((40, 60), 255, np.uint8)
LEFT[:, 5:15] = 0
"""A page with a black column near its left side."""


def applied(pixels: Image, back: Back) -> Image:
    given = Surface(pixels, np.zeros((0, 4)), 4.0, back)
    rng = np.random.default_rng(0)
    return np.asarray(find_step("bleed_through").apply(given, {"amount": 0.5}, rng))


@pytest.mark.parametrize("shape", [(40, 60), (40, 60, 3)])
@pytest.mark.parametrize("scale", [1, 2])
def test_another_page_shines_through_mirrored(shape: tuple[int, ...], scale: int) -> None:
    other = np.kron(LEFT, np.ones((scale, scale), np.uint8))
    found = applied(np.full(shape, 255, np.float32), lambda: other)
    assert found.shape == shape
    columns = found.mean(axis=(0, *range(2, len(shape))))
    assert columns[48:52].max() < 140  # 60 - 10 is the middle of the mirrored column
    assert columns[:40].min() > 250


def test_a_page_of_another_shape_covers_the_sheet() -> None:
    dark = np.zeros((10, 90), np.uint8)
    dark[:, :1] = 255
    found = applied(np.full((40, 60), 255, np.float32), lambda: dark)
    assert found.shape == (40, 60)


def test_without_another_page_it_is_the_page_itself() -> None:
    found = applied(LEFT.astype(np.float32), no_back)
    columns = found.mean(axis=0)
    assert columns[48:52].max() < 140
    assert columns[5:15].max() < 1
