"""Listings keep their white space; pseudo-code of three packages becomes lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex import mmd
from renderers.latex.blocks import Document, Program
from renderers.latex.prepare import prepare
from renderers.latex.style import PageStyle
from vary_data.sources.arxiv import Extraction, read_document

FILLER = "This is a paragraph that is here for the language, with the words that are usual."
STYLE = PageStyle(10, 20, 20)


def read(folder: Path, body: str, preamble: str = "") -> Extraction:
    path = folder / "paper.tex"
    path.write_text(
        f"\\documentclass{{article}}{preamble}\\begin{{document}}\n{body}\n\n{FILLER}\\end{{document}}"
    )
    return read_document(path, "en")


def markdown(folder: Path, body: str, preamble: str = "") -> str:
    extraction = read(folder, body, preamble)
    assert extraction.rejected == ()
    programs = tuple(b for b in extraction.document.blocks if isinstance(b, Program))
    return mmd.write(prepare(Document(programs, "en"), STYLE))


def test_a_listing_keeps_its_white_space(tmp_path: Path) -> None:
    body = "\\begin{verbatim}\n    if x:\n\n\t    y = `z`  # two  spaces \n\\end{verbatim}"
    assert markdown(tmp_path, body) == "```\nif x:\n\n    y = `z`  # two  spaces\n```"


def test_a_fence_is_longer_than_any_in_the_listing(tmp_path: Path) -> None:
    body = "\\begin{verbatim}\n```x\n\\end{verbatim}"
    assert markdown(tmp_path, body) == "````\n```x\n````"


def test_a_listing_with_options(tmp_path: Path) -> None:
    body = """See \\ref{l}.
\\begin{lstlisting}[language=C,caption={A \\emph{short} one, in C},label={l}]
int x;
\\end{lstlisting}
\\begin{minted}[linenos]{python}
pass
\\end{minted}"""
    assert markdown(tmp_path, body) == (
        "Listing 1: A *short* one, in C\n\n```\nint x;\n```\n\n```\npass\n```"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("\\begin{lstlisting}[mathescape]\n$x$\n\\end{lstlisting}", "code-escape"),
        ("\\begin{verbatim}\n" + "x" * 131 + "\n\\end{verbatim}", "code-size"),
        ("\\begin{verbatim}\n" + "x\n" * 201 + "\\end{verbatim}", "code-size"),
        ("\\begin{verbatim}\n\n\\end{verbatim}", "code-size"),
        ("\\begin{verbatim}\na\x07b\n\\end{verbatim}", "character"),
        ("\\begin{asy}\ndraw();\n\\end{asy}", "no-block"),
        ("\\begin{algorithmic}\\EndFor\\end{algorithmic}", "algorithm"),
        ("\\begin{algorithmic}\\State \\unknown{x}\\end{algorithmic}", "unknown-command"),
    ],
)
def test_what_is_no_listing_has_a_reason(tmp_path: Path, body: str, reason: str) -> None:
    assert [(r.kind, r.reason) for r in read(tmp_path, body).rejected] == [("code", reason)]


def test_tex_in_listings_by_a_setting_of_all(tmp_path: Path) -> None:
    listings = ("a @\\,@ b", "c")
    body = "\n".join(f"\\begin{{lstlisting}}\n{one}\n\\end{{lstlisting}}" for one in listings)
    found = read(tmp_path, body, "\\lstset{escapeinside=@@}")
    assert [(r.kind, r.reason) for r in found.rejected] == [("code", "code-escape")]


def test_algorithmicx(tmp_path: Path) -> None:
    body = r"""See \ref{a}.\begin{algorithm}[t]\caption{Sum of $x$}\label{a}
\begin{algorithmic}[1]
\Require a list
\For{$i=1$ to $n$} \Comment{all of them}
  \If{$x_i>0$} \State add \Call{Max}{$x_i, 0$}
  \ElsIf{$y$} \State skip \Else \State \Return nothing \EndIf
\EndFor
\end{algorithmic}\end{algorithm}"""
    assert (
        markdown(tmp_path, body)
        == r"""**Algorithm 1** Sum of \(x\)

**Require:** a list
1: **for** \(i=1\) to \(n\) **do** \(\triangleright\) all of them
2:   **if** \(x_{i}>0\) **then**
3:     add Max(\(x_{i},0\))
4:   **else if** \(y\) **then**
5:     skip
6:   **else**
7:     **return** nothing
8:   **end if**
9: **end for**"""
    )


def test_algorithmic_in_capitals(tmp_path: Path) -> None:
    body = r"""\begin{algorithmic}\STATE one \AND two \REPEAT \STATE three
\UNTIL{done} \WHILE{TRUE} \STATE four \ENDWHILE\end{algorithmic}"""
    assert markdown(tmp_path, body) == (
        "one **and** two\n**repeat**\n  three\n**until** done\n**while** TRUE **do**\n  four\n"
        "**end while**"
    )


def test_algorithm2e(tmp_path: Path) -> None:
    body = r"""\begin{algorithm}[H]
\SetKwFunction{Sort}{sort}\KwIn{a set $S$}\Given{$k$}
\Sort{$S$}\;
\ForEach{$s \in S$}{
  \eIf{$s$ is new}{keep it\;}{\KwRet{$s$}\;}
  \If(\tcp*[h]{rare}){big}{split\;}
  \lIf{small}{join}
}
\caption{Sorting}
\end{algorithm}"""
    assert markdown(tmp_path, body, r"\SetKwInOut{Given}{Given}\LinesNumbered") == (
        "**Algorithm 1** Sorting\n\n"
        "**Input:** a set \\(S\\)\n"
        "**Given:** \\(k\\)\n"
        "sort(\\(S\\))\n"
        "**foreach** \\(s\\in S\\) **do**\n"
        "  **if** \\(s\\) is new **then**\n"
        "    keep it\n"
        "  **else**\n"
        "    **return** \\(s\\)\n"
        "  **end**\n"
        "  **if** big **then** \\(\\triangleright\\) rare\n"
        "    split\n"
        "  **end**\n"
        "  **if** small **then**\n"
        "    join\n"
        "**end**"
    )


def test_examples_that_show_code_and_result_are_rejected_as_one_block(tmp_path: Path) -> None:
    path = tmp_path / "manual.tex"
    text = "This is a paragraph that is here for the language, with the words that are usual."
    path.write_text(
        r"\documentclass{article}\newtcblisting[auto counter]{shown}[2][]{title=#2}"
        r"\newenvironment{tested}[1][x]{\VerbatimEnvironment\begin{VerbatimOut}{a}}{\end{VerbatimOut}}"
        rf"\begin{{document}}{text}"
        "\n\\begin{LTXexample}\n\\def\\LaTeX{x}$_\\end{center}\n\\end{LTXexample}\n"
        "\\begin{shown}{A title}\n\\begin{itemize}\n\\end{shown}\n"
        "\\begin{tested}\n\\begin{itemize}\n\\end{tested}\n"
        "\\begin{sourcecode}\na = 1\n\\end{sourcecode}\nAnd some words after it.\\end{document}"
    )
    extraction = read_document(path, "en")
    assert [(one.kind, one.reason) for one in extraction.rejected] == [("code", "no-block")] * 3
    kinds = [type(block).__name__ for block in extraction.document.blocks]
    assert kinds == ["Paragraph", "Program", "Paragraph"]
