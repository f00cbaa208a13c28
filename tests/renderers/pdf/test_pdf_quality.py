"""Each reason for which a page is not kept, made by hand."""

from dataclasses import replace

import numpy as np
import pymupdf
import pytest

from renderers.pdf.raster import RasterScale
from tests.renderers.pdf.pdf_inputs import CHINESE, ENGLISH, read, reason, written


def changed(path, change):
    """A page of English text with something done to it."""
    source = written(path.with_name("source.pdf"))
    with pymupdf.open(source) as document:
        change(document[0])
        document.save(path)
    return path


def photo(size=(200, 260)):
    noise = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    return pymupdf.Pixmap(pymupdf.csRGB, size[0], size[1], noise.tobytes(), False)


def test_the_plain_page_is_kept(tmp_path):
    page = read(written(tmp_path / "a.pdf"))
    assert page.text == ENGLISH
    assert page.lang == "en"
    assert page.ink.blank_characters == 0
    assert page.ink.text_ink == 1


def test_a_color_page_has_three_channels_and_a_gray_one_has_one(tmp_path):
    assert read(written(tmp_path / "a.pdf")).picture.pixels.ndim == 2
    assert read(written(tmp_path / "b.pdf", color=(0.8, 0, 0))).picture.pixels.ndim == 3


def test_invisible_text(tmp_path):
    assert reason(written(tmp_path / "a.pdf", render_mode=3)) == "invisible-text"


def test_white_text(tmp_path):
    assert reason(written(tmp_path / "a.pdf", color=(1, 1, 1))) == "text-without-ink"


def test_a_little_white_text_is_left_out(tmp_path):
    def stamp(page):
        page.insert_text((60, 700), "secret", color=(1, 1, 1))

    assert read(changed(tmp_path / "a.pdf", stamp)).text == ENGLISH


def test_a_little_invisible_text_is_left_out(tmp_path):
    def stamp(page):
        page.insert_text((60, 700), "secret", render_mode=3)

    assert read(changed(tmp_path / "a.pdf", stamp)).text == ENGLISH


def test_text_beyond_the_page_is_left_out(tmp_path):
    def stamp(page):
        page.insert_text((60, 900), "printer's mark")

    assert read(changed(tmp_path / "a.pdf", stamp)).text == ENGLISH


def test_text_that_the_edge_cuts(tmp_path):
    def crop(page):
        page.set_cropbox(pymupdf.Rect(0, 0, 500, 842))

    assert reason(changed(tmp_path / "a.pdf", crop)) == "off-page-text"


def test_covered_by_a_white_box(tmp_path):
    def cover(page):
        page.draw_rect(pymupdf.Rect(50, 50, 300, 200), fill=(1, 1, 1), color=(1, 1, 1))

    assert reason(changed(tmp_path / "a.pdf", cover)) == "text-without-ink"


def test_covered_by_a_photo(tmp_path):
    def cover(page):
        page.insert_image(pymupdf.Rect(50, 50, 300, 200), pixmap=photo())

    assert reason(changed(tmp_path / "a.pdf", cover)) == "covered-text"


def test_a_scan_and_a_scan_with_an_ocr_layer(tmp_path):
    def scan(page):
        page.insert_image(page.rect, pixmap=photo(), overlay=False)

    with pymupdf.open() as document:
        scan(document.new_page())
        document.save(tmp_path / "scan.pdf")
    assert reason(tmp_path / "scan.pdf") == "scanned-page"
    source = written(tmp_path / "hidden.pdf", render_mode=3)
    with pymupdf.open(source) as document:
        scan(document[0])
        document.save(tmp_path / "ocr.pdf")
    assert reason(tmp_path / "ocr.pdf") == "ocr-layer"


def test_a_page_of_pictures_with_a_caption(tmp_path):
    def picture(page):
        page.insert_image(pymupdf.Rect(60, 200, 535, 780), pixmap=photo())

    assert reason(changed(tmp_path / "a.pdf", picture)) == "mostly-pictures"


def test_too_little_text(tmp_path):
    assert reason(written(tmp_path / "a.pdf", "A few words only.")) == "too-little-text"


