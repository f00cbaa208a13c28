"""Every step: repeatable, without effect at strength 0, and with one at strength 1."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.degrade.pixels import as_gray
from renderers.degrade.profile import parse
from renderers.degrade.quads import bounds
from renderers.degrade.regions import printed_texts, quads_of
from renderers.degrade.step import Image, Stage, Surface, find_step, step_names
from renderers.degrade.steps import edge_shadow
from renderers.degrade.warp import Area, Composition
from tests.tools.drawn_page import drawn_page

PHOTOMETRIC = [name for name in step_names() if find_step(name).stage != Stage.GEOMETRY]
MAPS = [
    name
    for name in step_names()
    if find_step(name).stage == Stage.GEOMETRY and name not in ("frame", "background")
]
LOSSY = {"jpeg", "webp"}
"""Steps that encode even at strength 0, at a high quality."""
WITHOUT_STRENGTH = {"gray"}
EFFECTS = {
    "stains": "count: [3, 3]",
    "pen": "{scribbles: [2, 2], lines: [3, 3], highlights: [2, 2]}",
    "streaks": "count: [4, 4]",
    "lost_rows": "rows: 0.1",
    "paper": "{fibers: [0.03, 0.03]}",
    "toner": "specks: [400, 400]",
    "bleed_through": "amount: [0.3, 0.3]",
}
"""Parameters with which a step that may draw nothing has an effect."""


def surface(color: bool) -> Surface:
    pixels, regions = drawn_page()
    image = pixels.astype(np.float32)
    if color:
        # a colored picture with grays, which halftone needs
        image = np.stack([image, 0.9 * image, 0.8 * image], axis=-1)
    image[500:600, 100:300] *= np.float32(0.5)
    quads = quads_of([regions[i] for i in printed_texts(regions)])
    return Surface(image, bounds(quads), 18.0)


def applied(name: str, given: Surface, strength: float, seed: int = 1) -> Image:
    text = EFFECTS.get(name, "")
    parameters = text if text.startswith("{") else f"{{{text}}}"
    (planned,) = parse(f"- {name}: {parameters}", "test").steps
    rng = np.random.default_rng(seed)
    values = planned.draw(strength, rng)
    assert values is not None
    return np.asarray(find_step(name).apply(given, values, rng))


@pytest.mark.parametrize("name", PHOTOMETRIC)
@pytest.mark.parametrize("color", [False, True], ids=["gray", "color"])
def test_a_photometric_step(name: str, color: bool) -> None:
    given = surface(color)
    before = given.pixels.copy()
    first, second = (applied(name, given, 1.0) for _ in range(2))
    assert np.array_equal(first, second)
    assert np.array_equal(given.pixels, before)
    assert first.shape[:2] == before.shape[:2]
    assert np.isfinite(first).all()
    assert first.ndim == 2 or first.shape[2] == 3
    if name != "gray":
        assert difference(first, before).max() > 2
    if name not in WITHOUT_STRENGTH:
        none = applied(name, given, 0.0)
        if name in LOSSY:  # they store fewer colors than pixels
            assert difference(as_gray(none), before).mean() <= 1
        else:
            assert difference(none, before).max() <= 0.51


def test_a_band_has_a_width_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(rng: np.random.Generator, height: int, width: int, cell: float) -> Image:
        field = np.zeros((height, width), np.float32)
        field[::2] = -1 / 0.3  # the band has no width in these rows
        return field

    monkeypatch.setattr(edge_shadow, "smooth", deep)
    with np.errstate(all="raise", under="ignore"):
        for seed in range(4):
            assert np.isfinite(applied("edge_shadow", surface(color=True), 1.0, seed=seed)).all()


def difference(image: Image, before: Image) -> Image:
    """In levels; of the brightness if only one of the pictures has color."""
    if image.ndim != before.ndim:
        image, before = as_gray(image), as_gray(before)
    return np.abs(image - before)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_has_an_inverse(name: str) -> None:
    """Also at twice the size of the page, where the background is."""
    area = Area(0, 0, 724, 1024)
    points = np.random.default_rng(5).uniform((-300, -400), (1024, 1424), (2000, 2))
    inside = points[((points > 0) & (points < (724, 1024))).all(1)]
    for seed in range(6):
        (planned,) = parse(f"- {name}", "test").steps
        rng = np.random.default_rng(seed)
        values = planned.draw(1.0, rng)
        assert values is not None
        warp = find_step(name).apply(area, values, rng)
        moved = warp.forward(inside)
        assert np.abs(moved - inside).max() > 0.01
        assert np.abs(warp.backward(moved) - inside).max() < 0.01
        assert np.abs(warp.forward(warp.backward(points)) - points).max() < 0.01


@pytest.mark.parametrize("name", [name for name in MAPS if name != "quarter_turn"])
def test_a_map_without_strength_moves_nothing(name: str) -> None:
    (planned,) = parse(f"- {name}", "test").steps
    rng = np.random.default_rng(0)
    values = planned.draw(0.0, rng)
    warp = Composition((find_step(name).apply(Area(0, 0, 700, 900), values, rng),))
    points = np.random.default_rng(1).uniform(0, 900, (500, 2))
    found, light = warp.backward_with_shade(points)
    assert np.abs(found - points).max() < 1e-3
    assert light is None or np.abs(light - 1).max() < 1e-9
