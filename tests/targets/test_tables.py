"""Every form of a table gives its cells back."""

from dataclasses import replace

import pytest

from tests.targets.random_tables import random_tables
from trainer.evaluation.metrics.table import parse_table
from vary_data.dataset.rejection import Rejected
from vary_data.targets.tables.csv_text import csv_text, parse_csv
from vary_data.targets.tables.html import html, html_structure, parse_html
from vary_data.targets.tables.json_text import json_text, parse_json_table
from vary_data.targets.tables.latex import latex
from vary_data.targets.tables.markdown import is_pipe_table, markdown, parse_markdown
from vary_data.targets.tables.otsl import otsl, parse_otsl
from vary_data.targets.tables.table import Table, TableCell

TABLES = random_tables(2000)
SMALL = Table.of(
    [
        TableCell(0, 0, "Year", rowspan=2, header=True),
        TableCell(0, 1, "Rice & oats", colspan=2, header=True),
        TableCell(1, 1, "t", header=True),
        TableCell(1, 2, "", header=True),
        TableCell(2, 0, "2019"),
        TableCell(2, 1, "a|b", 2, 2),
        TableCell(3, 0, "2020"),
    ]
)


def test_the_forms_of_a_small_table():
    assert html(SMALL) == (
        '<table><thead><tr><th rowspan="2">Year</th><th colspan="2">Rice &amp; oats</th></tr>'
        "<tr><th>t</th><th></th></tr></thead><tbody>"
        '<tr><td>2019</td><td rowspan="2" colspan="2">a|b</td></tr><tr><td>2020</td></tr>'
        "</tbody></table>"
    )
    assert html_structure(SMALL).count("<td></td>") == 2
    assert otsl(SMALL) == (
        "<ched>Year<ched>Rice & oats<lcel><nl><ucel><ched>t<ecel><nl>"
        "<fcel>2019<fcel>a|b<lcel><nl><fcel>2020<ucel><xcel><nl>"
    )
    assert csv_text(SMALL) == "Year,Rice & oats,\n,t,\n2019,a|b,\n2020,,"
    assert latex(SMALL).splitlines()[2:6] == [
        r"\multirow{2}{*}{Year} & \multicolumn{2}{c}{Rice \& oats} \\",
        r" & t &  \\",
        r"\hline",
        r"2019 & \multicolumn{2}{c}{\multirow{2}{*}{a|b}} \\",
    ]
    assert not is_pipe_table(SMALL)
    plain = Table.of_texts([["Year", "a|b"], ["2019", ""]], header_rows=1)
    money = Table.of_texts([["a"], ["$5"], ["$3 - $4"], [r"\(x_1\)"], ["$a$ *b*"]], header_rows=1)
    assert markdown(money).splitlines()[2:] == [
        "| $5 |", "| $3 - $4 |", "| $x_1$ |", r"| \$a\$ \*b\* |"
    ]  # fmt: skip
    assert markdown(plain) == "| Year | a\\|b |\n| --- | --- |\n| 2019 | |"


@pytest.mark.parametrize(
    ("write", "parse"),
    [(html, parse_html), (markdown, parse_markdown), (json_text, parse_json_table)],
)
def test_forms_that_hold_everything_give_the_table_back(write, parse):
    for table in TABLES:
        assert parse(write(table)) == table
    for table in random_tables(500, 1, spans=False):
        assert parse(write(table)) == table


def test_some_tables_are_pipe_tables_and_some_are_not():
    plain = random_tables(500, 1, spans=False)
    assert 50 < sum(map(is_pipe_table, plain)) < 450


def test_otsl_gives_the_table_back_but_for_empty_headers():
    for table in TABLES:
        expected = [replace(cell, header=cell.header and cell.text != "") for cell in table.cells]
        assert parse_otsl(otsl(table)) == Table.of(expected)


def test_csv_gives_the_texts_of_the_slots_back():
    for table in TABLES:
        assert parse_csv(csv_text(table)).texts() == table.texts()


def test_structure_gives_the_spans_back():
    for table in TABLES:
        bare = Table.of(replace(cell, text="") for cell in table.cells)
        assert parse_html(html_structure(table)) == bare


def test_latex_is_read_by_the_parser_of_the_evaluation():
    compared = 0
    for table in random_tables(1000, 2):
        cells = [[(c.rowspan, c.colspan) for c in row] for _, row in table.by_row()]
        if not all(cells) or not all(cell.text for cell in table.cells):
            continue  # that parser drops rows without a text and empty cells below others
        assert [[(c.rows, c.columns) for c in row] for row in parse_table(latex(table))] == cells
        compared += 1
    assert compared > 100


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_html, "no table"),
        (parse_html, '<table><tr><td rowspan="999999" colspan="999999">a</td></tr></table>'),
        (parse_markdown, "a | b"),
        (parse_markdown, "| a | b |\n| --- | --- |\n| 1 |"),
        (parse_otsl, "<fcel>a<fcel>b<nl><fcel>c<nl>"),
        (parse_otsl, "<lcel><nl>"),
        (parse_otsl, "text"),
        (parse_csv, 'a,"b'),
        (parse_csv, "a,b\nc"),
        (parse_json_table, '{"cells": [{"row": 0}]}'),
        (parse_json_table, '{"cells": [{"row": 0, "column": 1, "text": "a"}]}'),
        (parse_json_table, "[" * 5000),
    ],
)
def test_what_is_no_table_is_rejected(parse, text):
    with pytest.raises(Rejected):
        parse(text)


def test_a_text_with_a_token_of_otsl_is_rejected():
    with pytest.raises(Rejected, match="tag"):
        otsl(Table.of_texts([["a<nl>b"]]))
