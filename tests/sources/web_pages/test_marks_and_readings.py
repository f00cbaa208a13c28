"""Quotation marks by depth, readings of Chinese characters, digits of formulas."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.fonts import families
from renderers.languages.registry import language, languages
from renderers.web.document import DisplayFormula, InlineFormula, Span, TextBlock, WebPage, plain
from renderers.web.formulas import fraction, index, letter, number, power, row
from renderers.web.html import write
from renderers.web.katex import tex
from renderers.web.markdown import cut
from renderers.web.texts import texts_of
from vary_data.sources.prose.built_in import built_in_prose
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.localize import localized
from vary_data.sources.web_pages.page import compose_page
from vary_data.sources.web_pages.phonetic import with_phonetic
from vary_data.sources.web_pages.quotation import with_marks

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"


def marked(said: str, lang: str, style: int) -> str:
    quotes = language(lang).quotes
    page = WebPage("x", lang, (TextBlock((Span(said),)),))
    (made,) = with_marks(page, quotes[0], quotes[style]).blocks
    assert isinstance(made, TextBlock)
    return plain(made.content)


def test_quotations_inside_quotations_have_marks_of_their_own() -> None:
    assert marked("„Er rief „Halt“ laut“, „Ja“", "de", 0) == "„Er rief ‚Halt‘ laut“, „Ja“"
    assert marked("„Er rief „Halt“ laut“", "de", 1) == "»Er rief ›Halt‹ laut«"
    assert (
        marked("«\u00a0Il crie «\u00a0stop\u00a0»\u00a0»", "fr", 0)
        == "«\u00a0Il crie “stop”\u00a0»"
    )
    assert marked("“It’s “fine””", "en", 1) == "‘It’s “fine”’"
    assert marked("「「東」西」", "ja", 0) == "「『東』西」"
    assert marked("a” “b”", "en", 1) == "a” ‘b’"


def test_a_quotation_may_go_over_spans_and_code_keeps_its_marks() -> None:
    content = (Span("„Ja „"), Span("x„", "code"), Span("nein", "bold"), Span("“ doch“"))
    page = WebPage("x", "de", (TextBlock(content),))
    (made,) = with_marks(page, *language("de").quotes).blocks
    assert isinstance(made, TextBlock)
    assert plain(made.content) == "»Ja ›x„nein‹ doch«"


@pytest.mark.parametrize("lang", list(languages()))
def test_the_sentences_of_a_language_have_its_marks(lang: str) -> None:
    """Each mark that opens is closed, and one sentence has a quotation inside another one."""
    before, after, *inner = language(lang).quotes[0]
    prose = Prose(built_in_prose(lang), np.random.default_rng(1))
    prose._sentences = ()
    said = {prose.sentence() for _ in range(1500)}
    assert all(s.count(before) == s.count(after) for s in said)
    nested = [s for s in said if before in s and before in s[s.index(before) + 1 : s.index(after)]]
    assert nested
    shown = marked(nested[0], lang, 0)
    assert shown.index(before) < shown.index(inner[0]) < shown.index(inner[1]) < shown.rindex(after)


def test_pages_of_a_language_have_marks_of_both_styles() -> None:
    corpus = built_in_prose("pt")
    first = set()
    for seed in range(24):
        rng = np.random.default_rng(seed)
        made = compose_page("magazine", corpus, "natural", 900, families("pt"), rng)
        marks = [char for char in "".join(texts_of(made.page)) if char in "“«"]
        first |= set(marks[:1])
    assert first == {"“", "«"}


def test_chinese_characters_have_readings_by_their_phrase() -> None:
    content = (Span("重庆很重要，"), Span("2024年", "bold"))
    (made,) = with_phonetic(WebPage("textbook", "zh", (TextBlock(content),))).blocks
    assert isinstance(made, TextBlock)
    spans = [part for part in made.content if isinstance(part, Span)]
    assert [(s.text, s.reading) for s in spans] == [
        ("重", "chóng"), ("庆", "qìng"), ("很", "hěn"), ("重", "zhòng"), ("要", "yào"),
        ("，", ""), ("2024", ""), ("年", "nián"),
    ]  # fmt: skip
    assert cut(made.content, 9) == (Span("重庆很重要，"), Span("202", "bold"))


def test_bopomofo_stands_beside_and_only_headwords_of_dictionaries_have_it() -> None:
    content = (Span("學校", "bold"), Span("老師"))
    (made,) = with_phonetic(WebPage("dictionary", "zh-Hant", (TextBlock(content),))).blocks
    assert isinstance(made, TextBlock)
    assert made.content == (
        Span("學", "bold", "ㄒㄩㄝˊ"), Span("校", "bold", "ㄒㄧㄠˋ"), Span("老師"),
    )  # fmt: skip
    html = write(WebPage("dictionary", "zh-Hant", (made,))).html
    assert '<ruby class="beside">學<rt>ㄒㄩㄝˊ</rt></ruby>' in html


def test_fonts_of_a_page_have_the_letters_of_its_readings() -> None:
    page = WebPage("textbook", "zh", (TextBlock((Span("长", "", "cháng"),)),))
    assert texts_of(page) == ["长", "cháng"]


def test_persian_formulas_have_the_digits_of_the_page_and_arabic_ones_have_not() -> None:
    math = row(
        [
            fraction(number("12"), power(letter("x"), number("3"))),
            index(letter("a"), letter("alpha")),
        ]
    )
    content = TextBlock((InlineFormula(math), InlineFormula(tex("x_{12}"))))
    page = WebPage("x", "fa", (DisplayFormula(math, "(4)"), content))
    display, text = localized(page, language("fa"), PERSIAN).blocks
    assert isinstance(display, DisplayFormula)
    assert isinstance(text, TextBlock)
    assert display.math.latex == "\\frac{۱۲}{x^{۳}} a_{\\alpha}"
    assert "<mn>۱۲</mn>" in display.math.mathml
    assert display.math.letters == "۱۲x۳aα"
    assert display.tag == "(۴)"
    assert plain(text.content) == "\\(\\frac{۱۲}{x^{۳}} a_{\\alpha}\\)\\(x_{12}\\)"
    arabic = WebPage("x", "ar", (DisplayFormula(math, "(4)"),))
    (display,) = localized(arabic, language("ar"), "٠١٢٣٤٥٦٧٨٩").blocks
    assert display == DisplayFormula(math, "(٤)")
