"""Formulas that only LaTeX has: matrices, cases, derivations, accents, alphabets of letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

LETTERS = "abcdfghkmnpqrstuvwxyzABCDEFGHKLMNPRSTUVXYZ"
GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa"),
    *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi"),
    *("omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"),
)
RELATIONS = (
    *("=", "=", "=", "=", "<", ">", "\\le", "\\ge", "\\approx", "\\equiv", "\\neq", "\\sim"),
    *("\\propto", "\\in", "\\subset", "\\to", "\\ll"),
)
SIGNS = ("+", "+", "+", "-", "-", "\\cdot", "\\times", "\\pm", "\\oplus", "\\otimes")
SETS = "RNZQCF"
NAMES = ("sin", "cos", "tan", "log", "ln", "exp", "det", "dim", "min", "max", "sup", "inf", "arg")
ACCENTS = ("hat", "bar", "tilde", "vec", "dot", "ddot")
ALPHABETS = ("mathbf", "mathcal", "mathrm", "mathsf", "mathfrak", "boldsymbol")
BRACKETS = (("(", ")"), ("[", "]"), ("|", "|"), ("\\{", "\\}"), ("\\langle", "\\rangle"))
WORDS = ("if", "otherwise for", "for all", "where")


class Latex:
    """Random LaTeX; all randomness comes from `rng`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def inline(self) -> str:
        """A formula for a line of text."""
        kind = self._rng.random()
        if kind < 0.3:
            return self._symbol()
        if kind < 0.5:
            return f"{self._letter()} \\in \\mathbb{{{self._pick(SETS)}}}^{{{self._small()}}}"
        if kind < 0.6:
            return f"O({self._letter()} \\log {self._letter()})"
        if kind < 0.7:
            return f"\\sqrt{{{self._symbol()}}} {self._pick(RELATIONS)} {self._digits()}"
        left, right = self._symbol(), self._symbol()
        return f"{left} {self._pick(RELATIONS)} {right} {self._sign()} {self._small()}"

    def display(self) -> str:
        """A formula for a line of its own."""
        kinds: tuple[Callable[[], str], ...] = (
            self._equation, self._equation, self._equation, self._matrix, self._cases,
            self._derivation, self._limit, self._integral, self._braces,
        )  # fmt: skip
        return self._pick(kinds)()

    def _equation(self) -> str:
        return f"{self._symbol()} {self._pick(RELATIONS)} {self._sum(2)}"

    def _matrix(self) -> str:
        size = int(self._rng.integers(2, 5))
        name = self._pick(("pmatrix", "bmatrix", "vmatrix"))
        rows = [" & ".join(self._entry() for _ in range(size)) for _ in range(size)]
        if size > 3 and self._rng.random() < 0.5:
            rows[2] = " & ".join(["\\vdots"] * (size - 2) + ["\\ddots", "\\vdots"])
        body = " \\\\ ".join(rows)
        left = f"\\mathbf{{{self._letter()}}}"
        return f"{left} = \\begin{{{name}}} {body} \\end{{{name}}}"

    def _cases(self) -> str:
        name, of = self._letter(), self._letter()
        rows = []
        for _ in range(int(self._rng.integers(2, 4))):
            when = f"{of} {self._pick(RELATIONS)} {self._small()}"
            rows.append(f"{self._sum(1)} & \\text{{{self._pick(WORDS)} }} {when}")
        body = " \\\\ ".join(rows)
        return f"{name}({of}) = \\begin{{cases}} {body} \\end{{cases}}"

    def _derivation(self) -> str:
        first = f"{self._symbol()} &= {self._sum(2)}"
        more = [
            f"&{self._pick(RELATIONS)} {self._sum(2)}" for _ in range(int(self._rng.integers(1, 4)))
        ]
        body = " \\\\ ".join([first, *more])
        return f"\\begin{{aligned}} {body} \\end{{aligned}}"

    def _limit(self) -> str:
        letter = self._letter()
        to = self._pick(("0", "\\infty", "a", "1", "0^{+}"))
        inside = f"\\frac{{{self._sum(1)}}}{{{letter}^{{{self._small()}}}}}"
        return f"\\lim_{{{letter} \\to {to}}} {inside} = {self._digits()}"

    def _integral(self) -> str:
        sign = self._pick(("\\int", "\\iint", "\\oint"))
        limits = (
            f"_{{{self._small()}}}^{{\\infty}}" if sign == "\\int" else f"_{{{self._letter()}}}"
        )
        letter = self._letter()
        inside = f"e^{{-{letter}^{{2}} / {self._small()}}} {self._factor(1)}"
        return f"{sign}{limits} {inside} \\, \\mathrm{{d}}{letter} = {self._sum(1)}"

    def _braces(self) -> str:
        which = self._pick(("underbrace", "overbrace"))
        mark = "_" if which == "underbrace" else "^"
        under = f"\\{which}{{{self._sum(1)}}}{mark}{{{self._symbol()}}}"
        return f"{self._symbol()} = {under} {self._sign()} {self._factor(2)}"

    def _sum(self, depth: int) -> str:
        parts = [self._factor(depth)]
        for _ in range(int(self._rng.integers(0, 3))):
            parts += [self._sign(), self._factor(depth - 1)]
        return " ".join(parts)

    def _factor(self, depth: int) -> str:
        kind = self._rng.random()
        if depth <= 0 or kind < 0.25:
            return self._symbol() if self._rng.random() < 0.75 else self._digits()
        if kind < 0.42:
            return f"\\frac{{{self._sum(depth - 1)}}}{{{self._factor(depth - 1)}}}"
        if kind < 0.5:
            root = f"[{self._small()}]" if self._rng.random() < 0.3 else ""
            return f"\\sqrt{root}{{{self._sum(depth - 1)}}}"
        if kind < 0.64:
            sign = self._pick(("\\sum", "\\prod", "\\bigcup", "\\bigoplus"))
            return f"{sign}_{{i={self._small()}}}^{{{self._letter()}}} {self._factor(depth - 1)}"
        if kind < 0.72:
            return f"\\binom{{{self._letter()}}}{{{self._small()}}}"
        if kind < 0.82:
            sides = self._pick(BRACKETS)
            return f"\\left{sides[0]} {self._sum(depth - 1)} \\right{sides[1]}"
        if kind < 0.9:
            return f"\\{self._pick(NAMES)} {self._symbol()}"
        over = f"\\partial {self._letter()}"
        return f"\\frac{{\\partial^{{2}} {self._letter()}}}{{{over} \\, {over}}}"

    def _symbol(self) -> str:
        base = f"\\{self._pick(GREEK)}" if self._rng.random() < 0.3 else self._letter()
        kind = self._rng.random()
        if kind < 0.12:
            base = f"\\{self._pick(ACCENTS)}{{{base}}}"
        elif kind < 0.22:
            base = f"\\{self._pick(ALPHABETS)}{{{self._letter().upper()}}}"
        mark = self._rng.random()
        if mark < 0.25:
            return f"{base}_{{{self._pick('ijkmn')}}}"
        if mark < 0.38:
            return f"{base}^{{{self._small()}}}"
        if mark < 0.45:
            return f"{base}_{{{self._pick('ijk')}}}^{{{self._pick(('2', '3', 'T', '*', '-1'))}}}"
        return base

    def _entry(self) -> str:
        return self._symbol() if self._rng.random() < 0.55 else str(int(self._rng.integers(-9, 10)))

    def _letter(self) -> str:
        return self._pick(LETTERS)

    def _sign(self) -> str:
        return self._pick(SIGNS)

    def _small(self) -> str:
        return str(int(self._rng.integers(0, 10)))

    def _digits(self) -> str:
        if self._rng.random() < 0.3:
            return f"{self._rng.uniform(0, 100):.2f}"
        return str(int(self._rng.integers(2, 1000)))

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self._rng.integers(len(options)))]
