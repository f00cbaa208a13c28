"""Labels of items, and references to them, as pdflatex prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex.blocks import Block, ListBlock, Paragraph, Text
from vary_data.sources.arxiv import read_document

FILLER = "This is a paragraph that is here for the language, with the words that are usual."
ENUMITEM = r"\usepackage{enumitem}"


def read(folder: Path, body: str, preamble: str = "") -> tuple[Block, ...]:
    path = folder / "paper.tex"
    path.write_text(
        f"\\documentclass{{article}}{preamble}\\begin{{document}}\\section{{One}}\n"
        f"{body}\n\n{FILLER}\\end{{document}}"
    )
    extraction = read_document(path, "en")
    assert extraction.rejected == ()
    return extraction.document.blocks[1:-1]


def labels(found: Block) -> tuple[str, ...]:
    assert isinstance(found, ListBlock)
    return found.labels


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (r"\S\arabic{enumi}\ \ldots", "§1 …"),
        (r"\$\arabic{enumi}", "$1"),
        (r"\lab{\roman{enumi}}", "<i>"),
        (r"$\mathrm{\roman{enumi}}$)", "i)"),
        (r"\fnsymbol{enumi}", "∗"),
        (r"\thesection.\theenumi", "1.1"),
    ],
)
def test_a_label_keeps_all_that_is_around_its_number(
    tmp_path: Path, label: str, expected: str
) -> None:
    preamble = rf"\newcommand{{\lab}}[1]{{<#1>}}\renewcommand{{\labelenumi}}{{{label}}}"
    (found,) = read(tmp_path, r"\begin{enumerate}\item one\end{enumerate}", preamble)
    assert labels(found) == (expected,)


def test_a_label_that_cannot_be_printed_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(
        r"\documentclass{article}\renewcommand{\labelenumi}{\ifnum\value{enumi}>1 B\else A\fi}"
        rf"\begin{{document}}\begin{{enumerate}}\item one\end{{enumerate}} {FILLER}\end{{document}}"
    )
    extraction = read_document(path, "en")
    assert [one.detail for one in extraction.rejected] == ["\\VaryUndecided"]
    assert extraction.document.blocks == (Paragraph((Text(FILLER),)),)


def test_no_number_is_added_to_a_label_that_is_a_formula(tmp_path: Path) -> None:
    preamble = r"\renewcommand{\labelenumi}{$H_{\arabic{enumi}}$}"
    (found,) = read(tmp_path, r"\begin{enumerate}\item one\end{enumerate}", preamble)
    assert isinstance(found, ListBlock)
    assert (found.ordered, found.labels) == (False, ())


@pytest.mark.parametrize(("begin", "end"), [(r"\begin{center}", r"\end{center}"), ("x {", "}")])
def test_formats_hold_in_their_group(tmp_path: Path, begin: str, end: str) -> None:
    one = r"\begin{enumerate}\item one\end{enumerate}"
    found = read(
        tmp_path, rf"{begin}\renewcommand{{\labelenumi}}{{\Roman{{enumi}})}}{one}{end}{one}"
    )
    assert [labels(block) for block in found if isinstance(block, ListBlock)] == [("I)",), ("1.",)]


def test_a_format_may_change_inside_subequations(tmp_path: Path) -> None:
    body = r"\begin{subequations}\numberwithin{equation}{section}x\end{subequations}"
    assert read(tmp_path, body) == (Paragraph((Text("x"),)),)


OPTIONS = {
    r"label=\textbf{Q\arabic*,}, nosep": "Q1,",
    r"label={\bf Q}{\arabic{enumi}}": "Q1",
    r"label={\textbf{(\textit{\arabic*})}}": "(1)",
    "start=99999": "99999.",
    r"start=1450, label=\roman*": "mcdl",
    r"label=--": "–",
}


@pytest.mark.parametrize("options", OPTIONS)
def test_labels_of_enumitem(tmp_path: Path, options: str) -> None:
    body = rf"\begin{{enumerate}}[{options}]\item one\end{{enumerate}}"
    (found,) = read(tmp_path, body, ENUMITEM)
    assert labels(found) == (OPTIONS[options],)


@pytest.mark.parametrize(
    ("preamble", "outer", "inner", "expected"),
    [
        (ENUMITEM, r"[label=(\roman*)]", r"[label=\Alph*), ref=\theenumi.\Alph*]", "(i).A"),
        (ENUMITEM, r"[label=Q\arabic*]", r"[label*=.\arabic*]", "Q1.1"),
        (r"\makeatletter\renewcommand{\p@enumii}{\theenumi/}\makeatother", "", "", "1/a"),
        (r"\renewcommand{\labelenumii}{\theenumii)}", "", "", "1a"),
    ],
)
def test_references_to_items_of_nested_lists(
    tmp_path: Path, preamble: str, outer: str, inner: str, expected: str
) -> None:
    _, last = read(
        tmp_path,
        rf"""\begin{{enumerate}}{outer} \item x \begin{{enumerate}}{inner}
\item\label{{k}} y \end{{enumerate}} \end{{enumerate}} See \ref{{k}}.""",
        preamble,
    )
    assert last == Paragraph((Text(f"See {expected}."),))


def test_the_fourth_level_has_no_second_parentheses(tmp_path: Path) -> None:
    body = r"\begin{enumerate}\item x " * 4 + r"\label{k}" + r"\end{enumerate}" * 4
    assert read(tmp_path, body + r" See \ref{k}.")[-1] == Paragraph((Text("See 1(a)iA."),))


@pytest.mark.parametrize(
    ("item", "label", "number"),
    [
        (r"\item[X]\label{k}", "X", "1"),
        (r"\item[X\label{k}]", "X", "1"),
        (r"\item[(A\refstepcounter{hyp}\thehyp)]\label{k}", "(A1)", "1"),
        (r"\item[$\ast$]\label{k}", "∗", "1"),
    ],
)
def test_an_item_with_its_own_label_has_no_number(
    tmp_path: Path, item: str, label: str, number: str
) -> None:
    """A reference prints the number before it: here of the section, or of another counter."""
    body = rf"\begin{{description}}{item} one\end{{description}} See \ref{{k}}."
    found, last = read(tmp_path, body, r"\newcounter{hyp}")
    assert labels(found) == (label,)
    assert last == Paragraph((Text(f"See {number}."),))


def test_items_in_a_paragraph(tmp_path: Path) -> None:
    body = r"""We have \begin{enumerate*}[label=(\roman*)]\item one, \item\label{k} two.
\end{enumerate*} See \ref{k}."""
    (found,) = read(tmp_path, body, r"\usepackage[inline]{enumitem}")
    assert found == Paragraph((Text("We have (i) one, (ii) two. See (ii)."),))
