"""Metrics of running text: values worked by hand, laws that hold for all texts, and the formulas
written out a second time."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.evaluation.metrics.edits import cer, edit_distance, ned
from trainer.evaluation.metrics.normalize import NORMALIZERS, exact, layout, loose
from trainer.evaluation.metrics.overlap import Overlap, overlap, set_overlap
from trainer.evaluation.metrics.translation import bleu, meteor
from trainer.evaluation.metrics.words import characters, words

TEXT = st.text(alphabet="ab 中文，.\nX", max_size=30)
WORDS = st.lists(st.sampled_from(["a", "b", "c", "Cats", "cat"]), max_size=12)


def test_layout_keeps_what_is_visible() -> None:
    assert layout("  two\r\n lines\tand\u3000more ") == "two lines and more"
    assert layout("今天\n天气 很好，\n我们") == "今天天气很好，我们"
    assert layout("中文 and\nEnglish 混排") == "中文 and English 混排"
    assert layout("e\u0301") == "é"
    assert layout("\u2206 \u00b5 \u2126") == "\u0394 \u03bc \u03a9"  # of one glyph each
    assert layout("x² ， ,") == "x² ， ,"  # neither superscripts nor full-width forms are folded
    assert loose("“Ａ” — x²，…") == '"a" - x2,...'
    assert exact(" a\n") == " a\n"


@given(TEXT)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    for normalize in NORMALIZERS.values():
        assert normalize(normalize(text)) == normalize(text)


def test_words_of_both_languages() -> None:
    assert words("Hello, world (twice).") == ["Hello,", "world", "(twice)."]
    assert words("今天天气很好，我们去公园。") == [
        "今天天气", "很", "好", "，", "我们", "去", "公园", "。",
    ]  # fmt: skip
    assert words("用GPT-4 读图") == ["用", "GPT-4", "读图"]
    assert words("これは本です。") == ["こ", "れ", "は", "本", "で", "す", "。"]
    assert words("ก่อนเที่ยง A4") == ["ก่", "อ", "น", "เที่", "ย", "ง", "A4"]
    assert words("यह पुस्तक है।") == ["यह", "पुस्तक", "है।"]
    assert words("هذه جملة قصيرة.") == ["هذه", "جملة", "قصيرة."]
    assert words("서울에서 부산까지") == ["서울에서", "부산까지"]
    assert words(" \n") == []
    assert characters("a 中\n") == ["a", "中"]


@given(TEXT)
def test_words_lose_no_character(text: str) -> None:
    assert "".join(words(text)) == "".join(characters(text))


def test_edit_distances_by_hand() -> None:
    assert edit_distance("kitten", "sitting") == 3
    assert ned("kitten", "sitting") == pytest.approx(3 / 7)
    assert cer("kitten", "sitting") == pytest.approx(3 / 6)
    assert cer("ab", "abcdef") == 2.0  # may exceed 1
    assert (ned("", ""), ned("", "x"), ned("x", "")) == (0, 1, 1)
    assert (cer("", ""), cer("", "xyz"), cer("xyz", "")) == (0, 3, 1)


def levenshtein(a: str, b: str) -> int:
    """The textbook's table."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            new.append(min(row[j] + 1, new[-1] + 1, row[j - 1] + (x != y)))
        row = new
    return row[-1]


@given(TEXT, TEXT, TEXT)
def test_edit_distance_is_the_textbook_s(a: str, b: str, c: str) -> None:
    assert edit_distance(a, b) == levenshtein(a, b) == edit_distance(b, a)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert 0 <= ned(a, b) <= 1
    assert (ned(a, b) == 0) == (a == b)


def test_overlap_by_hand() -> None:
    # the answer reads "the" once of two, and invents "dog"
    truth, answer = ["the", "cat", "the", "hat"], ["the", "cat", "dog"]
    assert overlap(truth, answer) == Overlap(2 / 3, 2 / 4, 4 / 7)
    assert set_overlap(truth, answer) == Overlap(2 / 3, 2 / 3, 2 / 3)
    assert overlap([], []) == Overlap(1, 1, 1)
    assert overlap(["a"], []) == overlap([], ["a"]) == Overlap(0, 0, 0)
    # a model that repeats one right word is precise in sets only
    assert set_overlap(["a", "b"], ["a"] * 9).precision == 1
    assert overlap(["a", "b"], ["a"] * 9).precision == pytest.approx(1 / 9)


