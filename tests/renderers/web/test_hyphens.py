"""Words that are broken at the ends of lines: the text has them whole, the lines as drawn."""

from __future__ import annotations

import numpy as np
import pytest

from renderers.languages.registry import language
from renderers.picture import Region
from renderers.rejected import Rejected
from renderers.roles import WORD
from renderers.web.document import Group, Span, Table, TableCell, TextBlock, text
from renderers.web.hyphens import SOFT_HYPHEN, with_soft_hyphens
from renderers.web.renderer import RenderedPage
from tests.renderers.web.conftest import Draw

GERMAN = (
    "Die Straßenbahnhaltestelle wurde wegen außergewöhnlicher Witterungsverhältnisse "
    "zwischenzeitlich geschlossen. "
)
SHORTER = (
    "Viele Familien verbringen den Nachmittag am Wasser, und unterdessen werden Bücher gelesen "
    "oder Zeitungen verkauft. "
)
NARROW = "#sheet { width: 210px; padding: 10px; } .paragraph { text-align: justify; }"


def of(page: RenderedPage, role: str) -> list[Region]:
    return [region for region in page.picture.regions if region.role == role]


def joined(lines: list[Region]) -> str:
    """The text of lines, with the words whole that a hyphen parts."""
    parts = [line.text[:-1] if line.text.endswith("-") else f"{line.text} " for line in lines]
    return "".join(parts).strip()


def marked(word: str, lang: str = "de", least: int = 5) -> str:
    breaks = language(lang).hyphenation
    assert breaks is not None
    return with_soft_hyphens(word, breaks, least).replace(SOFT_HYPHEN, "|")


def test_words_have_soft_hyphens_where_print_breaks_them() -> None:
    assert marked("Straßenbahn!") == "Stra|ßen|bahn!"
    assert marked("development", "en") == "de|vel|op|ment"
    assert marked("правительство", "ru") == "пра|ви|тель|ство"
    assert marked("l’organisation", "fr") == "l’or|ga|ni|sa|tion"
    assert marked("Haus NATO E-Mail-Adresse www.beispiel.de A4papier") == (
        "Haus NATO E-Mail-Adresse www.beispiel.de A4papier"
    )
    assert marked("Tabelle Jahresergebnis", least=12) == "Tabelle Jah|res|er|geb|nis"


def test_a_broken_word_is_whole_in_the_text_and_in_parts_in_the_lines(draw: Draw) -> None:
    page = draw(TextBlock(text(GERMAN)), css=NARROW, lang="de", width=210, hyphenated=True)
    lines = of(page, "line")
    broken = [line for line in lines if line.text.endswith("-")]
    assert len(broken) >= 3
    assert page.text == GERMAN.strip() == joined(lines)
    assert [region.text for region in of(page, "paragraph")] == [GERMAN.strip()]
    words = [region for region in of(page, WORD) if region.text.endswith("-")]
    assert len(words) == len(broken)
    for word, line in zip(words, broken, strict=True):
        assert line.text.endswith(word.text)
        assert word.bbox[2] == line.bbox[2] == pytest.approx(200, abs=1)  # the column is justified
        _, y0, x1, y1 = (round(v) for v in word.bbox)
        hyphen = page.picture.pixels[y0:y1, x1 - 4 : x1 - 1]
        assert hyphen.min() < 100
        assert np.count_nonzero(hyphen.min(axis=(1, 2)) < 128) <= 3, "more than a hyphen is drawn"
    whole = draw(TextBlock(text(GERMAN)), css=NARROW, lang="de", width=210)
    assert not any(line.text.endswith("-") for line in of(whole, "line"))
    assert whole.text == page.text


def test_no_word_is_broken_between_columns(draw: Draw) -> None:
    css = "#sheet { padding: 20px; } .flow { flex: 1 1 0; }"
    words = (SHORTER * 5).split()
    content = text(" ".join(words[:40]), Span(" Bundesgericht ", "bold"), " ".join(words[40:]))
    words.insert(40, "Bundesgericht")
    ends = 0
    for height in range(200, 260, 10):
        page = draw(
            Group((TextBlock(content),), "", flow=True, columns=3), css=css, lang="de", width=460,
            height=height, max_height=height, hyphenated=True,
        )  # fmt: skip
        parts = [part.text.split() for part in of(page, "paragraph")]
        assert len(parts) == 3
        shown = [word for part in parts for word in part]
        assert shown == words[: len(shown)]
        ends += sum(line.text.endswith("-") for line in of(page, "line"))
    assert ends > 20


def test_a_column_that_ends_in_a_word_is_rejected(draw: Draw) -> None:
    css = "#sheet { padding: 20px; } .flow { flex: 1 1 0; }"
    block = TextBlock(text(" ".join(["Rechtsschutzversicherungsgesellschaften"] * 20)))
    with pytest.raises(Rejected, match="end of its column"):
        draw(
            Group((block,), "", flow=True, columns=3), css=css, lang="de", width=400,
            height=200, max_height=200, hyphenated=True,
        )  # fmt: skip


def test_long_words_are_broken_in_cells(draw: Draw) -> None:
    cells = (TableCell(text("Bundesverfassungsgericht")), TableCell(text("Tabelle")))
    css = "#sheet { padding: 10px; } td { width: 90px; } table { table-layout: fixed; }"
    page = draw(Table((cells,)), css=css, lang="de", width=220, hyphenated=True)
    shown = [word.text for word in of(page, WORD)]
    assert shown[0].endswith("-")
    assert "".join(part.removesuffix("-") for part in shown[:-1]) == "Bundesverfassungsgericht"
    assert "Bundesverfassungsgericht" in page.text


def test_a_hyphen_without_ink_is_found(draw: Draw) -> None:
    css = NARROW + '.paragraph { hyphenate-character: "\\2003"; }'
    with pytest.raises(Rejected) as rejected:
        draw(TextBlock(text(GERMAN)), css=css, lang="de", width=210, hyphenated=True)
    assert rejected.value.reason == "no-ink"
    assert "hyphen" in rejected.value.detail
