"""Random formulas that look like those of papers and school books."""

from __future__ import annotations

from renderers.web.formulas import (
    FUNCTIONS,
    GREEK,
    Math,
    big,
    brackets,
    fraction,
    function,
    index,
    letter,
    number,
    operator,
    power,
    root,
    row,
)
from vary_data.sources.prose.prose import Prose

LETTERS = "abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTVX"


def small_formula(prose: Prose) -> Math:
    """A formula for a line of text: a letter, with an index, or a short equation."""
    match prose.whole(0, 3):
        case 0:
            return _letter(prose)
        case 1:
            return index(_letter(prose), _letter(prose))
        case 2:
            return row([_letter(prose), operator("="), number(str(prose.whole(1, 99)))])
    return row(
        [_letter(prose), operator(prose.pick(("<", "\\le", "\\in", "\\approx"))), _term(prose, 0)]
    )


def formula(prose: Prose) -> Math:
    """An equation for a line of its own."""
    left = _letter(prose)
    if prose.chance(0.4):
        inside = brackets(row([_letter(prose)]))
        left = row([left, inside])
    sign = operator(prose.pick(("=", "=", "=", "\\le", "\\approx")))
    return row([left, sign, _sum(prose)])


def _sum(prose: Prose) -> Math:
    parts = [_term(prose, 2)]
    for _ in range(prose.whole(0, 2)):
        parts += [operator(prose.pick(("+", "-"))), _term(prose, 1)]
    return row(parts)


def _term(prose: Prose, depth: int) -> Math:
    kind = prose.rng.random()
    if depth == 0 or kind < 0.15:
        return prose.pick((_letter(prose), number(str(prose.whole(2, 99))), _indexed(prose)))
    if kind < 0.4:
        return fraction(_term(prose, depth - 1), _product(prose, depth - 1))
    if kind < 0.52:
        return root(row([_term(prose, depth - 1), operator("+"), _term(prose, 0)]))
    if kind < 0.68:
        limits = row([letter("i"), operator("="), number(str(prose.whole(0, 1)))])
        name = prose.pick(("sum", "sum", "prod", "int"))
        if name == "int":
            limits = number("0")
        return big(name, limits, letter(prose.pick(("n", "N", "T"))), _product(prose, depth - 1))
    if kind < 0.8:
        inner = brackets(row([_letter(prose), operator("-"), _letter(prose)]))
        return row([function(prose.pick(FUNCTIONS)), inner])
    return _product(prose, depth)


def _product(prose: Prose, depth: int) -> Math:
    return row([_indexed(prose), _indexed(prose)]) if prose.chance(0.5) else _indexed(prose)


def _indexed(prose: Prose) -> Math:
    base = _letter(prose)
    match prose.whole(0, 3):
        case 0:
            return index(base, letter(prose.pick("ijkmn")))
        case 1:
            return power(base, number(str(prose.whole(2, 4))))
    return base


def _letter(prose: Prose) -> Math:
    name = prose.pick(tuple(GREEK)) if prose.chance(0.25) else prose.pick(LETTERS)
    return letter(name)
