"""Forms of charts hold the values of the dict, for every type in both languages."""

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from renderers.charts.catalog import CATALOG
from tests.targets.chart_rows import chart_rows
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.as_data import as_json
from vary_data.targets.charts.caption import caption
from vary_data.targets.charts.chart import Chart, chart_of
from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.charts.data_table import data_table, rows_of, triples
from vary_data.targets.charts.matplotlib_code import DRAW as MATPLOTLIB
from vary_data.targets.charts.matplotlib_code import matplotlib_code
from vary_data.targets.charts.mermaid import mermaid
from vary_data.targets.charts.pyecharts_code import DRAW as PYECHARTS
from vary_data.targets.charts.pyecharts_code import pyecharts_code
from vary_data.targets.printed import number
from vary_data.targets.tables.markdown import is_pipe_table, markdown, parse_markdown

WINE = {
    "text": "{'title': 'Wine', 'source': 'None', 'x_title': 'None', 'y_title': 'None', "
    "'values': {'2019': {'Rice': '$1,234', 'Oats': '$812'}, '2020': {'Rice': '$1,300', "
    "'Oats': '$790'}}}",
    "lang": "en",
    "meta": '{"type": "grouped_bar"}',
}
FLOW = {
    "text": "{'title': 'None', 'values': {'Farm \"A\"': {'Mill': '394 t', 'Shop': '39 t'}}}",
    "lang": "en",
    "meta": '{"type": "graph"}',
}


def row(values, type_="", lang="en"):
    text = repr({"title": "T", "values": values})
    return {"text": text, "lang": lang, "meta": json.dumps({"type": type_})}


def test_the_forms_of_a_small_chart():
    chart = chart_of(WINE)
    assert rows_of(chart) == [
        ["Category", "2019", "2020"],
        ["Rice", "$1,234", "$1,300"],
        ["Oats", "$812", "$790"],
    ]
    assert json.loads(triples(chart))[1] == ["Rice", "2020", "$1,300"]
    assert caption(chart) == (
        'A grouped bar chart titled "Wine". It compares 2 series (2019 and 2020) over 2 '
        "categories. The highest value is $1,300 (2020, Rice), the lowest $790 (2020, Oats)."
    )
    assert 'series = {\n    "2019": [1234, 812],' in matplotlib_code(chart)
    assert mermaid(chart_of(FLOW)) == (
        'flowchart LR\n    n1["Farm #quot;A#quot;"] -->|"394 t"| n2["Mill"]\n'
        '    n1 -->|"39 t"| n3["Shop"]'
    )


def test_captions_say_only_what_a_reader_can_see():
    tied = row({"a": "3", "b": "3", "c": "1"}, "bar")
    assert caption(chart_of(tied)).endswith("It shows 3 categories.") is True
    close = row({"a": "50", "b": "46", "c": "10"}, "bar")
    close["meta"] = json.dumps(
        {"type": "bar", "values": [{"path": [name], "step": "2"} for name in "abc"]}
    )
    assert "highest" not in caption(chart_of(close))  # 50 and 46 are two steps apart
    close["text"] = close["text"].replace("46", "44")
    assert "The highest value is about 50 (a), the lowest about 10 (c)." in caption(chart_of(close))
    rising = row({"2001": "3%", "2002": "1%", "2003": "7%"}, "line", "zh")
    assert caption(chart_of(rising)).endswith("数值从3%（2001）上升到7%（2003）。")


def test_every_type_has_a_name_and_code():
    assert {*CATALOG, "chart"} == set(chart_words("en").types)
    assert set(MATPLOTLIB) | set(PYECHARTS) == set(CATALOG)


@pytest.mark.parametrize("chart_row", chart_rows(3), ids=lambda r: r["id"])
def test_tables_hold_every_value(chart_row):
    chart = chart_of(chart_row)
    values = Counter(text for _, text in chart.leaves() if text != "None")
    table = data_table(chart)
    shown = Counter(cell.text for cell in table.cells if not cell.header)
    assert not values - shown
    assert is_pipe_table(table)
    assert parse_markdown(markdown(table)) == table
    assert Counter(value for *_, value in json.loads(triples(chart))) == values
    sentence = caption(chart)
    assert "None" not in sentence
    assert sentence.endswith("。" if chart.lang == "zh" else ".")


