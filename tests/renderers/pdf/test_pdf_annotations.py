"""Annotations and form fields: neither in the picture nor in the text, unless they are content."""

import shutil

import numpy as np
import pymupdf
import pytest

from tests.renderers.pdf.pdf_inputs import ENGLISH, read, reason, written

REMARK = "A remark of the reviewer, typed on the page."


def free_text(page):
    page.add_freetext_annot((60, 500, 400, 560), REMARK, fontsize=12)


def strike_out(page):
    page.add_strikeout_annot(page.search_for("acknowledged")[0])


def highlight(page):
    page.add_highlight_annot(page.search_for("acknowledged")[0])


def redaction_mark(page):
    """The mark of a redaction that is not applied."""
    page.add_redact_annot(page.search_for("acknowledged")[0], fill=(0, 0, 0))


def stamp(page):
    page.add_stamp_annot((60, 400, 300, 460), stamp=0)


def form_field(page):
    widget = pymupdf.Widget()
    widget.field_name, widget.field_type = "name", pymupdf.PDF_WIDGET_TYPE_TEXT
    widget.rect, widget.field_value = pymupdf.Rect(60, 500, 300, 520), "Filled in by hand"
    page.add_widget(widget)


def annotated(path, annotate, *, as_content=False):
    """A page with an annotation; `as_content` draws it by the page itself, without annotation."""
    source = written(path.with_name("source.pdf"))
    with pymupdf.open(source) as document:
        annotate(document[0])
        if as_content:
            document.bake()
        document.save(path)
    return path


def ink(page):
    """Whether there is ink in each row of pixels between 380 and 570 points from the top."""
    pixels = page.picture.pixels
    scale = pixels.shape[0] / 842
    gray = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    return (gray[int(380 * scale) : int(570 * scale)] < 200).any(axis=1)


@pytest.mark.parametrize(
    "annotate", [free_text, strike_out, highlight, redaction_mark, stamp, form_field]
)
def test_annotations_are_neither_drawn_nor_read(tmp_path, annotate):
    plain = read(written(tmp_path / "plain.pdf"))
    page = read(annotated(tmp_path / "a.pdf", annotate))
    assert page.text == ENGLISH
    assert page.ink.stray_ink == page.ink.drawn_ink == 0
    # MuPDF rounds colors differently on a page where something is blended.
    difference = page.picture.pixels.astype(int) - plain.picture.pixels
    assert np.abs(difference).max() <= 2
    assert page.picture.regions == plain.picture.regions


@pytest.mark.parametrize("annotate", [free_text, stamp, form_field, highlight])
def test_poppler_does_not_draw_them_either(tmp_path, annotate):
    from renderers.pdf.raster import Poppler
    from vary_data.generators import sandbox

    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm")
    page = read(annotated(tmp_path / "a.pdf", annotate), rasterizer=Poppler(sandbox.wrap))
    assert page.text == ENGLISH
    assert page.picture.pixels.ndim == 2
    assert not ink(page).any()


@pytest.mark.parametrize(
    ("annotate", "text"), [(free_text, REMARK), (form_field, "Filled in by hand")]
)
def test_their_text_is_read_where_it_is_content_of_the_page(tmp_path, annotate, text):
    page = read(annotated(tmp_path / "a.pdf", annotate, as_content=True))
    assert ink(page).any()
    assert page.text.startswith(ENGLISH[:-20])
    assert page.text.endswith(text)
    assert page.ink.stray_ink == 0


@pytest.mark.parametrize("mark", [strike_out, highlight])
def test_marks_over_text_leave_it_readable(tmp_path, mark):
    page = read(annotated(tmp_path / "a.pdf", mark, as_content=True))
    assert page.text == ENGLISH
    assert page.picture.pixels.ndim == 3
    assert page.ink.stray_ink == 0


def test_an_applied_redaction_leaves_no_text(tmp_path):
    def redact(page):
        redaction_mark(page)
        page.apply_redactions()

    page = read(annotated(tmp_path / "a.pdf", redact))
    assert page.text.split() == ENGLISH.replace(" acknowledged,", "").split()


def test_a_page_whose_text_is_an_annotation_has_no_text(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.add_freetext_annot((60, 60, 500, 500), ENGLISH, fontsize=12)
        document.save(tmp_path / "a.pdf")
    assert reason(tmp_path / "a.pdf") == "too-little-text"
