"""Formulas as values with two forms: MathML, which Chromium draws, and LaTeX, the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "varepsilon": "ε", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "ϕ",
    "omega": "ω", "Delta": "Δ", "Omega": "Ω",
}  # fmt: skip
OPERATORS = {
    "+": "+", "-": "−", "=": "=", "<": "<", ">": ">", "\\le": "≤", "\\ge": "≥", "\\cdot": "⋅",
    "\\times": "×", "\\pm": "±", "\\approx": "≈", "\\to": "→", "\\in": "∈", ",": ",",
}  # fmt: skip
FUNCTIONS = ("sin", "cos", "tan", "log", "ln", "exp", "max", "min")


@dataclass(frozen=True, slots=True)
class Math:
    """A formula or a part of one. `letters` is what is printed, in the order of MathML.

    KaTeX draws a formula without MathML; its `letters` are those of its source.
    """

    mathml: str
    latex: str
    letters: str


def number(digits: str) -> Math:
    """A number as it is printed."""
    return Math(f"<mn>{escape(digits)}</mn>", digits, digits)


def letter(name: str) -> Math:
    """A Latin letter, or a Greek one by its LaTeX name."""
    greek = GREEK.get(name)
    if greek is not None:
        return Math(f"<mi>{greek}</mi>", f"\\{name}", greek)
    return Math(f"<mi>{escape(name)}</mi>", name, name)


def operator(name: str) -> Math:
    """An operator by its LaTeX name."""
    sign = OPERATORS[name]
    return Math(f"<mo>{escape(sign)}</mo>", name, sign)


def function(name: str) -> Math:
    """The name of a function, one of `FUNCTIONS`."""
    return Math(f"<mi>{name}</mi><mo>&#x2061;</mo>", f"\\{name}", name)


def row(parts: Sequence[Math]) -> Math:
    """Parts one after the other."""
    return Math(
        f"<mrow>{''.join(p.mathml for p in parts)}</mrow>",
        " ".join(p.latex for p in parts),
        "".join(p.letters for p in parts),
    )


def fraction(top: Math, bottom: Math) -> Math:
    """A fraction with a line."""
    return Math(
        f"<mfrac>{top.mathml}{bottom.mathml}</mfrac>",
        f"\\frac{{{top.latex}}}{{{bottom.latex}}}",
        top.letters + bottom.letters,
    )


def power(base: Math, exponent: Math) -> Math:
    """A base with a raised exponent."""
    return Math(
        f"<msup>{base.mathml}{exponent.mathml}</msup>",
        f"{base.latex}^{{{exponent.latex}}}",
        base.letters + exponent.letters,
    )


def index(base: Math, below: Math) -> Math:
    """A base with a lowered index."""
    return Math(
        f"<msub>{base.mathml}{below.mathml}</msub>",
        f"{base.latex}_{{{below.latex}}}",
        base.letters + below.letters,
    )


def root(inside: Math) -> Math:
    """A square root."""
    return Math(f"<msqrt>{inside.mathml}</msqrt>", f"\\sqrt{{{inside.latex}}}", inside.letters)


def brackets(inside: Math) -> Math:
    """A part in round brackets that grow with it."""
    return Math(
        f"<mrow><mo>(</mo>{inside.mathml}<mo>)</mo></mrow>",
        f"\\left( {inside.latex} \\right)",
        f"({inside.letters})",
    )


def big(name: str, below: Math, above: Math, body: Math) -> Math:
    """A sum (`sum`), product (`prod`) or integral (`int`) with its limits."""
    sign = {"sum": "∑", "prod": "∏", "int": "∫"}[name]
    around = "msubsup" if name == "int" else "munderover"
    return Math(
        f"<mrow><{around}><mo>{sign}</mo>{below.mathml}{above.mathml}</{around}>"
        f"{body.mathml}</mrow>",
        f"\\{name}_{{{below.latex}}}^{{{above.latex}}} {body.latex}",
        sign + below.letters + above.letters + body.letters,
    )
