"""Notation of physics, braket, unicode-math, mhchem and siunitx, by their documentation."""

from __future__ import annotations

import pytest

from renderers.latex import check
from renderers.rejected import Rejected
from tests.sources.arxiv.test_arxiv_formula import formula
from vary_data.sources.arxiv.formulas.physics import COMMANDS

PHYSICS = [
    (r"\ket{\psi}", r"\left|\psi\right\rangle"),
    (r"\bra*{n}", r"\left\langle n\right|"),
    (r"\dv{f}{x}", r"\frac{\mathrm{d}f}{\mathrm{d}x}"),
    (r"\dv[2]{f}{x}", r"\frac{\mathrm{d}^{2}f}{\mathrm{d}x^{2}}"),
    (r"\dv{x}(x^2)", r"\frac{\mathrm{d}}{\mathrm{d}x}\left(x^{2}\right)"),
    (r"\dv*{f}{x}", r"\mathrm{d}f/\mathrm{d}x"),
    (r"\pdv{f}{x}{y}", r"\frac{\partial^{2}f}{\partial x\partial y}"),
    (r"\pdv[2]{f}{x}", r"\frac{\partial^{2}f}{\partial x^{2}}"),
    (r"\pdv{x}", r"\frac{\partial}{\partial x}"),
    (r"\fdv{F}{g}", r"\frac{\delta F}{\delta g}"),
    (r"\dd{x}\dd[3]{x}\dd t", r"\mathrm{d}x\mathrm{d}^{3}x\mathrm{d}t"),
    (r"\braket{a|b}", r"\left\langle a\middle|b\right\rangle"),
    (r"\braket{a}{b}", r"\left\langle a\middle|b\right\rangle"),
    (r"\ip{a}", r"\left\langle a\middle|a\right\rangle"),
    (r"\expval{A}{\psi}", r"\left\langle\psi\middle|A\middle|\psi\right\rangle"),
    (r"\ev{A}", r"\left\langle A\right\rangle"),
    (r"\mel{n}{A}{m}", r"\left\langle n\middle|A\middle|m\right\rangle"),
    (r"\ketbra{a}{b}", r"\left|a\right\rangle\left\langle b\right|"),
    (r"\set{x|x>0}", r"\left\{x\middle|x>0\right\}"),
    (r"\qty(\frac{a}{b})", r"\left(\frac{a}{b}\right)"),
    (r"\qty[a]+\qty{x}", r"\left[a\right]+\left\{x\right\}"),
    (r"\qty{9.8}{m}", r"9.8\,\mathrm{m}"),
    (r"\abs{x}+\norm{y}", r"\left|x\right|+\left\|y\right\|"),
    (r"\eval{x^2}_0^1", r"\left.x^{2}\right|_{0}^{1}"),
    (r"\comm{A}{B}\pb{f}{g}", r"\left[A,B\right]\left\{f,g\right\}"),
    (r"\order{x^2}", r"\mathcal{O}\left(x^{2}\right)"),
    (r"\vb{a}\vdot\vu{n}", r"\mathbf{a}\cdot\hat{\mathbf{n}}"),
    (r"\vb*{a}", r"\boldsymbol{a}"),
    (r"\grad{f}\curl{\vb{A}}", r"\nabla f\nabla\times\mathbf{A}"),
    (r"\laplacian f", r"\nabla^{2}f"),
    (r"x \qand y", r"x\quad\text{and}\quad y"),
    (r"\mqty(a & b \\ c & d)", r"\begin{pmatrix}a & b \\ c & d\end{pmatrix}"),
    (r"\bmqty{\imat{2}}", r"\begin{bmatrix}1 & 0 \\ 0 & 1\end{bmatrix}"),
    (r"\mqty[\dmat{1,2}]", r"\begin{bmatrix}1 & 0 \\ 0 & 2\end{bmatrix}"),
    (r"a\div b", r"a\div b"),
]
UNICODE_MATH = [
    ("α ∈ ℝ", r"\alpha\in\mathbb{R}"),
    ("𝑥^𝑛 ≤ 𝛼ℎ", r"x^{n}\leq\alpha h"),
    ("𝐀𝐱 = 𝟎", r"\mathbf{A}\mathbf{x}=\mathbf{0}"),
    ("𝒗^𝐓 𝛁", r"\boldsymbol{v}^{\mathbf{T}}\boldsymbol{\nabla}"),
    ("ℬ 𝒜 𝔤 ℭ 𝔼 ℍ 𝖳 𝚡", r"\mathcal{B}\mathcal{A}\mathfrak{g}\mathfrak{C}\mathbb{E}\mathbb{H}"
     r"\mathsf{T}\mathtt{x}"),
    (r"\symbf{v}\symbfit{v}\symup{d}x", r"\mathbf{v}\boldsymbol{v}\mathrm{d}x"),
    (r"\symcal{F}\symfrak{g}\symbb{E}\symsfup{T}", r"\mathcal{F}\mathfrak{g}\mathbb{E}\mathsf{T}"),
    (r"\mathbfup{A}\mathsfup{T}", r"\mathbf{A}\mathsf{T}"),
]  # fmt: skip
CHEMISTRY = [
    (r"\ce{H2O}", r"\mathrm{H}_{2}\mathrm{O}"),
    (
        r"\ce{2H2 + O2 -> 2H2O}",
        r"2\,\mathrm{H}_{2}+\mathrm{O}_{2}\rightarrow2\,\mathrm{H}_{2}\mathrm{O}",
    ),
    (r"\ce{SO4^2-}", r"\mathrm{SO}_{4}^{2-}"),
    (r"\ce{CrO4^{2-}}", r"\mathrm{CrO}_{4}^{2-}"),
    (r"\ce{H+}", r"\mathrm{H}^{+}"),
    (r"\ce{[AgCl2]-}", r"[\mathrm{AgCl}_{2}]^{-}"),
    (r"\ce{^{227}_{90}Th+}", r"{}^{227}_{90}\mathrm{Th}^{+}"),
    (
        r"\ce{A ->[H2O][heat] B}",
        r"\mathrm{A}\xrightarrow[\mathrm{heat}]{\mathrm{H}_{2}\mathrm{O}}\mathrm{B}",
    ),
    (r"\ce{CO2 ->[\text{a}] B}", r"\mathrm{CO}_{2}\xrightarrow{\text{a}}\mathrm{B}"),
    (r"\ce{A <=> B}", r"\mathrm{A}\rightleftharpoons\mathrm{B}"),
    (
        r"\ce{KCr(SO4)2*12H2O}",
        r"\mathrm{KCr}(\mathrm{SO}_{4})_{2}\cdot12\,\mathrm{H}_{2}\mathrm{O}",
    ),
    (r"\ce{H2O(l)}", r"\mathrm{H}_{2}\mathrm{O}\mathrm{(l)}"),
    (r"\ce{1/2 O2}", r"\frac{1}{2}\,\mathrm{O}_{2}"),
    (r"\ce{CH3-CH=CH2}", r"\mathrm{CH}_{3}-\mathrm{CH}=\mathrm{CH}_{2}"),
    (r"\ce{BaSO4 v}", r"\mathrm{BaSO}_{4}\downarrow"),
    (r"\ce{H2 ^}", r"\mathrm{H}_{2}\uparrow"),
    (r"\ce{\mu-Cl}", r"\mu-\mathrm{Cl}"),
    (r"\ce{Fe^{III}Cl3}", r"\mathrm{Fe}^{\mathrm{III}}\mathrm{Cl}_{3}"),
    (r"\ce{x Na}", r"x\,\mathrm{Na}"),
]
QUANTITIES = [
    (r"\SI{9.8}{m/s^2}", r"9.8\,\mathrm{m}/\mathrm{s}^{2}"),
    (r"\si{kg.m^2}", r"\mathrm{kg}\,\mathrm{m}^{2}"),
    (r"\SI{1}{\square\metre}", r"1\,\mathrm{m}^{2}"),
    (r"\si{\metre\tothe{4}}\si{\raiseto{3}\metre}", r"\mathrm{m}^{4}\mathrm{m}^{3}"),
    (r"\unit{\joule\per\mole\per\kelvin}", r"\mathrm{J}\,\mathrm{mol}^{-1}\,\mathrm{K}^{-1}"),
    (r"\si{\per\cubic\metre}", r"\mathrm{m}^{-3}"),
    (r"\numlist{1;2;3}", r"1,\ 2\text{, and }3"),
    (r"\SIlist{1;2}{m}", r"1\,\mathrm{m}\text{ and }2\,\mathrm{m}"),
    (r"\ang{1;2;3}", r"1^{\circ}2'3''"),
    (r"\num{<10}\num{2x3}", r"<102\times3"),
    (r"\num{1.23(4)e5}", r"1.23(4)\times10^{5}"),
    (r"\num{1.2 +- 0.1}", r"1.2\pm0.1"),
    (r"\SI{3}{\micro\metre}", r"3\,\mu\mathrm{m}"),
]


@pytest.mark.parametrize(("source", "expected"), [*PHYSICS, *UNICODE_MATH, *CHEMISTRY, *QUANTITIES])
def test_notation_of_packages(source: str, expected: str) -> None:
    assert formula(source) == expected
    assert list(check.math_problems(expected)) == []


@pytest.mark.parametrize("source", [r"\ce{A @@ B}", r"\si{\per}", r"\mqty{\imat{99}}", r"\qty(x"])
def test_what_the_packages_do_not_describe_is_rejected(source: str) -> None:
    with pytest.raises(Rejected):
        formula(source)


def test_every_command_of_physics_is_read() -> None:
    for name in sorted(COMMANDS - {"qty"}):  # with two arguments that of siunitx
        written = formula(rf"\{name}{{a}}{{b}}{{c}}")
        assert list(check.math_problems(written)) == [], name


@pytest.mark.parametrize("letter", ["𝒶", "𝕒", "𝟙", "ℯ"])
def test_letters_that_no_alphabet_has_are_rejected(letter: str) -> None:
    """The alphabets of script and double-struck letters have capitals only."""
    with pytest.raises(Rejected, match="character"):
        formula(letter)
