"""Facts of one page do not contradict each other: prices, dates, names, times."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

import numpy as np
import pytest

from renderers.languages.registry import languages
from renderers.web.document import Group, Pair, Table, TextBlock, plain
from tests.sources.web_pages.test_wording import own_words, parts
from vary_data.sources.prose.alphabet import initial, place
from vary_data.sources.prose.prose import Prose
from vary_data.sources.web_pages.composition import Composition
from vary_data.sources.web_pages.genres import GENRES
from vary_data.sources.web_pages.phrases import phrases

ISO = re.compile(r"\d{4}-\d\d-\d\d")


def composed(genre: str, lang: str = "en", count: int = 40) -> Iterator[Composition]:
    """Pages of a genre."""
    for seed in range(count):
        writer = Prose(own_words(lang), np.random.Generator(np.random.Philox(key=seed)))
        yield GENRES[genre].compose()(writer)


def values(page: Composition) -> dict[str, str]:
    """The values of a page by their keys."""
    return {plain(p.key).strip(":"): plain(p.value) for p in parts(page.blocks, Pair)}


@pytest.mark.parametrize("lang", list(languages()))
@pytest.mark.parametrize("genre", ["menu", "catalogue"])
def test_prices_of_a_page_are_in_one_currency(genre: str, lang: str) -> None:
    for page in composed(genre, lang, 6):
        if genre == "menu":
            shown = [plain(p.value) for p in parts(page.blocks, Pair)]
        else:
            shown = [plain(b.content) for b in parts(page.blocks, TextBlock) if b.look == "price"]
        assert len({re.sub(r"[\d.,٬٫\s]", "", price) for price in shown}) == 1, shown


def test_dishes_are_in_the_part_of_the_menu_that_they_belong_to() -> None:
    found = set()
    for page in composed("menu", count=12):
        for part in (b for b in parts(page.blocks, Group) if b.look == "part"):
            (name,) = [plain(b.content) for b in parts(part.blocks, TextBlock)]
            dishes = [plain(p.key) for p in parts(part.blocks, Pair)]
            found.add(name)
            assert name != "Soups" or all("soup" in dish for dish in dishes)
            assert ("juice" in dishes[0]) == (name == "Cold drinks")
            assert name != "Desserts" or not any("chicken" in dish for dish in dishes)
    assert found == set(phrases("en", "menu").all("parts"))


def test_dates_of_a_page_have_one_form_and_follow_each_other() -> None:
    due = 0
    for page in composed("invoice", count=120):
        known = values(page)
        if "Due date" not in known:
            continue
        days = int(re.search(r"within (\d+) days", str(page.blocks))[1])  # type: ignore[index]
        dates = [known["Date"], known["Due date"]]
        assert bool(ISO.fullmatch(dates[0])) == bool(ISO.fullmatch(dates[1]))
        if ISO.fullmatch(dates[0]):
            first, last = map(datetime.date.fromisoformat, dates)
            assert (last - first).days == days
            due += 1
    assert due > 3
    for page in composed("form"):
        known = values(page)
        if known.get("Date of birth") and known.get("Date"):
            years = [int(re.search(r"\d{4}", known[k])[0]) for k in ("Date of birth", "Date")]  # type: ignore[index]
            assert years[1] - years[0] >= 18


def test_who_writes_a_note_signs_it() -> None:
    for page in composed("memo", count=10):
        (signed,) = [
            plain(b.content) for b in parts(page.blocks, TextBlock) if b.look == "signature"
        ]
        assert signed == values(page)["From"]


def test_only_cash_gives_change() -> None:
    ways = set()
    for page in composed("receipt"):
        known = values(page)
        (way,) = {"CASH", "CARD", "VISA"} & set(known)
        ways.add(way)
        assert ("CHANGE" in known) == (way == "CASH")
        assert way == "CASH" or known[way] == known["TOTAL"]
    assert len(ways) == 3


@pytest.mark.parametrize("lang", list(languages()))
def test_tickets_have_the_fields_of_their_kind(lang: str) -> None:
    words = phrases(lang, "ticket")
    kinds, fields = words.all("kinds"), words.all("fields")
    for page in composed("ticket", lang, 12):
        (title,) = [plain(b.content) for b in parts(page.blocks, TextBlock) if b.role == "title"]
        shown = {plain(p.key) for p in parts(page.blocks, Pair)}
        if title == kinds[0]:
            assert fields[8] not in shown
        elif title == kinds[1]:
            assert fields[5] not in shown
        else:
            assert not shown & {fields[1], fields[2], fields[8]}


def test_trips_do_not_overtake_each_other() -> None:
    checked = 0
    for page in composed("timetable"):
        (table,) = parts(page.blocks, Table)
        for row in table.rows[1:]:
            shown = [plain(cell.content) for cell in row[1:]]
            times = [t for t in shown if re.fullmatch(r"\d\d:\d\d", t)]
            assert times == sorted(times)
            checked += len(times)
    assert checked > 200


def test_groups_of_rows_have_different_names() -> None:
    for page in composed("spreadsheet"):
        (table,) = parts(page.blocks, Table)
        names = [plain(c.content) for row in table.rows for c in row if c.rowspan > 1]
        assert len(names) == len(set(names))


def test_goods_have_no_capitals_within_sentences_and_are_no_waste() -> None:
    writer = Prose(own_words("en"), np.random.Generator(np.random.Philox(key=1)))
    assert not any(re.search(r"[A-Z]", writer._word("good")) for _ in range(300))
    assert not {"Residual waste", "Live animals"} & set(own_words("en").words["good_cap"])


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Latn", ["bateau", "bâtiment", "bureau", "fête", "feu", "Öl", "Ort", "Straße", "Strudel"]),
        ("Arab", ["أب", "بيت", "پارک", "تاریخ", "چای", "خانه"]),
        ("Thai", ["กลอง", "เกม", "แก้ว", "ไข่", "ดาว"]),
        ("Kore", ["가게", "강", "나무", "다리"]),
    ],
)
def test_words_are_in_the_order_of_their_script(script: str, words: list[str]) -> None:
    assert sorted(sorted(words, key=lambda w: w[::-1]), key=lambda w: place(w, script)) == words


def test_indexes_have_one_heading_for_each_letter() -> None:
    assert initial("Été", "Latn") == "E"
    assert initial("เกม", "Thai") == "ก"
    assert initial("까치", "Kore") == initial("강", "Kore") == "ㄱ"
    for lang in ("fr", "ko", "th", "fa", "vi"):
        for page in composed("contents", lang, 12):
            shown = [
                plain(b.content)
                for b in parts(page.blocks, TextBlock)
                if b.role == "section_header"
            ]
            assert len(shown) == len(set(shown))


def test_sections_of_an_examination_have_their_points_in_one_form() -> None:
    for page in composed("exam", "ko", 20):
        heads = [
            plain(b.content) for b in parts(page.blocks, TextBlock) if b.role == "section_header"
        ]
        assert len({"[" in head for head in heads}) <= 1


@pytest.mark.parametrize("lang", list(languages()))
def test_bylines_have_a_name(lang: str) -> None:
    for genre, key in (("newspaper", "byline"), ("web_article", "by")):
        assert all("{}" in pattern for pattern in phrases(lang, genre).all(key))


def test_a_web_site_is_as_new_as_its_article() -> None:
    for page in composed("web_article", count=10):
        shown = [plain(b.content) for b in parts(page.blocks, TextBlock)]
        (site,) = [int(text[2:]) for text in shown if re.fullmatch(r"© \d{4}", text)]
        dates = [b for b in parts(page.blocks, TextBlock) if b.role == "date" or b.look == "date"]
        assert site == int(re.search(r"\d{4}", plain(dates[0].content))[0])  # type: ignore[index]
