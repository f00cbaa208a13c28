"""Slides of benchmarks/styled_pages: they fit, can be read, and are read in order."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from benchmarks.page_styles import Family
from benchmarks.styled_pages import __main__ as command
from benchmarks.styled_pages.content import Content
from benchmarks.styled_pages.lines import Type
from benchmarks.styled_pages.look import Look
from benchmarks.styled_pages.sheet import Face, Sheet
from benchmarks.styled_pages.slides.bodies import Bodies
from benchmarks.styled_pages.slides.deck import Slide, draw_slide, set_slides
from benchmarks.styled_pages.slides.frame import Frame, FullError, Section, SlideFlow
from benchmarks.styled_pages.slides.inks import contrast, opposite, readable
from benchmarks.styled_pages.slides.theme import (
    NUMBER_FORMS,
    Theme,
    in_theme,
    painted,
    random_theme,
    slide_look,
    slide_type,
)
from benchmarks.styled_pages.source import Source
from benchmarks.styled_pages.text import Corpus
from renderers.fonts import families
from tests.renderers.pdf.pdf_inputs import read

TEXTS = {
    "en": "The typesetter breaks paragraphs into lines. It does so for all of them, "
    "and each line is as long as the others; no word is left out of any line. ",
    "zh": "排版程序把段落分成长度相等的行。每一行的字数都差不多，没有一个字会丢失；"
    "标点不在行首出现。用户可以选择纸张的大小。",
}
CODE = ["def first(name):\n    return name + 1", "value_of = first(other)\n# the end"]


def source_of(lang: str, tmp_path: Path, placed: float = 1.0) -> Source:
    """A source with the faces of this machine by the names of files that looks ask for."""
    latin = Face(Path(families("en")[0].regular.path))
    fixed = next(family for family in families("en") if family.style == "mono")
    han = Face(Path(families("zh")[-1].regular.path))
    faces = {"lmroman.otf": latin, "lmmono.otf": Face(Path(fixed.regular.path)), "han.otf": han}
    faces |= {"DejaVuSans.ttf": latin, "FreeSerif.ttf": latin}
    kinds = {"serif": "lmroman", "sans": "lmroman", "caps": "lmroman", "mono": "lmmono"}
    found = [Family("en", kind, {"regular": f"{file}.otf"}) for kind, file in kinds.items()]
    found += [Family("zh", kind, {"regular": "han.otf"}) for kind in ("serif", "sans", "kai")]
    stretch = [("p", 3 * TEXTS[lang])] * 40
    words = sorted({*TEXTS[lang].split()} if lang == "en" else {*TEXTS[lang]})
    return Source(
        corpus=Corpus(lang, [stretch], words, ["word"]), code=CODE, families=found,
        fonts=tmp_path, archive=pymupdf.Archive(), kinds={"natural": 1.0}, placed=placed, seed=0,
        out=tmp_path, faces=faces,
    )  # fmt: skip


def parts_of(seed: int, source: Source) -> tuple[Look, Theme, Type]:
    rng = np.random.default_rng(seed)
    look = slide_look(rng, source.corpus.lang)
    theme = random_theme(rng, look.width, look.size)
    faces = slide_type(rng, source.corpus.lang, source.families, source.face)
    return in_theme(look, theme), theme, painted(faces, theme, rng)


def content_of(seed: int, lang: str = "en") -> Content:
    text = TEXTS[lang]
    return Content(
        lang, np.random.default_rng(seed), deque([("p", text)]), text.split() or ["w"], CODE
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("seed", range(10))
def test_nothing_leaves_a_slide_or_overlaps(seed: int, lang: str, tmp_path: Path) -> None:
    data = set_slides((seed, 0, 1), source_of(lang, tmp_path))
    with pymupdf.open("pdf", data) as document:
        assert 4 <= document.page_count < 9
        for page in document:
            assert page.rect.width > page.rect.height
            found = page.get_text("words")
            words = [pymupdf.Rect(word[:4]) for word in found]
            for word in words:
                assert word.x0 >= 0
                assert word.x1 <= page.rect.width
                # boxes of words are higher than their ink
                assert word.y0 >= -0.3 * word.height
                assert word.y1 <= page.rect.height + 0.3 * word.height
            # indices of formulas may stand over each other
            long = [word for word, each in zip(words, found, strict=True) if len(each[4]) > 2]
            for word, other in combinations(long, 2):
                over = word & other
                assert over.is_empty or over.width < 1 or over.height < 0.5 * word.height


def test_a_deck_is_the_same_each_time_and_has_its_layout_from_the_number(tmp_path: Path) -> None:
    source = source_of("en", tmp_path)

    def pictures(number: int) -> list[bytes]:
        with pymupdf.open("pdf", set_slides((0, 0, number), source)) as document:
            return [page.get_pixmap(dpi=20).samples for page in document]

    assert pictures(1) == pictures(1)
    assert pictures(1) != pictures(2)


def test_a_whole_deck_ends_with_its_last_page(tmp_path: Path) -> None:
    source, found = source_of("en", tmp_path), 0
    for seed in range(40):
        with pymupdf.open("pdf", set_slides((seed, 0, 1), source)) as document:
            numbers = re.search(r"\b1 / (\d+)$", document[0].get_text().strip())
            if numbers:
                found += 1
                assert int(numbers[1]) == document.page_count
    assert found > 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_can_be_read_on_its_ground(lang: str, tmp_path: Path) -> None:
    source = source_of(lang, tmp_path)
    dark = 0
    for seed in range(300):
        look, theme, faces = parts_of(seed, source)
        dark += opposite(theme.paper) != opposite((1.0, 1.0, 1.0))
        grounds = {
            "title": {"bar": theme.bar, "tint": theme.tint}.get(theme.title, theme.paper),
            "on bar": theme.bar, "here": theme.navigation_ground, "elsewhere":
            theme.navigation_ground, **{f"foot {k}": theme.foot_grounds[k] for k in range(3)},
        }  # fmt: skip
        for style in faces.latin:
            least = 3.0 if style in ("faded", "elsewhere") else 4.5
            ground = grounds.get(style, theme.paper)
            assert contrast(faces.inks[style], ground) >= least, (seed, style)
        on_shade = [theme.tint, *look.shades, *([look.code.shade] if look.code.shade else [])]
        for ground in on_shade:
            for style in ("roman", "bold", "italic", "sans", "mono", "keyword", "comment"):
                assert contrast(faces.inks[style], ground) >= 4.5, (seed, style)
    assert 30 < dark < 120


def test_contrast_is_that_of_wcag() -> None:
    white, black = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
    assert contrast(white, black) == pytest.approx(21)
    gray = (0x76 / 255,) * 3  # the lightest gray with 4.5 on white
    assert contrast(gray, white) == pytest.approx(4.54, abs=0.01)
    assert readable((1.0, 1.0, 0.0), white) != (1.0, 1.0, 0.0)
    assert readable((0.0, 0.0, 0.5), white) == (0.0, 0.0, 0.5)


def test_a_slide_that_is_full_is_drawn_again_with_less(tmp_path: Path) -> None:
    look, theme, faces = parts_of(0, source_of("en", tmp_path))
    flow = SlideFlow(look, faces, lambda flow: None)
    frame = Frame(theme, "A talk", "Somebody", [Section("Start", [])], 1, 3)
    rows = [500, 3]

    def body(flow: SlideFlow, content: Content) -> None:
        for k in range(rows.pop(0)):
            flow.paragraph([(f"row{k}", "roman")])

    draw_slide(flow, content_of(0), frame, Slide(0, "Title", body))  # type: ignore[arg-type]
    assert not rows
    with pymupdf.open("pdf", flow.sheet.pdf()) as document:
        (page,) = document
        assert [f"row{k}" in page.get_text() for k in range(5)] == [True] * 3 + [False] * 2


def test_a_word_that_is_longer_than_the_line_does_not_fit(tmp_path: Path) -> None:
    look, _, faces = parts_of(0, source_of("en", tmp_path))
    flow = SlideFlow(look, faces, lambda flow: None)
    with pytest.raises(FullError):
        flow.paragraph([("x" * 500, "roman")])


def test_what_is_lowered_moves_down_and_the_rest_stays(tmp_path: Path) -> None:
    face = Face(Path(families("en")[0].regular.path))
    faces = Type({"roman": face}, {}, [], {}, 1.0, None, chinese=False)
    sheet = Sheet(300, 200)
    for k, text in enumerate(("before", "moved", "after")):
        mark = sheet.mark()
        for run in faces.runs(text, "roman", 10):
            sheet.run(20, 50, run)
        sheet.area(5, 40, 10, 10, (1, 0, 0))
        if k == 1:
            sheet.lower(mark, 30)
    sheet.finish_page()
    with pymupdf.open("pdf", sheet.pdf()) as document:
        (page,) = document
        assert {w[4]: round(w[3] - w[1]) for w in page.get_text("words")}.keys() == {
            "before", "moved", "after"
        }  # fmt: skip
        places = {word[4]: word[3] for word in page.get_text("words")}
        assert places["before"] == places["after"]
        assert places["moved"] == pytest.approx(places["before"] + 30, abs=0.1)
        assert sorted(round(d["rect"].y0) for d in page.get_drawings()) == [40, 40, 70]


@pytest.mark.parametrize("navigation", ["row", "left", "right"])
def test_navigation_title_content_and_foot_are_read_one_after_the_other(
    navigation: str, tmp_path: Path
) -> None:
    """A column of sections is not mixed with the rows of the content."""
    look, theme, faces = next(
        parts
        for parts in (parts_of(seed, source_of("en", tmp_path)) for seed in range(500))
        if (parts[1].navigation, parts[1].foot) == (navigation, "bars")
    )
    names = ["Introduction", "Earlier work", "Method", "What was found", "Discussion", "The end"]
    frame = Frame(theme, "A talk", "Somebody", [Section(name, []) for name in names], 4, 9)
    flow = SlideFlow(look, faces, lambda flow: None)

    def body(flow: SlideFlow, content: Content) -> None:
        for text in ("the first thing that is said", "and the second thing", "with a third one"):
            flow.paragraph([(text, "roman")])
            flow.space(2 * look.leading)

    draw_slide(flow, content_of(0), frame, Slide(2, "Title", body))  # type: ignore[arg-type]
    path = tmp_path / "slide.pdf"
    path.write_bytes(flow.sheet.pdf())
    text = read(path).text
    groups = [names, ["the first thing", "the second", "a third one"], ["4 / 9"]]
    places = [[text.index(part) for part in group] for group in groups]
    assert all(a < b for group in places for a, b in pairwise(group))
    sections, content, foot = places
    assert max(content) < min(foot)
    assert max(sections) < min(content) or min(sections) > max(content)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_kinds_of_content_are_drawn(lang: str, tmp_path: Path) -> None:
    look, theme, faces = parts_of(3, source_of(lang, tmp_path))
    bodies = Bodies(theme)
    for name in ("items", "text", "text_and_items", "columns", "box", "table", "equation",
                 "program", "figure"):  # fmt: skip
        for seed in range(30):
            flow = SlideFlow(look, faces, lambda flow: None)
            try:
                getattr(bodies, name)(flow, content_of(seed, lang))
            except FullError:
                continue
            flow.next_page()
            with pymupdf.open("pdf", flow.sheet.pdf()) as document:
                assert document[0].get_text().strip()
            break
        else:
            pytest.fail(f"{name} never fits")


def test_numbers_of_items_have_the_form_of_the_theme_on_each_page(tmp_path: Path) -> None:
    """The form hung on the number of a document's first page, which slides do not have."""
    look, theme, faces = parts_of(0, source_of("en", tmp_path))
    for form in NUMBER_FORMS:
        bodies = Bodies(replace(theme, marks="number", number_form=form))
        flow = SlideFlow(replace(look, page=3), faces, lambda flow: None)
        for number in range(3):
            bodies._item(flow, content_of(number), number, 0)
        flow.next_page()
        with pymupdf.open("pdf", flow.sheet.pdf()) as document:
            text = document[0].get_text()
        assert [form.format(k) in text for k in (1, 2, 3)] == [True] * 3


def test_a_share_of_placed_documents_is_slides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SOURCE", source_of("en", tmp_path), raising=False)
    chosen: list[str] = []

    def setter(name: str) -> object:
        def set_one(key: tuple[int, ...], source: Source) -> bytes:
            chosen.append(name)
            with pymupdf.open() as document:
                document.new_page()
                return bytes(document.tobytes())

        return set_one

    for name in ("set_slides", "set_manual", "set_story"):
        monkeypatch.setattr(command, name, setter(name))
    for number in range(400):
        command.set_document(number)
    assert set(chosen) == {"set_slides", "set_manual"}
    assert 0.04 < chosen.count("set_slides") / 400 < 0.13
    monkeypatch.setattr(command, "SOURCE", source_of("en", tmp_path, placed=0.0))
    chosen.clear()
    command.set_document(0)
    assert chosen == ["set_story"]
