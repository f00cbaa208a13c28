"""Pages by the browser's PDF: the same truth as the screenshot's, and compared with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from renderers.fonts import families
from renderers.rejected import Rejected
from renderers.tool_errors import ToolNotFound
from renderers.web import renderer as renderer_module
from renderers.web.document import Figure, Group, Table, TableCell, TextBlock, WebPage, text
from renderers.web.pdf_page import draw_pdf
from renderers.web.renderer import WebRenderer
from tests.renderers.web.conftest import STYLE, Draw, drawing_with
from tests.renderers.web.test_contents import inset

LONG = TextBlock(text("The quick brown fox jumps over the lazy dog and runs home. " * 40))
CELLS = tuple(TableCell(text(word)) for word in ("Tea", "12.5", "Größe"))
BLOCKS = (Group((LONG,), "", flow=True, columns=2), Table((CELLS,), look="grid"), Figure(inset()))


@pytest.fixture(scope="module")
def printing() -> Iterator[WebRenderer]:
    try:
        made = WebRenderer(800, ("en", "zh", "de"), as_pdf=True)
    except ToolNotFound as error:
        pytest.skip(str(error))
    yield made
    made.close()


def test_a_page_by_pdf_has_the_truth_of_its_screenshot(
    printing: WebRenderer, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = drawing_with(printing, monkeypatch)(*BLOCKS)
    shown = draw(*BLOCKS)
    assert printed.text == shown.text
    assert printed.picture.regions == shown.picture.regions
    assert printed.picture.pixels.shape == shown.picture.pixels.shape
    assert (printed.picture.pixels != shown.picture.pixels).any()
    again = drawing_with(printing, monkeypatch)(*BLOCKS)
    assert (printed.picture.pixels == again.picture.pixels).all()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_large_letters_in_close_lines_are_told_apart(
    printing: WebRenderer, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    words = "Wednesday of Morocco" if lang == "en" else "展览讨论会术月三期"
    font = "DejaVu Sans" if lang == "en" else "Noto Sans CJK SC"
    block = TextBlock(text(words))
    css = ".paragraph { font-size: 60px; line-height: 1; text-align: justify; letter-spacing: 3px }"
    page = drawing_with(printing, monkeypatch)(
        block, css=css, lang=lang, body=font, head=font, width=420
    )
    assert page.text == words


@pytest.mark.parametrize(
    "words",
    ["5 µm ∆x 3 Ω", "a ⋅ b ∙ c", "5ʹ 7ʺ", "xˆ2 ˜ ˆ", "2‒3 ―so 10‐3 10‑3", "a\u2060b", "ϵ ϕ ℎ"],
)
def test_signs_that_are_read_as_others_in_the_pdf_are_in_the_text(
    printing: WebRenderer, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """Of a PDF, the usual sign with the same glyph is read; the page keeps its own."""
    page = drawing_with(printing, monkeypatch)(TextBlock(text(words)))
    assert page.text == words


@pytest.mark.parametrize("family", ["Linux Libertine O", "Linux Biolinum O"])
def test_letters_that_a_font_composes_have_a_text_in_the_pdf(
    printing: WebRenderer, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    """In these fonts, the f before letters with dots is a glyph without a character."""
    if family not in {known.name for known in families("de")}:
        pytest.skip(f"{family} is not installed")
    words = "Das fährt für fünf aus Fürth, höflich und öffentlich, ins Büffet"
    page = drawing_with(printing, monkeypatch)(
        TextBlock(text(words)), lang="de", body=family, head=family
    )
    assert page.text == words


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("document.querySelector('p').firstChild.data = 'Tea and milk, cold'", "pdf-text"),
        ("document.querySelector('p').append(' and more')", "pdf-text"),
        ("document.querySelector('p').style.paddingLeft = '4px'", "pdf-place|pdf-text"),
        ("document.querySelector('p').style.breakAfter = 'page'; "
         "document.body.append('second page')", "layout|pdf-text"),
    ],
)  # fmt: skip
def test_a_pdf_that_differs_from_the_page_is_rejected(
    printing: WebRenderer, monkeypatch: pytest.MonkeyPatch, change: str, reason: str
) -> None:
    """The page is changed between its layout and its PDF."""
    page = printing._page
    print_page = page.pdf

    def changed(width: int, height: int) -> bytes:
        page._run(page._evaluate(f"() => {{ {change} }}"), 10)
        return print_page(width, height)

    monkeypatch.setattr(page, "pdf", changed)
    known = {**renderer_module.looks(), "test": ""}
    monkeypatch.setattr(renderer_module, "looks", lambda: known)
    with pytest.raises(Rejected) as caught:
        printing.render(WebPage("test", "en", (TextBlock(text("Tea and milk, warm")),)), STYLE)
    assert caught.value.reason in reason.split("|")


def test_a_file_that_is_no_pdf_is_rejected(printing: WebRenderer) -> None:
    with pytest.raises(Rejected, match="layout: the PDF cannot be read"):
        draw_pdf(b"no PDF", None)  # type: ignore[arg-type]
