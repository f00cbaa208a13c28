"""Fonts that give wrong characters, or none."""

import io
import string
from collections import Counter
from pathlib import Path

import matplotlib
import pymupdf
import pytest
from fontTools.ttLib import TTFont

from renderers.pdf.font_truth import to_unicode
from renderers.pdf.glyph_shapes import shapes_contradict
from renderers.pdf.raw_text import raw_blocks
from renderers.pdf.symbol_fonts import is_symbol_font, sign
from renderers.pdf.tex_glyphs import character_of_name
from tests.renderers.pdf.drawn_pages import drawn, rows, set_rows, with_to_unicode
from tests.renderers.pdf.pdf_inputs import CHINESE, ENGLISH, latex, read, reason, written

ROWS = rows(ENGLISH)
HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
HONEST = {code: chr(code) for code in range(32, 127)}


def test_a_table_that_swaps_letters(tmp_path):
    stream = set_rows(ROWS, font="F2")
    path = drawn(tmp_path / "a.pdf", stream, fonts={"F2": HELVETICA})
    assert read(with_to_unicode(path, "Helvetica", HONEST)).text.startswith("It is a truth")
    swapped = {**HONEST, ord("a"): "e", ord("e"): "a"}
    assert reason(with_to_unicode(path, "Helvetica", swapped)) == "font-lies"


def test_a_table_that_contradicts_the_names_of_the_encoding(tmp_path):
    font = (
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
        "/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[50/three/two]>>>>"
    )
    stream = set_rows([*ROWS, "In 3233 and 2332 there were 323 of them, not 232."], font="F2")
    path = drawn(tmp_path / "a.pdf", stream, fonts={"F2": font})
    assert "In 2322 and 3223" in read(path).text
    assert reason(with_to_unicode(path, "Helvetica", HONEST)) == "font-lies"


def test_a_table_that_contradicts_the_map_of_an_embedded_font(tmp_path):
    from tests.renderers.pdf.test_pdf_quality import cjk_font

    path = written(tmp_path / "a.pdf", CHINESE * 3, fontname="F0", fontfile=cjk_font())
    assert read(path).text == CHINESE * 3
    font = pymupdf.Font(fontfile=cjk_font())
    # The most frequent characters first: a few wrong letters do not reject a page.
    glyphs = {font.has_glyph(ord(c)): c for c, _ in Counter(CHINESE).most_common()}
    known = [g for g, c in glyphs.items() if c >= "一"]
    table = {**glyphs, known[0]: glyphs[known[1]], known[1]: glyphs[known[0]]}
    with pymupdf.open(path) as document:
        (name,) = {f[3] for f in document.get_page_fonts(0) if f[2] == "Type0"}
    assert reason(with_to_unicode(path, name, table, "%04x")) == "font-lies"


FACES = Path(matplotlib.get_data_path(), "fonts", "ttf")


@pytest.mark.parametrize("face", ["DejaVuSans", "DejaVuSerif-Italic", "DejaVuSansMono"])
def test_a_table_that_contradicts_the_heights_of_glyphs(tmp_path, face):
    """The font has neither names nor a map, as most programs embed fonts."""
    file = FACES / f"{face}.ttf"
    path = written(tmp_path / "a.pdf", ENGLISH, fontname="F0", fontfile=str(file))
    with pymupdf.open(path) as document:
        (xref, _, _, name, *_) = document.get_page_fonts(0)[0]
        (stream,) = {
            int(document.xref_get_key(x, "FontFile2")[1].split()[0])
            for x in range(1, document.xref_length())
            if document.xref_get_key(x, "FontFile2")[0] == "xref"
        }
        document.update_stream(stream, _without_names(document.extract_font(xref)[3]))
        document.saveIncr()
    font = pymupdf.Font(fontfile=str(file))
    honest = {font.has_glyph(ord(c)): c for c in sorted(set(ENGLISH))}
    assert read(with_to_unicode(path, name, honest, "%04x")).text.split() == ENGLISH.split()
    letters = [glyph for glyph, text in honest.items() if text.isalpha()]
    next_ones = [*letters[3:], *letters[:3]]
    wrong = {**honest, **{g: honest[n] for g, n in zip(letters, next_ones, strict=True)}}
    assert reason(with_to_unicode(path, name, wrong, "%04x")) == "font-lies"


