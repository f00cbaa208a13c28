"""LaTeX's own macros, printed names, and macros without end."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from renderers.latex.blocks import Block, Paragraph, Text
from tests.sources.arxiv.test_arxiv_expand import body, run
from vary_data.sources.arxiv import Extraction, read_document
from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.tokens import tokenize
from vary_data.sources.arxiv.limits import ExtractionLimits

FILLER = "This is a paragraph that is here for the language, with the words that are usual."


def read(folder: Path, source: str, preamble: str = "") -> Extraction:
    path = folder / "paper.tex"
    path.write_text(
        rf"\documentclass{{article}}{preamble}\begin{{document}}{source}"
        f"\n\n{FILLER}\\end{{document}}"
    )
    return read_document(path, "en")


def text(block: Block) -> str:
    assert isinstance(block, Paragraph)
    return "".join(span.text for span in block.spans if isinstance(span, Text))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\makeatletter\@gobble{a}b\@gobbletwo cde\makeatother", r"\makeatletter be\makeatother"),
        (r"\makeatletter\@firstoftwo{a}{b}\@secondoftwo{a}{b}", r"\makeatletter ab"),
        (r"\makeatletter\@namedef{x}#1{<#1>}\@nameuse{x}{y}", r"\makeatletter<y>"),
        (r"\edef\a{\string\b}\def\b{x}\a", r"\textbackslash{}b"),
        (r"\NewExpandableDocumentCommand{\a}{m}{<#1>}\a{x}", "<x>"),
        (r"\def\a{x}\ProvideDocumentCommand{\a}{m}{<#1>}\a", "x"),
        (r"\DeclareDocumentEnvironment{q}{m}{<#1:}{>}\begin{q}{n}x\end{q}", "<n:x>"),
        (r"\def\LaTeX{L\kern-.3em A}\LaTeX", r"\LaTeX"),
    ],
)  # fmt: skip
def test_kernel_macros(source: str, expected: str) -> None:
    assert body(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"the command \texttt{\string\foo bar}", r"the command \foobar"),
        (r"\string_ \string~ \string^ \string\\ \string\{ \string{ \string} \string& \string#",
         r"_ ~ ^ \\ \{ { } & #"),
        (r"\show{\bar} and \show\_", r"\bar and \_"),
        (r"the sign \symbol{'137}, \symbol{'53} or \symbol{64}", "the sign _, + or @"),
        (r"\detokenize{\a b_c{d}\e}", r"\a b_c{d}\e"),
        (r"\def\BibTeX{B\kern-.05em{\sc i\kern-.025em b}\TeX}Use \BibTeX.", "Use BibTeX."),
    ],
)  # fmt: skip
def test_names_of_commands_are_printed(tmp_path: Path, source: str, expected: str) -> None:
    preamble = (
        r"\makeatletter\newcommand{\show}[1]{\texttt{\char92\expandafter\@gobble\string#1}}"
        r"\makeatother"
    )
    extraction = read(tmp_path, source, preamble)
    assert extraction.rejected == ()
    assert text(extraction.document.blocks[0]) == expected


def test_a_macro_without_end_costs_only_the_blocks_that_use_it(tmp_path: Path) -> None:
    source = "A first one, as is usual for all.\n\nThen \\again{this} is lost.\n\nThe last one."
    extraction = read(tmp_path, source, r"\newcommand{\again}[1]{\again{#1#1}}")
    assert [text(block) for block in extraction.document.blocks] == [
        "A first one, as is usual for all.",
        "The last one.",
        FILLER,
    ]
    assert [(one.kind, one.reason, one.detail) for one in extraction.rejected] == [
        ("macro", "loop", "\\again"),
        ("text", "unknown-command", "\\VaryUndecided"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"Use \verb |\a_b| and |\x{_}| now", r"Use \a_b and \x{_} now"),
        (r"Use |\x_| \DeleteShortVerb{\|}or a|b", r"Use \x_ or a|b"),
        (r'\lstMakeShortInline[language=C]"The "b{_c" and | of', r"The b{_c and | of"),
        (r"\cs{foo_b} \cmd\foo\ or \cmd{\foo}, \cs{b\meta{x}}", r"\foo_b \foo or \foo, \bx"),
        (r"\let\vb\verb The \vb|a_\b|, \hologo{LuaTeX} here", r"The a_\b, LuaTeX here"),
        (r"with \marg{a b} and \oarg{c} in it", r"with {a b} and [c] in it"),
        (r"\DescribeMacro\foo The one\changes{1}{2}{3} here", "The one here"),
        (r"\newcommand{\cs}[1]{<#1>}The \cs{x} here", "The <x> here"),
        (r"as \eg a, \ie, b, \eg{}, A \etal. \etc", "as e.g. a, i.e., b, e.g., A et al. etc."),
    ],
)  # fmt: skip
def test_commands_of_classes_and_short_verbatim_text(
    tmp_path: Path, source: str, expected: str
) -> None:
    extraction = read(tmp_path, source, r"\MakeShortVerb{\|}")
    assert extraction.rejected == ()
    assert text(extraction.document.blocks[0]) == expected


def test_bars_are_verbatim_in_the_class_of_manuals(tmp_path: Path) -> None:
    path = tmp_path / "manual.tex"
    path.write_text(
        r"\documentclass[a4paper]{ltxdoc}\newcommand{\x}[1]{\ifx#1|b\fi\protect\verb \protect #1}"
        rf"\begin{{document}}{FILLER} |\a_b|\end{{document}}"
    )
    assert text(read_document(path, "en").document.blocks[0]).endswith(r"\a_b")


def test_short_verbatim_text_takes_time_in_proportion_to_the_source() -> None:
    start = time.process_time()
    for source in ("a|" * 50_000, "|\n" * 50_000, r"\MakeShortVerb\|" * 20_000):
        tokens = tokenize(r"\MakeShortVerb{\|}" + source)
        assert "".join(token.text + token.trail for token in tokens).endswith(source)
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\sbox{\x}{a \textbf{b}}\usebox{\x}-\usebox\x", r"{a \textbf{b}}-{a \textbf{b}}"),
        (r"\savebox{\x}[2cm][c]{a}b\usebox{\x}", "b{a}"),
        (r"\newenvironment{q}{\begin{lrbox}{\x}}{\end{lrbox}\fbox{\usebox{\x}}}"
         r"\begin{q}\def\a{y}a \a $b$\end{q} c", r"\fbox{{a y\(b\)}} c"),
        (r"{\sbox{\x}{a}}\usebox{\x}", r"{}\usebox{\x}"),
        (r"a\begin{lrbox}{\x}b", r"a\VaryUndecided b"),
    ],
)  # fmt: skip
def test_boxes_are_printed_where_they_are_used(source: str, expected: str) -> None:
    assert body(source) == expected


def test_boxes_in_boxes_are_bounded() -> None:
    double = r"\begin{lrbox}{\x}\usebox{\x}\usebox{\x}\end{lrbox}"
    with pytest.raises(DocumentRejected) as caught:
        run(r"\sbox{\x}{a}" + double * 60, ExtractionLimits(tokens=200_000))
    assert caught.value.reason == "loop"


def test_a_comma_after_an_author_is_not_doubled(tmp_path: Path) -> None:
    author = r"\author{A. Foo\thanks{x}, \and B. Bar,\and C. Baz}"
    extraction = read(tmp_path, r"\maketitle Some text of it.", r"\title{One}" + author)
    assert text(extraction.document.blocks[1]) == "A. Foo, B. Bar, C. Baz"
