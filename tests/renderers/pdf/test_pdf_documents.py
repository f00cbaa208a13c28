"""Opening and counting documents that are broken, locked or hostile."""

import os
import shutil
from pathlib import Path

import pymupdf
import pytest

from renderers.pdf.document import open_document, silence
from renderers.pdf.layout import BookLayout
from renderers.pdf.probe import count_pages
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import ENGLISH, read, written

silence()


def reason(path):
    with pytest.raises(Rejected) as caught:
        open_document(path)
    return caught.value.reason


def test_files_that_are_no_documents(tmp_path):
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "text.pdf").write_text("I am a PDF, believe me.")
    (tmp_path / "picture.dat").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert reason(tmp_path / "empty.pdf") == "empty-file"
    assert reason(tmp_path / "text.pdf") in ("damaged", "no-pages")
    assert reason(tmp_path / "picture.dat") == "not-a-document"
    assert reason(tmp_path / "absent.pdf") == "missing"


def test_a_pdf_is_known_by_its_content(tmp_path):
    path = written(tmp_path / "a.pdf").rename(tmp_path / "a.download")
    with open_document(path) as document:
        assert document.page_count == 1


def test_passwords(tmp_path):
    with pymupdf.open(written(tmp_path / "a.pdf")) as document:
        for name, user in (("locked", "secret"), ("owner", "")):
            document.save(
                tmp_path / f"{name}.pdf",
                encryption=pymupdf.PDF_ENCRYPT_AES_256,
                user_pw=user,
                owner_pw="owner",
            )
    assert reason(tmp_path / "locked.pdf") == "encrypted"
    open_document(tmp_path / "owner.pdf").close()


def test_a_truncated_file(tmp_path):
    data = written(tmp_path / "a.pdf").read_bytes()
    (tmp_path / "half.pdf").write_bytes(data[: len(data) // 3])
    try:
        open_document(tmp_path / "half.pdf").close()
    except Rejected as error:
        assert error.reason in ("damaged", "no-pages")  # noqa: PT017 (either end is right)


BOOK = """<?xml version="1.0" encoding="utf-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section>
{}</section></body></FictionBook>"""


def book(path):
    rows = "<p>It was the best of times, it was the worst of times, and so on it went.</p>"
    path.write_text(BOOK.format(rows * 200))
    return path


def test_a_book_has_more_pages_in_a_smaller_layout(tmp_path):
    path = book(tmp_path / "a.fb2")
    items = [(str(path), (297, 420, 12)), (str(path), (595, 842, 9))]
    small, large = count_pages(items)
    assert small is not None
    assert large is not None
    assert small > 2 * large
    with open_document(path, BookLayout(297, 420, 12)) as document:
        assert document.page_count == small
        assert tuple(document[0].rect) == (0, 0, 297, 420)


def test_counts_in_order_and_nothing_for_bad_files(tmp_path):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pymupdf.open() as document:
        for _ in range(3):
            document.new_page()
        document.save(tmp_path / "three.pdf")
    one = written(tmp_path / "one.pdf")
    paths = [tmp_path / "three.pdf", tmp_path / "bad.pdf", one, tmp_path / "absent.pdf"]
    assert count_pages([(str(p), None) for p in paths] * 2) == [3, None, 1, None] * 2


def test_a_false_page_count_is_no_count(tmp_path):
    """The page tree claims nine pages and has one."""
    data = written(tmp_path / "a.pdf").read_bytes()
    assert b"/Count 1" in data
    (tmp_path / "nine.pdf").write_bytes(data.replace(b"/Count 1", b"/Count 9"))
    assert count_pages([(str(tmp_path / "nine.pdf"), None)]) == [None]


@pytest.fixture
def bad_files():
    folder = os.environ.get("VARY_TEST_DATA")
    if not folder:
        pytest.skip("VARY_TEST_DATA names no folder with real inputs")
    return sorted(Path(folder, "pdf_bad").glob("*.pdf"))


def test_real_bad_files_end_in_pages_or_reasons(bad_files):
    from renderers.pdf.page import PageReader

    reasons = {}
    for path in bad_files:
        try:
            document = open_document(path)
        except Rejected as error:
            reasons[path.stem] = error.reason
            continue
        with document:
            for index in range(document.page_count):
                try:
                    assert PageReader().read(document, index).text
                except Rejected as error:
                    reasons[f"{path.stem}#{index}"] = error.reason
    assert reasons["pdfminer_aes-256-r6"] == "encrypted"
    assert reasons["truncated_federal-register"] == "no-pages"
    assert reasons["pdfjs_Pages-tree-refs#1"] == "damaged"


@pytest.fixture
def poppler():
    from renderers.pdf.raster import Poppler
    from vary_data.generators import sandbox

    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm")
    return Poppler(sandbox.wrap)


def test_poppler_draws_a_turned_page_like_mupdf(tmp_path, poppler):
    path = written(tmp_path / "a.pdf", rotate=90)
    with pymupdf.open(path) as document:
        document[0].set_rotation(90)
        document.saveIncr()
    by_mupdf, by_poppler = read(path), read(path, rasterizer=poppler)
    assert by_poppler.text == by_mupdf.text == ENGLISH
    assert by_poppler.picture.pixels.shape[:2] == by_mupdf.picture.pixels.shape[:2]


def test_the_pictures_are_those_of_pdf2image(tmp_path, poppler, monkeypatch):
    import numpy as np
    import pdf2image

    path = written(tmp_path / "a.pdf", color=(0, 0, 1))
    drawn = read(path, rasterizer=poppler).picture.pixels
    convert, called = pdf2image.convert_from_path, []

    def marked(*arguments, **options):
        (image,) = convert(*arguments, **options)
        called.append((arguments, Path(options["poppler_path"], "pdftoppm").is_file()))
        image.putpixel((3, 2), (200, 0, 0))
        return [image]

    monkeypatch.setattr(pdf2image, "convert_from_path", marked)
    pixels = read(path, rasterizer=poppler).picture.pixels
    assert [list(place) for place in np.argwhere((pixels != drawn).any(axis=2))] == [[2, 3]]
    assert called == [((path,), True)]
