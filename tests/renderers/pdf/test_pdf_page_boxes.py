"""Crop boxes, media boxes and user units: what is outside is left out, boxes fit the picture."""

import shutil

import numpy as np
import pymupdf
import pytest

from renderers.pdf.raster import RasterScale
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import ENGLISH, read, reason, written

NOTE = "A remark of the printer, which is below the crop box of the page."


def boxed(path, *, note_at=None, **keys):
    """The page of `written` with these keys, and a note with this base line (from the top)."""
    source = written(path.with_name("source.pdf"))
    with pymupdf.open(source) as document:
        page = document[0]
        if note_at is not None:
            page.insert_text((60, note_at), NOTE)
        for key, value in keys.items():
            document.xref_set_key(page.xref, key, value)
        document.save(path)
    return path


def fits(page):
    """Whether the ink of the picture is where the words are, and nowhere else."""
    pixels = page.picture.pixels
    dark = pixels < 160
    around = np.zeros_like(dark)
    words = [region for region in page.picture.regions if region.role == "word"]
    for word in words:
        x0, y0, x1, y1 = word.bbox
        box = slice(int(y0), int(y1) + 2), slice(int(x0), int(x1) + 2)
        if not dark[box].any():
            return False
        around[box] = True
    return not (dark & ~around).any()


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ({"CropBox": "[40 500 560 812]"}, (520, 312)),
        ({"CropBox": "[560 812 40 500]"}, (520, 312)),  # the corners the other way around
        ({"CropBox": "[40 500 900 900]"}, (555, 342)),  # beyond the media box
        ({"MediaBox": "[-100 -50 595 842]", "CropBox": "[20 480 570 822]"}, (550, 342)),
    ],
)
def test_text_outside_of_the_crop_box_is_left_out(tmp_path, keys, size):
    page = read(boxed(tmp_path / "a.pdf", note_at=700, **keys))
    assert page.text == ENGLISH
    height, width = page.picture.pixels.shape
    assert (width, height) == (1280, round(1280 * size[1] / size[0]))
    assert fits(page)


@pytest.mark.parametrize("keys", [{}, {"TrimBox": "[40 500 560 812]"}])
def test_other_boxes_leave_nothing_out(tmp_path, keys):
    """The same note without a crop box is text of the page; a trim box is for printers."""
    page = read(boxed(tmp_path / "a.pdf", note_at=700, **keys))
    assert page.text == f"{ENGLISH}\n{NOTE}"
    assert fits(page)


def test_a_crop_box_outside_of_the_media_box(tmp_path):
    path = boxed(tmp_path / "a.pdf", CropBox="[2000 2000 2500 2500]")
    assert reason(path) == "too-little-text"


@pytest.mark.parametrize("place", [0.1, 0.2, 0.3, 0.4])
def test_a_row_that_the_lower_edge_cuts(tmp_path, place):
    """The edge is this far above the base line of the last row, in font sizes (11 points)."""
    bottom = 842 - 342 + 11 * place
    path = boxed(tmp_path / "a.pdf", note_at=342, CropBox=f"[40 {bottom} 560 812]")
    assert reason(path) == "off-page-text"


@pytest.mark.parametrize("place", [0.15, 0.3, 0.5])
def test_a_row_that_the_upper_edge_cuts(tmp_path, place):
    top = 842 - 40 + 11 * place
    path = boxed(tmp_path / "a.pdf", note_at=40, CropBox=f"[40 200 560 {top}]")
    assert reason(path) == "off-page-text"


def test_rows_that_end_at_an_edge_are_kept_or_left_out(tmp_path):
    """Without their tails they are text, and tips alone are none."""
    below = boxed(tmp_path / "a.pdf", note_at=342, CropBox="[40 500 560 812]")
    assert read(below).text == f"{ENGLISH}\n{NOTE}"
    tips = boxed(tmp_path / "b.pdf", note_at=342, CropBox=f"[40 {500 + 0.6 * 11} 560 812]")
    assert read(tips).text == ENGLISH


@pytest.mark.parametrize("unit", ["2", "10", "0.5"])
def test_a_user_unit_changes_the_size_of_the_page_only(tmp_path, unit):
    plain = read(written(tmp_path / "plain.pdf"))
    page = read(boxed(tmp_path / "a.pdf", UserUnit=unit))
    assert page.text == ENGLISH
    assert page.picture.pixels.shape == plain.picture.pixels.shape
    assert fits(page)
    for one, other in zip(page.picture.regions, plain.picture.regions, strict=True):
        assert one.text == other.text
        assert one.bbox == pytest.approx(other.bbox, abs=0.1)


def test_a_user_unit_counts_for_dots_per_inch(tmp_path):
    page = read(boxed(tmp_path / "a.pdf", UserUnit="2"), scale=RasterScale(dpi=72))
    assert page.picture.pixels.shape == (1684, 1190)
    assert fits(page)


@pytest.mark.parametrize(
    "keys",
    [
        {"UserUnit": "3"},
        {"CropBox": "[40 500 560 812]"},
        {"CropBox": "[40 500 900 900]"},
        {"MediaBox": "[-100 -50 595 842]"},
        {"UserUnit": "2", "CropBox": "[40 500 560 812]"},
    ],
)
def test_the_boxes_fit_pictures_of_poppler(tmp_path, keys):
    """Or the page is left out: it draws a page with a crop box beyond its media box elsewhere."""
    from renderers.pdf.raster import Poppler
    from vary_data.generators import sandbox

    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm")
    path = boxed(tmp_path / "a.pdf", note_at=700, **keys)
    try:
        page = read(path, rasterizer=Poppler(sandbox.wrap))
    except Rejected as error:
        assert keys["CropBox"] == "[40 500 900 900]"
        assert error.reason == "drawn-otherwise"  # noqa: PT017 (other versions draw it right)
    else:
        assert fits(page)
        assert page.text.startswith(ENGLISH)
