from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.expand.expanded import Expanded
from vary_data.sources.arxiv.expand.expander import expand
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.archive import Members
from vary_data.sources.arxiv.read.project import Project


def run(body: str, limits: ExtractionLimits = ExtractionLimits(), **files: str) -> Expanded:  # noqa: B008 - frozen
    text = f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\end{{document}}"
    names = {name.replace("__", "/").replace("_tex", ".tex"): content
             for name, content in files.items()}  # fmt: skip
    project = Project(Members({k: v.encode() for k, v in {"main.tex": text, **names}.items()}, ()))
    return expand(project, "main.tex", limits)


def body(source: str, **files: str) -> str:
    return " ".join(run(source, **files).body.split())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\newcommand{\a}{x}\a\a{} y", "xx{} y"),
        (r"\newcommand{\a}[2]{#2-#1}\a{x}{y} \a xy", "y-x y-x"),
        (r"\newcommand{\a}[2][o]{#1#2}\a{y} \a[x]{y} \a[{]}]z", "oy xy {]}z"),
        (r"\newcommand*\a[1]{<#1>}\a{x}", "<x>"),
        (r"\providecommand{\a}{x}\providecommand{\a}{y}\a", "x"),
        (r"\newcommand{\a}{x}\a\renewcommand{\a}{y}\a", "xy"),
        (r"\def\a#1.#2;{[#1|#2]}\a x{.}y.z;", "[x{.}y|z]"),
        (r"\def\a<#1>{(#1)}\a<{x}>", "(x)"),
        (r"\def\a#1#2{#2#1}\a bc", "cb"),
        (r"\def\a{\b}\def\b{x}\a\def\b{y}\a", "xy"),
        (r"\edef\a{x}\edef\a{\a y}\a", "xy"),
        (r"\def\a{x}\let\b\a\def\a{y}\b\a", "xy"),
        (r"\let\old\phi\let\phi\varphi\let\varphi\old $\phi\varphi$", r"\(\varphi \phi \)"),
        (r"\def\a{x}{\def\a{y}\a}\a", "{y}x"),
        (r"\def\a{x}{\gdef\a{y}\a}\a", "{y}y"),
        (r"{\def\a{x}\a}\a", r"{x}\a"),
        (r"\begingroup\def\a{x}\a\endgroup\a", r"x\a"),
        (r"\newcommand{\outer@}{x}\newcommand{\a}[1]{\def\b##1{##1#1}\b}\a{x}{y}", "yx"),
        (r"\DeclareMathOperator{\tr}{tr}\DeclareMathOperator*{\am}{arg\,min}$\tr\am$",
         r"\(\operatorname{tr}\operatorname*{arg\,min}\)"),
        (r"\newenvironment{q}[1]{<#1:}{>}\begin{q}{n}x\end{q}", "<n:x>"),
        (r"\NewDocumentCommand{\a}{s O{d} m}{\IfBooleanTF{#1}{S}{N}#2#3}\a{x}\a*[e]{x}", "NdxSex"),
        (r"\NewDocumentCommand{\a}{m o}{#1\IfNoValueTF{#2}{-}{#2}}\a{x}\a{x}[y]", "x-xy"),
        (r"\NewDocumentEnvironment{q}{m}{<#1:}{:#1>}\begin{q}{n}x\end{q}", "<n:x:n>"),
        (r"\newif\ifdraft\ifdraft a\else b\fi\drafttrue\ifdraft a\else b\fi", "ba"),
        (r"\iffalse x\iftrue y\fi z\else w\fi", "w"),
        (r"\def\a{}\ifx\a\empty x\else y\fi", "x"),
        (r"\def\a{z}\ifx\a\empty x\else y\fi", "y"),
        (r"\def\a#1{\ifx\\#1\\E\else F\fi}\a{}\a{x}", "EF"),
        (r"\ifnum 2<10 x\else y\fi", "x"),
        (r"\csname a b\endcsname", r"\a b"),
        (r"\expandafter\def\csname foo\endcsname{x}\foo", "x"),
        (r"\DeclareRobustCommand\onedot{\futurelet\tok\dodot}\def\dodot{\ifx\tok.\else.\fi}"
         r"\def\eg{e.g\onedot}\eg, \eg.", "e.g., e.g."),
        (r"\newcommand{\a}{X\xspace}\a is, \a.", "X is, X."),
        (r"\newcommandx{\a}[2][2=d]{#1#2}\a{x}\a{x}[y]", "xdxy"),
        (r"\ifthenelse{\equal{a}{b}}{x}{y}", "y"),
        (r"$\ifmmode x\fi$\ifmmode x\else y\fi", r"\(x\)y"),
        (r"$a$ and $$b$$", r"\(a\) and \[b\]"),
        (r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}$\abs{x}\abs*{y}$",
         r"\(\lvert x\rvert \left\lvert y\right\rvert \)"),
    ],
)  # fmt: skip
def test_macros(source: str, expected: str) -> None:
    assert body(source) == expected


def test_an_undecided_condition_leaves_a_mark_that_rejects_its_block() -> None:
    assert body(r"\ifdim\parindent>0pt a\else b\fi") == r"\VaryUndecided b"


def test_a_paragraph_end_inside_a_formula_leaves_a_mark() -> None:
    assert "\\VaryBroken" in body("a $x\n\nb")


