"""Labels in every place where packages allow them, and commands that refer to several."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex import mmd
from renderers.latex.prepare import prepare
from renderers.latex.style import PageStyle
from vary_data.sources.arxiv import Extraction, read_document

FILLER = "This is a paragraph that is here for the language, with the words that are usual."
PREAMBLE = r"""\newtheorem{theorem}{Theorem}
\newtcbtheorem[number within=section]{law}{Law}{}{lw}
\newtcolorbox[auto counter]{note}[2][]{title=#2,#1}
\newcounter{rule}"""


def read(folder: Path, body: str) -> Extraction:
    path = folder / "paper.tex"
    path.write_text(
        f"\\documentclass{{article}}{PREAMBLE}\\begin{{document}}\\section{{One}}\\label{{one}}\n"
        f"{body}\n\n{FILLER}\\end{{document}}"
    )
    return read_document(path, "en")


def markdown(extraction: Extraction) -> list[str]:
    return mmd.write(extraction.document.blocks[1:-1]).split("\n\n")


THEOREMS = {
    r"\begin{theorem}[label=k]It holds.\end{theorem} See \ref{k}.": "",
    r"\begin{theorem}[name={A, b}, label={k}]It holds.\end{theorem} See \ref{k}.": " (A, b)",
    r"\begin{theorem}[Euler]\label{k}It holds.\end{theorem} See \ref{k}.": " (Euler)",
    r"\begin{restatable}[Euler]{theorem}{again}\label{k}It holds.\end{restatable} See \ref{k}.": (
        " (Euler)"
    ),
}


@pytest.mark.parametrize("body", THEOREMS)
def test_labels_of_theorems(tmp_path: Path, body: str) -> None:
    extraction = read(tmp_path, r"\begin{theorem}First.\end{theorem}" + body)
    assert extraction.rejected == ()
    second = f"Theorem 2{THEOREMS[body]}. It holds."
    labels = [getattr(block, "label", "") for block in extraction.document.blocks]
    assert f"Theorem 2{THEOREMS[body]}." in labels, second
    assert markdown(extraction)[-1] == "See 2."


def test_a_theorem_that_is_printed_again_is_counted(tmp_path: Path) -> None:
    body = r"\begin{restatable}{theorem}{again}It holds.\end{restatable}" "\n\n\\again*\n\nBut why."
    extraction = read(tmp_path, body)
    assert [(one.reason, one.detail) for one in extraction.rejected] == [("restated", "again")]
    assert markdown(extraction)[-1] == "But why."


def test_boxes_have_titles_and_labels(tmp_path: Path) -> None:
    body = (
        r"\begin{law}{Of \emph{x}}{k}Words.\end{law}\begin{law*}{Bare}Words.\end{law*}"
        r"\begin{note}[label=n]{Beware}Words.\end{note} \ref{lw:k}, \ref{n}"
    )
    extraction = read(tmp_path, body)
    assert extraction.rejected == ()
    labels = [getattr(block, "label", "") for block in extraction.document.blocks]
    assert r"Law 1.1 (Of x)." in labels
    assert markdown(extraction)[-3:] == ["**Beware**", "Words.", "1.1, 1"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"\crefrange{one}{three} go on.", "sections 1 to 3 go on."),
        (r"\Crefrange{one}{three} go on.", "Sections 1 to 3 go on."),
        (r"\refstepcounter{rule}\label{r}Rule \therule{} is \ref{r}.", "Rule 1 is 1."),
        (r"The \thesection is here.", "The 3 is here."),
    ],
)
def test_ranges_and_counters(tmp_path: Path, body: str, expected: str) -> None:
    extraction = read(tmp_path, rf"\section{{Two}}\section{{Three}}\label{{three}}{body}")
    assert extraction.rejected == ()
    assert markdown(extraction)[-1] == expected


@pytest.mark.parametrize("number", ["(2.1a)", "{(2.1a)}", r"{\rm (2.1a)}", r"\hbox{(2.1a)}"])
def test_numbers_of_plain_tex(tmp_path: Path, number: str) -> None:
    extraction = read(tmp_path, rf"$$ x=y \eqno{number} \label{{e}}$$ In (\ref{{e}}) it is.")
    assert extraction.rejected == ()
    assert markdown(extraction)[-2:] == ["\\[\nx=y \\tag{2.1a}\n\\]", "In (2.1a) it is."]


def test_a_listing_float_has_its_caption(tmp_path: Path) -> None:
    body = r"""\begin{listing}[t]
\begin{minted}{c}
int a;
\end{minted}
\caption{A variable}\label{l}
\end{listing}
See Listing~\ref{l}."""
    extraction = read(tmp_path, body)
    assert extraction.rejected == ()
    assert markdown(extraction) == ["See Listing 1.", "Listing 1 A variable", "```\nint a;\n```"]


def test_a_part_of_a_figure_is_named_by_its_letter(tmp_path: Path) -> None:
    extraction = read(
        tmp_path,
        r"""See the part \subref{a} of the figure \ref{f} here, as in the text of it.
\begin{figure}\begin{subfigure}{1cm}\caption{P}\label{a}\end{subfigure}\caption{C}\label{f}
\end{figure}""",
    )
    assert "See the part a of the figure 1 here" in markdown(extraction)[0]


def test_braces_around_the_authors_of_a_label_only(tmp_path: Path) -> None:
    extraction = read(
        tmp_path,
        r"""\citet{a} and \citet{b} show the results of this work in their papers.
\begin{thebibliography}{9}\bibitem[{Foo et~al.}(2001)]{a} A.
\bibitem[{{Foo} {et~al.}(2002){Foo}, and {Bar}}]{b} B.\end{thebibliography}""",
    )
    text = mmd.write(extraction.document.blocks[1:2])
    assert text.startswith("Foo et al. [1] and Foo et al. [2] show")


def test_a_reference_to_a_footnote_is_not_the_number_of_its_section(tmp_path: Path) -> None:
    extraction = read(
        tmp_path, r"Cats eat\footnote{\label{n}A note.} fish. See note~\ref{n}. Dogs bark."
    )
    assert "See note" not in mmd.write(extraction.document.blocks)
    assert [(one.kind, one.reason) for one in extraction.rejected][:1] == [
        ("sentence", "reference")
    ]


@pytest.mark.parametrize(
    "place",
    [
        r"\section{Cats\footnote{\label{n}A note.}} Meow.",
        r"\begin{figure}\caption{Cats\footnote{A \textbf{note}.\label{n}}}\end{figure}",
        r"\begin{table}\begin{tabular}{l}x\footnote{\label{n}A note.}\end{tabular}\end{table}",
    ],
)
def test_labels_in_all_footnotes_are_found(tmp_path: Path, place: str) -> None:
    extraction = read(tmp_path, rf"{place} See note~\ref{{n}}. Dogs bark.")
    assert "See note" not in mmd.write(prepare(extraction.document, PageStyle(10, 20, 20)))
    assert "reference" in [one.reason for one in extraction.rejected]


def test_an_entry_with_a_broken_label_keeps_its_number(tmp_path: Path) -> None:
    extraction = read(
        tmp_path,
        r"""As \cite{a} and \cite{b} show.
\begin{thebibliography}{9}\bibitem[{\citeauthoryear{A} }]{a} A. \bibitem{b} B.
\end{thebibliography}""",
    )
    assert mmd.write(extraction.document.blocks[1:2]) == "As [1] and [2] show."


@pytest.mark.parametrize("year", ["n.d.", "in press", "to appear"])
def test_works_without_a_year(tmp_path: Path, year: str) -> None:
    extraction = read(
        tmp_path,
        rf"""As \citet{{a}} and others \citep{{a}} show.
\begin{{thebibliography}}{{9}}\bibitem[Foo et~al., {year}]{{a}} A.\end{{thebibliography}}""",
    )
    assert mmd.write(extraction.document.blocks[1:2]).startswith(f"As Foo et al. ({year}) and")


@pytest.mark.parametrize(
    ("label", "authors"),
    [
        (r"\protect\citeauthoryear{Foo, Bar, Baz}{Foo et al.}{2001}", "Foo et al."),
        (r"\protect\citeauthoryear{Foo et al.}{2001}", "Foo et al."),
        (r"\protect\astroncite{Foo and Bar}{2001}", "Foo and Bar"),
        (r"Foo et~al., 2001", "Foo et al."),
        (r"\protect\citename{Foo et al., }2001", "Foo et al."),
        (r"{{Foo} {et~al.}(2001){Foo}, and {Bar}}", "Foo et al."),
    ],
)
def test_labels_with_authors_and_year(tmp_path: Path, label: str, authors: str) -> None:
    extraction = read(
        tmp_path,
        rf"""As \citet{{a}} and others \citep{{a}} show in their works.
\begin{{thebibliography}}{{9}}\bibitem[{label}]{{a}} A.\end{{thebibliography}}""",
    )
    text = mmd.write(extraction.document.blocks[1:2])
    assert text == f"As {authors} (2001) and others ({authors}, 2001) show in their works."