def _without_names(data: bytes) -> bytes:
    font = TTFont(io.BytesIO(data))
    font["post"].formatType = 3.0
    del font["cmap"]
    saved = io.BytesIO()
    font.save(saved)
    return saved.getvalue()


def test_glyphs_that_a_cut_down_font_lacks_are_no_witnesses(tmp_path):
    """MuPDF empties the glyphs that the file does not use; the table still names them."""
    file = FACES / "DejaVuSans.ttf"
    path = written(tmp_path / "a.pdf", ENGLISH, fontname="F0", fontfile=str(file))
    cut = tmp_path / "cut.pdf"
    with pymupdf.open(path) as document:
        document.subset_fonts(fallback=False)
        document.save(cut, garbage=2)
        (xref, *_) = document.get_page_fonts(0)[0]
        assert len(document.extract_font(xref)[3]) < 0.2 * file.stat().st_size
    assert read(cut).text.split() == ENGLISH.split()


def test_a_font_of_one_height_is_believed():
    """Capitals for small letters: small capitals look so."""
    data = (FACES / "DejaVuSans.ttf").read_bytes()
    font = pymupdf.Font(fontbuffer=data)
    capitals = {font.has_glyph(ord(c)): c.lower() for c in string.ascii_uppercase}
    assert not shapes_contradict(data, capitals)
    letters = string.ascii_lowercase
    shifted = dict(
        zip(map(font.has_glyph, letters.encode()), letters[3:] + letters[:3], strict=True)
    )
    assert shapes_contradict(data, shifted)


def test_entries_of_a_table():
    stream = (
        b"2 beginbfchar <41> <0042> <43> <00660069> endbfchar "
        b"2 beginbfrange <50> <52> <0061> <60> <61> [<4E00> <4E8C>] endbfrange"
    )
    expected = {0x41: "B", 0x50: "a", 0x51: "b", 0x52: "c", 0x60: "一", 0x61: "二"}
    assert to_unicode(stream) == expected


def test_names_of_tex_glyphs():
    names = {
        "parenleftBigg": "(", "bracketrightbig": "]", "summationdisplay": "∑", "radicalbigg": "√",
        "integraltext": "∫", "hatwider": "ˆ", "parenlefttp": "⎛", "radicalvertex": "",
        "uni5B66": "学", "one.oldstyle": "1", "alpha": "α", "negationslash": "\u0338",
    }  # fmt: skip
    assert {name: character_of_name(name, "ABCDEF+CMEX10") for name in names} == names
    assert character_of_name("g31", "CMEX10") is None
    assert character_of_name("char7f", "QWERTY+manfnt") == "☡"


def test_large_brackets_of_tex(tmp_path):
    source = (
        r"\documentclass{article}\begin{document}"
        + ENGLISH
        + r"\[ f\Bigl(\sum_{i=1}^n x_i\Bigr) \neq g \quad x \mapsto y \]\end{document}"
    )
    text = read(latex(tmp_path, source)).text
    assert [text.count(c) for c in "(∑)↦"] == [1, 1, 1, 1]
    assert "↦→" not in "".join(text.split())


@pytest.mark.parametrize("encoded", [True, False])
def test_dingbats_are_named_by_their_glyphs(tmp_path, encoded):
    """Not by the letters of their codes (●: l), nor by the numbers in their names (`a71`: G)."""
    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_textbox((50, 50, 545, 250), ENGLISH * 2, fontsize=11)
        for y, code, text in (
            (300, "l", "first item"),
            (320, "\xe4", "second item"),
            (340, "4", "q"),
        ):
            page.insert_text((50, y), code, fontname="zadb", fontsize=11)
            page.insert_text((70, y), text, fontsize=11)
        (font,) = (f[0] for f in page.get_fonts() if f[3] == "ZapfDingbats")
        if not encoded:
            document.xref_set_key(font, "Encoding", "null")
        document.save(path)
    assert read(path).text.splitlines()[-3:] == ["● first item", "➤ second item", "✔ q"]


