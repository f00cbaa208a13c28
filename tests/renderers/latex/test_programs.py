"""Code and pseudo-code on pages: letters, white space, regions, and the break of a page."""

from __future__ import annotations

from dataclasses import replace

from renderers.latex import check, template
from renderers.latex.blocks import Block, Document, Inline, Paragraph, Program, ProgramLine, Text
from renderers.latex.pages import PartRejection, VerifiedPage
from renderers.latex.renderer import LatexRenderer
from renderers.latex.style import PageStyle

STYLE = PageStyle(size=10, horizontal_margin_mm=25, vertical_margin_mm=25)


def code(text: str) -> Program:
    lines = (ProgramLine((Text(line, mono=True),) if line else ()) for line in text.split("\n"))
    return Program("code", tuple(lines))


def results(renderer: LatexRenderer, block: Block) -> list[VerifiedPage | PartRejection]:
    return list(renderer.pages(Document((block,), "en"), template.load()["article"], STYLE))


def rejection(renderer: LatexRenderer, block: Block) -> str:
    document = Document((block, Paragraph((Text("A paragraph."),))), "en")
    found = list(renderer.pages(document, template.load()["article"], STYLE))
    (reason,) = (part.reason for part in found if isinstance(part, PartRejection))
    return reason


def test_code_is_drawn_as_it_is(renderer: LatexRenderer) -> None:
    source = (
        "def f(x, *, y=\"a--b\", z='c'):\n\n    if x  < 1:  # `~^$%&#{_}<>\\\\`\n        return"
    )
    (page,) = results(renderer, replace(code(source), number="Listing 1", caption=(Text("F"),)))
    assert isinstance(page, VerifiedPage), page
    assert page.markdown == f"Listing 1: F\n\n```\n{source}\n```"
    assert check.problems(page.markdown) == []
    (region,) = (r for r in page.picture.regions if r.role == "code")
    assert region.text.split("\n")[0] == "def f(x, *, y=\"a--b\", z='c'):"
    lines = [r.bbox for r in page.picture.regions if r.role == "line"][1:]
    advance = (lines[0][2] - lines[0][0]) / 29  # the first line has 29 letters
    assert abs(lines[1][0] - lines[0][0] - 4 * advance) < 1.5
    assert abs(lines[2][0] - lines[0][0] - 8 * advance) < 1.5


def test_code_continues_on_the_next_page(renderer: LatexRenderer) -> None:
    source = "\n".join(f"line {i}" if i % 7 else "" for i in range(1, 119))
    first, second = results(renderer, code(source))[:2]
    assert isinstance(first, VerifiedPage)
    assert isinstance(second, VerifiedPage)
    shown = [page.markdown.removeprefix("```\n").removesuffix("\n```") for page in (first, second)]
    assert "\n".join(shown).replace("\n\n", "\n") == source.replace("\n\n", "\n")


def test_code_that_is_too_wide_in_small_type_is_rejected(renderer: LatexRenderer) -> None:
    assert rejection(renderer, code("x" * 130 + "\n" + "y" * 260)) == "too-wide"


def test_pseudo_code_with_numbers_and_levels(renderer: LatexRenderer) -> None:
    steps = (
        ProgramLine((Text("Require:", bold=True), Text(" a list"))),
        ProgramLine((Text("for", bold=True), Text(" "), Inline("i=1")), 0, "1:"),
        ProgramLine((Text("add the next one"),), 1, "2:"),
    )
    algorithm = Program("algorithm", steps, (Text("Sum"),), "Algorithm 1")
    (page,) = results(renderer, algorithm)
    assert isinstance(page, VerifiedPage), page
    assert page.markdown == (
        "**Algorithm 1** Sum\n\n**Require:** a list\n1: **for** \\(i=1\\)\n2:   add the next one"
    )
    roles = {r.role: r for r in page.picture.regions}
    assert roles["caption"].text == "Algorithm 1 Sum"
    assert roles["algorithm"].text == "Require: a list\n1: for \\(i=1\\)\n2: add the next one"


def test_an_algorithm_that_is_too_high_is_rejected(renderer: LatexRenderer) -> None:
    steps = tuple(ProgramLine((Text(f"step {i}"),)) for i in range(80))
    assert rejection(renderer, Program("algorithm", steps)) == "too-high"
