from __future__ import annotations

import pytest

from renderers.latex import check, mmd, prepare, specimen
from renderers.latex.blocks import Document
from renderers.latex.style import PageStyle

STYLE = PageStyle(size=10, horizontal_margin_mm=20, vertical_margin_mm=20)


@pytest.mark.parametrize("document", [specimen.english(), specimen.chinese()], ids=["en", "zh"])
def test_the_writer_s_markdown_has_no_problems(document: Document) -> None:
    assert check.problems(mmd.write(prepare.prepare(document, STYLE))) == []


@pytest.mark.parametrize(
    "good",
    [
        r"\(\frac{a}{b}\) and \[\left(\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right)\]",
        r"\begin{align*} a &= b \tag{1} \\ &= c \end{align*}",
        r"\[ \text{对所有 } n \]",
        r"(c\), pressure (P\) and \(x\) (tm\)",
        r"cost \$5, a\_b, `\begin{x}` and [^3]",
        "\\begin{tabular}{lc}\n\\multicolumn{2}{c}{\\textbf{a}} \\\\\n1 \\& 2 & \\(x\\) \\\\\n"
        "\\end{tabular}",
    ],
)
def test_good_markdown(good: str) -> None:
    assert check.problems(good) == []


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (r"\(a", r"\( is not closed"),
        ("\\(a\n\nb\\)", r"\( is not closed"),
        (r"a\)", r"\) closes nothing"),
        (r"\(\foobar\)", r"\foobar is not known"),
        (r"\(\frac{a}{b\)", "a brace is not closed"),
        (r"\(a}\)", "a closing brace too many"),
        (r"\(\left( a\)", r"\left without \right"),
        (r"\(a & b\)", "& outside of any environment"),
        (r"\(x = 中\)", "'中' outside of \\text"),
        (r"\[\begin{array}{c} a \end{matrix}\]", r"\end{matrix} closes nothing"),
        (r"\[\begin{subequations} a \end{subequations}\]", "not known inside a formula"),
        (r"\begin{align} a \end{align*}", r"\begin{align} is not closed"),
        (r"\begin{table*}x\end{table*}", "environment 'table*' is not known"),
        (r"\section{a}", r"\section is outside of any formula"),
        ("costs $5", "a single dollar sign"),
        (r"\begin{tabular}{ll} a & b & c \\ \end{tabular}", "row 1 has 3 columns, not 2"),
        (r"\begin{tabular}{lX} a & b \\ \end{tabular}", "column specification 'lX'"),
        (r"\begin{tabular}{ll} \toprule a & b \\ \end{tabular}", r"\toprule is not known"),
        (r"\begin{tabular}{l} \multirow{2}{*}{a} \\ \end{tabular}", "reaches below the table"),
        (
            r"\begin{tabular}{l} \multirow{2}{*}{a} \\ b \\ \end{tabular}",
            "row 2: a cell overlaps one that reaches down from above",
        ),
        (r"\begin{tabular}{l} \cline{1-2} a \\ \end{tabular}", r"\cline{1-2} leaves the table"),
        (r"\begin{tabular}{l} a \end{tabular}", "the last row does not end"),
    ],
)
def test_bad_markdown(bad: str, problem: str) -> None:
    found = check.problems(bad)
    assert any(problem in one for one in found), found
