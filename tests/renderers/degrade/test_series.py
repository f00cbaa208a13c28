"""Charts whose marks vanish, or whose series get one color, are seen."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.degrade.legibility import lost_share
from renderers.degrade.pipeline import Degraded, degrade
from renderers.degrade.profile import parse
from renderers.degrade.series import alike, mark_quads, series_of
from renderers.picture import Pixels, Region, encode
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejection
from vary_data.engine.sample import Sample
from vary_data.generators.degradation import Degradation
from vary_data.generators.degrading import MAX_ATTEMPTS, Degrader

RED, GREEN, PALE = (200, 60, 60), (60, 128, 60), (228, 228, 228)
"""Red and green have the same gray, 102."""


def chart(*colors: tuple[int, int, int]) -> tuple[Pixels, list[Region]]:
    """Two bars of each of the series `A`, `A/B`, …, below a legend."""
    pixels = np.full((200, 300, 3), 255, np.uint8)
    regions = []
    for number, (name, color) in enumerate(zip(("A", "A/B", "C"), colors, strict=False)):
        left = 80.0 * number + 10
        regions.append(Region((left, 5, left + 40, 20), name, "legend"))
        for step, category in enumerate(("x", "y")):
            x, top = left + 35 * step, 60 + 30 * step
            pixels[top:190, int(x) : int(x) + 25] = color
            regions.append(Region((x, top, x + 25, 190.0), f"{name}/{category}", "mark"))
    return pixels, regions


def degraded(pixels: Pixels, regions: list[Region], profile: str) -> Degraded:
    def streams(name: str) -> np.random.Generator:
        return np.random.default_rng(list(name.encode()))

    steps = parse(profile, "test")
    return degrade(pixels, np.zeros((0, 4, 2)), steps, 1.0, streams, marks=mark_quads(regions))


@pytest.mark.parametrize(
    ("colors", "profile", "expected"),
    [
        ((RED, GREEN), "- rotate: {degrees: 20}\n- gray", {"A", "A/B"}),
        ((RED, GREEN), "- rotate: {degrees: 20}", None),
        ((RED, PALE), "- gray", None),
        # both dark: one color in black and white only
        ((RED, PALE, (20, 20, 20)), "- binarize: {kind: global, offset: 0}", {"A", "C"}),
        # series that had one color before differ in something else
        ((RED, RED), "- gray", None),
    ],
)
def test_series_with_one_color(
    colors: tuple[tuple[int, int, int], ...], profile: str, expected: set[str] | None
) -> None:
    pixels, regions = chart(*colors)
    found = degraded(pixels, regions, profile)
    pair = alike(series_of(regions), pixels, found.pixels, found.warp)
    assert (set(pair) if pair else None) == expected


def test_a_series_whose_name_begins_like_another() -> None:
    series = series_of(chart(RED, GREEN)[1])
    assert {name: len(quads) for name, quads in series.items()} == {"A": 2, "A/B": 2}


def test_marks_that_vanish() -> None:
    pixels, regions = chart(RED, PALE)
    assert lost_share(degraded(pixels, regions, "- gray").marks) == 0
    white = degraded(pixels, regions, "- binarize: {kind: global, offset: 0}")
    assert lost_share(white.marks) == 0.5


def outcomes(steps: list[object], *colors: tuple[int, int, int]) -> tuple[list[str], Sample]:
    """The reasons of the attempts that were too strong, and the sample."""
    pixels, regions = chart(*colors)
    sample = Sample(
        "c", encode(pixels), "png", 300, 200, "{}", "Read.",
        "chart", "dict", "en", "d", "s", "CC0-1.0", "r", "t", 1, regions=tuple(regions),
    )  # fmt: skip
    degrader = Degrader(Degradation("test", 1.0, steps=steps), "png")
    *before, last = degrader.outcomes(sample, "t", TaskSeed(1))
    assert isinstance(last, Sample)
    return [o.reason for o in before if isinstance(o, Rejection)], last


def test_a_chart_keeps_the_colors_of_its_series() -> None:
    before, sample = outcomes(["gray", "uneven_light"], RED, GREEN)
    assert before == ["colors"]
    assert set(sample.meta["degrade"]["steps"]) == {"uneven_light"}
    assert sample.meta["degrade"]["strength"] == 1
    before, sample = outcomes(["gray", "uneven_light"], RED, PALE)
    assert before == []
    assert set(sample.meta["degrade"]["steps"]) == {"gray", "uneven_light"}


def test_a_chart_whose_marks_vanish_stays_gray_or_becomes_weaker() -> None:
    before, sample = outcomes(["gray", "binarize"], PALE, RED)
    assert before == ["marks"]
    assert set(sample.meta["degrade"]["steps"]) == {"gray"}
    before, sample = outcomes([{"exposure": {"haze": 0.8, "dim": 0.15, "gamma": 0}}], PALE, RED)
    assert before == ["marks"] * len(before)
    assert 0 < len(before) < MAX_ATTEMPTS
    assert sample.meta["degrade"]["strength"] < 1