@pytest.mark.parametrize(
    ("library", "write", "types"),
    [("matplotlib", matplotlib_code, MATPLOTLIB), ("pyecharts", pyecharts_code, PYECHARTS)],
)
def test_the_code_runs_and_draws_the_values(library, write, types):
    # Each type in one of the languages: importing and drawing takes most of the time.
    every = [chart_of(r) for r in chart_rows(1)]
    chosen = {name: ("en", "zh")[i % 2] for i, name in enumerate(sorted(types))}
    charts = [chart for chart in every if chosen.get(chart.type) == chart.lang]
    scripts = json.dumps([write(chart) for chart in charts])
    program = Path(__file__).with_name("drawn_values.py")
    finished = subprocess.run(
        [sys.executable, "-I", str(program), library],
        input=scripts, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr[-2000:]
    for chart, drawn in zip(charts, json.loads(finished.stdout), strict=True):
        missing = _missing(chart, drawn)
        assert not missing, (chart.type, chart.lang, missing, drawn)


def test_what_is_not_on_the_picture_is_null_in_json():
    chart = chart_of({"text": repr({"title": "None", "source": "None", "x_title": "None",
                                    "y_title": "t", "values": {"A": "1", "B": "None"}}),
                      "lang": "en", "meta": json.dumps({"type": "bar"})})  # fmt: skip
    data = json.loads(as_json(chart))
    assert data["title"] is None
    assert data["values"] == {"A": "1", "B": None}


ONLY_FOUND_IN = {"marimekko": {"areas"}, "waffle": {"counts"}, "venn": {"texts"}}
ORDINARY = {"bars", "ends", "lines", "fills", "points", "cells", "spans", "series"}


def _missing(chart, drawn):
    """The values of a chart that were not drawn, each as often as the chart has it."""
    texts = [text for path, text in chart.leaves() if path[-1] != "size"]
    values = [float(number(text).value) for text in texts]
    if drawn.get("shares"):
        return [v for v, s in zip(values, drawn["shares"], strict=True)
                if abs(v / sum(values) - s) > 1e-4]  # fmt: skip
    if chart.type == "ternary":
        # Three values of each category, whose parts were drawn.
        wholes = [sum(values[i - i % 3 : i - i % 3 + 3]) for i in range(len(values))]
        return [v for v, w, p in zip(values, wholes, drawn["parts"], strict=True)
                if abs(v / w - p) > 1e-6]  # fmt: skip
    where = ONLY_FOUND_IN.get(chart.type, ORDINARY) & set(drawn)
    found = [value for key in where for value in drawn[key]]
    if chart.type in ("pyramid", "waterfall"):
        found, values = [abs(v) for v in found], [abs(v) for v in values]
    left = sorted(found)
    missing = []
    for value in values:
        near = [f for f in left if math.isclose(f, value, rel_tol=1e-6, abs_tol=1e-12)]
        if near:
            left.remove(near[0])
        else:
            missing.append(value)
    return missing


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "{'values': {}}",
        "{'values': {'a': 1}}",
        "{'values': {'a': {}}}",
        "{'values': {1: 'a'}}",
        "{'values': " + "{'a': " * 60 + "'1'" + "}" * 61,
        "(" * 9000,
    ],
)
def test_what_is_no_dict_is_rejected(text):
    with pytest.raises(Rejected, match="no-dict"):
        chart_of({"text": text, "lang": "en", "meta": "{}"})


def test_a_dict_that_is_not_of_its_type_is_rejected():
    for type_, values in (
        ("box", {"a": "1"}),
        ("scatter", {"a": {"q": "1"}}),
        ("bar", {"a": {"b": {"c": "1"}}}),
    ):
        with pytest.raises(Rejected, match="no-dict"):
            chart_of(row(values, type_))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$1,234.5", "1234.5", ("$", "")), ("-5 °C", "-5", ("", " °C")),
        ("3.2万", "3.2", ("", "万")),
        ("-$1.07B", "-1.07", ("$", "B")), ("2.60e-5", "0.0000260", ("", "")),
        ("7 m2", "7", ("", " m2")), ("0.014 mg/L", "0.014", ("", " mg/L")),
    ],
)  # fmt: skip
def test_printed_numbers_are_read_exactly(text, value, unit):
    found = number(text)
    assert format(found.value, "f") == value
    assert found.unit == unit
    if not found.scientific:
        assert found.print() == text


