"""Reference lists from `.bbl` files of every common style, and from `.bib` files."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderers.latex.blocks import Inline, Reference, Text
from vary_data.sources.arxiv import read_document
from vary_data.sources.arxiv.read.bibtex import read_bib
from vary_data.sources.arxiv.read.reference_list import entry_source, split_outside

BODY = (
    "This is the text of a paper that is written in English, as was shown in \\cite{foo,bar}, and "
    "it has a list of references."
)


def references(folder: Path, end: str, preamble: str = "", **files: str) -> list[tuple[str, str]]:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    (folder / "main.tex").write_text(
        f"\\documentclass{{article}}{preamble}\\begin{{document}}{BODY}\n{end}\\end{{document}}"
    )
    extraction = read_document(folder)
    assert extraction.rejected == ()
    return [
        (block.label, "".join(span.text if isinstance(span, Text) else span.latex
                              for span in block.spans if isinstance(span, Text | Inline)))
        for block in extraction.document.blocks
        if isinstance(block, Reference)
    ]  # fmt: skip


BBL = {
    "plain": r"""\begin{thebibliography}{1}
\bibitem{foo} A.~Foo. \newblock {\em Title}. \newblock J., 3\penalty0 (1):\penalty0 1--2, 1999.
\end{thebibliography}""",
    "natbib": r"""\begin{thebibliography}{1}
\providecommand{\natexlab}[1]{#1} \providecommand{\url}[1]{\texttt{#1}}
\expandafter\ifx\csname urlstyle\endcsname\relax
  \providecommand{\doi}[1]{doi: #1}\else
  \providecommand{\doi}{doi: \begingroup \urlstyle{rm}\Url}\fi
\bibitem[Foo(1999{\natexlab{a}})]{foo} A.~Foo. \newblock \emph{Title}.
\newblock J., 3\penalty0 (1):\penalty0 1--2, 1999.
\end{thebibliography}""",
    "revtex": r"""\makeatletter
\providecommand \@ifxundefined [1]{\@ifx{#1\undefined}}
\providecommand \BibitemOpen [0]{}
\providecommand \bibfield  [2]{#2} \providecommand \bibinfo [2]{#2}
\providecommand \bibnamefont [1]{#1} \providecommand \bibfnamefont [1]{#1}
\providecommand \href@noop [0]{\@secondoftwo}
\begin{thebibliography}{1}
\bibitem [{\citenamefont {Foo}(1999)}]{foo}
  \BibitemOpen \bibfield  {author} {\bibinfo {author} {\bibfnamefont {A.}~\bibnamefont {Foo}}.\ }
  \emph {Title}. \bibinfo {journal} {J.}, 3(1):1--2, 1999.\BibitemShut {NoStop}%
\end{thebibliography}""",
}


@pytest.mark.parametrize("style", sorted(BBL))
def test_a_list_that_bibtex_wrote(tmp_path: Path, style: str) -> None:
    end = r"\bibliographystyle{x}\bibliography{refs}"
    assert references(tmp_path, end, main_bbl=BBL[style]) == [
        ("[1]", "A. Foo. Title. J., 3(1):1–2, 1999."),
    ]  # fmt: skip


def test_journals_of_aastex_and_identifiers(tmp_path: Path) -> None:
    end = r"""\begin{thebibliography}{1}\bibitem[{Foo(2000)}]{foo} Foo, A. 2000, \apj, 1, 2
\bibitem{b} Bar, \aap\ 3. \doi{10.1007/s_1%2}, URL \url{http://x.y/~a_b}.\end{thebibliography}"""
    assert references(tmp_path, end) == [
        ("[1]", "Foo, A. 2000, ApJ, 1, 2"),
        ("[2]", "Bar, A&A 3. 10.1007/s_1%2, URL http://x.y/~a_b."),
    ]


BIBLATEX = r"""
\refsection{0}
  \datalist[entry]{nty/global//global/global}
    \entry{foo}{article}{}
      \name{author}{2}{}{%
        {{hash=a}{%
           family={Foo},
           familyi={F\bibinitperiod},
           given={Anna},
           giveni={A\bibinitperiod}}}%
        {{hash=b}{%
           family={Bar},
           given={Ben}}}%
      }
      \field{journaltitle}{J. of Tests}
      \field{title}{A {T}itle}
      \field{volume}{3}
      \field{year}{1999}
      \field{pages}{1\bibrangedash 2}
    \endentry
  \enddatalist
\endrefsection
"""


def test_a_list_that_biber_wrote(tmp_path: Path) -> None:
    assert references(tmp_path, r"\printbibliography[title=R]", main_bbl=BIBLATEX) == [
        ("[1]", "Anna Foo and Ben Bar. A Title. J. of Tests, 3:1–2, 1999."),
    ]  # fmt: skip


BIB = r"""
@string{jt = "Journal of " # {Tests}}
@comment{nothing}
@Article{foo, author = {Foo, Anna and {The Bar and Baz Group} and Qux, Jr, C.}, title = "{A Title}",
  journal = jt, year = 1999, volume = {3}, number = 1, pages = {1-2}, month = jan}
@book(bar, title = {Of {\'E}tudes}, editor = {Ed It}, publisher = {House}, year = {2001})
@misc{unused, title = {Not cited}}
"""


def test_a_list_from_bib_files_has_what_is_cited(tmp_path: Path) -> None:
    assert references(tmp_path, r"\bibliography{refs}", refs_bib=BIB) == [
        ("[1]", "Anna Foo, The Bar and Baz Group, and C. Qux Jr. A Title. Journal of Tests, "
                "3(1):1–2, January 1999."),
        ("[2]", "Ed It, editor. Of Études. House, 2001."),
    ]  # fmt: skip


def test_a_list_by_author_is_sorted_and_has_no_numbers(tmp_path: Path) -> None:
    preamble = r"\usepackage[authoryear]{natbib}\addbibresource{refs.bib}"
    found = references(tmp_path, r"\nocite{unused}\printbibliography", preamble, refs_bib=BIB)
    assert [label for label, _ in found] == ["", "", ""]
    assert [text.split(".")[0] for _, text in found] == [
        "Ed It, editor", "Anna Foo, The Bar and Baz Group, and C", "Not cited",
    ]  # fmt: skip


def test_without_files_there_is_no_list(tmp_path: Path) -> None:
    assert references(tmp_path, r"\bibliography{refs}") == []


def test_entries_are_read_whatever_follows() -> None:
    found = read_bib(
        '@article{a, title={x {y} z}, bad @book{b, title={t}} @misc{c, title = "q {\\"o} r"}'
    )
    assert found["a"].fields == {"title": "x {y} z"}
    assert entry_source(found["c"]) == 'q {\\"o} r.'
    assert split_outside("a {b and c} and d", " and ") == ["a {b and c}", "d"]
