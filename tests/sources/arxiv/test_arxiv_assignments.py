"""Assignments to TeX's registers and parameters print nothing; every other text stays."""

from __future__ import annotations

import pytest

from tests.sources.arxiv.test_arxiv_expand import body
from vary_data.sources.arxiv.vocabulary.definitions import REGISTERS


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"a \looseness=-1 b", "a b"),
        (r"a \tolerance 1000 b", "a b"),
        (r"a\penalty0 (3):\penalty0 1--2\penalty-100 b", "a(3):1--2b"),
        (r"a \penalty 0 in b", "a in b"),
        (r"\parskip=3pt plus 1fil minus .5 em b", "b"),
        (r"\parindent0pt\parskip\baselineskip b", "b"),
        (r"\parindent=2\parskip b", "b"),
        (r"\hsize=0.5\textwidth b", "b"),
        (r"\hspace{.5\textwidth}", r"\hspace{.5\textwidth}"),
        (r"\rule{\linewidth}{1pt}", r"\rule{\linewidth}{1pt}"),
        (r"\setlength{\parindent}{0pt} \setlength\parskip{1em}",
         r"\setlength{\parindent}{0pt} \setlength\parskip{1em}"),
        (r"\catcode`\@=11 a \catcode 64 12 b \lccode`\~=`\- c", "a b c"),
        (r"\count0=5 a\count 10 7 b\dimen0=3pt c\skip1 2em plus 1fil d", "abcd"),
        (r"\everypar={\hang} a \toks0={x{y}}b", "a b"),
        (r"\newcount\n \n=3 a\n 4 b\advance\n by 1 c\multiply\n 2 d", "abcd"),
        (r"\newdimen\w\w=.5in a\newlength{\v}\v 3mm b\advance\w by -0.5\parskip c", "abc"),
        (r"\advance\count0 by 2 a \divide\parskip by 2 b", "a b"),
        (r"\hangafter=-2 \hangindent 1cm a", "a"),
        (r"\thinmuskip=3mu plus 1mu $a$", r"\(a\)"),
        (r"$a\mathsurround=1pt b$", r"\(ab\)"),
        (r"\parshape=2 0pt 3cm 1cm 2.5cm a", "a"),
        (r"\parindent=\dimexpr\textwidth-2\tabcolsep\relax a", "a"),
        (r"\interlinepenalty='100 a\widowpenalty=`A c", "ac"),
        ("\\clubpenalty=\"FF b", "b"),
        (r"\newcommand\big{10pt}\parskip\big a", "a"),
        (r"\font\sevenrm=cmr7 scaled 1200 a\sevenrm b", "ab"),
        (r"\chardef\pct=`\% 5\pct", r"5\%"),
        (r"\setbox0=\hbox to 3cm{a}b\setbox\mybox\vbox{c}d", "bd"),
        (r"\write18{ls} a\immediate\write-1{x}b\openout3=file c\message{d}", "abc"),
        (r"\pdfoutput=1 \pdfminorversion 5 a", "a"),
        (r"the \looseness of it", r"the \looseness of it"),
        (r"\texttt{\hyphenchar\font45 lm} a\hyphenchar \font=-1 b", r"\texttt{lm} ab"),
        (r"\font\tt=cmtt10 \skewchar\tt='177 \hyphenchar\tt=`- a", "a"),
        (r"\fontdimen2\font=3pt a\spaceskip=\fontdimen2\font plus 1em b", "ab"),
        (r"\hyphenchar{45} a", r"\hyphenchar{45} a"),
    ],
)  # fmt: skip
def test_an_assignment_is_read_whole(source: str, expected: str) -> None:
    assert body(source) == expected


VALUES = {
    "number": "-12", "code": "11", "dimension": "1.5pt", "glue": "2em plus 1fil",
    "muglue": "3mu plus 1mu", "tokens": "{abc}",
}  # fmt: skip


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_no_register_prints_its_value(register: str) -> None:
    kind = REGISTERS[register]
    value = VALUES[kind.partition("_of")[0]]
    place = {"code": "`\\x", "number_of_font": "\\font", "dimension_of_font": "9\\font"}.get(
        kind, "9" if kind.endswith("_of") else ""
    )
    for gap in (f"={value}", f" = {value}"):
        assert body(f"\\makeatletter a {register}{place}{gap} b") == "\\makeatletter a b"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\ifx\foo\undefined U\else D\fi", "U"),
        (r"\ifx\foo\baz U\else D\fi", "U"),
        (r"\ifx\foo\section U\else D\fi", "D"),
        (r"\ifx\alpha\undefined U\else D\fi", "D"),
        (r"\def\foo{}\ifx\foo\undefined U\else D\fi", "D"),
        (r"\unless\iffalse a\else b\fi c", "ac"),
        (r"\iffalse \unless\ifx\a\b x\fi y\fi z", "z"),
        (r"\iftrue a\else \unless\iftrue x\fi y\fi z", "az"),
    ],
)
def test_conditions_on_names_without_a_meaning(source: str, expected: str) -> None:
    assert body(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [(r"e.g.\@ this", "e.g. this"), (r"NASA\@. It", "NASA. It"), (r"a\@ \@ b", "a b")],
)
def test_the_sign_for_a_space_after_a_sentence_keeps_the_space(source: str, expected: str) -> None:
    assert body(source) == expected