@pytest.mark.parametrize("text", ["10-20", "2021-03-05", "None", "", "1,23", "12:30", "1.2.3"])
def test_what_is_no_single_number_is_none(text):
    assert number(text) is None


def test_a_missing_value_is_an_empty_cell() -> None:
    chart = Chart("bar", "table", "en", {"Ash": "12", "Birch": "None", "Elm": "88"})
    assert rows_of(chart)[1:] == [["Ash", "12"], ["Birch", ""], ["Elm", "88"]]
    assert [triple[0] for triple in json.loads(triples(chart))] == ["Ash", "Elm"]


def axis_row(type_, axes, values=None):
    values = values or {"A": "3", "B": "420", "C": "56000"}
    text = repr({"title": "T", "x_title": "None", "y_title": "None", "values": values})
    meta = {"type": type_, "axes": axes, "values": []}
    return {"text": text, "lang": "en", "meta": json.dumps(meta)}


LOG = {"scale": "log", "low": 1.0, "high": 100000.0}


@pytest.mark.parametrize(
    ("type_", "axis"), [("bar", "y"), ("horizontal_bar", "x"), ("line", "y"), ("scatter", "x")]
)
def test_code_has_the_scale_of_the_axis(type_, axis):
    """A chart on a logarithmic axis was drawn on a linear one."""
    points = {str(i): {"x": f"{10**i}", "y": "5"} for i in range(1, 4)}
    chart = chart_of(axis_row(type_, {axis: LOG}, points if type_ == "scatter" else None))
    code = matplotlib_code(chart)
    assert f'ax.set_{axis}scale("log")' in code
    assert f"ax.set_{axis}lim(1, 100000)" in code
    option = drawn_option(pyecharts_code(chart))[f"{axis}Axis"][0]
    assert option["type"] == "log"
    assert (option["min"], option["max"]) == (1, 100000)
    assert option.get("startValue") == (1 if "bar" in type_ else None)
    other = "x" if axis == "y" else "y"
    assert f"ax.set_{other}scale" not in code
    assert drawn_option(pyecharts_code(chart))[f"{other}Axis"][0].get("type") != "log"
    plain = chart_of(axis_row("bar", {"y": {"scale": "linear", "low": 0.0, "high": 60000.0}}))
    assert "scale(" not in matplotlib_code(plain)
    assert "log" not in pyecharts_code(plain)


def drawn_option(code):
    """The option of the chart that a script makes."""
    space = {}
    exec(code.replace('chart.render("chart.html")', ""), space)
    return json.loads(space["chart"].dump_options_with_quotes())


def test_code_keeps_axes_that_leave_out_zero_and_refuses_what_it_cannot_draw():
    cut = {"scale": "linear", "low": 40.0, "high": 90.0, "truncated": True}
    values = {"A": "52", "B": "61", "C": "88"}
    chart = chart_of(axis_row("bar", {"y": cut}, values))
    assert "ax.set_ylim(40, 90)" in matplotlib_code(chart)
    assert "min_=40, max_=90" in pyecharts_code(chart)
    # Labels with an exponent are not in the units of the axis.
    other = chart_of(axis_row("bar", {"y": cut}, {k: f"{v}e3" for k, v in values.items()}))
    assert "lim(" not in matplotlib_code(other)
    symlog = {"scale": "symlog", "low": -100.0, "high": 100.0, "threshold": 0.1}
    line = chart_of(axis_row("line", {"y": symlog}, {"A": "-52", "B": "1", "C": "88", "D": "9"}))
    assert 'ax.set_yscale("symlog", linthresh=0.1)' in matplotlib_code(line)
    broken = chart_of(axis_row("bar", {"y": {"scale": "broken", "low": 0.0, "high": 9e4}}))
    for write, refused in ((pyecharts_code, line), (pyecharts_code, broken),
                           (matplotlib_code, broken)):  # fmt: skip
        with pytest.raises(Rejected) as error:
            write(refused)
        assert error.value.reason == "axis"