@pytest.mark.parametrize(
    ("name", "character", "found"),
    [
        ("57", "\uf0fc", "✓"),
        ("g3", "Ø", "➢"),
        ("g4", "§", "▪"),
        ("g5", "Ÿ", "•"),  # code 0x9F in Windows's encoding
        ("g6", "➔", "➔"),
        ("g7", "\ufffd", None),
        ("g8", "k", None),
        ("Oslash", "Ø", "Ø"),  # of a font in the place of Wingdings, as the file has none
    ],
)
def test_signs_of_wingdings(name, character, found):
    for font in ("Wingdings", "ABCDEF+Wingdings-Regular"):
        assert is_symbol_font(font)
        assert sign(font, name, character) == found
    assert not is_symbol_font("Wingdings2")


def test_lines_of_a_picture_are_no_letters(tmp_path):
    r"""The lines of `\line` and arcs of `\oval` are glyphs with numbers for names."""
    source = (
        r"\documentclass{article}\begin{document}"
        + ENGLISH
        + r"\par\begin{picture}(150,60)\put(0,0){\line(1,1){40}}\put(50,0){\line(2,-1){40}}"
        r"\put(99,30){\vector(3,1){40}}\put(40,30){\oval(30,20)}\put(60,40){name}\end{picture}"
        r"\end{document}"
    )
    text = read(latex(tmp_path, source)).text
    assert "name" in text
    assert not set(text) - set(ENGLISH + "name1\n")


def test_letters_in_the_place_of_wingdings_are_read(tmp_path):
    """A font that the file lacks: the picture has letters, so the text has them."""
    font = "<</Type/Font/Subtype/TrueType/BaseFont/Wingdings/Encoding/WinAnsiEncoding>>"
    stream = set_rows(ROWS) + set_rows(["\\330 item"], y=300, font="F2")
    path = drawn(tmp_path / "a.pdf", stream, fonts={"F2": font})
    assert read(path).text.endswith("\nØ item")


def test_unnamed_signs_at_one_place_stay_lost(tmp_path):
    """Both have the same reference point, which names a sign of which the file has no character."""
    body = ENGLISH * 3
    both = r"\rlap{$\Bigl[$}$\Bigr\}$"
    path = latex(
        tmp_path,
        rf"\documentclass{{article}}\begin{{document}}{body} Here {both} is.\end{{document}}",
    )
    found = read(path).text
    assert "\ufffd" in found
    assert not {"[", "}"} & set(found)


def test_the_fonts_of_a_page_do_not_depend_on_the_page_before(tmp_path):
    """Forms that contain each other: the first page draws one, the second only the other."""
    from renderers.pdf.resources import FontNumbers

    path = drawn(tmp_path / "a.pdf", set_rows(ROWS), forms={"A": "", "B": ""}, fonts={"F2": "<<>>"})
    with pymupdf.open(path) as document:
        first, second = (int(x[0]) for x in sorted(document.get_page_xobjects(0)))
        fonts = {f[4]: f[0] for f in document.get_page_fonts(0)}
        for form, other, font in ((first, second, "F1"), (second, first, "F2")):
            inside = f"<</Font<</F {fonts[font]} 0 R>>/XObject<</X {other} 0 R>>>>"
            document.xref_set_key(form, "Resources", inside)
        for number, form in enumerate((first, second)):
            page = document[0] if number == 0 else document.new_page()
            document.xref_set_key(page.xref, "Resources", f"<</XObject<</X {form} 0 R>>>>")
        numbers = FontNumbers(document)
        assert numbers.of_page(0) == numbers.of_page(1) == frozenset(fonts.values())


