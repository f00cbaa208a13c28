"""Marks that share a glyph: PDFs name a rare one where a common one is meant."""

import unicodedata
from collections import defaultdict

import pymupdf
import pytest

from renderers.pdf.canonical import normalize, resolve_by_width, usual_characters
from tests.renderers.pdf.pdf_inputs import (
    CHINESE,
    ENGLISH,
    characters_by_glyph,
    latex,
    named,
    noto_faces,
    printed,
    raw,
    read,
    words,
    written,
    written_as,
)

RARE = {"‒": "–", "―": "—", "⸺": "——", "⸻": "———", "〜": "～"}
RARE |= {"㫚": "曶", "㬵": "胶", "㬺": "幐", "㮣": "槩"}
BY_WIDTH = {"∕": "∕／", "\u2329": "⟨〈", "\u232a": "⟩〉"}
"""Names of a narrow and a wide mark."""
AMBIGUOUS = "‧ʻ"
"""Noto draws ・ and ‘ as these; texts have them on purpose, so they stay."""
MARKED = f"三～五天，第1–5页，好——不好—都好，是／否，〈论语〉，约翰·史密斯，曶胶幐槩。{CHINESE}"


def test_common_marks_of_a_page_that_chromium_prints(tmp_path):
    path = printed(tmp_path / "a.pdf", f"<p lang=zh>{MARKED}</p>")
    assert raw(path).startswith(
        "三〜五天，第1‒5⻚，好——不好―都好，是∕否，\u2329论语\u232a，约翰·史密斯，㫚㬵㬺㮣。"
    )
    assert words(path) == MARKED


def test_dots_with_one_glyph_are_all_written_as_the_middle_dot(tmp_path):
    path = printed(tmp_path / "a.pdf", f"<p lang=zh>约翰•史密斯・布朗‧琼斯·李。{CHINESE}</p>")
    assert words(path) == f"约翰·史密斯·布朗·琼斯·李。{CHINESE}"


@pytest.mark.parametrize("dash", ["——", "———"])
def test_dashes_that_chromium_joins_are_taken_apart(tmp_path, dash):
    text = f"好{dash}不好，{CHINESE}"
    path = printed(tmp_path / "a.pdf", f"<p lang=en>{text}</p>")
    assert raw(path)[1] in "⸺⸻"
    page = read(path, keep_rows=True)
    assert page.text.replace("\n", "") == text
    assert dash in [r.text for r in page.picture.regions if r.role == "word"]


def test_the_box_of_a_joined_dash_is_shared_out():
    assert normalize("⸺好", [(0.0, 0.0, 2.0, 1.0), (2.0, 0.0, 3.0, 1.0)]) == (
        "——好",
        [(0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 2.0, 1.0), (2.0, 0.0, 3.0, 1.0)],
    )


def test_rare_marks_are_written_as_common_ones_in_files_of_any_origin(tmp_path):
    names = {"～": "〜", "—": "―", "／": "∕", "〈": "\u2329", "〉": "\u232a"}
    text = f"三～五天，好——不好，是／否，〈论语〉。{CHINESE}"
    path = named(tmp_path / "a.pdf", text, names)
    assert raw(path).startswith("三〜五天，好――不好，是∕否，\u2329论语\u232a。")
    assert words(path) == text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_narrow_division_slash_stays(tmp_path, turn):
    path = written(tmp_path / "a.pdf", CHINESE, fontname="china-s", fontsize=14)
    with pymupdf.open(path) as document:
        page = document[0]
        page.insert_font(fontname="other", fontfile=_dejavu())
        page.insert_text((300, 300), "a∕b", fontname="other", rotate=turn)
        document.saveIncr()
    assert "a∕b" in read(path).text


def test_roman_numerals_with_the_glyphs_of_letters_are_letters():
    boxes = [(10.0 * i, 0.0, 10.0 * i + 5, 10.0) for i in range(3)]
    assert resolve_by_width("ⅿⅼⅩ", boxes, 10) == "mlX"
    wide = [(10.0 * i, 0.0, 10.0 * i + 10, 10.0) for i in range(3)]
    assert resolve_by_width("ⅰⅤⅩ", wide, 10) == "ⅰⅤⅩ"


