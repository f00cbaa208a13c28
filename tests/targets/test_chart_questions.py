"""Questions about charts: every program gives its answer, and no answer is a guess."""

import ast
import json
import re
from collections import Counter

import numpy as np
import pytest

from renderers.picture import encode
from tests.targets.chart_rows import chart_rows
from vary_data.targets.charts.caption import caption
from vary_data.targets.charts.chart import chart_of
from vary_data.targets.questions.chart_facts import ChartFacts
from vary_data.targets.questions.charts import KINDS, chart_questions
from vary_data.targets.questions.colors import color_name
from vary_data.targets.questions.program import ProgramError, answer_text, evaluate


def bars(values, steps=(), lang="en", type_="bar"):
    links = [{"path": [name], "mark": 0, "step": step} for name, step in steps]
    meta = json.dumps({"type": type_, "values": links})
    return {
        "text": repr({"title": "T", "values": values}),
        "lang": lang,
        "meta": meta,
        "regions": [],
    }


def answer(row, program):
    return answer_text(evaluate(program, ChartFacts.of(row).functions), row["lang"])


def test_programs_compute_answers():
    row = bars({"a": "$1,204.5", "b": "$95", "c": "$310"})
    assert answer(row, 'value("a")') == "$1,204.5"
    assert answer(row, 'sum(value("a"), value("b"))') == "$1,299.5"
    assert answer(row, 'difference(value("b"), value("a"))') == "$1,109.5"
    assert answer(row, 'argmax("")') == "a"
    assert answer(row, 'argmin("")') == "b"
    assert answer(row, 'greater("", "c", "b")') == "Yes"
    assert answer(row, 'larger("", "b", "c")') == "c"
    assert answer(row, 'count("categories")') == "3"
    assert answer(row, 'trend("")') == "It falls."
    assert answer(bars({"a": "3", "b": "4"}, lang="zh"), 'trend("")') == "上升"


@pytest.mark.parametrize(
    "program",
    [
        'value("z")', 'sum(value("a"), "x")', 'open("/etc/passwd")', "__import__('os')", "1 + 1",
        'value("a").prefix', 'argmax("", "")', "value(x)", "(" * 500, 'sum(value("a"), value("d"))',
        "[1]", "value(*('a',))", 'count("z")', "1.5",
    ],
)  # fmt: skip
def test_what_is_no_program_is_an_error(program):
    row = bars({"a": "1 t", "b": "2 t", "d": "3 kg"})
    with pytest.raises(ProgramError):
        answer(row, program)


def test_values_that_a_reader_cannot_tell_apart_are_not_compared():
    tie = ChartFacts.of(bars({"a": "5", "b": "5", "c": "1"})).functions
    near = bars({"a": "54", "b": "50", "c": "10"}, [(name, "2") for name in "abc"])
    for functions in (tie, ChartFacts.of(near).functions):
        for program in ('argmax("")', 'greater("", "a", "b")', 'larger("", "a", "b")'):
            with pytest.raises(ProgramError, match="told apart"):
                evaluate(program, functions)
        assert evaluate('argmin("")', functions) == "c"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_program_gives_its_answer(lang):
    kinds = Counter()
    for row in chart_rows(4, seed=3):
        if row["lang"] != lang:
            continue
        facts = ChartFacts.of(row)
        for seed in range(3):
            for question in chart_questions(row, np.random.default_rng(seed), len(KINDS)):
                kinds[question.kind] += 1
                assert (
                    answer_text(evaluate(question.program, facts.functions), lang)
                    == question.answer
                )
                assert "{" not in question.question
                assert "None" not in question.answer
                assert question.question.endswith("？" if lang == "zh" else "?")
                assert not re.search(r"  | \?", question.question)
                if question.kind in ("sum", "difference"):
                    assert not facts.chart.steps
                if question.tolerance:
                    assert (
                        "approximate" in question.question
                        or "bout" in question.question
                        or lang == "zh"
                    )
    assert {
        "read",
        "sum",
        "difference",
        "argmax",
        "argmin",
        "compare",
        "trend",
        "count",
        "text",
    } <= set(kinds)


def test_questions_depend_on_the_seed_only():
    row = chart_rows(1)[5]
    first = chart_questions(row, np.random.default_rng(7), 4)
    assert first == chart_questions(row, np.random.default_rng(7), 4)
    assert any(first != chart_questions(row, np.random.default_rng(s), 4) for s in range(3))


def drawn_bars():
    """Red and blue bars of two series in three categories."""
    pixels = np.full((100, 200, 3), 255, np.uint8)
    regions, links, values = [], [], {"Rice": {}, "Oats": {}}
    for c, category in enumerate(("2019", "2020", "2021")):
        for s, (series, color) in enumerate((("Rice", (220, 30, 30)), ("Oats", (30, 90, 220)))):
            x = 10 + 60 * c + 22 * s
            pixels[40:90, x : x + 20] = color
            values[series][category] = str(10 * c + s)
            links.append({"path": [series, category], "mark": len(regions)})
            order = {"order": len(regions), "parent": None}
            regions.append({"bbox": [x, 40, x + 20, 90], "text": "", "role": "mark"} | order)
    meta = json.dumps({"type": "grouped_bar", "values": links})
    text = repr({"title": "T", "values": values})
    image = {"bytes": encode(pixels), "path": "a.png"}
    size = {"width": 200, "height": 100}
    row = {"text": text, "lang": "en", "meta": meta, "regions": regions, "image": image}
    return row | size


def test_colors_and_places_are_read_from_the_picture():
    row = drawn_bars()
    assert answer(row, 'color("Rice")') == "red"
    assert answer(row, 'color("Oats")') == "blue"
    assert answer(row, "first()") == "2019"
    assert answer(row, 'after("2019")') == "2020"
    kinds = {q.kind for s in range(4) for q in chart_questions(row, np.random.default_rng(s), 10)}
    assert {"color", "position"} <= kinds


def test_places_are_unknown_where_a_name_has_no_mark():
    # The name of a bar that is not there is on the axis, between those of others.
    row = drawn_bars()
    values = ast.literal_eval(row["text"])["values"]
    links = [link for link in json.loads(row["meta"])["values"] if link["path"][1] != "2020"]
    for series in values.values():
        series["2020"] = "None"
    row |= {
        "text": repr({"title": "T", "values": values}),
        "meta": json.dumps({"type": "grouped_bar", "values": links}),
    }
    assert not ChartFacts.of(row).places


def test_years_and_ranks_are_neither_added_nor_compared():
    ranks = {"A": {"2019": "1", "2020": "3"}, "B": {"2019": "2", "2020": "1"}}
    rows = [
        bars({"Founded": "1950", "Moved": "1961", "Sold": "1979"}, type_="timeline"),
        bars(ranks, type_="bump"),
    ]
    for row in rows:
        for seed in range(5):
            found = {q.kind for q in chart_questions(row, np.random.default_rng(seed), 10)}
            assert not found & {"sum", "difference", "argmax", "argmin", "compare", "trend"}
        assert "highest" not in caption(chart_of(row))


def test_colors_between_two_names_have_none():
    assert color_name(200, 20, 20) == "red"
    assert color_name(20, 20, 20) == "black"
    for unclear in ((230, 100, 20), (90, 180, 180), (250, 200, 200), (60, 20, 20)):
        assert color_name(*unclear) == ""