TYPE3 = (
    "<</Type/Font/Subtype/Type3/FontBBox[0 0 750 750]/FontMatrix[0.001 0 0 0.001 0 0]"
    "/CharProcs<</g1 {proc} 0 R>>/Encoding<</Type/Encoding/Differences[65/g1]>>"
    "/FirstChar 65/LastChar 65/Widths[1000]/Resources<<>>>>"
)


def _with_unnamed(path, stream, code=65):
    """A page on which `/F3` draws a square for a code; `A` is called U+E123 by its table."""
    drawn(path, stream, fonts={"F3": "<<>>"})
    with pymupdf.open(path) as document:
        proc = document.get_new_xref()
        document.update_object(proc, "<<>>")
        document.update_stream(proc, b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
        (resources,) = [
            x
            for x in range(1, document.xref_length())
            if document.xref_get_key(x, "Font")[0] == "dict"
        ]
        font = document.xref_get_key(resources, "Font/F3")[1]
        dictionary = TYPE3.replace("{proc}", str(proc)).replace("65", str(code))
        document.update_object(int(font.split()[0]), dictionary)
        document.saveIncr()
        (name,) = {f[3] for f in document.get_page_fonts(0) if f[2] == "Type3"}
    return with_to_unicode(path, name, {ord("A"): "\ue123"}) if code == 65 else path


def test_a_lost_character_is_marked_and_many_reject_the_page(tmp_path):
    body = set_rows(rows(ENGLISH * 2))
    one = _with_unnamed(tmp_path / "a.pdf", body + set_rows(["A"], y=300, font="F3"))
    assert read(one).text.endswith("\n\ufffd")
    many = _with_unnamed(tmp_path / "b.pdf", body + set_rows(["AAAAAAAA"], y=300, font="F3"))
    assert reason(many) == "no-unicode"


@pytest.mark.parametrize("code", [136, 28, 127])
def test_a_code_without_a_name_is_a_lost_character(tmp_path, code):
    """MuPDF calls it by its code, a control character."""
    stream = set_rows(rows(ENGLISH * 2)) + set_rows([f"\\{code:03o}"], y=300, font="F3")
    assert read(_with_unnamed(tmp_path / "a.pdf", stream, code)).text.endswith("\n\ufffd")


@pytest.mark.parametrize(("ascent", "descent"), [(451, -4), (683, -217)])
def test_boxes_cover_their_letters_whatever_height_a_font_states(tmp_path, ascent, descent):
    """pdfTeX states the heights of the letters that it uses, which are too low for Libertine."""
    path = drawn(tmp_path / "a.pdf", set_rows(ROWS))
    with pymupdf.open(path) as document:
        (font,) = {f[0] for f in document.get_page_fonts(0)}
        descriptor = document.get_new_xref()
        document.update_object(
            descriptor,
            "<</Type/FontDescriptor/FontName/Times-Roman/Flags 32"
            f"/Ascent {ascent}/Descent {descent}>>",
        )
        document.xref_set_key(font, "FontDescriptor", f"{descriptor} 0 R")
        document.saveIncr()
    page = read(path)
    assert page.text == ENGLISH
    dark = page.picture.pixels < 128
    total = dark.sum()
    for region in page.picture.regions:
        if region.role == "word":
            x0, y0, x1, y1 = (round(side) for side in region.bbox)
            dark[y0 - 1 : y1 + 1, x0 - 1 : x1 + 2] = False
    assert dark.sum() < 0.02 * total


def test_a_code_that_no_character_has_is_a_character_without_name(tmp_path):
    """MuPDF gives such codes to some glyphs of Arabic fonts, and PyMuPDF fails on them."""

    class FalseCodes:
        """The display list of a page whose first character has one."""

        def get_textpage(self, flags):
            with pymupdf.open(written(tmp_path / "a.pdf")) as document:
                page = document[0].get_displaylist().get_textpage(flags)
            next(c for block in page for line in block for c in line).m_internal.c = 0x3F800000
            return page

    blocks, _ = raw_blocks(FalseCodes())
    span = blocks[0]["lines"][0]["spans"][0]
    assert "".join(c["c"] for c in span["chars"]).startswith("\ufffdt is a truth")