@pytest.mark.parametrize("text", ["Ⅰ 绪论", "Ⅰ, Ⅱ, Ⅴ", "typeⅠ or Ⅱ"])
def test_narrow_roman_numerals_by_themselves_stay(text):
    """Else a series of them would be I, Ⅱ, Ⅲ, Ⅳ, V."""
    boxes = [(10.0 * i, 0.0, 10.0 * i + 5, 10.0) for i in range(len(text))]
    assert resolve_by_width(text, boxes, 10) == text


def test_angles_that_latex_writes_in_text(tmp_path):
    path = latex(
        tmp_path,
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{textcomp,tgheros}"
        r"\input{glyphtounicode}\pdfgentounicode=1\begin{document}\sffamily"
        rf" {ENGLISH} \textlangle name\textrangle\end{{document}}",
    )
    assert "\u2329name\u232a" in raw(path)
    assert "⟨name⟩" in read(path).text


def _dejavu():
    from renderers.fonts import families

    for family in families("en"):
        if family.name == "DejaVu Sans":
            return family.regular.path
    pytest.skip("needs the font DejaVu Sans")


@pytest.mark.parametrize("mark", [*AMBIGUOUS, "‵", "·", "•", "・", "①", "…", "′"])
def test_other_marks_stay(mark):
    assert written_as(mark) == mark


