"""E-books: the style of their pages, the same in every process, and books set vertically."""

import struct
import time
import zipfile
from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from renderers.fonts import families
from renderers.pdf.books import is_vertical, is_vertical_mobi
from renderers.pdf.document import open_document
from renderers.pdf.layout import BookLayout, sample_book_layouts
from renderers.pdf.page import PageReader
from renderers.pdf.probe import count_pages
from renderers.rejected import Rejected
from tests.renderers.pdf.pdf_inputs import CHINESE, ENGLISH

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0"'
    ' xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
PACKAGE = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
    '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title></metadata>'
    '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/></spine></package>'
)
CHAPTER = (
    '<html xmlns="http://www.w3.org/1999/xhtml" lang="en" class="{}"><head>'
    '<link rel="stylesheet" type="text/css" href="s.css"/></head><body>{}</body></html>'
)


def epub(path, css="", root="", paragraphs=12, text=ENGLISH):
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("c.opf", PACKAGE)
        book.writestr("s.css", css)
        book.writestr("a.xhtml", CHAPTER.format(root, f"<p>{text}</p>" * paragraphs))
    return path


def rows_of(path, **style):
    """The lines of the first page in this style."""
    with open_document(path, BookLayout(360, 540, 10, **style)) as document:
        page = PageReader().read(document, 0)
    return [r for r in page.picture.regions if r.role == "line"], page


def step(rows):
    return median(b.bbox[1] - a.bbox[1] for a, b in pairwise(rows))


def test_a_layout_sets_line_height_margin_and_alignment(tmp_path):
    path = epub(tmp_path / "a.epub")
    plain, _ = rows_of(path)
    wide, _ = rows_of(path, line_height=2.0)
    assert step(wide) > 1.4 * step(plain)
    narrow, _ = rows_of(path, margin=6.0)
    assert narrow[0].bbox[0] > plain[0].bbox[0] + 50
    even, _ = rows_of(path, align="justify")
    ends = [r.bbox[2] for r in even]
    assert sum(max(ends) - end < 2 for end in ends) > 0.6 * len(ends)
    indented, _ = rows_of(path, paragraphs="indent")
    assert indented[0].bbox[0] > min(r.bbox[0] for r in indented) + 20


def test_words_are_broken_where_the_language_is_known(tmp_path):
    path = epub(tmp_path / "a.epub")
    broken, page = rows_of(path, hyphens=True, align="justify")
    assert any(row.text.endswith("-") for row in broken)
    assert not any(row.text.endswith("-") for row in rows_of(path)[0])
    assert "\u00ad" not in page.text


def test_another_book_does_not_keep_the_style(tmp_path):
    path = epub(tmp_path / "a.epub")
    before, _ = rows_of(path)
    rows_of(path, line_height=2.0)
    after, _ = rows_of(path)
    assert [r.bbox for r in before] == [r.bbox for r in after]


def test_all_processes_count_the_same_pages(tmp_path):
    path = epub(tmp_path / "a.epub", paragraphs=40)
    layouts = sample_book_layouts(np.random.default_rng(5), 6)
    assert len({layout.stylesheet for layout in layouts}) > 3
    values = [[getattr(la, name) for name in BookLayout.__slots__] for la in layouts]
    counts = count_pages([(str(path), value) for value in values])
    for layout, count in zip(reversed(layouts), reversed(counts), strict=True):
        with open_document(path, layout) as document:
            assert document.page_count == count


def test_narrow_pages_keep_room_for_their_text():
    layouts = sample_book_layouts(np.random.default_rng(1), 100)
    assert all(la.width / la.font_size - 2 * la.margin >= 12 for la in layouts)
    assert len({(la.width, la.height, la.font_size) for la in layouts}) == len(layouts)


def faces_of(path, family):
    """The fonts of the first page in a layout with this Chinese family."""
    with open_document(path, BookLayout(360, 540, 12, han_face=family)) as document:
        blocks = document[0].get_text("dict")["blocks"]
        assert PageReader().read(document, 0).lang in ("zh", "en")
    return {span["font"] for block in blocks for line in block["lines"] for span in line["spans"]}


