"""Lists that enumitem sets up for a whole document, and items without a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex.blocks import ListBlock, Paragraph, Text
from tests.sources.arxiv.test_arxiv_lists import ENUMITEM, FILLER, labels, read
from vary_data.sources.arxiv import read_document

TWO = r"\begin{enumerate}\item one \item two\end{enumerate}"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (r"\setlist[enumerate]{label=(\alph*)}", ("(a)", "(b)")),
        (r"\setlist[enumerate,1]{label=Q\arabic*,noitemsep}", ("Q1", "Q2")),
        (r"\setlist[1]{label=\roman*)}", ("i)", "ii)")),
        (r"\setlist[itemize,enumerate]{label=\Alph*.}", ("A.", "B.")),
        (r"\setlist[1]{label=\alph*.}\setlist[enumerate,1]{label=\arabic*)}", ("1)", "2)")),
        (r"\setenumerate[1]{label=[\arabic*]}", ("[1]", "[2]")),
        (r"\setlist[itemize]{label=--}\setlist{nosep}", ("1.", "2.")),
        (r"\setlist[enumerate,2]{label=(\alph*)}", ("1.", "2.")),
    ],
)  # fmt: skip
def test_labels_of_all_lists(tmp_path: Path, setting: str, expected: tuple[str, ...]) -> None:
    (found,) = read(tmp_path, TWO, ENUMITEM + setting)
    assert labels(found) == expected


def test_the_options_of_a_list_come_before_those_of_all(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        r"\begin{enumerate}[label=\Roman*]\item a\end{enumerate}"
        r"{\setlist[enumerate]{label=<\arabic*>}\begin{enumerate}[start=3]\item b\end{enumerate}}"
        r"\begin{enumerate}[nosep]\item c\end{enumerate}",
        ENUMITEM + r"\setlist[enumerate]{label=(\alph*)}",
    )
    assert [labels(one) for one in found] == [("I",), ("<3>",), ("(a)",)]


def test_a_list_of_a_document(tmp_path: Path) -> None:
    preamble = ENUMITEM + r"\newlist{tasks}{enumerate}{2}\setlist[tasks]{label=T\arabic*}"
    found = read(tmp_path, r"\begin{tasks}\item one\label{a}\end{tasks} See~\ref{a}.", preamble)
    assert labels(found[0]) == ("T1",)
    assert found[1] == Paragraph((Text("See T1."),))


def test_an_item_with_an_empty_label_goes_on_with_the_one_before(tmp_path: Path) -> None:
    source = (
        r"\begin{itemize}\item[] zero \item one \item[] more \item[{}] again \item two\end{itemize}"
    )
    before, found = read(tmp_path, source)
    assert before == Paragraph((Text("zero"),))
    assert isinstance(found, ListBlock)
    assert [len(item) for item in found.items] == [3, 1]


def test_labels_of_the_bibtex_style_alpha(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(
        rf"\documentclass{{article}}\begin{{document}}{FILLER}"
        r"\cite{b,a} \begin{thebibliography}{GMR89}\newcommand{\etalchar}[1]{$^{#1}$}"
        r"\bibitem[BCG{\etalchar{+}}19]{a} First, Paper."
        "\n"
        r"\bibitem[GMR89]{b} Second, Book.\end{thebibliography}\end{document}"
    )
    extraction = read_document(path, "en")
    assert extraction.rejected == ()
    first, _, *entries = extraction.document.blocks
    assert isinstance(first, Paragraph)
    assert "".join(s.text for s in first.spans if isinstance(s, Text)).endswith("[GMR89, BCG+19]")
    assert [getattr(one, "label", "") for one in entries] == ["[BCG+19]", "[GMR89]"]


def test_labels_for_natbib_do_not_replace_numbers(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(
        rf"\documentclass{{article}}\usepackage[numbers]{{natbib}}\begin{{document}}{FILLER}"
        r"\cite{a}\begin{thebibliography}{9}\bibitem[AB]{a} One.\end{thebibliography}\end{document}"
    )
    blocks = read_document(path, "en").document.blocks
    assert getattr(blocks[-1], "label", "") == "[1]"


def test_an_item_whose_text_is_rejected_leaves_no_label(tmp_path: Path) -> None:
    path = tmp_path / "paper.tex"
    path.write_text(
        rf"\documentclass{{article}}\begin{{document}}{FILLER}"
        r"\begin{enumerate}\item one \item \unknown{x} \item three\end{enumerate}"
        r"\begin{description}\item[a] \unknown{x} \item[b] \item[c] text\end{description}"
        r"\end{document}"
    )
    _, numbered, described = read_document(path, "en").document.blocks
    assert labels(numbered) == ("1.", "3.")
    assert labels(described) == ("b", "c")
