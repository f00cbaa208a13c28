"""Pages that look like papers: title block over all columns, references, theorems and proofs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renderers.latex import check, template
from renderers.latex.blocks import Block, Document, Heading, Paragraph, Reference, Text
from renderers.latex.pages import VerifiedPage
from renderers.latex.prepare import prepare
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle, Wide
from renderers.picture import Region

STYLE = PageStyle(size=10, horizontal_margin_mm=20, vertical_margin_mm=22)
WORDS = "The quick brown fox jumps over the lazy dog and then sleeps near the old river. "


def p(text: str, **looks: object) -> Paragraph:
    return Paragraph((Text(text),), **looks)  # type: ignore[arg-type]


TITLE: list[Block] = [
    Heading(0, (Text("A title of some length over the columns"),)),
    p("Ann One, Bea Two", role="author"),
    p("Uni A, Town", role="affiliation"),
    Heading(1, (Text("Abstract"),)),
    p(WORDS * 3, role="abstract"),
    p("fox, dog", label="Keywords:", role="keywords"),
    Heading(1, (Text("Beginning"),)),
    *[p(WORDS * 5)] * 6,
]


def one_page(
    renderer: LatexRenderer, name: str, blocks: list[Block], style: PageStyle = STYLE
) -> VerifiedPage:
    document = Document(tuple(blocks), "en")
    (page,) = renderer.pages(document, template.load()[name], style)
    assert isinstance(page, VerifiedPage), page
    return page


def regions(page: VerifiedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


@pytest.mark.parametrize(
    ("name", "wide", "author_width", "abstract_width"),
    [
        ("two_column", "", 0.5, 0.5),
        ("two_column", "title", 1, 0.5),
        ("newspaper", "abstract", 1, 1),
    ],
)
def test_the_title_block_spans_what_the_style_asks_for(
    renderer: LatexRenderer, name: str, wide: Wide, author_width: float, abstract_width: float
) -> None:
    page = one_page(renderer, name, TITLE, replace(STYLE, wide=wide))
    roles = [r.role for r in page.picture.regions if r.role not in ("word", "line", "paragraph")]
    assert roles[:7] == [
        *("title", "author", "affiliation", "section_header", "abstract", "keywords"),
        "section_header",
    ]  # fmt: skip
    width = page.picture.width
    (author,), (abstract,) = regions(page, "author"), regions(page, "abstract")
    center = (author.bbox[0] + author.bbox[2]) / 2 / width
    assert center == pytest.approx(0.5 if author_width == 1 else 0.3, abs=0.04)
    assert (abstract.bbox[2] - abstract.bbox[0] > width / 2) == (abstract_width == 1)
    assert page.markdown.split("\n\n")[:3] == [
        "# A title of some length over the columns", "Ann One, Bea Two", "Uni A, Town",
    ]  # fmt: skip


def test_references_hang_and_have_their_role(renderer: LatexRenderer) -> None:
    entries: list[Block] = [
        Reference((Text(WORDS + WORDS),), "[1]"), Reference((Text(WORDS),), ""),
    ]  # fmt: skip
    page = one_page(renderer, "article", [Heading(1, (Text("References"),)), *entries])
    assert page.markdown == f"## References\n\n[1] {(WORDS + WORDS).strip()}\n\n{WORDS.strip()}"
    first, second = regions(page, "reference")
    assert first.text.startswith("[1] The quick")
    lines = regions(page, "line")
    assert lines[2].bbox[0] > lines[1].bbox[0] + 5  # the second line is indented
    assert second.bbox[1] >= first.bbox[3] - 2


def test_a_proof_ends_with_its_mark_at_the_right(renderer: LatexRenderer) -> None:
    proof = p("It is clear.", label="Proof.", style="proof", ends_proof=True)
    blocks: list[Block] = [p(WORDS * 2), proof, p("A short paragraph.")]
    style = replace(STYLE, proof_mark=r"\square", italic_labels=True)
    page = one_page(renderer, "article", blocks, style)
    assert "\n\n*Proof.* It is clear. \\(\\square\\)\n\n" in page.markdown
    (mark,) = regions(page, "inline_formula")
    text = regions(page, "paragraph")
    assert abs(mark.bbox[2] - text[0].bbox[2]) < 6
    assert text[2].bbox[2] < page.picture.width / 2  # the paragraph after it is not stretched


def test_colored_and_underlined_text(renderer: LatexRenderer) -> None:
    spans = (
        Text("Plain, "), Text("in red", color=(254, 0, 0)), Text(" and "),
        Text("under the line_of it", underline=True, bold=True), Text("."),
    )  # fmt: skip
    page = one_page(renderer, "article", [Paragraph(spans), p(WORDS)])
    assert page.markdown.startswith("Plain, in red and **\\underline{under the line\\_of it}**.")
    assert check.problems(page.markdown) == []
    pixels = page.picture.pixels
    red = (pixels[:, :, 0] > 200) & (pixels[:, :, 1] < 80)
    words = {r.text: r.bbox for r in page.picture.regions if r.role == "word"}
    x0, y0, x1, y1 = (round(v) for v in words["red"])
    assert red[y0:y1, x0:x1].any()
    assert not red[:, x1 + 2 :].any()
    first, last = words["under"], words["it"]
    dark = (pixels[:, :, 0] < 200)[:, round(first[0]) + 1 : round(last[2]) - 1]
    assert dark[round(first[1]) : round(first[3]) + 4].all(axis=1).any()  # one line under all words


def test_a_long_address_breaks_after_its_signs(renderer: LatexRenderer) -> None:
    address = (
        "https://example.org/a/rather/long/path/that_fits/no-line/of/a.narrow.column/index.html"
    )
    spans = (Text("It is at "), Text(address, mono=True), Text("."))
    page = one_page(renderer, "two_column", [p(WORDS), Paragraph(spans)])
    assert page.markdown.endswith(f"It is at `{address}`.")
    assert len(regions(page, "line")) >= 4


def test_theorems_are_printed_as_the_style_says() -> None:
    blocks = (
        p("Body.", label="Theorem 1.", style="plain"),
        p("Body.", label="Remark.", style="remark"),
    )
    document = Document(blocks, "en")
    slanted = prepare(document, replace(STYLE, italic_theorems=True, italic_labels=True))
    assert [block.spans for block in slanted if isinstance(block, Paragraph)] == [
        (Text("Theorem 1. ", bold=True), Text("Body.", italic=True)),
        (Text("Remark. ", italic=True), Text("Body.")),
    ]
    upright = prepare(document, STYLE)
    assert [block.spans for block in upright if isinstance(block, Paragraph)] == [
        (Text("Theorem 1. ", bold=True), Text("Body.")),
        (Text("Remark. ", bold=True), Text("Body.")),
    ]