def test_protected_names_keep_their_meaning() -> None:
    assert body(r"\renewcommand{\section}[1]{bad}\section{x}") == r"\section{x}"


def test_verbatim_is_stored_separately() -> None:
    expanded = run("\\verb|\\def $| \\begin{verbatim}%\\end{verbatim}")
    assert expanded.code == ("\\def $", "\\begin{verbatim}%\\end{verbatim}")
    assert " ".join(expanded.body.split()) == r"\VaryVerb{0} \VaryCode{1}"


def test_inputs_are_merged_in_place() -> None:
    text = body(r"\newcommand{\a}[1]{\input{#1}}a\a{s/one}\include{s/two}",
                s__one_tex="[one]\\endinput no", s__two_tex="[two]")  # fmt: skip
    assert text == "a[one] [two]"


def test_of_a_subfile_the_body_is_read() -> None:
    text = body(r"\subfile{one}", one_tex="\\documentclass[main]{subfiles}\\newcommand\\x{y}"
                "\\begin{document}in\\end{document}out")  # fmt: skip
    assert text == "in"


def test_of_style_files_only_simple_definitions_are_read() -> None:
    project = Project(Members({
        "main.tex": b"\\documentclass{article}\\usepackage{own}\\begin{document}\\R \\z \\sum"
                    b"\\end{document}",
        "own.sty": b"\\newcommand{\\R}{\\mathbb R}\\def\\z{\\@z}\\def\\sum{no}",
    }, ()))  # fmt: skip
    assert expand(project, "main.tex", ExtractionLimits()).body == "\\mathbb R\\z \\sum"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "../../etc/passwd", "~/x", "|ls", "a/../../x"]
)
def test_an_input_outside_is_rejected_and_counted(name: str) -> None:
    expanded = run(f"a\\input{{{name}}}b")
    assert [reason for reason, _ in expanded.rejected] == ["refused-input"]
    assert expanded.body.split() == ["ab"]


def test_a_missing_input_is_counted() -> None:
    assert run(r"a\input{gone}b").rejected == (("missing-input", "gone"),)


@pytest.mark.parametrize(
    ("source", "endless"),
    [
        (r"\def\a{\a}\a", "\\a"),
        (r"\def\a{x\a}\a", "\\a"),
        (r"\def\a{\b}\def\b{\a}\a", "\\b"),
        (r"\def\a#1{\a{#1#1}}\a{xx}", "\\a"),
        (r"\def\a{\b\b}\def\b{\c\c}\def\c{\a}\a", "\\a"),
        (r"\loop\iftrue\repeat", "\\loop"),
        (r"\loop x\iftrue\repeat", "\\loop"),
        (r"\newenvironment{q}{\begin{q}}{\end{q}}\begin{q}", "\\begin{q}"),
        (r"\def\a{{\a}}\a", "\\a"),
        (r"\edef\a{\a}\def\b{\edef\c{\b}}\b", "\\b"),
    ],
)
def test_a_macro_without_end_leaves_a_mark(source: str, endless: str) -> None:
    found = run(source + " after", ExtractionLimits(tokens=200_000, expansions=20_000))
    assert found.endless == (endless,)
    assert found.body.strip().endswith("after")
    assert "\\VaryUndecided" in found.body or "\\begin{q}" in found.body


@pytest.mark.parametrize(
    "source",
    [
        r"\input{main}",
        "".join(rf"\def\{one}{{\{one}}}\{one}" for one in "abcd"),
        "".join(
            rf"\newenvironment{{{one}}}{{\begin{{{one}}}}}{{}}\begin{{{one}}}" for one in "abcd"
        ),
    ],
)
def test_endless_documents_are_rejected(source: str) -> None:
    with pytest.raises(DocumentRejected) as caught:
        run(source, ExtractionLimits(tokens=200_000, expansions=20_000))
    assert caught.value.reason == "loop"


def test_a_loop_that_ends_is_run() -> None:
    assert body(r"\newif\ifgo\gotrue\loop x\ifgo\gofalse\repeat") == "xx"


WORDS = st.sampled_from(
    [r"\def", r"\a", r"\b", r"\newcommand", r"\renewcommand", r"\let", r"\futurelet", "#", "#1",
     "{", "}", "[1]", "[", "]", "=", "*", "$", "$$", r"\(", r"\]", r"\iftrue", r"\iffalse",
     r"\else", r"\fi", r"\ifx", r"\ifnum", r"\unless", r"\loop", r"\repeat", r"\begin{q}",
     r"\end{q}", r"\newif\ifq", r"\qtrue", r"\ifq", r"\csname", r"\endcsname", r"\expandafter",
     r"\edef", r"\gdef", r"\global", r"\newenvironment{q}", r"\input{main}", r"\verb|", "|", "%",
     "\n", "\n\n", " ", "x", "中", r"\\", r"\begin{document}", r"\end{document}",
     r"\NewDocumentCommand", r"\xspace", r"\IfBooleanTF", r"\DeclareMathOperator",
     r"\newtheorem", r"\advance", r"\vrule", r"\ifthenelse", r"\VarySet"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=60))
def test_expansion_always_ends(source: str) -> None:
    with contextlib.suppress(DocumentRejected):  # anything else is a failure
        run(source, ExtractionLimits(tokens=20_000, expansions=2_000, input_depth=5))
