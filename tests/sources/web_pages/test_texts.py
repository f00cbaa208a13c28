"""Prose, scrambled texts, and the numbers of invoices, without a browser."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from renderers.fonts import families
from renderers.languages.registry import language, languages
from renderers.web.document import Pair, Span, Table, TextBlock, WebPage, plain
from renderers.web.texts import texts_of
from vary_data.base.errors import SourceError
from vary_data.sources.prose.built_in import built_in_prose
from vary_data.sources.prose.formats import amount, weekday
from vary_data.sources.prose.prose import Prose, load_prose
from vary_data.sources.prose.sentences import split_sentences
from vary_data.sources.scripts import in_script
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.localize import localized
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.ruby import with_readings
from vary_data.sources.web_pages.scramble import (
    CLUSTER,
    DIGITS,
    LIKE_LATIN,
    common_pools,
    form_of,
    rare_characters,
    scramble,
)


def prose(lang: str, seed: int = 0) -> Prose:
    return Prose(built_in_prose(lang), np.random.Generator(np.random.Philox(key=seed)))


@pytest.mark.parametrize(
    ("lang", "of_a_plan", "shift"),
    [
        ("de", "Wohnungen bauen", 0), ("es", "quiere construir", 0), ("fr", "de construire", 0),
        ("ja", "建てる計画", 0), ("fa", "خانه بسازد", -621),
    ],
)  # fmt: skip
def test_what_is_planned_is_in_a_coming_year(lang: str, of_a_plan: str, shift: int) -> None:
    writer = prose(lang)
    plans = [s for s in (writer.sentence() for _ in range(1500)) if of_a_plan in s]
    years = [int(n) for s in plans for n in re.findall(r"(?<![\d.,٬\u202f\xa0])\d{4}(?!\d)", s)]
    assert len(plans) > 10
    assert sum(2027 <= year - shift <= 2045 for year in years) >= len(plans)


def page(lang: str, genre: str = "report", seed: int = 0) -> WebPage:
    return WebPage(genre, lang, GENRES[genre].compose()(prose(lang, seed)).blocks)


@pytest.mark.parametrize("lang", list(languages()))
def test_every_symbol_of_the_grammar_is_known(lang: str) -> None:
    corpus = built_in_prose(lang)
    for symbol in corpus.grammar:
        for seed in range(30):
            said = prose(lang, seed).say(symbol)
            assert "{" not in said
            assert "  " not in said
            assert " ," not in said


def test_sentences_begin_with_a_capital_and_end() -> None:
    for seed in range(100):
        sentence = prose("en", seed).sentence()
        assert sentence[-1] in ".?”"
        assert " a e" not in sentence
        letters = [c for c in sentence if c.isalnum()]
        assert letters[0].isupper() or letters[0].isdigit()


def test_a_corpus_takes_the_place_of_the_grammar(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("\n".join(f"Sentence number {i} of the book. Short. No." for i in range(60)))
    corpus = load_prose("en", (str(path),))
    made = Prose(corpus, np.random.Generator(np.random.Philox(key=3)))
    assert all(s.startswith("Sentence number") for s in (made.sentence() for _ in range(20)))
    path.write_text("Only one sentence that is long enough.")
    with pytest.raises(SourceError, match="only 1 sentences"):
        load_prose("en", (str(path),))
    with pytest.raises(SourceError, match="is English text"):
        load_prose("zh", (str(path),))


def test_sentences_that_no_page_can_hold_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    lines = [f"Sentence number {i} of the book is here." for i in range(60)]
    hidden, backwards = (
        "A sign \U00012000 is in this sentence.",
        "The word שלום is in this sentence.",
    )
    path.write_text("\n".join([*lines, hidden, backwards, backwards.replace("The", "A")]))
    corpus = load_prose("en", (str(path),))
    assert corpus.sentences == tuple(lines)
    assert [(left.reason, left.detail.split(": ")[-1]) for left in corpus.left_out] == [
        ("right-to-left", "2 sentences"),
        ("no-font", "1 sentences"),
    ]


def test_sentences_are_split_at_their_ends() -> None:
    english = "One sentence of some length. “Another one here,” he said. No."
    assert split_sentences(english, "en") == [
        "One sentence of some length.", "“Another one here,” he said.",
    ]  # fmt: skip
    assert split_sentences("这是第一个完整的句子。这是第二个完整的句子！短。", "zh") == [
        "这是第一个完整的句子。", "这是第二个完整的句子！",
    ]  # fmt: skip
    assert split_sentences("Bell \x07 and tab\tare spaces in this text.", "en") == [
        "Bell and tab are spaces in this text."
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_shuffled_words_are_the_same_words(lang: str) -> None:
    natural = page(lang)
    shuffled = scramble(natural, "words", families(lang), np.random.default_rng(1))
    before, after = "".join(texts_of(natural)), "".join(texts_of(shuffled))
    assert before != after
    assert Counter(before) == Counter(after)


@pytest.mark.parametrize("form", ["letters", "rare"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_random_letters_keep_the_shape_of_the_text(lang: str, form: str) -> None:
    natural = page(lang)
    changed = scramble(natural, form, families(lang), np.random.default_rng(1))
    for before, after in zip(texts_of(natural), texts_of(changed), strict=True):
        assert [len(w) for w in before.split()] == [len(w) for w in after.split()]
        assert [c for c in before if not c.isalnum()] == [c for c in after if not c.isalnum()]
        assert [c in DIGITS for c in before] == [c in DIGITS for c in after]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rare_characters_are_apart(lang: str) -> None:
    rare = rare_characters(lang, families(lang))
    assert len(set(rare)) == len(rare) > (150 if lang == "en" else 15_000)
    assert not LIKE_LATIN & set(rare)
    assert all(unicodedata.normalize("NFKC", c) == c for c in rare)
    for c in rare:
        c.encode("gb18030")
    assert len(common_pools("zh")["han"]) == 3755


def test_mixed_forms_take_turns() -> None:
    forms = {form_of("mixed", np.random.default_rng(i)) for i in range(40)}
    assert forms == {"natural", "words", "letters", "rare"}
    assert form_of("words", np.random.default_rng(0)) == "words"


@pytest.mark.parametrize("seed", range(12))
def test_invoices_add_up(seed: int) -> None:
    blocks = GENRES["invoice"].compose()(prose("en", seed)).blocks
    table = next(block for block in blocks if isinstance(block, Table))
    amounts = [_number(plain(cells[-1].content)) for cells in table.rows[1:]]
    for cells in table.rows[1:]:
        count, price, amount = (_number(plain(cell.content)) for cell in cells[2:])
        assert amount == pytest.approx(count * price, abs=0.01)
    totals = next(b for b in blocks if getattr(b, "look", "") == "totals")
    pairs = [_number(plain(p.value)) for p in totals.blocks if isinstance(p, Pair)]  # type: ignore[union-attr]
    assert pairs[0] == pytest.approx(sum(amounts), abs=0.02)
    assert pairs[-1] == pytest.approx(sum(pairs[:-1]), abs=0.02)


def _number(shown: str) -> float:
    digits = "".join(c for c in shown if c in "0123456789.")
    return -float(digits) if shown.startswith("−") else float(digits)


@pytest.mark.parametrize("lang", list(languages()))
def test_every_language_has_the_same_words_of_genres(lang: str) -> None:
    """As many gaps to fill in each, and as many parts where the parts have a place."""
    for genre in GENRES:
        english, other = phrases("en", genre).entries, phrases(lang, genre).entries
        assert set(english) == set(other)
        for key in {"heads", "fields", "specs", "facts"} & set(english):
            assert len(english[key]) == len(other[key]), (genre, key)
        for key, alternatives in other.items():
            if len(english[key]) == len(alternatives) == 1:
                assert gaps(english[key][0]) == gaps(alternatives[0]), (genre, key)


def gaps(pattern: str) -> int:
    return pattern.count("{}")


@pytest.mark.parametrize("lang", [*languages()])
def test_options_of_exams_are_in_the_letters_of_the_language(lang: str) -> None:
    marks = phrases(lang, "exam").all("options")
    assert len({*marks}) == len(marks) == 4
    if language(lang).script in ("Arab", "Cyrl", "Deva", "Thai", "Kore", "Jpan"):
        assert not any(mark.isascii() for mark in marks)


def test_classical_books_are_in_vertical_scripts_only() -> None:
    with_books = {lang for lang in languages() if "classical" in genres_of(lang)}
    assert with_books == {"zh", "zh-Hant", "ja"}


@pytest.mark.parametrize("lang", list(languages()))
def test_every_genre_is_in_the_script_of_its_language(lang: str) -> None:
    """No English label is left, and no gap of a pattern."""
    script = language(lang).script
    for genre in genres_of(lang):
        if genre == "documentation":  # has program text
            continue
        made = localized(page(lang, genre), language(lang), prose(lang).digits)
        shown = "".join(texts_of(made))
        assert "{" not in shown, genre
        letters = [c for c in shown if c.isalpha()]
        own = sum(in_script(c, script) for c in letters)
        assert own > 0.8 * len(letters), (genre, own, len(letters))


def test_numbers_are_printed_as_in_the_language() -> None:
    def shown(lang: str, value: float, decimals: int, digits: str = "0123456789") -> str:
        return amount(value, decimals, language(lang), digits)

    assert shown("en", 1234567.5, 2) == "1,234,567.50"
    assert shown("de", 1234567.5, 2) == "1.234.567,50"
    assert shown("fr", 1234.5, 2) == "1\u00a0234,50"
    assert shown("hi", 1234567.5, 2) == "12,34,567.50"
    assert shown("ar", 1234.5, 1, "٠١٢٣٤٥٦٧٨٩") == "1٬234٫5"
    assert shown("ja", -950, 0) == "-950"


def test_other_calendars_have_their_years() -> None:
    years = {lang: {prose(lang, seed).year() for seed in range(20)} for lang in ("fa", "th", "ar")}
    assert all(1340 <= year <= 1405 for year in years["fa"])
    assert all(2504 <= year <= 2569 for year in years["th"])
    assert all(1961 <= year <= 2026 for year in years["ar"])


def test_digits_follow_the_script_but_not_in_names_and_code() -> None:
    value = WebPage("x", "fa", (TextBlock((Span("سال 1403، A4، 20%"), Span("x1", "code"))),))
    (made,) = localized(value, language("fa"), "۰۱۲۳۴۵۶۷۸۹").blocks
    assert isinstance(made, TextBlock)
    assert plain(made.content) == "سال ۱۴۰۳، A4، ۲۰٪x1"


def test_scripts_without_slanted_letters_have_none() -> None:
    value = WebPage("x", "hi", (TextBlock((Span("जल", "italic"), Span("वन", "bold"))),))
    (made,) = localized(value, language("hi"), "0123456789").blocks
    assert isinstance(made, TextBlock)
    assert made.content == (Span("जल"), Span("वन", "bold"))


@pytest.mark.parametrize("form", ["letters", "rare"])
def test_devanagari_and_thai_marks_stay_on_their_letters(form: str) -> None:
    """A consonant takes the place of a consonant, a mark that of a mark."""
    for lang in ("hi", "th"):
        natural = page(lang)
        changed = scramble(natural, form, families(lang), np.random.default_rng(1))
        for before, after in zip(texts_of(natural), texts_of(changed), strict=True):
            assert [unicodedata.category(c)[0] for c in before] == [
                unicodedata.category(c)[0] for c in after
            ]
            assert not re.search("[^कखगजडढफ]\u093c", after)


def test_shuffled_thai_text_keeps_its_clusters() -> None:
    text = "กำลังเดินทางไปที่ตลาดน้ำแห่งใหม่"
    natural = WebPage("x", "th", (TextBlock((Span(text),)),))
    (made,) = scramble(natural, "words", families("th"), np.random.default_rng(3)).blocks
    assert isinstance(made, TextBlock)
    shown = plain(made.content)
    assert Counter(CLUSTER.findall(shown)) == Counter(
        CLUSTER.findall(plain(natural.blocks[0].content))
    )  # type: ignore[union-attr]
    assert not re.search("^[\u0e30-\u0e3a\u0e47-\u0e4e]", shown)


def test_sentences_of_a_corpus_are_split_in_every_script(tmp_path: Path) -> None:
    def split(lang: str, text: str) -> int:
        return len(split_sentences(text, lang))

    assert split("ar", "هذه جملة أولى من النص الطويل. وهذه جملة ثانية من النص نفسه؟") == 2
    assert split("hi", "यह इस पुस्तक का पहला वाक्य है। यह इस पुस्तक का दूसरा वाक्य है।") == 2
    assert split("ja", "これは最初の文であります。「次もここにある。」これは最後の文です。") == 2
    assert split("ru", "Это первое предложение книги. «Это второе предложение», — сказал он.") == 2


def test_a_corpus_of_another_script_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("\n".join(f"Sentence number {i} of the book is here." for i in range(60)))
    with pytest.raises(SourceError, match="is not Arabic text"):
        load_prose("ar", (str(path),))


def test_an_arabic_corpus_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("\n".join(f"هذه هي الجملة رقم {i} من الكتاب القديم." for i in range(60)))
    corpus = load_prose("ar", (str(path),))
    assert len(corpus.sentences) == 60
    assert corpus.left_out == ()


def test_readings_are_above_whole_words_alone() -> None:
    value = WebPage("x", "ja", (TextBlock((Span("東京の図書館と東京都", "bold"),)),))
    (made,) = with_readings(value, ("東京=とうきょう", "図書館=としょかん")).blocks
    assert isinstance(made, TextBlock)
    assert made.content == (
        Span("東京", "bold", "とうきょう"),
        Span("の", "bold"),
        Span("図書館", "bold", "としょかん"),
        Span("と東京都", "bold"),
    )


@pytest.mark.parametrize("lang", list(languages()))
def test_rare_letters_of_the_registry_are_like_no_latin_letter(lang: str) -> None:
    entry = language(lang)
    assert not LIKE_LATIN & set("".join(entry.rare))
    assert not set("".join(entry.letters)) & set("".join(entry.rare))


def test_a_thai_repetition_mark_begins_no_line() -> None:
    """The space before it is one where no line breaks, as in print."""
    sentences = " ".join(prose("th", seed).sentence() for seed in range(300))
    assert "\u00a0ๆ" in sentences
    assert not re.search("[ \n]ๆ", sentences)


@pytest.mark.parametrize(
    ("lang", "year", "month", "day", "name"),
    [
        ("en", 2026, 11, 30, "Monday"),
        ("fr", 2012, 2, 29, "mercredi"),
        ("th", 2024, 1, 1, "วันจันทร์"),
        ("fa", 2009, 1, 1, "شنبه"),  # the first day of 1388 was 2009-03-21
        ("fa", 2024, 1, 1, "چهارشنبه"),  # of 1403, 2024-03-20
        ("fa", 2025, 1, 1, "جمعه"),  # of 1404, after a leap year, 2025-03-21
        ("fa", 2025, 9, 28, "جمعه"),  # 28 Azar 1404 was 2025-12-19
    ],
)
def test_the_day_of_the_week_of_a_date(
    lang: str, year: int, month: int, day: int, name: str
) -> None:
    dates = language(lang).dates
    assert dates is not None
    assert weekday(dates, year, month, day) == name
