from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.latex.blocks import Footnote, Inline, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv.language import detect_language
from vary_data.sources.arxiv.references.bibliography import Work
from vary_data.sources.arxiv.references.references import Label, References
from vary_data.sources.arxiv.text.spans import SpanReader

LABELS = {
    "s": Label("2.1", "section", "Method"), "e": Label("3", "equation"), "f": Label("4", "figure"),
    "g": Label("5", "figure"),
}  # fmt: skip
WORKS = {"a": Work(2, "Kim and Li", "2001"), "b": Work(1, "Roe et~al.", "1999"), "c": Work(3)}


def reader(author_year: bool = False) -> SpanReader:
    return SpanReader(
        References(LABELS, dict(WORKS), author_year), ("a_b{",), {"cpu": ("CPU", "unit")}
    )


def plain(source: str, author_year: bool = False) -> str:
    return reader(author_year).plain(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a  b\tc~d", "a b c d"),
        ("``a'' `b' don't", "“a” ‘b’ don’t"),
        ("1--2---x-y", "1–2—x-y"),
        (r"5\% \& \# \_ \{\} \$ \ldots", "5% & # _ {} $ …"),
        (r"\'e \'{e} \^\i{} \"{o} \c{c} \v s \~n \aa{} \o{} \ss{} \L{}od\'z",
         "é é î ö ç š ñ å ø ß Łodź"),
        (r"\textsc{Abc} {\small x} \mbox{y} \textcolor{red}{z}", "Abc x y z"),
        (r"a\\b\\[2pt]c\\*d", "a b c d"),
        (r"a\label{x}\index{y}\vspace*{2pt} b\hspace{1em}c", "a b c"),
        (r"\ref{s}, \eqref{e}, \cref{f,g}, \Cref{e}, \autoref{s}, \nameref{s}",
         "2.1, (3), figures 4 and 5, Eq. (3), Section 2.1, Method"),
        (r"\cite{a} \cite[p.~5]{b,a} \citet{b} \parencite[see][ch.~2]{c}",
         "[2] [1, 2, p. 5] Roe et al. [1] [see 3, ch. 2]"),
        (r"\href{}{link} \enquote{q}", "link “q”"),
        (r"\gls{cpu} \gls{cpu} \glspl{cpu}", "unit (CPU) CPU CPUs"),
        (r"\MakeUppercase{ab}c", "ABc"),
        (r"Mart\'\i nez, Erd\H os, \^\i le, na\"\i ve", "Martínez, Erdős, île, naïve"),
        (r"\enquote{a \enquote{b \enquote{c}} d}", "“a ‘b “c”’ d”"),
        (r"!`Hola! ?`Y? Who?'' \texttt{?`}", "¡Hola! ¿Y? Who?” ?`"),
        (r"a\linebreak[2]b\linebreak c 5\textperthousand{} 6\permil", "ab c 5‰ 6‰"),
    ],
)  # fmt: skip
def test_text(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\(\bullet\)", "•"),
        (r"(\(\ast\))", "(∗)"),
        (r"\((i)\)", "(i)"),
        (r"P\(_{}'\)", None),
        (r"2.6\('\)", "2.6′"),
        (r"A\(^*\)", "A*"),
        (r"\(\star\star\)", "⋆⋆"),
        (r"\(\alpha\))", "α)"),
        (r"\(-1\)", "−1"),
        (r"A\(_1\)", None),
        (r"\(\frac{1}{2}\)", None),
        (r"\(\mathbf{x}\)", None),
    ],
)
def test_formulas_in_labels_become_text_if_they_are_rows_of_signs(
    source: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(Rejected, match="formula-in-label"):
            plain(source)
    else:
        assert plain(source) == expected


def test_fractions_in_text_are_formulas() -> None:
    assert reader().read(r"a \nicefrac{3}{4} or \sfrac12") == (
        Text("a "), Inline(r"\frac{3}{4}"), Text(" or "), Inline(r"\frac{1}{2}"),
    )  # fmt: skip


def test_citations_by_author_and_year() -> None:
    text = r"\citep{a} \citet{a,b} \citep[e.g.][p.~3]{b} \citealp{a} \citeauthor{b} \citeyear{a}"
    assert plain(text, author_year=True) == (
        "(Kim and Li, 2001) Kim and Li (2001); Roe et al. (1999) (e.g. Roe et al., 1999, p. 3) "
        "Kim and Li, 2001 Roe et al. 2001"
    )


def test_a_work_without_year_has_no_empty_brackets() -> None:
    references = References(LABELS, {"n": Work(1, "Shell", ""), **WORKS}, author_year=True)
    text = r"\citet{n,a} \citep{n} \citep[see][p.~2]{n} \citet[p.~2]{n} \citealt{n}"
    assert SpanReader(references, (), {}).plain(text) == (
        "Shell; Kim and Li (2001) (Shell) (see Shell, p. 2) Shell (p. 2) Shell"
    )


def test_styles_nest_and_their_spaces_are_outside() -> None:
    assert reader().read(r"a \textbf{b \emph{c} }d {\it e} \texttt{f--g'}") == (
        Text("a "), Text("b", bold=True), Text(" "), Text("c", bold=True, italic=True),
        Text(" d "), Text("e", italic=True), Text(" "), Text("f--g'", mono=True),
    )  # fmt: skip


def test_formulas_footnotes_and_code() -> None:
    assert reader().read(r"If \(x^2\)\footnote{Or \ensuremath{y}.} see \VaryVerb{0}.") == (
        Text("If "), Inline("x^{2}"), Footnote((Text("Or "), Inline("y"), Text("."))),
        Text(" see "), Text("a_b{", mono=True), Text("."),
    )  # fmt: skip


def test_chinese_has_no_spaces_between_characters() -> None:
    assert reader().read("中文 字\\textbf{体 大}\n小 A 与 \\(x\\) 等") == (
        Text("中文字"), Text("体大", bold=True), Text("小 A 与 "), Inline("x"), Text(" 等"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (r"a \foo b", "unknown-command"),
        (r"a & b", "misplaced"),
        (r"a_b", "misplaced"),
        (r"{a", "unbalanced"),
        (r"a}", "unbalanced"),
        (r"\(x", "unbalanced"),
        (r"\(\foo\)", "unknown-command"),
        (r"\VaryUndecided a", "unknown-command"),
        (r"\begin{itemize}\item a\end{itemize}", "nested-block"),
        (r"\footnote{\begin{tabular}{l}a\end{tabular}}", "nested-block"),
        (r"\pageref{s}", "reference"),
        (r"\gls{gone}", "acronym"),
        (r"\write18{ls}", "unknown-command"),
        ("{" * 100 + "}" * 100, "too-deep"),
    ],
)
def test_what_is_rejected(source: str, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        reader().read(source)
    assert caught.value.reason == reason


@settings(max_examples=200, deadline=None)
@given(st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), max_size=20), st.data())
def test_no_word_is_lost(words: list[str], data: st.DataObject) -> None:
    wrap = st.sampled_from(["{}", "\\textbf{{{}}}", "{{\\em {}}}", "\\mbox{{{}}}",
                            "\\footnote{{{}}}",
                            "\\textcolor{{red}}{{{}}}", "\\enquote{{{}}}",
                            "\\noindent {}"])  # fmt: skip
    source = " ".join(data.draw(wrap).format(word) for word in words)
    found: list[str] = []
    for span in reader().read(source):
        inner = span.spans if isinstance(span, Footnote) else (span,)
        found.extend("".join(s.text for s in inner if isinstance(s, Text)).split())
    assert [word.strip("“”") for word in found] == words or "".join(found).translate(
        {ord("“"): None, ord("”"): None}
    ) == "".join(words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This is the text of a paper and it is written in English for the reader.", "en"),
        ("本文介绍多项式插值的基本思想，并给出误差估计。The end.", "zh"),
        ("Nous montrons que la méthode est plus rapide que les autres dans le cas général.",
         "other"),
        ("Wir zeigen, dass die Methode schneller ist als die anderen, und das mit einem Beweis.",
         "other"),
        ("Мы показываем, что метод быстрее других.", "other"),
        ("本論文では、新しい手法を提案する。これはとても速いです。", "other"),
        ("", "other"),
    ],
)  # fmt: skip
def test_languages(text: str, language: str) -> None:
    assert detect_language([text]) == language
