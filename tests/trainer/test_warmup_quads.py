"""Targets, crops and reading of words that are turned or bent: by quads."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.tools.drawn_page import drawn_page
from trainer.data.degrading import open_degradation
from trainer.errors import SettingsError
from trainer.warmup.cells import UNKNOWN, character_cells
from trainer.warmup.crops import View, crop_page, degraded_page, open_page
from trainer.warmup.quads import of_boxes, shares_in, touched, upright
from trainer.warmup.words import Words, whole_words, words_of, words_to_text

Region = dict[str, object]


def turned(text: str, box: tuple[float, ...], degrees: float, role: str = "word") -> Region:
    """A word with this box, turned clockwise about the middle of a picture of 256 pixels."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = of_boxes(np.array([box], np.float32))[0] - 128
    quad = corners @ np.array([[cos, sin], [-sin, cos]]) + 128
    bbox = [*quad.min(0).tolist(), *quad.max(0).tolist()]
    return {"bbox": bbox, "quad": quad.reshape(8).tolist(), "text": text, "role": role}


LINES = ((("one", "two"), 80), (("three", "four"), 120), (("five",), 160))


def page(degrees: float) -> list[Region]:
    """Three lines of words of 16 pixels per character."""
    regions = []
    for words, y in LINES:
        x = 48.0
        for word in words:
            regions.append(turned(word, (x, y, x + 16 * len(word), y + 16), degrees))
            x += 16 * len(word) + 16
    return regions


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0, 270.0])
def test_cells_turn_with_the_page(degrees: float) -> None:
    """A page turned by quarters has the cells of the upright page, turned."""
    level = character_cells(words_of(page(0.0), "page"), 256, 256)
    cells = character_cells(words_of(page(degrees), "page"), 256, 256)
    assert np.array_equal(cells, np.rot90(level, -round(degrees / 90)))


@pytest.mark.parametrize("degrees", [-30.0, 8.0, 75.0, 90.0, 135.0, 200.0])
def test_turned_lines_are_read_in_order(degrees: float) -> None:
    words = words_of(page(degrees), "page")
    assert words_to_text(words) == "one two\nthree four\nfive"
    # and row by row where the regions have no reading order
    shuffled = [page(degrees)[i] for i in (3, 0, 4, 2, 1)]
    assert words_to_text(words_of(shuffled, "chart")) == "one two\nthree four\nfive"


def test_letters_of_a_slanted_word() -> None:
    """Eight letters along the diagonal: each cell's center has the letter that is there."""
    word = turned("abcdefgh", (64, 120, 192, 136), 45.0)
    cells = character_cells(words_of([word], "page"), 256, 256)
    found = {
        chr(code): np.argwhere(cells == code).tolist() for code in np.unique(cells) if code > 0
    }
    for number, letter in enumerate("abcdefgh"):
        # middle of the letter, from the middle of the picture along the diagonal
        place = 128 + (16 * number + 8 - 64) / math.sqrt(2)
        for row, column in found.get(letter, []):
            assert abs(16 * row + 8 - place) < 12
            assert abs(16 * column + 8 - place) < 12
    assert sum(map(len, found.values())) == 6  # a cell is 23 pixels long along the diagonal
    assert list(found) == sorted(found)
    # cells that it only touches are unknown, those of its bounds that it does not touch are not
    assert (cells == UNKNOWN).sum() > 8
    assert cells[4, 11] == cells[11, 4] == 0


def test_of_a_cut_slanted_chinese_run_whole_characters_remain() -> None:
    run = turned("一二三四五六七八", (64, 120, 192, 136), 45.0)
    inside = whole_words(words_of([run], "page"), 128, 128)
    (text,) = inside.texts
    assert "一二三四五六七八".startswith(text)
    assert 2 <= len(text) <= 4
    assert inside.boxes.max() <= 128.01
    assert len(inside.hidden_quads) == 1  # the rest


