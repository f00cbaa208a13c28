"""Prose, scrambled texts, and the numbers of invoices, without a browser."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from renderers.fonts import families
from renderers.web.document import Pair, Table, WebPage, plain
from renderers.web.texts import texts_of
from vary_data.base.errors import SourceError
from vary_data.sources.prose.prose import Prose, built_in_prose, load_prose, split_sentences
from vary_data.sources.web_pages.genres import GENRES, genres_of
from vary_data.sources.web_pages.phrases import phrases
from vary_data.sources.web_pages.scramble import (
    DIGITS,
    LIKE_LATIN,
    common_characters,
    form_of,
    rare_characters,
    scramble,
)


def prose(lang: str, seed: int = 0) -> Prose:
    return Prose(built_in_prose(lang), np.random.Generator(np.random.Philox(key=seed)))


def page(lang: str, genre: str = "report", seed: int = 0) -> WebPage:
    return WebPage(genre, lang, GENRES[genre].compose()(prose(lang, seed)).blocks)


@pytest.mark.parametrize("lang", ["en", "zh"])
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
    assert len(common_characters()) == 3755


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


def test_both_languages_have_the_same_words_of_genres() -> None:
    for genre in GENRES:
        english, chinese = phrases("en", genre).entries, phrases("zh", genre).entries
        assert set(english) == set(chinese)


def test_classical_books_are_chinese_only() -> None:
    assert set(genres_of("zh")) - set(genres_of("en")) == {"classical"}
