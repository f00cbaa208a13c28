"""Wordings of questions: what is kept, and why others are refused."""

import pytest

from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.questions import layout, tables
from vary_data.targets.questions.wording import wording_problem

READ = 'What is the value of 2019 in the series "Rice"?'
TREND = 'Does the value in the series "Rice" rise or fall from 2019 to 2020?'
TREND_NAMES = {"series": "Rice", "category": "2019", "other": "2020"}


def problem(template, wording, names=None, lang="en", answer="-"):
    names = {"series": "Rice", "category": "2019"} if names is None else names
    return wording_problem(template, wording, names, lang, answer)


def test_good_wordings_are_kept():
    assert not problem(READ, 'In the series "Rice", how much is shown for 2019?')
    assert not problem(READ, "Please look at 2019. What value does “Rice” have in this series?")
    assert not problem(
        TREND, 'In the series "Rice", is there an increase or a decline from 2019 to 2020?',
        TREND_NAMES,
    )  # fmt: skip
    assert not problem(
        "在“水稻”系列中，2019年的数值是多少？", "请问“水稻”系列在2019年对应的数值是多少？",
        {"series": "水稻", "category": "2019年"}, "zh",
    )  # fmt: skip
    assert not problem("3号的数值大约是多少？", "3号的数值约是多少？", {"category": "3号"}, "zh")


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ('What is the value of 2018 in the series "Rice"?', "names"),
        ('What is the value of 20190 in the series "Rice"?', "names"),
        ('What is the value of 2019 in the series "Price"?', "names"),
        ('What is the value in the series "Rice"?', "names"),
        ('What is the value of 2019 in the 1st series "Rice"?', "numbers"),
        ('What is the value of 2019 in the 2 series "Rice"?', "numbers"),
        ("What is the value of 2019 in the series Rice?", "quotes"),
        ('What is the "value" of 2019 in the series "Rice"?', "quotes"),
        ('What is the value of 2019 in the series "Rice', "sentences"),
        ('Hello. Look at 2019. What is the value in the series "Rice"?', "sentences"),
        ('The value of 2019 in the series "Rice"', "sentences"),
        ('Wie hoch ist 2019 der Wert von "Rice"?', "language"),
        ('Каково значение 2019 of the "Rice"?', "language"),
        ('“Rice”系列2019的数值是多少？', "language"),
        ('What is the highest value of 2019 in the series "Rice"?', "meaning"),
        ('About how much is 2019 in the series "Rice"?', "meaning"),
        ('What is the value of 2019 for "Rice"?', "meaning"),
        ('What is the value (Wheat) of 2019 in the series "Rice"?', "answer"),
        ('What is the value of 2019\nin the series "Rice"?', "characters"),
        ('What is the value of 2019 in the series "Rice"\u200b?', "characters"),
        ('What is \ue000 the value of 2019 in the series "Rice"?', "characters"),
        (f'What {"really " * 40}is the value of 2019 in the series "Rice"?', "length"),
    ],
)  # fmt: skip
def test_other_wordings_are_refused(wording, reason):
    assert problem(READ, wording, answer="Wheat") == reason


@pytest.mark.parametrize(
    ("template", "wording", "names"),
    [
        (TREND, TREND.replace("2019 to 2020", "2020 to 2019"), TREND_NAMES),
        ("Is the value of A higher than that of B?", "Is the value of B higher than that of A?",
         {"category": "A", "other": "B"}),
        ("Is the value of A higher than that of B?", "Is the value of A lower than that of B?",
         {"category": "A", "other": "B"}),
        ("Which category is furthest to the left?", "Which category is furthest to the right?", {}),
        ('Where is the text "A"? Give its box in pixels.', 'Where is the text "A" in the box?',
         {"text": "A"}),
        ('How many rows does the table have, with its header?', "How many rows has the table?", {}),
        ("What is the title of the x axis?", "What is the title of the y axis?", {}),
    ],
)  # fmt: skip
def test_what_would_change_the_answer_is_refused(template, wording, names):
    assert problem(template, wording, names) == "meaning"


def test_names_are_texts_not_patterns_and_hide_the_words_in_them():
    names = {"row": "a+b (max.)", "column": 'the "top" 5?', "other": "a+b"}
    template = 'Is "the "top" 5?" of "a+b (max.)" higher than that of "a+b"?'
    wording = 'For "the "top" 5?", is "a+b (max.)" higher than "a+b"?'
    assert not problem(template, wording, names)
    assert problem(template, wording.replace("(max.)", "(min.)"), names) == "names"


def every_template():
    names = {
        "category": "A1", "other": "B2", "field": "C3", "row": "A1", "column": "K", "i": "1",
        "j": "2", "box": "[1, 2, 3, 4]", "text": "T. S?", "ordinal": "third", "number": "3",
        "whats": "headings", "what": "标题",
    }  # fmt: skip
    for lang in ("en", "zh"):
        questions = chart_words(lang).questions
        for kind, phrases in questions.items():
            for phrase in phrases if kind != "in_series" else ():
                series = questions["in_series"].format("S")
                yield lang, phrase.format(**names, series=series), {**names, "series": "S"}
        for module in (layout, tables):
            for phrase in module.PHRASES[lang].values():
                yield lang, phrase.format(**names), names


@pytest.mark.parametrize(("lang", "template", "names"), list(every_template()))
def test_every_template_can_be_reworded(lang, template, names):
    added = {
        "en": f"In this picture: {template[0].lower()}{template[1:]}",
        "zh": f"请看图，{template}",
    }
    assert not problem(template, added[lang], names, lang)
