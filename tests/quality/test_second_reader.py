"""`validate --reader`: an OCR engine compares pictures and texts, without the source."""

import io
import json

import numpy as np
import pytest
from PIL import Image, ImageFilter

from renderers.degrade.quads import mapped_quads
from renderers.degrade.regions import quads_of
from renderers.degrade.sampling import sampling
from renderers.degrade.warp import Composition, about, rotation
from tests.tools.drawn_page import drawn_page
from vary_data.base.errors import UsageError
from vary_data.quality.validate.second_reader import (
    Agreements,
    check_reading,
    line_of,
    open_reader,
    texts_on,
)


class Fake:
    """Reads what a test tells it."""

    def __init__(self, lines=(), texts=()):
        self.lines, self.texts = list(lines), list(texts)

    def read_lines(self, pictures):
        assert len(pictures) == len(self.lines)
        return self.lines

    def find_texts(self, picture):
        return self.texts


PIXELS = np.full((100, 400, 3), 255, np.uint8)


def row(*texts, kind="page", fmt="plain"):
    regions = [
        {"bbox": [10.0, 10.0 + 20 * i, 300.0, 26.0 + 20 * i], "text": text, "role": "line"}
        for i, text in enumerate(texts)
    ]
    return {"id": "a-1", "kind": kind, "format": fmt, "regions": regions}


def check(wanted, reader):
    found = Agreements()
    return list(check_reading(wanted, PIXELS, reader, found)), found


def test_texts_that_agree_but_for_forms_of_marks():
    problems, found = check(
        row("A “dash” – here", "第一行，"), Fake(['A "dash" - here', "第一行,"])
    )
    assert problems == []
    assert (found.rows, found.total, found.lowest) == (1, 1.0, [(1.0, "a-1")])


def test_rules_and_leaders_of_single_signs_are_not_judged():
    texts = ("Contents ........ 12", "----------------")
    assert check(row(*texts), Fake(["Contents..... 12"]))[1].total == 1.0


def test_a_line_that_the_picture_does_not_show():
    problems, found = check(row("the first line", "a hidden line"), Fake(["the first line", ""]))
    ((name, what),) = problems
    assert name == "reader"
    assert what == (
        "1 of 2 lines are not read on the picture, such as 'a hidden line' (agreement 0.522)"
    )
    assert found.total == pytest.approx(12 / 23)


def test_a_page_with_wrong_letters():
    text = "all the letters of it"
    ((_, what),) = check(row(text), Fake(["xll tha latters xf xt"]))[0]
    assert what.startswith("the picture reads otherwise: agreement 0.7")


def test_a_photograph_with_text():
    wanted = row(kind="negative", fmt="caption")
    ((name, what),) = check(wanted, Fake(texts=[("STOP HERE", 0.99), ("xx", 0.2)]))[0]
    assert (name, what) == ("reader", "the picture is said to have no text, but shows 'STOP HERE'")
    assert check(wanted, Fake(texts=[("STOP HERE", 0.3), ("1", 0.99)]))[0] == []


def test_the_lowest_rows_are_kept():
    found, other = Agreements(), Agreements()
    for number in range(50):
        (found if number % 2 else other).add(number / 100, f"r{number:02}")
    found.merge(other)
    assert found.rows == 50
    assert [name for _, name in found.lowest] == [f"r{number:02}" for number in range(30)]


def test_an_unknown_reader():
    with pytest.raises(UsageError, match="unknown reader 'tesseract'"):
        open_reader("tesseract")


@pytest.fixture(scope="module")
def rapidocr():
    pytest.importorskip("rapidocr")
    return open_reader("rapidocr")


def test_rapidocr_finds_hidden_text_from_the_picture_alone(tmp_path, rapidocr):
    """Each kind of hidden text as a row whose text claims it."""
    from renderers.roles import LINE
    from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows
    from tests.renderers.pdf.pdf_inputs import read

    lines = rows()
    shown = set_rows(lines)
    page = read(drawn(tmp_path / "a.pdf", shown))
    regions = [
        {"bbox": list(r.bbox), "text": r.text, "role": r.role}
        for r in page.picture.regions
        if r.role == LINE
    ]
    pixels = np.dstack([page.picture.pixels] * 3)
    wanted = {"id": "a", "kind": "page", "format": "plain", "regions": regions}
    found = Agreements()
    assert list(check_reading(wanted, pixels, rapidocr, found)) == []
    assert found.total > 0.97
    top, bottom = int(regions[1]["bbox"][1]), int(regions[1]["bbox"][3])
    for hide in ("white", "black", "half", "other"):
        changed = pixels.copy()
        if hide == "white":
            changed[top:bottom] = 255
        elif hide == "black":
            changed[top:bottom] = 0
        elif hide == "half":
            changed[top + (bottom - top) * 5 // 10 : bottom] = 255
        else:
            third = int(regions[3]["bbox"][1])
            changed[top:bottom] = pixels[third : third + bottom - top]
        ((name, what),) = check_reading(wanted, changed, rapidocr, Agreements())
        assert name == "reader", hide
        assert "1 of" in what, hide


def test_rapidocr_reads_a_sign_on_a_picture(rapidocr):
    from PIL import ImageDraw, ImageFont

    image = Image.new("RGB", (400, 200), (90, 140, 60))
    font = ImageFont.load_default(48)
    ImageDraw.Draw(image).text((60, 70), "STOP HERE", fill="white", font=font)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert "STOP" in " ".join(texts_on(out.getvalue(), rapidocr))
    assert json.dumps(texts_on(_plain_photo(), rapidocr)) == "[]"


def _plain_photo():
    out = io.BytesIO()
    rows = np.linspace(40, 200, 200, dtype=np.uint8)
    Image.fromarray(np.tile(rows[:, None, None], (1, 300, 3))).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("degrees", [-20.0, 90.0, 170.0])
def test_turned_lines_are_cut_out_upright(degrees):
    """A line on a turned page, cut out by its quad, looks as it does on the page before."""
    gray, regions = drawn_page()
    page = np.repeat(gray[..., None], 3, axis=2)
    lines = [region for region in regions if region.role == "line"]
    line = lines[len(lines) // 2]  # in the middle, so that it stays in the picture
    turn = Composition((about(np.array([240.0, 320.0]), rotation(np.radians(degrees))),))
    turned = sampling(turn, gray.shape, gray.shape).pixels(page.astype(np.float32))
    (quad,) = mapped_quads(quads_of([line]), turn)
    before = line_of(page, {"bbox": line.bbox, "quad": None})
    pixels = turned.clip(0, 255).astype(np.uint8)
    after = line_of(pixels, {"bbox": None, "quad": quad.reshape(8).tolist()})
    assert abs(after.shape[0] - before.shape[0]) <= 1
    assert abs(after.shape[1] - before.shape[1]) <= 1
    height, width = np.minimum(before.shape, after.shape)[:2]
    blurred = [
        np.asarray(Image.fromarray(part[:height, :width]).filter(ImageFilter.GaussianBlur(2)))
        for part in (before, after)
    ]
    assert np.corrcoef(blurred[0].flatten(), blurred[1].flatten())[0, 1] > 0.9
