"""Pictures as they come: several pages in a file, and turned by EXIF."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from trainer.errors import DataError
from trainer.input_pages import open_pages
from trainer.prediction import Reader

COLORS = ("red", "green", "blue")


@pytest.mark.parametrize("suffix", ["tiff", "gif"])
def test_every_page_of_a_file_is_read(tmp_path: Path, suffix: str) -> None:
    pages = [Image.new("RGB", (30, 20), color) for color in COLORS]
    file = tmp_path / f"scan.{suffix}"
    pages[0].save(file, save_all=True, append_images=pages[1:])
    found = list(open_pages([file], dpi=72))
    assert [page.page for page in found] == [1, 2, 3]
    for page, expected in zip(found, pages, strict=True):
        assert page.image is not None
        assert page.image.convert("RGB").getpixel((5, 5)) == expected.getpixel((5, 5))
    pages[0].save(tmp_path / f"one.{suffix}")
    (single,) = open_pages([tmp_path / f"one.{suffix}"], dpi=72)
    assert single.page is None
    assert single.image is not None


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 40, 10))  # the upper half, before the turn
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees, clockwise
    picture.save(tmp_path / "photo.jpg", exif=exif, quality=95)
    (page,) = open_pages([tmp_path / "photo.jpg"], dpi=72)
    assert page.image is not None
    assert page.image.size == (20, 40)
    left, right = page.image.getpixel((4, 20)), page.image.getpixel((16, 20))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert min(left) > 200
    assert max(right) < 50


def test_a_file_of_several_pages_is_not_one_picture(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (30, 20), color) for color in COLORS]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    reader = Reader.__new__(Reader)  # fails before the model is used
    with pytest.raises(DataError, match=r"scan.tiff has 3 pages; read them with open_pages"):
        reader.read([tmp_path / "scan.tiff"])


def test_a_damaged_page_is_named(tmp_path: Path) -> None:
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\ntorn")
    (page,) = open_pages([tmp_path / "torn.png"], dpi=72)
    assert (page.image, page.error) == (None, "picture unreadable")
