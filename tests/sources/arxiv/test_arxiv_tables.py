from __future__ import annotations

import pytest

from renderers.latex.blocks import LINE_BREAK, Inline, TableCell, TableRow, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv.blocks.columns import read_column_specification
from vary_data.sources.arxiv.blocks.tables import TableBody, read_table
from vary_data.sources.arxiv.references.references import References
from vary_data.sources.arxiv.text.spans import SpanReader


def table(specification: str, body: str) -> TableBody:
    own = {"Y": r">{\centering\arraybackslash}X"}
    return read_table(specification, body, own, SpanReader(References({}, {})).read_flat)


def lines(*texts: str) -> TableCell:
    """A cell with a line for each text."""
    spans = [span for text in texts for span in (Text(LINE_BREAK), Text(text))]
    return TableCell(tuple(spans[1:]))


def cell(text: str, colspan: int = 1, rowspan: int = 1, align: str = "") -> TableCell:
    return TableCell((Text(text),) if text else (), colspan, rowspan, align)


def test_a_table_with_spans_and_rules() -> None:
    body = table("@{}l|cc@{}", r"""
        \toprule
        \multirow{2}{*}{Name} & \multicolumn{2}{c}{Score} \\
        \cmidrule(lr){2-3}
         & \(a\) & second \\
        \midrule[1pt]
        x \& y & 1 \\
        \bottomrule
    """)  # fmt: skip
    assert body == TableBody(
        "l|cc",
        (
            TableRow((cell("Name", rowspan=2), cell("Score", 2, 1, "c")), ((1, 3),)),
            TableRow((TableCell((Inline("a"),)), cell("second")), ((2, 3),)),
            TableRow((cell("x & y"), cell("1"), cell("")), ((1, 3),)),
        ),
        ((1, 3),),
    )


def test_a_cell_may_span_rows_and_columns() -> None:
    body = table(
        "ccc", r"\multicolumn{2}{|c|}{\multirow{2}{*}{A}} & b \\ \multicolumn{2}{|c|}{} & c"
    )
    assert body.rows == (
        TableRow((cell("A", 2, 2, "|c|"), cell("b"))),
        TableRow((cell("c"),)),
    )


def test_a_longtable_keeps_its_first_head_and_last_foot() -> None:
    body = table("lr", r"""\hline A & B \\ \hline \endfirsthead
        \multicolumn{2}{c}{continued} \\ A & B \\ \endhead
        more \\ \endfoot \hline end & \\ \endlastfoot
        x & 1 \\ y & 2 \\""")  # fmt: skip
    rows = [["".join(s.text for s in c.spans) for c in row.cells] for row in body.rows]  # type: ignore[union-attr]
    assert rows == [["A", "B"], ["x", "1"], ["y", "2"], ["end", ""]]
    assert [row.rules for row in body.rows] == [((1, 2),), ((1, 2),), (), ((1, 2),)]


@pytest.mark.parametrize(
    ("specification", "expected"),
    [
        ("lcr", "lcr"),
        ("|l||c|", "|l||c|"),
        ("@{}l@{\\extracolsep{\\fill}}r@{}", "lr"),
        ("*{3}{c|}r", "c|c|c|r"),
        ("p{3cm}m{.2\\textwidth}X", "lll"),
        (">{\\bfseries}l>{\\raggedleft}p{2cm}", "lr"),
        ("YY", "cc"),
        ("S[table-format=2.1]D{.}{.}{2}", "cc"),
        ("!{\\vrule width 1pt}l", "|l"),
    ],
)
def test_column_specifications(specification: str, expected: str) -> None:
    assert (
        read_column_specification(specification, {"Y": r">{\centering}X"}).specification == expected
    )


def test_declarations_of_a_column_reach_its_cells() -> None:
    body = table(r">{\bfseries}l>{\(}c<{\)}", r"a & x^2 \\ \multicolumn{2}{l}{b}")
    assert body.rows[0].cells == (TableCell((Text("a", bold=True),)), TableCell((Inline("x^{2}"),)))
    assert body.rows[1].cells == (cell("b", 2, 1, "l"),)


def test_colors_and_boxes_are_dropped_and_stacked_cells_become_one_line() -> None:
    body = table("ll", r"\rowcolor{gray!20} \cellcolor{red} a & \makecell[l]{b \\ c} \\[2pt] d & e")
    assert body.rows[0].cells == (cell("a"), lines("b", "c"))


@pytest.mark.parametrize(
    ("specification", "body", "reason"),
    [
        ("ll", r"a & b & c", "ragged"),
        ("ll", r"\multicolumn{3}{c}{a}", "ragged"),
        ("ll", r"\multirow{-2}{*}{a} & b", "span"),
        ("l@{ -- }l", r"a & b", "columns"),
        ("ll", r"a & \includegraphics{x}", "picture-in-table"),
        ("ll", r"a & \begin{itemize}\item x\end{itemize}", "nested-block"),
        ("ll", r"a & b\footnote{c}", "footnote"),
        ("ll", r"a & \foo", "unknown-command"),
        ("ll", r"\cline{1-5} a & b", "rule"),
        ("ll", r" & \\ \hline", "empty-table"),
        ("qq", r"a & b", "columns"),
    ],
)
def test_what_is_rejected(specification: str, body: str, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        table(specification, body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (r"& 1 \\ \multirow{-2}{*}{c} & 2 \\ d & 3", [["c|1|2", "1"], ["2"], ["d", "3"]]),
        (r"\multicolumn{2}{c}{} \\ \multicolumn{2}{c}{\multirow{-2}{*}{c}} \\ d & 3",
         [["c|2|2"], [], ["d", "3"]]),
        (r"\multirow{3}{*}{A} & b \\ & c \\ \multirow{1}{*}{D} & e",
         [["A|1|2", "b"], ["c"], ["D", "e"]]),
        (r"\multirow{3}{*}{a} & b \\ & c", [["a|1|2", "b"], ["c"]]),
        (r"\multirow{2}{*}{a} & b \\ d & c", [["a", "b"], ["d", "c"]]),
        (r"\textbf{\begin{tabular}[c]{@{}l@{}}x\\y\end{tabular}} & 2", [["x y", "2"]]),
        (r"\begin{tabular}{c} x \end{tabular} z & \begin{tabular}{p{1cm}}a\\b\\\end{tabular}",
         [["x z", "a\u2028b"]]),
        (r"\diagbox[width=3em]{A}{B} & \backslashbox{c}{d}", [["A / B", "c / d"]]),
    ],
)  # fmt: skip
def test_spans_and_boxes_as_tex_prints_them(body: str, rows: list[list[str]]) -> None:
    def shown(one: TableCell) -> str:
        text = "".join(span.text for span in one.spans if isinstance(span, Text))
        spans = f"|{one.colspan}|{one.rowspan}"
        return text + spans * (spans != "|1|1")

    assert [[shown(one) for one in row.cells] for row in table("ll", body).rows] == rows