def test_small_slanted_words_take_the_place_of_their_center() -> None:
    word = turned("a", (100, 100, 104, 104), 30.0)
    cells = character_cells(words_of([word], "page"), 256, 256)
    (place,) = np.argwhere(cells == ord("a")).tolist()
    center = np.array(word["quad"]).reshape(4, 2).mean(0)
    assert place == [int(center[1] // 16), int(center[0] // 16)]


def test_a_crop_of_a_turned_page_shows_its_words() -> None:
    """An isolated view shows the letters of its words and nothing of their neighbors."""
    image = Image.new("RGB", (256, 256), "white")
    draw = ImageDraw.Draw(image)
    regions = page(20.0)
    for region in regions:
        corners = np.array(region["quad"]).reshape(4, 2)
        draw.polygon([tuple(corner) for corner in corners], fill="black")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    opened = open_page({"image": {"bytes": stream.getvalue()}, "regions": regions, "kind": "page"})
    assert opened.character == pytest.approx(1 / 16)
    for seed in range(12):
        view = View(128, 256, (16.0, 24.0), 5, seed % 2 == 0)
        crop = crop_page(opened, view, np.random.default_rng(seed))
        assert set(crop.words.texts) <= {"one", "two", "three", "four", "five"}
        dark = crop.pixels[..., 0] < 128
        y, x = np.nonzero(dark)
        points = np.stack([x, y], axis=1).astype(np.float32) + 0.5
        known = (*crop.words.quads, *crop.words.hidden_quads)
        shares = np.stack([shares_in(quad, points) for quad in known])
        near = ((shares > -0.25) & (shares < 1.25)).all(-1).any(0)
        assert near.all()
        assert dark.any()


def test_words_of_old_rows_have_boxes_only() -> None:
    words = words_of([{"bbox": [0, 0, 32, 16], "text": "ab", "role": "word"}], "page")
    assert upright(words.quads).all()
    assert words.boxes.tolist() == [[0, 0, 32, 16]]
    none = Words(np.zeros((0, 4, 2), np.float32), (), np.zeros((0, 4, 2), np.float32))
    assert none.boxes.shape == (0, 4)
    assert not character_cells(none, 64, 64).any()


def test_order_decides_what_is_read_first() -> None:
    words = [
        {"bbox": [x, 0, x + 16, 16], "text": text, "role": "word", "order": order}
        for x, text, order in ((0, "last", 1), (32, "first", 0))
    ]
    assert words_of(words, "page").texts == ("first", "last")


def test_places_that_a_quad_touches() -> None:
    """Of 3 x 3 cells, a diamond of radius 14 about the middle leaves out those at the corners."""
    diamond = np.array([[24, 10], [38, 24], [24, 38], [10, 24]], np.float32)
    y, x = np.mgrid[8:48:16, 8:48:16].astype(np.float32)
    found = touched(diamond, np.stack([x, y], axis=-1), 16, 16)
    assert found.tolist() == [[False, True, False], [True, True, True], [False, True, False]]


def test_pictures_are_degraded_as_they_are_read() -> None:
    """The same key gives the same picture; targets follow, and a share is left as it is."""
    pixels, regions = drawn_page(256, 256)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    plain = [{"bbox": r.bbox, "text": r.text, "role": r.role} for r in regions]
    opened = open_page({"image": {"bytes": stream.getvalue()}, "regions": plain, "kind": "page"})
    degradation = open_degradation("photo:0.5", 0.6, seed=3)
    assert degradation is not None
    found = [degraded_page(opened, degradation, (key,)) for key in range(20)]
    again = [degraded_page(opened, degradation, (key,)) for key in range(20)]
    changed = [page for page in found if page is not opened]
    assert 4 <= len(changed) <= 16
    for one, two in zip(found, again, strict=True):
        assert one.image.tobytes() == two.image.tobytes()
        assert np.array_equal(one.words.quads, two.words.quads)
    for turned_page in changed:
        words = turned_page.words
        assert not upright(words.quads).all()
        assert len(words.texts) + len(words.hidden_quads) == len(opened.words.texts)
        # paper is around the words, so that the brightest pixels of each are brighter than its mean
        gray = np.asarray(turned_page.image.convert("L"), np.float32)
        for x0, y0, x1, y1 in words.boxes.astype(int).tolist():
            assert np.ptp(gray[y0:y1, x0:x1]) > 12


@pytest.mark.parametrize("text", ["phot", "photo:x", "photo:2", "no.yaml", ":0.3"])
def test_a_degradation_that_cannot_be_used(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_degradation(text, 0.4, 0)
    assert "data.degrade" in str(caught.value)
    assert "\n" not in str(caught.value)