def test_chinese_books_have_the_face_of_their_layout(tmp_path):
    book = epub(tmp_path / "a.epub", text=CHINESE)
    names = [family.name for family in families("zh")][:3]
    faces = [faces_of(book, name) for name in names]
    assert all(len(face) == 1 for face in faces)
    assert len(set.union(*faces)) == len(names)
    assert "Droid Sans Fallback Regular" in faces_of(book, "")
    assert "Droid Sans Fallback Regular" in faces_of(book, "No such family")


def test_english_books_have_no_chinese_face(tmp_path):
    book = epub(tmp_path / "a.epub")
    assert faces_of(book, families("zh")[0].name) == faces_of(book, "")


def test_layouts_have_the_installed_faces():
    layouts = sample_book_layouts(np.random.default_rng(2), 40, ("A", "B"))
    assert {layout.han_face for layout in layouts} == {"", "A", "B"}
    without = sample_book_layouts(np.random.default_rng(2), 40)
    assert [layout.stylesheet for layout in layouts] == [layout.stylesheet for layout in without]


def mobi(path, *records):
    """The beginning of a MOBI book with these records of metadata."""
    exth = b"".join(struct.pack(">II", kind, 8 + len(data)) + data for kind, data in records)
    exth = struct.pack(">4sII", b"EXTH", 12 + len(exth), len(records)) + exth
    header = struct.pack(">4sI", b"MOBI", 232).ljust(232, b"\0")
    path.write_bytes(b"\0" * 78 + struct.pack(">II", 86, 0) + b"\0" * 16 + header + exth)
    return path


def test_a_mobi_book_states_its_writing_mode(tmp_path):
    assert is_vertical_mobi(mobi(tmp_path / "a.mobi", (100, b"A"), (525, b"vertical-rl")))
    assert not is_vertical_mobi(mobi(tmp_path / "b.mobi", (525, b"horizontal-lr")))
    assert not is_vertical_mobi(mobi(tmp_path / "c.mobi", (503, b"vertical")))
    whole = (tmp_path / "a.mobi").read_bytes()
    for length in range(0, len(whole) - 12, 7):
        (tmp_path / "d.mobi").write_bytes(whole[:length])
        assert not is_vertical_mobi(tmp_path / "d.mobi")
    with pytest.raises(Rejected, match="vertically"):
        open_document(tmp_path / "a.mobi")


@pytest.mark.parametrize(
    ("css", "root"),
    [
        ("html{-epub-writing-mode:vertical-rl;writing-mode:vertical-rl}", ""),
        ("/* body */ .vrtl, .hltr p { writing-mode : vertical-rl }", "vrtl"),
        ("@media all { p{margin:0} body { writing-mode: tb-rl } }", ""),
        ("/* a /* b */ html{writing-mode:vertical-rl", ""),
    ],
)
def test_a_vertical_book_is_rejected(tmp_path, css, root):
    with pytest.raises(Rejected) as caught:
        open_document(epub(tmp_path / "a.epub", css, root))
    assert caught.value.reason == "vertical-book"


@pytest.mark.parametrize(
    ("css", "root"),
    [
        (".vrtl{writing-mode:vertical-rl} .hltr{writing-mode:horizontal-tb}", "hltr"),
        ("body{margin:0} span.stamp{writing-mode:vertical-rl}", ""),
        ("/* html{writing-mode:vertical-rl} */ p{margin:0}", ""),
        ("p{margin:0} /* html{writing-mode:vertical-rl}", ""),
    ],
)
def test_a_book_with_unused_vertical_styles_is_read(tmp_path, css, root):
    with open_document(epub(tmp_path / "a.epub", css, root)) as document:
        assert PageReader().read(document, 0).text.startswith("It is a truth")


@pytest.mark.parametrize("text", ["a", "/*", "{", "<style", "<html ", "class=", "writing-mode: "])
def test_hostile_styles_take_no_time(tmp_path, text):
    path = epub(tmp_path / "a.epub", css=text * 20_000, root=text * 20_000)
    started = time.process_time()
    assert not is_vertical(path)
    assert time.process_time() - started < 1
