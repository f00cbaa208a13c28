from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.rejected import Rejected
from vary_data.sources.arxiv.formulas.normal_form import normalize_formula
from vary_data.sources.arxiv.references.references import Label, References
from vary_data.sources.arxiv.text.spans import SpanReader


def formula(source: str) -> str:
    reader = SpanReader(References({"e": Label("3", "equation")}, {}))
    return normalize_formula(source, reader.text_in_formula)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"x ^ 2 _ i", "x^{2}_{i}"),
        (r"\alpha x + \beta{y}", r"\alpha x+\beta y"),
        (r"\frac12 \frac{a}b", r"\frac{1}{2}\frac{a}{b}"),
        (r"a+b \over c", r"\frac{a+b}{c}"),
        (r"{n \choose k}", r"{\binom{n}{k}}"),
        (r"{\bf x}+\bm\beta", r"\mathbf{x}+\boldsymbol{\beta}"),
        (r"T_{\rm eff} x_\rm{eff}", r"T_{\mathrm{eff}}x_{\mathrm{eff}}"),
        (r"{\cal L}", r"\mathcal{L}"),
        (r"f''(x)", "f''(x)"),
        (r"f'^2", "f'^{2}"),
        (r"_{a}^{b}X", r"{}_{a}^{b}X"),
        (r"\mathds{1}+\mathbbm R", r"\mathbf{1}+\mathbb{R}"),
        (r"\mathbf\delta_w+\mathbf{\Delta}", r"\boldsymbol{\delta}_{w}+\mathbf{\Delta}"),
        (r"\mathrm{\mu m}+\mathrm{kg\mu}", r"\mu\mathrm{m}+\mathrm{kg}\mu"),
        (r"\mathrm{\sigma_{x}}+\mathrm{\mathcal A}", r"{\sigma_{x}}+\mathrm{\mathcal{A}}"),
        (r"\mbox{if \(x\) is}\ y", r"\text{if }x\text{ is}\ y"),
        (r"\text{a\_b 5\%}", r"\text{a\_b 5\%}"),
        (r"速度 v", r"\text{速度}v"),
        (r"v_{max}≤α", r"v_{max}\leq\alpha"),
        (r"\left[x\middle|y\right)", r"\left[x\middle|y\right)"),
        (r"\bigl\{ x \bigr\}", r"\bigl\{x\bigr\}"),
        (r"x\label{a}\nonumber", "x"),
        (r"\textcolor{red}{x}+\color{blue}y", "x+y"),
        (r"\operatorname*{arg\,min}_x", r"\operatorname*{arg\,min}_{x}"),
        (r"\sum\limits_{i}", r"\sum\limits_{i}"),
        (r"x\not\in A", r"x\notin A"),
        (r"\begin{array}{@{}l*{2}{c}|r@{}}a&b&c&d\\[2pt]\hline\end{array}",
         r"\begin{array}{lcc|r}a & b & c & d \\ \hline \end{array}"),
        (r"\begin{split}a&=b\\&=c\end{split}", r"\begin{aligned}a & =b \\ & =c\end{aligned}"),
        (r"\substack{a\\b}", r"\substack{a \\ b}"),
        (r"\SI{1.5e3}{\kilo\metre\per\second}", r"1.5\times10^{3}\,\mathrm{km}\,\mathrm{s}^{-1}"),
        (r"\SI{20}{\celsius}\num{12,000}", r"20^{\circ}\mathrm{C}12{,}000"),
        (r"\ce{H2O}", r"\mathrm{H}_{2}\mathrm{O}"),
        (r"\text{by }\eqref{e}", r"\text{by }\text{(3)}"),
        (r"a\hspace{1em}b\vspace{2pt}", r"a\quad b"),
        (r"10^{-3}", "10^{-3}"),
        (r"\ensuremath{x}^2", "x^{2}"),
        (r"a\vspace*{3mm}b\vspace{3mm}", "ab"),
        (r"a\linebreak[4]b\noalign{\vskip 3pt}c", "abc"),
        (r"\mathchoice{D}{T}{S}{P}x", "Dx"),
        ("x\\ ", "x"),
        ("2\\ ~\\ ", "2"),
        (r"a\ b\,", r"a\ b\,"),
        (r"\begin{aligned}x\ &=1\ \\y&=2\ \end{aligned}",
         r"\begin{aligned}x & =1 \\ y & =2\end{aligned}"),
        (r"\argmin_x", r"\operatorname*{arg\,min}_{x}"),
    ],
)  # fmt: skip
def test_normal_form(source: str, expected: str) -> None:
    assert formula(source) == expected


