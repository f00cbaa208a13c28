"""Profiles on a drawn page: ink in quads, strength, legibility, repeatable results."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.degrade import ink_outside
from renderers.degrade.pipeline import Degraded, degrade, illegible_share
from renderers.degrade.profile import NAMES, Profile, packaged, parse
from renderers.degrade.quads import bounds, corners_of, enclosing, mapped_quads
from renderers.degrade.regions import mapped_regions, outside, printed_texts, quads_of
from renderers.degrade.warp import Composition, about, rotation
from tests.tools.drawn_page import drawn_page

PAGE, REGIONS = drawn_page()
TEXTS = [REGIONS[i] for i in printed_texts(REGIONS)]
QUADS = quads_of(TEXTS)
LENGTHS = np.array([len(text.text) for text in TEXTS], np.float64)


def degraded(profile: Profile, strength: float, seed: int = 0) -> Degraded:
    def streams(name: str) -> np.random.Generator:
        return np.random.default_rng([seed, *name.encode()])

    return degrade(PAGE, QUADS, profile, strength, streams)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "mix"])
def test_ink_is_inside_of_the_quads(name: str) -> None:
    for seed in range(3):
        found = degraded(packaged(name), 1.0, seed)
        assert max(ink_outside(PAGE, QUADS, found, found.quads)) < 2
        height, width = found.pixels.shape[:2]
        assert not outside(TEXTS, found.warp, width, height)
        regions = mapped_regions(REGIONS, found.warp, width, height)
        assert [r.text for r in regions] == [r.text for r in REGIONS]
        assert [r.parent for r in regions] == [r.parent for r in REGIONS]


def test_wrong_quads_are_seen() -> None:
    """The measure of the test above: quads that are moved by four pixels."""
    found = degraded(packaged("photo"), 1.0)
    assert max(ink_outside(PAGE, QUADS, found, found.quads + 4)) > 2


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_is_repeatable(name: str) -> None:
    first, second = (degraded(packaged(name), 0.7) for _ in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    assert first.steps == second.steps
    assert not np.array_equal(first.pixels, degraded(packaged(name), 0.7, seed=1).pixels)


@pytest.mark.parametrize("name", ["scan", "photo", "old-print", "jpeg"])
def test_strength_lowers_legibility(name: str) -> None:
    means = []
    for strength in (0.0, 0.4, 1.0):
        found = [degraded(packaged(name), strength, seed) for seed in range(4)]
        means.append(np.mean([f.legibility.correlation.mean() for f in found]))
    assert means[0] > 0.97
    assert means[0] > means[1] > means[2]


def test_blurred_and_pale_and_small_text_is_illegible() -> None:
    def share(text: str) -> float:
        return illegible_share(degraded(parse(text, "test"), 1.0), QUADS, LENGTHS)

    assert share("- focus: {sigma: 0.02}") == 0
    assert share("- focus: {sigma: 0.6, uneven: 0}") > 0.9
    assert share("- exposure: {haze: 0.8, dim: 0.17, gamma: 0}") > 0.9
    assert share("- frame: {zoom: 0.25, margin: 0, crop: 0}") > 0.9


def test_a_mark_that_covers_text_is_seen() -> None:
    black = "- pen: {scribbles: 0, lines: 0, highlights: 40, darkness: 1}"
    found = degraded(parse(black + "\n- binarize: {kind: global, offset: 0.4}", "test"), 1.0)
    assert 0 < illegible_share(found, QUADS, LENGTHS) < 1


def test_quads_hold_curves() -> None:
    """A side that bulges by 3 pixels moves the line through its corners by 3 pixels."""
    quads = corners_of(np.array([[0.0, 0.0, 100.0, 10.0]]))
    share = np.linspace(0, 1, 9)[:-1]
    ends = np.roll(quads, -1, axis=1)
    curves = quads[:, :, None] + (ends - quads)[:, :, None] * share[:, None]
    curves[0, 0, 4, 1] = -3
    curves[0, 2, 4, 1] = 8  # inward: the corners stay the outermost points
    assert enclosing(curves)[0].tolist() == [[0, -3], [100, -3], [100, 10], [0, 10]]


def test_corners_keep_the_order_of_the_text() -> None:
    turned = mapped_quads(
        corners_of(np.array([[10.0, 20.0, 50.0, 30.0]])),
        Composition((about(np.zeros(2), rotation(np.pi / 2)),)),
    )
    # turned clockwise by 90 degrees: the text's top left is now at the top right
    assert np.round(turned[0], 6).tolist() == [[-20, 10], [-20, 50], [-30, 50], [-30, 10]]
    assert np.round(bounds(turned), 6).tolist() == [[-30, 10, -20, 50]]
    none = mapped_quads(np.zeros((0, 4, 2)), Composition())
    assert none.shape == (0, 4, 2)


def test_a_picture_without_text() -> None:
    def streams(name: str) -> np.random.Generator:
        return np.random.default_rng(list(name.encode()))

    found = degrade(PAGE, np.zeros((0, 4, 2)), packaged("photo"), 1.0, streams)
    assert found.pixels.ndim == 3
    assert illegible_share(found, np.zeros((0, 4, 2)), np.zeros(0)) == 0