LIES = {
    "other words": ["此处所写并非图中之字"],
    "one for one": ["学而时习之，亦不悦乎"],
    "look-alikes": ["学而时习之〜―‒∕⻅"],
    "nothing": [""],
    "nested": ["学而", "不亦"],
    "not text": ["\x00\u202e\ud7ff\ufffd"],
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_actual_text_changes_nothing(tmp_path, lies):
    plain = written(tmp_path / "a.pdf", CHINESE, fontname="china-s", fontsize=14)
    lying = tmp_path / "b.pdf"
    with pymupdf.open(plain) as document:
        page = document[0]
        (xref,) = page.get_contents()
        begin = b"".join(
            b"/Span <</ActualText <feff%s>>> BDC\n" % lie.encode("utf-16-be").hex().encode()
            for lie in lies
        )
        content = begin + document.xref_stream(xref) + b"\nEMC" * len(lies)
        document.update_stream(xref, content)
        document.save(lying)
    with pymupdf.open(lying) as document:
        assert CHINESE not in document[0].get_text().replace("\n", "")  # MuPDF believes it
    expected, found = read(plain), read(lying)
    assert found.text == expected.text
    assert found.picture.regions == expected.picture.regions


@pytest.fixture(scope="module")
def noto():
    """Pairs of characters that share a glyph, and pairs of which the first is drawn."""
    shared, drawn = set(), set()
    for font in noto_faces():
        shared.update(_shared(font))
        drawn.update(_drawn(font))
    return shared, drawn


def test_every_rare_mark_shares_a_glyph_in_noto_or_is_what_noto_draws_for_the_common(noto):
    shared, drawn = noto
    assert set(RARE.items()) <= shared | drawn
    assert {(rare, wide) for rare, (_, wide) in BY_WIDTH.items()} <= shared
    assert all(written_as(rare) == usual for rare, usual in RARE.items())


def test_every_mark_with_a_common_twin_in_noto_is_written_as_that(noto):
    """Common is what GBK has; a name that is the first of its glyph and is not in it is rare."""
    twins = defaultdict(set)
    for rare, usual in noto[0]:
        if rare not in BY_WIDTH:
            twins[rare].add(usual)
    assert twins.pop("ʻ") == {"‘"}
    assert {rare: {written_as(rare)} for rare in twins} == twins


def _shared(font):
    """First characters of a glyph that are not in GBK, with one that is."""
    for first, *others in characters_by_glyph(font).values():
        if unicodedata.normalize("NFKC", first).isspace() or _radical(first):
            continue
        if _common(first) and first not in BY_WIDTH:
            continue
        for other in filter(_common, others):
            yield first, other


def _drawn(font):
    """What the font draws in place of —, —— and ——— (GSUB)."""
    names = {glyph: same[0] for glyph, same in characters_by_glyph(font).items()}
    dash = font["cmap"].getBestCmap()[ord("—")]
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if lookup.LookupType not in (1, 4, 7):
                continue
            if hasattr(table, "mapping") and table.mapping.get(dash) in names:
                yield names[table.mapping[dash]], "—"
            for ligature in getattr(table, "ligatures", {}).get(dash, ()):
                if set(ligature.Component) == {dash} and ligature.LigGlyph in names:
                    yield names[ligature.LigGlyph], "—" * (1 + len(ligature.Component))


def _common(character):
    return bool(character.encode("gbk", "ignore"))


def _radical(character):
    return "⺀" <= character <= "⿕"


STYLED = {"𝑎": "a", "𝐁": "B", "𝒄": "c", "ℎ": "h", "𝖽": "d", "𝙴": "E", "𝛼": "α", "𝜀": "ε", "𝟗": "9"}
STYLED |= {"𝜖": "ϵ", "𝛟": "ϕ", "𝜑": "φ", "𝜗": "ϑ", "𝜚": "ϱ", "𝜛": "ϖ"}
TWINS = {"∆": "Δ", "Ω": "Ω", "K": "K", "Å": "Å", "µ": "μ", "⋅": "·"}
TWINS |= {"∙": "·", "ʹ": "′", "ʺ": "″"}


@pytest.mark.parametrize(("sign", "letter"), (STYLED | TWINS).items())
def test_signs_with_the_glyph_of_a_usual_one_are_this_one(sign, letter):
    assert written_as(sign) == letter


def test_letters_of_formulas_that_look_different_stay():
    assert written_as("ℝ𝔸𝒜𝔄ℓ𝟙") == "ℝ𝔸𝒜𝔄ℓ𝟙"


def test_the_tones_of_chinese_stay():
    """The first one is a macron, of which Latin fonts have the same glyph."""
    assert written_as("ˉˊˇˋ") == "ˉˊˇˋ"


@pytest.mark.parametrize("text", [*STYLED, *TWINS, "ˆ", "˜", "ˉ", "―", "⸺", "☀\ufe0f", "x\u2061"])
def test_a_text_without_boxes_has_the_same_characters(text):
    """It is compared with that of a PDF."""
    assert usual_characters(text) == written_as(text)


def test_letters_of_a_formula_are_the_same_in_all_fonts(tmp_path):
    """Adobe's glyph list names the Δ and Ω of formulas as increment and ohm."""
    body = rf"\noindent $\Delta x \cdot \Omega = \mu h$. {ENGLISH}"
    source = rf"\documentclass{{article}}\begin{{document}}{body}\end{{document}}"
    path = latex(tmp_path, source)
    page = read(path, keep_rows=True)
    assert page.text.startswith("Δx · Ω = μh. ")


def test_a_stroke_and_its_sign_are_one_character():
    """TeX draws the stroke first; it has no width, and the space before the sign seems to be
    after it."""
    boxes = [(float(i), 0.0, i + 1.0, 1.0) for i in range(5)]
    assert normalize("i\u0338 =j", boxes) == ("i ≠j", [boxes[0], boxes[2], boxes[3], boxes[4]])
    assert written_as("x \u0338≺ y \u0338≼ z \u0338∈ a \u0338! ↦→") == "x ⊀ y ⋠ z ∉ a \u0338! ↦"


def test_a_stroke_after_its_sign_is_of_this_sign():
    """Unicode has it there, and programs other than TeX write it so."""
    boxes = [(float(i), 0.0, i + 1.0, 1.0) for i in range(6)]
    assert normalize("x =\u0338 y", boxes) == ("x ≠ y", [*boxes[:3], *boxes[4:]])
    assert written_as("x=\u0338y =\u0338 \u0338∈") == "x≠y ≠ ∉"


def test_letters_and_the_marks_after_them_are_one_character():
    boxes = [(float(i), 0.0, i + 1.0, 1.0) for i in range(6)]
    kept = [boxes[0], boxes[2], boxes[3], boxes[5]]
    assert normalize("e\u0301t𝑎\u0302x", boxes) == ("étâx", kept)
    assert written_as("x\u0302") == "x\u0302"  # Unicode has none


def test_selectors_of_variants_are_no_characters():
    assert written_as("[\ufe01ρ(\ufe00e\u2061)\U000e0100") == "[ρ(e)"


def test_accents_by_themselves_are_signs_of_ascii():
    apart = [(float(i), 0.0, i + 1.0, 1.0) for i in range(4)]
    assert normalize("xˆ2˜", apart)[0] == "x^2~"
    over = [apart[0], apart[1], (1.1, 0.0, 1.9, 1.0), apart[3]]
    assert normalize("aˆxb", over)[0] == "aˆxb"  # a hat over x
    assert normalize("aˆeb", over)[0] == "aêb"
    assert normalize("aˆ𝑒b", over)[0] == "aêb"
