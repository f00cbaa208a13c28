"""Tables: LaTeX, HTML and pipes read alike; TEDS by hand, and against APTED."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.evaluation.metrics.table import Cell, Table, find_tables, parse_table
from trainer.evaluation.metrics.teds import teds, teds_of_page

LATEX = r"""\begin{tabular}{|l|c|}
\hline
Name & \multirow{2}{*}{R\&D \{x\}} \\ \cline{1-1}
\textbf{Sum} &  \\ \hline
\multicolumn{2}{|c|}{100 \%} \\[2pt] \hline
\end{tabular}"""
HTML = """<table class=x><thead><tr><th>Name</th><th rowspan="2">R&amp;D \\{x\\}</th></tr></thead>
<tbody><tr><td>\\textbf{Sum}</td></tr><tr><td colspan=2>100
 %</td></tr></tbody></table>"""


def plain(*rows: str) -> Table:
    return tuple(tuple(Cell(text) for text in row.split()) for row in rows)


def test_latex_and_html_give_the_same_table() -> None:
    table = parse_table(LATEX)
    assert table == (
        (Cell("Name"), Cell(r"R&D \{x\}", rows=2)),
        (Cell(r"\textbf{Sum}"),),
        (Cell("100 %", columns=2),),
    )
    assert parse_table(HTML) == table


def test_pipe_tables() -> None:
    text = "before\n\n| a | b\\|c |\n|---|:-:|\n| d | e |\n\nafter | not | a table\n"
    ((start, end),) = find_tables(text)
    assert parse_table(text[start:end]) == plain("a b|c", "d e")


def test_finding_tables() -> None:
    inner = r"\begin{tabular}{l} a & \begin{tabular}{c} b \\ c \end{tabular} \\ \end{tabular}"
    text = rf"x {inner} y \begin{{array}}{{c}} 1 \end{{array}} <table><tr><td>1</table>"
    assert [text[a:b] for a, b in find_tables(text)] == [inner, "<table><tr><td>1</table>"]
    ((row,),) = [parse_table(inner)]
    assert len(row) == 2  # the inner one's marks cut neither rows nor cells
    cut = r"text \begin{tabular}{ll} a & b \\ c"
    ((start, end),) = find_tables(cut)  # an answer that stopped in its middle
    assert (start, end) == (5, len(cut))
    assert parse_table(cut[start:end]) == plain("a b", "c")
    assert find_tables("no table") == []


def test_an_empty_cell_is_kept_where_nothing_covers_it() -> None:
    assert parse_table(r"\begin{tabular}{ll} a & \\ & b \end{tabular}") == (
        (Cell("a"), Cell("")),
        (Cell(""), Cell("b")),
    )


@pytest.mark.parametrize(
    "text",
    [r"\begin{tabular}", r"\begin{tabular}{l", "<table", "<table><td>", "<table></table></table>",
     "<table><tr><td>1<![[[--</table>",
     r"\begin{tabular}{l}\multicolumn{999999999}{c}{x}\end{tabular}",
     r"\begin{tabular}{l}\multirow{-1}{*}{x}}}}\end{tabular}", "|" * 50, "{" * 5000],
)  # fmt: skip
def test_broken_tables_are_read_as_far_as_they_go(text: str) -> None:
    for row in parse_table(text):
        assert all(1 <= cell.columns <= 500 and 1 <= cell.rows <= 500 for cell in row)


def test_teds_by_hand() -> None:
    truth = plain("a b", "c d")  # six nodes: two rows, four cells
    assert teds(truth, truth) == 1
    assert teds(truth, plain("a b", "c x")) == pytest.approx(1 - 1 / 6)
    assert teds(truth, plain("a b")) == pytest.approx(1 - 3 / 6)  # a row and its cells deleted
    assert teds(truth, plain("a b", "c")) == pytest.approx(1 - 1 / 6)
    assert teds(plain("abcd"), plain("abxy")) == pytest.approx(1 - 0.5 / 2)
    wide = ((Cell("a", columns=2),),)
    assert teds(plain("a"), wide) == pytest.approx(1 - 1 / 2)
    assert teds(truth, plain("w x", "y z")) == pytest.approx(1 - 4 / 6)
    assert teds(truth, plain("w x", "y z"), structure=True) == 1
    assert teds(truth, ()) == 0
    assert teds((), ()) == 1


def test_teds_of_pages() -> None:
    one, two = plain("a b"), plain("c d", "e f")
    assert teds_of_page([one, two], [two, one]) == 1  # in whatever order
    assert teds_of_page([one, two], [one]) == 0.5  # a missing table costs
    assert teds_of_page([one], [one, two]) == 0.5  # so does one too many
    assert teds_of_page([one], []) == 0


def test_a_table_without_end_is_no_reading() -> None:
    truth = plain(*["a b c d"] * 20)
    assert teds(truth, truth + plain("x")) > 0.97
    assert teds(truth, plain(*["a b c d"] * 4000)) == 0


TABLES = st.lists(
    st.lists(
        st.builds(Cell, st.text("ab", max_size=3), st.integers(1, 2), st.just(1)), max_size=4
    ).map(tuple),
    max_size=4,
).map(tuple)


def by_apted(a: Table, b: Table) -> float:
    """The tree edit distance by the package that PubTabNet's TEDS uses."""
    from apted import APTED, Config

    from trainer.evaluation.metrics.teds import _rename

    Node = tuple[Any, list[Any]]

    class Costs(Config):
        def rename(self, x: Node, y: Node) -> float:
            return _rename(x[0], y[0])

        def children(self, x: Node) -> list[Node]:
            return x[1]

    trees: list[Node] = [
        ("table", [("row", [(cell, []) for cell in row]) for row in table]) for table in (a, b)
    ]
    return float(APTED(*trees, Costs()).compute_edit_distance())


@given(TABLES, TABLES)
@settings(deadline=None, max_examples=60)
def test_teds_is_apted_s_distance(a: Table, b: Table) -> None:
    nodes = max(len(a) + sum(map(len, a)), len(b) + sum(map(len, b)))
    expected = max(0.0, 1 - by_apted(a, b) / nodes) if nodes else 1.0
    assert teds(a, b) == pytest.approx(expected)
    assert teds(b, a) == pytest.approx(expected)
    assert teds(a, b) <= teds(a, b, structure=True) + 1e-12