@given(WORDS, WORDS)
def test_overlap_laws(truth: list[str], answer: list[str]) -> None:
    there, back = overlap(truth, answer), overlap(answer, truth)
    assert (there.precision, there.recall, there.f1) == (back.recall, back.precision, back.f1)
    if there.precision + there.recall:
        harmonic = 2 * there.precision * there.recall / (there.precision + there.recall)
        assert there.f1 == pytest.approx(harmonic)
    assert overlap(truth, sorted(truth)) == Overlap(1, 1, 1)
    assert overlap(set(truth), set(answer)) == set_overlap(truth, answer)


def nougat_sets(truth: str, answer: str) -> tuple[float, float, float]:
    """Precision, recall and F of word sets as nltk.metrics defines them, for texts not empty."""
    reference, test = set(truth.split()), set(answer.split())
    common = len(reference & test)
    precision, recall = common / len(test), common / len(reference)
    f = 1 / (0.5 / precision + 0.5 / recall) if common else 0.0
    return precision, recall, f


def test_set_variant_agrees_with_public_codes_where_they_are_right() -> None:
    truth, answer = "a rose is a rose is a flower", "a rose is red"
    ours = set_overlap(truth.split(), answer.split())
    public = nougat_sets(truth, answer)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(public)
    assert public[0] == 3 / 4
    # GOT and Fox call that function with truth and answer exchanged: precision becomes recall
    swapped = nougat_sets(answer, truth)
    assert swapped[:2] == (ours.recall, ours.precision)


def bleu_by_formula(truth: list[str], answer: list[str]) -> float:
    """Papineni's product of clipped precisions and brevity penalty, where none is zero."""
    logs = []
    for n in range(1, 5):
        grams = [Counter(zip(*(side[i:] for i in range(n)), strict=False))
                 for side in (truth, answer)]  # fmt: skip
        logs.append(math.log((grams[0] & grams[1]).total() / grams[1].total()))
    brevity = min(0.0, 1 - len(truth) / len(answer))
    return math.exp(sum(logs) / 4 + brevity)


def test_bleu_by_hand() -> None:
    truth = ["the", "cat", "sat", "on", "the", "mat", "today"]
    answer = ["the", "cat", "sat", "on", "the", "mat"]
    assert bleu(truth, answer) == pytest.approx(math.exp(1 - 7 / 6))
    other = ["a", "cat", "sat", "on", "the", "mat", "today"]
    # 6/7 words, 5/6 pairs, 4/5 triples, 3/4 quadruples
    assert bleu(truth, other) == pytest.approx((6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25)
    assert bleu(truth, other) == pytest.approx(bleu_by_formula(truth, other))
    assert (bleu([], []), bleu(["a"], []), bleu([], ["a"])) == (1, 0, 0)
    assert bleu(["one"], ["one"]) == 1


def test_meteor_by_hand() -> None:
    # "the cats sat" for "the cat sat": stems match, one chunk, nothing left over
    assert meteor(["the", "cat", "sat"], ["the", "cats", "sat"]) == 1
    # 2 of 3 words in one chunk: P = 1, R = 2/3, F = PR/(0.9P + 0.1R), penalty 0.5 (1/2)^3
    mean = (2 / 3) / (0.9 + 0.1 * 2 / 3)
    assert meteor(["a", "b", "c"], ["a", "b"]) == pytest.approx(mean * (1 - 0.5 / 8))
    # all words in the opposite order: three chunks of three matches
    assert meteor(["a", "b", "c"], ["c", "b", "a"]) == pytest.approx(0.5)
    assert (meteor([], []), meteor(["a"], []), meteor([], ["a"])) == (1, 0, 0)
    assert meteor(["a"], ["b"]) == 0


@given(WORDS, WORDS)
@settings(deadline=None)
def test_meteor_is_nltk_s_but_for_whole_matches(truth: list[str], answer: list[str]) -> None:
    from nltk.translate.meteor_score import single_meteor_score

    class NoSynonyms:
        def synsets(self, _: str) -> list[str]:
            return []

    theirs = single_meteor_score(truth, answer, wordnet=NoSynonyms())  # type: ignore[arg-type]
    ours = meteor(truth, answer)
    assert ours >= theirs - 1e-12
    if ours != 1:
        assert ours == pytest.approx(theirs)


@given(WORDS, WORDS)
@settings(deadline=None)
def test_ranges_and_perfection(truth: list[str], answer: list[str]) -> None:
    for metric in (bleu, meteor):
        assert 0 <= metric(truth, answer) <= 1
        assert metric(truth, truth) == 1