def test_an_empty_page(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        document.save(tmp_path / "a.pdf")
    assert reason(tmp_path / "a.pdf") == "too-little-text"


def test_rotated_text(tmp_path):
    assert reason(written(tmp_path / "a.pdf", rotate=90)) == "rotated-text"


def test_a_stamp_in_the_margin_comes_last(tmp_path):
    def stamp(page):
        page.insert_text((30, 600), "Printed in May", rotate=90)

    assert read(changed(tmp_path / "a.pdf", stamp)).text == f"{ENGLISH}\nPrinted in May"


def test_wrong_language(tmp_path):
    german = (
        "Es ist eine allgemein anerkannte Wahrheit, dass ein Junggeselle im Besitz eines"
        " schönen Vermögens nichts dringender braucht als eine Frau. " * 3
    )
    assert reason(written(tmp_path / "de.pdf", german)) == "wrong-language"
    assert reason(written(tmp_path / "en.pdf"), languages=("zh",)) == "wrong-language"
    chinese = written(tmp_path / "zh.pdf", CHINESE, fontname="china-s")
    assert read(chinese).lang == "zh"
    assert reason(chinese, languages=("en",)) == "wrong-language"


def test_small_print(tmp_path):
    assert reason(written(tmp_path / "a.pdf"), scale=RasterScale(long_side=400)) == "text-too-small"


def test_huge_and_narrow_pages(tmp_path):
    with pymupdf.open() as document:
        document.new_page(width=14000, height=200)
        document.new_page(width=14000, height=14000)
        document.save(tmp_path / "a.pdf")
    assert reason(tmp_path / "a.pdf") == "page-size"
    assert reason(tmp_path / "a.pdf", 1, scale=RasterScale(dpi=300)) == "page-size"


def test_letters_drawn_as_outlines(tmp_path):
    def outlines(page):
        shape = page.new_shape()
        for row in range(40):
            for column in range(60):
                x, y = 60 + 8 * column, 200 + 14 * row
                shape.draw_rect(pymupdf.Rect(x, y, x + 5, y + 9))
        shape.finish(color=(0, 0, 0))
        shape.commit()

    assert reason(changed(tmp_path / "a.pdf", outlines)) == "mostly-pictures"


def test_characters_without_unicode_are_named_by_their_glyphs(tmp_path):
    """A font without a ToUnicode table: PyMuPDF would put glyph numbers instead."""
    source = written(tmp_path / "zh.pdf", CHINESE * 3, fontname="F0", fontfile=cjk_font())
    with pymupdf.open(source) as document:
        for xref in range(1, document.xref_length()):
            if document.xref_get_key(xref, "ToUnicode")[0] != "null":
                document.xref_set_key(xref, "ToUnicode", "null")
        document.save(tmp_path / "bare.pdf")
    assert read(tmp_path / "bare.pdf").text == CHINESE * 3


def cjk_font():
    for path in ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",):
        from pathlib import Path

        if Path(path).exists():
            return path
    pytest.skip("needs the font WenQuanYi Micro Hei")
    return ""


def test_a_long_line_beside_the_body_is_left_out(tmp_path):
    note = "Downloaded from https://example.org/journal by a reader of the library on Monday 3 May"

    def stamp(page):
        page.insert_text((580, 700), note, rotate=90, fontsize=8)

    assert read(changed(tmp_path / "a.pdf", stamp)).text == ENGLISH


def test_a_sideways_table_below_a_header_is_no_sidebar(tmp_path):
    def table(page):
        for column in range(5):
            page.insert_text((330 + 20 * column, 750), ENGLISH[:90], rotate=90)

    source = written(tmp_path / "head.pdf", ENGLISH[:60], size=(300, 842))
    with pymupdf.open(source) as document:
        document[0].set_mediabox(pymupdf.Rect(0, 0, 595, 842))
        table(document[0])
        document.save(tmp_path / "a.pdf")
    assert reason(tmp_path / "a.pdf") == "rotated-text"


def test_a_pattern_behind_the_text_is_no_lost_text(tmp_path):
    """Its drawing is larger than 0.8 of the page, and so explains no ink by its box."""

    def hatch(page):
        shape = page.new_shape()
        shape.draw_rect(page.rect)
        for x in range(100, 595, 200):
            shape.draw_line((x, 400), (x, 842))
        shape.finish(color=(0.8, 0.8, 0.8), fill=None)
        shape.commit(overlay=False)

    assert read(changed(tmp_path / "a.pdf", hatch)).text == ENGLISH


def test_a_pattern_of_letters_behind_the_text(tmp_path):
    def tile(page):
        document = page.parent
        (font, *_) = page.get_fonts()[0]
        pattern = document.get_new_xref()
        document.update_object(
            pattern,
            "<</Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 130 60]/XStep 130"
            f"/YStep 60/Resources<</Font<</F {font} 0 R>>>>>>",
        )
        document.update_stream(pattern, b"0.8 g BT /F 14 Tf 5 10 Td (CONFIDENTIAL) Tj ET")
        kind, value = document.xref_get_key(page.xref, "Resources")
        resources = int(value.split()[0]) if kind == "xref" else page.xref
        prefix = "" if kind == "xref" else "Resources/"
        document.xref_set_key(resources, f"{prefix}Pattern/P", f"{pattern} 0 R")
        first = document.get_new_xref()
        document.update_object(first, "<<>>")
        document.update_stream(first, b"/Pattern cs /P scn 0 0 595 842 re f 0 g")
        others = [f"{xref} 0 R" for xref in page.get_contents()]
        document.xref_set_key(page.xref, "Contents", f"[{first} 0 R {' '.join(others)}]")

    assert reason(changed(tmp_path / "a.pdf", tile)) == "ink-without-text"


def _without_last_row(text):
    (block,) = text.blocks
    return replace(text, blocks=(replace(block, rows=block.rows[:-1]),))


def _with_a_row_for_another(text):
    (block,) = text.blocks
    row = replace(block.rows[0], text=block.rows[0].text.replace("truth", "trutt"))
    return replace(text, blocks=(replace(block, rows=(row, *block.rows[1:])),))


def _with_another_letter(text):
    return replace(text, text=text.text.replace("truth", "trutt"))


@pytest.mark.parametrize(
    "change", [_without_last_row, _with_a_row_for_another, _with_another_letter]
)
def test_a_text_that_is_not_all_of_the_page_is_no_truth(tmp_path, monkeypatch, change):
    """The last check of this program against itself: all characters are in the text once."""
    import renderers.pdf.page as page_module

    honest = page_module.page_text
    path = written(tmp_path / "a.pdf")
    assert read(path).text == ENGLISH
    monkeypatch.setattr(page_module, "page_text", lambda *a, **k: change(honest(*a, **k)))
    assert reason(path) == "lost-text"
