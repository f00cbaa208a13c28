"""Documents through pdflatex: which text is on which page, and whether wrong pages are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from renderers.latex import coverage, mmd, specimen, template
from renderers.latex.atoms import atoms as number
from renderers.latex.blocks import (
    Block,
    Document,
    Footnote,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    Text,
)
from renderers.latex.crops import crop_regions
from renderers.latex.engine import TexEngine
from renderers.latex.pages import PartRejection, VerifiedPage, verified_pages
from renderers.latex.prepare import prepare
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle
from renderers.latex.typeset import typeset
from renderers.picture import Region
from renderers.roles import LINE, WORD
from vary_data.quality.validate.markdown import black_boxes, check_markdown

ARTICLE = template.load()["article"]
STYLE = PageStyle(size=10, horizontal_margin_mm=25, vertical_margin_mm=25)
WORDS = "The quick brown fox jumps over the lazy dog and then sleeps near the old river. "


def paragraph(*spans: str | Text | Inline | Footnote) -> Paragraph:
    return Paragraph(tuple(Text(s) if isinstance(s, str) else s for s in spans))


def pages_of(
    renderer: LatexRenderer, blocks: Sequence[Block], style: PageStyle = STYLE
) -> list[VerifiedPage]:
    results = list(renderer.pages(Document(tuple(blocks), "en"), ARTICLE, style))
    assert all(isinstance(r, VerifiedPage) for r in results), results
    return [r for r in results if isinstance(r, VerifiedPage)]


def regions(page: VerifiedPage, role: str) -> list[Region]:
    return [r for r in page.picture.regions if r.role == role]


def test_a_paragraph_is_split_at_the_page_break(renderer: LatexRenderer) -> None:
    numbered = " ".join(f"word{i}" for i in range(1500))
    first, second = pages_of(renderer, [paragraph(numbered)])[:2]
    assert first.markdown.startswith("word0 word1 ")
    last = int(first.markdown.rsplit("word", 1)[1])
    assert second.markdown.startswith(f"word{last + 1} word{last + 2} ")
    words = [r.text for r in regions(first, WORD)]
    assert f"word{last}" in words
    assert f"word{last + 1}" not in words


def test_a_formula_is_not_split_at_the_page_break(renderer: LatexRenderer) -> None:
    letters = Inline("=".join("abcdefghijklm"))
    for shift in range(6):  # one of them would be cut
        spans = [span for _ in range(90) for span in ("so ", letters, " or ")]
        blocks = [paragraph("word " * shift, *spans) for _ in range(2)]
        pages = pages_of(renderer, blocks)
        found = sum(page.markdown.count(f"\\({letters.latex}\\)") for page in pages)
        assert found == 180


def test_a_float_comes_where_it_landed(renderer: LatexRenderer) -> None:
    table = Table("c", (TableRow((TableCell((Text("floating cell"),)),)),), floating=True)
    text = [paragraph(WORDS * 14) for _ in range(5)]
    tall = paragraph("before the table. ", WORDS * 3)
    pages = pages_of(renderer, [*text, tall, table, paragraph("after the table")])
    second = pages[1].markdown
    assert "floating cell" not in pages[0].markdown
    assert second.startswith("\\begin{tabular}{c}\nfloating cell")
    assert second.endswith("after the table")


def test_a_footnote_is_at_the_foot_of_its_page(renderer: LatexRenderer) -> None:
    noted = paragraph("Read this", Footnote((Text("or not, "), Inline("x^2"))), " twice.")
    (page,) = pages_of(renderer, [noted, paragraph("More.")])
    assert page.markdown == "Read this[^1] twice.\n\nMore.\n\n[^1]: or not, \\(x^2\\)"
    (note,) = regions(page, "footnote")
    assert note.bbox[1] > page.picture.height / 2


def test_a_list_continues_without_a_new_label(renderer: LatexRenderer) -> None:
    long = " ".join(f"word{i}" for i in range(1200))
    items = ((paragraph(long),), (paragraph("second"),))
    first, second = pages_of(renderer, [ListBlock(True, items)])[:2]
    assert first.markdown.startswith("1. word0 ")
    assert second.markdown.startswith("word")
    assert second.markdown.endswith("\n\n2. second")


def test_words_are_where_they_are_drawn(renderer: LatexRenderer) -> None:
    (page,) = pages_of(renderer, [Heading(1, (Text("Fox"),)), paragraph(WORDS)])
    gray = page.picture.pixels
    words = regions(page, WORD)
    assert [w.text for w in words[:4]] == ["Fox", "The", "quick", "brown"]
    for word in words:
        x0, y0, x1, y1 = (round(v) for v in word.bbox)
        assert gray[y0:y1, x0:x1].min() < 128, word
    covered = np.full(gray.shape, False)
    for word in (*words,):
        x0, y0, x1, y1 = (round(v) for v in word.bbox)
        covered[y0 - 1 : y1 + 1, x0 - 1 : x1 + 2] = True
    assert (gray[~covered] > 200).all()


def test_a_paragraph_has_no_hyphens_of_line_ends(renderer: LatexRenderer) -> None:
    """Its lines are as on the page; a hyphen of the text itself stays."""
    text = (
        "Extraordinarily well-known counterrevolutionaries misunderstand electroencephalography. "
    )
    (page,) = pages_of(renderer, [paragraph(text * 8)])
    (found,) = regions(page, "paragraph")
    lines = [region.text for region in regions(page, LINE)]
    assert any(line.endswith("-") for line in lines)
    assert found.text == (text * 8).strip()


def test_furniture_is_a_region_and_not_text(renderer: LatexRenderer) -> None:
    style = replace(STYLE, first_page=317)
    (page,) = pages_of(renderer, [paragraph("Only this.")], style)
    assert page.markdown == "Only this."
    assert [r.text for r in regions(page, "page_number")] == ["317"]


def test_chinese_with_formulas(renderer: LatexRenderer) -> None:
    chinese = template.load()["zh_article_song"]
    text = paragraph("设 ", Inline(r"\theta_i"), " 为第 ", Inline("i"), " 个相位，称为“相”。")
    document = Document((text,), "zh")
    (page,) = renderer.pages(document, chinese, STYLE)
    assert isinstance(page, VerifiedPage)
    assert page.markdown == r"设\(\theta_i\)为第\(i\)个相位，称为“相”。"
    assert regions(page, WORD)[1].text == "为第"


def test_tables_and_formulas_as_crops(renderer: LatexRenderer) -> None:
    table = Table("|c|", (TableRow((TableCell((Text("cell"),)),), ((1, 1),)),), ((1, 1),))
    formula = Formula("equation", (r"\frac{a}{b}",), ("9",))
    (page,) = pages_of(renderer, [paragraph("Text."), formula, table])
    cut = list(crop_regions(page, frozenset({"table", "formula"}), np.random.default_rng(0)))
    assert [c.role for c in cut] == ["formula", "table"]
    assert cut[0].markdown == "\\[\n\\frac{a}{b} \\tag{9}\n\\]"
    assert cut[1].markdown == "\\begin{tabular}{|c|}\n\\hline\ncell \\\\\n\\hline\n\\end{tabular}"
    assert [r.text for r in cut[1].picture.regions if r.role == WORD] == ["cell"]
    assert cut[1].picture.pixels[0].min() > 200
    assert cut[1].picture.pixels.min() < 100


def test_the_same_document_gives_the_same_pages(renderer: LatexRenderer) -> None:
    blocks: list[Block] = [paragraph(WORDS * 3), Formula("gather", ("a", "b"), (None, None))]
    one, two = pages_of(renderer, blocks), pages_of(renderer, blocks)
    assert [p.markdown for p in one] == [p.markdown for p in two]
    assert [p.picture.regions for p in one] == [p.picture.regions for p in two]
    assert all((a.picture.pixels == b.picture.pixels).all() for a, b in zip(one, two, strict=True))


BAD: list[tuple[Block, str]] = [
    (paragraph("a rare sign \u4e2d"), "glyph"),
    (paragraph("an odd ", Inline(r"\foobar")), "formula"),
    (paragraph("open ", Inline(r"\frac{a}")), "tex-error"),
    (paragraph("steals ", Inline(r"\input{/etc/passwd}")), "formula"),
    (paragraph("   "), "empty"),
    (Formula("equation", ("+".join(["xxxxxx"] * 40),), (None,)), "too-wide"),
]


@pytest.mark.parametrize(("block", "reason"), BAD, ids=[r + str(i) for i, (_, r) in enumerate(BAD)])
def test_bad_blocks_are_rejected_and_the_rest_is_typeset(
    renderer: LatexRenderer, block: Block, reason: str
) -> None:
    blocks = (paragraph("Before."), block, paragraph("After."))
    results = list(renderer.pages(Document(blocks, "en"), ARTICLE, STYLE))
    dropped = [r for r in results if isinstance(r, PartRejection) and r.part == "block"]
    assert [(d.number, d.reason) for d in dropped] == [(1, reason)]
    assert [r.markdown for r in results if isinstance(r, VerifiedPage)] == ["Before.\n\nAfter."]


def pages_of_exchanged_blocks(
    engine: TexEngine, folder: Path, printed: Block, claimed: Block
) -> list[VerifiedPage | PartRejection]:
    """Pages of a typeset document whose blocks were exchanged after it was printed."""
    other = paragraph("An honest page. ")
    typeset_document = typeset(
        engine, ARTICLE, prepare(Document((printed, other), "en"), STYLE), STYLE, folder
    )
    claims = prepare(Document((claimed, other), "en"), STYLE)
    atoms = tuple(
        replace(atom, text=claimed_atom.text, style=claimed_atom.style)
        for atom, claimed_atom in zip(typeset_document.source.atoms, number(claims), strict=True)
    )
    source = replace(typeset_document.source, atoms=atoms)
    formulas = coverage.measure(engine, ARTICLE).formulas
    claimed_document = replace(typeset_document, source=source, blocks=claims)
    return list(verified_pages(claimed_document, STYLE, formulas, 640))


def test_a_page_with_other_text_is_rejected(engine: TexEngine, work: Path) -> None:
    (page,) = pages_of_exchanged_blocks(
        engine, work, paragraph("seven apples"), paragraph("eleven apples")
    )
    assert isinstance(page, PartRejection)
    assert page.reason == "letters"


def test_a_formula_with_another_letter_is_rejected(engine: TexEngine, work: Path) -> None:
    (page,) = pages_of_exchanged_blocks(
        engine, work, paragraph(Inline("a+b")), paragraph(Inline("a+c"))
    )
    assert isinstance(page, PartRejection)
    assert page.reason == "formula-letters"


@pytest.mark.parametrize(
    ("printed", "claimed", "reason"),
    [
        (Inline(r"\alpha"), Inline(r"\beta"), "formula-letters"),
        (Inline(r"a\le b"), Inline(r"a\ge b"), "formula-letters"),
        (Inline(r"\hat x"), Inline("x"), "formula-letters"),
        (Inline(r"\Sigma"), Inline(r"\mathbf{\Sigma}"), "formula-style"),
        (Inline("x"), Inline(r"\boldsymbol{x}"), "formula-style"),
        (Inline("1"), Inline(r"\mathbf{1}"), "formula-style"),
        (Inline("A"), Inline(r"\mathcal{A}"), "formula-style"),
        (Inline(r"\mathscr{A}"), Inline(r"\mathcal{A}"), "formula-style"),
        (Text("a word"), Text("a word", bold=True), "text-style"),
        (Text("a word", italic=True), Text("a word"), "text-style"),
    ],
)
def test_a_page_with_another_sign_or_style_is_rejected(
    engine: TexEngine, work: Path, printed: Inline | Text, claimed: Inline | Text, reason: str
) -> None:
    (page,) = pages_of_exchanged_blocks(engine, work, paragraph(printed), paragraph(claimed))
    assert isinstance(page, PartRejection)
    assert page.reason == reason


def test_alphabets_claim_only_what_is_drawn(renderer: LatexRenderer) -> None:
    (page,) = pages_of(renderer, [paragraph(Inline(r"\mathbf{\alpha x}=\mathrm{\mu m}"))])
    assert page.markdown == r"\({\alpha \mathbf{x}}={\mu \mathrm{m}}\)"


def test_a_formula_that_the_fonts_cannot_draw_never_reaches_tex(renderer: LatexRenderer) -> None:
    blocks = [paragraph("Before."), paragraph(Inline(r"\mathbb{1}_A")), paragraph("After.")]
    rejected, page = renderer.pages(Document(tuple(blocks), "en"), ARTICLE, STYLE)
    assert rejected == PartRejection("block", 1, "glyph", r"'\\mathbb{1}'")
    assert isinstance(page, VerifiedPage)
    assert page.markdown == "Before.\n\nAfter."


def test_validation_finds_black_boxes_and_text_that_no_region_shows(
    renderer: LatexRenderer,
) -> None:
    results = list(renderer.pages(specimen.english(), ARTICLE, STYLE))
    pages = [page for page in results if isinstance(page, VerifiedPage)]
    assert len(pages) == len(results)
    for page in pages:
        listed = [asdict(region) for region in page.picture.regions]
        assert list(check_markdown(page.markdown, listed)) == []
        assert list(black_boxes(page.picture.pixels, listed)) == []
    first = pages[0]
    listed = [asdict(region) for region in first.picture.regions]
    for old, new in ((r"\kappa", r"\lambda"), ("rhythm", "rythm"), (r"\dot{x}", r"\ddot{x}")):
        assert old in first.markdown
        found = list(check_markdown(first.markdown.replace(old, new), listed))
        assert {check for check, _ in found} == {"missing-string"}, old
    formula = regions(first, "inline_formula")[0]
    x0, y0, x1, y1 = (round(v) for v in formula.bbox)
    pixels = first.picture.pixels.copy()
    pixels[y0:y1, x0:x1] = 0
    assert [check for check, _ in black_boxes(pixels, listed)] == ["black-box"]


def test_quotation_marks_stay_with_their_words(renderer: LatexRenderer) -> None:
    # One more character in each paragraph: a mark would be at every place of a line.
    blocks = [paragraph("灵活" * n + "性的“主动”与‘被动’资源。" * 12) for n in range(1, 15)]
    chinese = template.load()["zh_article_song"]
    pages = list(renderer.pages(Document(tuple(blocks), "zh"), chinese, STYLE))
    lines = [
        r.text for page in pages if isinstance(page, VerifiedPage) for r in regions(page, LINE)
    ]
    assert len(lines) > 40
    assert not [text for text in lines if text[0] in "”’" or text[-1] in "“‘"]


def test_signs_in_tags_and_labels_are_printed(renderer: LatexRenderer) -> None:
    formula = Formula("align", ("x & =1", "y & =2", "z & =3"), ("⋆", "A_1 & 2%", "2.6′"))
    items = ListBlock(True, ((paragraph("one"),), (paragraph("two"),)), ("(∗)", "λ)"))
    (page,) = pages_of(renderer, [paragraph(WORDS), formula, items])
    assert r"x & =1 \tag{⋆} \\" in page.markdown
    assert r"y & =2 \tag{A\_1 \& 2\%} \\" in page.markdown
    assert r"z & =3 \tag{2.6′}" in page.markdown
    assert "(∗) one\nλ) two" in page.markdown
    assert [region.text for region in regions(page, "tag")] == ["(⋆)", "(A_1 & 2%)", "(2.6′)"]


def test_what_fonts_print_is_measured_again_for_other_tables(
    engine: TexEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "a" in coverage.measure(engine, ARTICLE).text
    monkeypatch.setattr(coverage, "_printed", lambda *asked: ["b"])
    monkeypatch.setattr(coverage, "_formulas", lambda *asked: [])
    monkeypatch.setattr(coverage, "_tables_key", lambda: "other-tables")
    other = engine.format_of(ARTICLE).with_suffix(".other-tables.coverage.json")
    try:
        assert coverage.measure(engine, ARTICLE).text == {"b"}
    finally:
        other.unlink()


def test_a_style_numbers_no_abstract_and_no_references() -> None:
    names = ("Abstract", "Cats", "Their food", "Acknowledgements", "Dogs", "References")
    headings = [Heading(2 if "food" in name else 1, (Text(name),)) for name in names]
    numbered = prepare(Document(tuple(headings), "en"), replace(STYLE, heading_numbers=True))
    texts = [mmd.plain(block.spans) for block in numbered if isinstance(block, Heading)]
    assert texts == [
        "Abstract", "1 Cats", "1.1 Their food", "Acknowledgements", "2 Dogs", "References",
    ]  # fmt: skip