@pytest.mark.parametrize(
    ("source", "reason", "detail"),
    [
        (r"\foo x", "unknown-command", r"\foo"),
        (r"x^a^b", "double-script", "^"),
        (r"x^a'", "double-script", "'"),
        (r"x'_a^b", "double-script", "^"),
        (r"x_a_b", "double-script", "_"),
        (r"{x", "unbalanced", "{"),
        (r"x}", "misplaced", "}"),
        (r"\left( x", "unbalanced", r"\left"),
        (r"\left( x \right", "missing-argument", ""),
        (r"a & b", "misplaced", "&"),
        (r"a \\ b", "misplaced", r"\\"),
        (r"\frac{a}", "missing-argument", None),
        (r"\begin{tikzcd}a\end{tikzcd}", "unknown-environment", "tikzcd"),
        (r"\begin{cases}a & b & c\end{cases}", "ragged", "cases"),
        (r"\begin{pmatrix}a\end{bmatrix}", "unbalanced", "pmatrix"),
        (r"\mathcal{abc}", "alphabet", None),
        (r"\mathbb{\alpha}", "alphabet", None),
        ("ж", "character", "ж"),
        (r"\text{a \[x\] ^}", None, None),
        (r"\write18{ls}", "unknown-command", r"\write"),
        ("", "empty-formula", ""),
        ("{" * 200 + "}" * 200, "too-deep", ""),
    ],
)
def test_what_is_rejected(source: str, reason: str | None, detail: str | None) -> None:
    with pytest.raises(Rejected) as caught:
        formula(source)
    if reason is not None:
        assert caught.value.reason == reason
    if detail:
        assert caught.value.detail == detail


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "^", "_", "'", "x", "1", " ", "&", r"\\", r"\frac", r"\left(", r"\right)",
             r"\begin{cases}", r"\end{cases}", r"\alpha", r"\text{a}", r"\bf", r"\over", r"\sqrt",
             "[", "]", r"\foo", "中", r"\mathbb", r"\limits", r"\sum", r"\hspace", r"\not", r"\big",
             r"\ensuremath", r"\hskip", "1pt", r"\substack", r"\num", "α", "~", "|"]
        ),
        max_size=15,
    ).map("".join)
)  # fmt: skip
def test_a_normal_form_is_its_own_normal_form(source: str) -> None:
    try:
        once = formula(source)
    except Rejected:
        return
    assert formula(once) == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\genfrac{}{}{}{}{a}{b}+\genfrac{}{}{}0ab", r"\frac{a}{b}+\dfrac{a}{b}"),
        (r"\genfrac(){0pt}{1}{n}{k}", r"\tbinom{n}{k}"),
        (r"\genfrac{[}{]}{0pt}{}{n}{k}_q", r"\left[{\substack{n \\ k}}\right]_{q}"),
        (r"\genfrac{.}{\}}{}{}{n}{k}", r"\left.\frac{n}{k}\right\}"),
        (r"\iiiint_V f", r"\int\!\!\int\!\!\int\!\!\int_{V}f"),
        (r"\begin{pmatrix}a&b&c\\\hdotsfor{3}\\x&\hdotsfor[1.5]{2}\end{pmatrix}",
         r"\begin{pmatrix}a & b & c \\ \dots & \dots & \dots \\ x & \dots & \dots\end{pmatrix}"),
    ],
)  # fmt: skip
def test_fractions_dots_and_integrals_of_amsmath(source: str, expected: str) -> None:
    assert formula(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        r"\genfrac{}{}{2pt}{}{a}{b}",
        r"\genfrac{}{}{}{3}{a}{b}",
        r"\genfrac{<}{x}{}{}{a}{b}",
        r"\genfrac{}",
        r"\begin{matrix}a&b\\\hdotsfor{99}\end{matrix}",
        r"\hdotsfor{3}",
    ],
)
def test_fractions_and_dots_that_cannot_be_printed(source: str) -> None:
    with pytest.raises(Rejected):
        formula(source)
