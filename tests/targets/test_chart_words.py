"""Words about charts: the same tables in every language, and no number or name lost in them."""

import json
import re
import string
import tomllib
from importlib import resources

import numpy as np
import pytest

from renderers.languages.registry import language
from tests.targets.chart_rows import chart_rows
from vary_data.sources.corpus import chart_languages
from vary_data.sources.scripts import in_script
from vary_data.targets.charts.caption import caption
from vary_data.targets.charts.chart import chart_of
from vary_data.targets.charts.chart_words import chart_words, word_languages
from vary_data.targets.questions.chart_facts import ChartFacts
from vary_data.targets.questions.charts import KINDS, chart_questions
from vary_data.targets.questions.program import answer_text, evaluate
from vary_data.targets.target import targets

OTHERS = sorted(word_languages() - {"en", "zh"})
TYPES = ("bar", "box", "bubble", "gauge", "grouped_bar", "line", "sankey", "treemap")


def tables(lang):
    folder = resources.files("vary_data.targets.charts") / "words"
    return tomllib.loads((folder / f"{lang}.toml").read_text("utf-8"))


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    else:
        yield path, value if isinstance(value, list) else [value]


def fields(patterns):
    return [{f for _, f, _, _ in string.Formatter().parse(p) if f is not None} for p in patterns]


def test_every_language_of_charts_has_words_about_them():
    assert set(chart_languages()) <= word_languages()


def test_lists_of_names_have_the_forms_of_the_language():
    assert chart_words("es").listed(["Grecia", "Irlanda"]) == "Grecia e Irlanda"
    assert chart_words("es").listed(["Irlanda", "Grecia"]) == "Irlanda y Grecia"
    assert chart_words("it").listed(["Lazio", "Abruzzo", "Emilia"]) == "Lazio, Abruzzo ed Emilia"
    fruit = ["Uva", "Mele", "Pere", "Kiwi", "Arance"]
    assert chart_words("it").listed(fruit) == "da Uva ad Arance"


@pytest.mark.parametrize("lang", OTHERS)
def test_patterns_have_the_fields_of_the_english_ones(lang):
    english, own = dict(leaves(tables("en"))), dict(leaves(tables(lang)))
    assert english.keys() == own.keys()
    for path, patterns in own.items():
        assert all(patterns) or path == ("space",), path
        wanted = fields(english[path])[-1]
        # `{n}` may be missing from a singular, and all forms of one thing say the same.
        for found in fields([p.split("|")[-1] for p in patterns]):
            assert found == wanted or path[0] == "counts", (path, found)
    for pair in ("rise", "fall", "extremes", "highest"):
        exact, near = own["caption", pair]
        assert exact != near


@pytest.mark.parametrize("lang", OTHERS)
def test_words_are_in_the_script_of_the_language(lang):
    script = language(lang).script
    for path, patterns in leaves(tables(lang)):
        for pattern in patterns if path[0] not in ("table",) else ():
            letters = [c for c in re.sub(r"\{\w*\}", "", pattern) if c.isalpha()]
            known = sum(in_script(c, script) for c in letters)
            assert 3 * known >= len(letters), (path, pattern)


@pytest.mark.parametrize("lang", sorted({*chart_languages()} - {"en", "zh"}))
def test_captions_and_questions_of_a_language(lang):
    """All shapes: values as printed, answers that their programs give, no open fields."""
    rng = np.random.default_rng(1)
    kinds = set()
    for row in chart_rows(2, seed=3, langs=(lang,), types=TYPES):
        chart, facts = chart_of(row), ChartFacts.of(row)
        said = caption(chart)
        assert chart.lang == lang
        assert not set("{}|") & set(said)
        assert chart.title in said
        for question in chart_questions(row, rng, len(KINDS)):
            kinds.add(question.kind)
            assert not re.search(r"[{}|]|  ", question.question), question.question
            answer = answer_text(evaluate(question.program, facts.functions), lang)
            assert answer == question.answer
            assert all(name in question.question for name in question.names.values())
    assert {"read", "sum", "difference", "argmax", "compare", "trend", "count", "text"} <= kinds


def test_sums_are_printed_as_the_language_prints_numbers():
    values = {"Nord": "1.234,5 t", "Süd": "2.310,0 t", "West": "0,5 t"}
    row = {"text": repr({"title": "Ernte", "values": values}), "lang": "de"}
    row |= {"meta": json.dumps({"type": "bar"}), "regions": []}
    functions = ChartFacts.of(row).functions
    program = 'sum(value("Nord"), value("Süd"))'
    assert answer_text(evaluate(program, functions), "de") == "3.544,5 t"
    assert answer_text(evaluate('greater("", "Nord", "West")', functions), "de") == "Ja"
    assert answer_text(evaluate('argmax("")', functions), "de") == "Süd"
    assert caption(chart_of(row)) == (
        "Ein Säulendiagramm mit dem Titel „Ernte“. Zu sehen: 3 Kategorien. Der höchste Wert ist "
        "2.310,0 t (Süd), der niedrigste 0,5 t (West)."
    )


def test_targets_of_other_languages_have_prompts_in_it():
    (row, *_) = chart_rows(1, seed=3, langs=("fr",), types=("bar",))
    row = {"kind": "chart", "format": "dict", "regions": [], "width": 1, "height": 1, **row}
    row |= {"image": None, "id": "a"}
    (found,) = targets(row, "caption")
    assert found.prompt in chart_words("fr").caption["prompts"]
    assert targets(row, "questions", count=3)
    assert targets({**row, "lang": "en"}, "caption")[0].prompt.isascii()
