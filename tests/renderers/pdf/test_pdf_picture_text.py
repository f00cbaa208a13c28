"""Text inside of the pictures of a page."""

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw

from renderers.pdf.picture_text import picture_text_share
from tests.renderers.pdf.pdf_inputs import ENGLISH, read, reason, written

BOX = (72, 420, 523, 770)


def with_picture(path, picture, box=BOX, **kwargs):
    """A page of text with a picture in a box."""
    written(path, **kwargs)
    picture.save(path.with_suffix(".png"))
    with pymupdf.open(path) as document:
        document[0].insert_image(
            pymupdf.Rect(box), filename=path.with_suffix(".png"), overlay=False
        )
        document.saveIncr()
    return path


def of_text(folder, text):
    """A page of text as a picture."""
    with pymupdf.open(written(folder / "text.pdf", text, size=(451, 350))) as document:
        pixmap = document[0].get_pixmap(dpi=150)
    return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def plot():
    """Curves with axes."""
    picture = Image.new("L", (900, 700), 255)
    draw = ImageDraw.Draw(picture)
    draw.line([(60, 20), (60, 640), (880, 640)], fill=0, width=3)
    for k in range(4):
        points = [(60 + x, 330 + (60 + 60 * k) * np.sin(x / (60 + 20 * k))) for x in range(800)]
        draw.line(points, fill=40 * k, width=3)
    return picture


def photo():
    noise = np.random.default_rng(3).normal(120, 40, (140, 180)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(noise).resize((900, 700), Image.Resampling.BICUBIC)


def test_a_screenshot_of_text_is_rejected(tmp_path):
    path = with_picture(tmp_path / "a.pdf", of_text(tmp_path, ENGLISH))
    assert reason(path) == "text-in-pictures"


def test_a_plot_is_no_text(tmp_path):
    page = read(with_picture(tmp_path / "a.pdf", plot(), box=(72, 600, 323, 770)))
    assert page.text.startswith("It is a truth")


def bricks():
    """A wall: rough bricks in pale mortar, half a brick further in every second row."""
    rng = np.random.default_rng(5)
    wall = np.full((704, 900), 200.0)
    for number, top in enumerate(range(0, 704, 22)):
        for left in range(-30 * (number % 2), 900, 60):
            face = wall[top : top + 18, max(0, left) : max(0, left + 56)]
            face[:] = rng.normal(rng.uniform(90, 140), 18, face.shape)
    return Image.fromarray(wall.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("make", [plot, photo, bricks])
def test_plots_and_photographs_have_no_rows_of_text(make):
    gray = np.asarray(make())
    height, width = gray.shape
    assert picture_text_share(gray, (), [(0.0, 0.0, width, height)], 1.0) < 0.02


def test_text_over_a_picture_is_the_page_s_own(tmp_path):
    pale = Image.new("L", (60, 80), 235)
    page = read(with_picture(tmp_path / "a.pdf", pale, box=(0, 0, 595, 842)))
    assert page.text.startswith("It is a truth")


@pytest.mark.parametrize("width", [3, 6, 18])
def test_rows_of_bars_are_no_text(width):
    """Bar codes, rows of dashes, and heat maps with gaps between their rows."""
    gray = np.full((400, 400), 255, np.uint8)
    shades = np.random.default_rng(4).integers(0, 255, (20, 400 // width))
    for row in range(20):
        bars = np.repeat(shades[row], width)
        gray[20 * row : 20 * row + 17, : len(bars)] = bars
    assert picture_text_share(gray, (), [(0.0, 0.0, 400.0, 400.0)], 1.0) == 0


def test_few_rows_are_no_text():
    gray = np.full((400, 400), 255, np.uint8)
    for row in range(4):
        gray[100 + 30 * row : 112 + 30 * row, 50:350:4] = 0
        gray[104 + 30 * row : 108 + 30 * row, 51:350:4] = 0  # no bars of the whole height
    box = [(0.0, 0.0, 400.0, 400.0)]
    last = gray[190:202].copy()
    gray[190:202] = 255
    assert picture_text_share(gray, (), box, 1.0) == 0
    gray[190:202] = last
    assert picture_text_share(gray, (), box, 1.0) == 1
    assert picture_text_share(gray, (), [], 1.0) == 0
