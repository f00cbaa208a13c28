"""How the numbers of a chart are printed: decimals that tell them apart, and their notation.

A notation with a power of ten (`1.2M`, `3e-9`, `4.5亿`) is one for all numbers of a format: the
numbers are divided by that power, and its mark becomes part of the suffix. So a specification
holds what is printed, and axes need no rule for notations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from renderers.charts.spec import NumberFormat
from renderers.languages.registry import chart_forms, language
from vary_data.sources.scripts import in_script

MAX_DECIMALS = 6
MAX_DIGITS = 9
"""Digits of the largest number; more could not be compared by eye."""
SIGNIFICANT_DIGITS = 3
"""Digits that the smallest number keeps where the data have more than are needed."""
PLAIN_DECIMALS = 2
"""Data with so many decimals are printed as they are."""
ROUNDING = 1e-9
"""Relative floating-point errors below this are no decimals."""
GROUPED_FROM = 10_000
"""Numbers from here on have thousands separators in languages that always group them."""
TINY_BELOW = 1e-3
"""If no number reaches this, all are printed with a power of ten."""
LONG_FROM = 1e10
"""From here on, numbers are always shortened where their unit allows it."""
SHORTENED, SCIENTIFIC = 0.6, 0.1
"""Share of charts with large numbers that are shortened, and of unitless ones in `1.2e6` form."""

CURRENCIES = ("$", "€", "£", "¥", "₽", "₫", "đ", "R$")
SPACED_CURRENCIES = ("R$",)
"""Currencies with a space to the number that they precede."""
ATTACHED_UNITS = ("%", "°C", "°F", "℃", "‰")
"""Units that follow a number without a space."""
SI_UNITS = ("W", "Wh", "Hz", "B", "bit/s", "J", "V", "g", "m", "L")
SI_PREFIXES = ((12, "T"), (9, "G"), (6, "M"), (3, "k"))
IN_TITLE = 0.25
"""Share of charts with large numbers, and the unit in the axis title, that have the power of ten
there as well."""
LONGEST_SYMBOL = 3
"""Letters of a unit that is no word."""
LEAST_IN_TITLE = 4
"""Powers of ten that the largest number has at least, to be shortened in the title."""


@dataclass(frozen=True, slots=True)
class Notation:
    """A power of ten and the mark for it, `M` or `e-9`."""

    power: int = 0
    mark: str = ""


class IndistinctValues(ValueError):
    """No number of decimals tells the values apart."""


def choose_notation(
    largest: float, unit: str, lang: str, rng: np.random.Generator | None = None
) -> Notation:
    """The notation for numbers up to `largest` (absolute); without `rng`, the most usual one."""
    if 0 < largest < TINY_BELOW:
        power = math.floor(math.log10(largest) + ROUNDING)
        return Notation(power, f"e{power}")
    short_from = chart_forms(lang).short_from
    if largest < short_from:
        return Notation()
    draw = rng.random() if rng is not None else 1.0
    if not unit and draw < SCIENTIFIC:
        power = math.floor(math.log10(largest) + ROUNDING)
        return Notation(power, f"e{power}")
    must = largest >= LONG_FROM or (rng is None and largest >= 10 * short_from)
    if must or draw < SCIENTIFIC + SHORTENED:
        marks = _marks(unit, lang, rng)
        # The largest number has digits before the point: 1.2M, not 0.001B.
        return next((Notation(p, m) for p, m in marks if largest >= 10.0**p), Notation())
    return Notation()


def number_format(
    values: Sequence[float], unit: str, lang: str, rng: np.random.Generator | None = None
) -> tuple[NumberFormat, tuple[float, ...]]:
    """The format, and the values as it prints them: in its power of ten, and rounded.

    Raises:
        IndistinctValues: different values would look the same, or one would look like zero.
    """
    unit = unit.strip()
    largest = max((abs(v) for v in values), default=0.0)
    notation = choose_notation(largest, unit, lang, rng)
    scaled = [value / 10.0**notation.power for value in values]
    decimals = _decimals(scaled)
    rounded = tuple(round(v, decimals) + 0.0 for v in scaled)
    _check_distinct(scaled, rounded)
    # Thousands, without decimals, and ends of axes.
    grouped = (
        max((abs(v) for v in rounded), default=0.0) >= GROUPED_FROM
        and chart_forms(lang).grouped == 1
    )
    return format_with(notation, decimals, unit, lang, thousands=grouped), rounded


def format_with(
    notation: Notation, decimals: int, unit: str, lang: str, *, thousands: bool
) -> NumberFormat:
    """Currencies before the digits, the mark of the notation after them, then the unit."""
    forms = chart_forms(lang)
    if unit in CURRENCIES and not forms.currency_after:
        space = " " if unit in SPACED_CURRENCIES else ""
        return NumberFormat(decimals, thousands, unit + space, notation.mark)
    if notation.mark and unit in SI_UNITS and not notation.mark.startswith("e"):
        return NumberFormat(decimals, thousands, suffix=f" {notation.mark}{unit}")
    return NumberFormat(decimals, thousands, suffix=f"{notation.mark}{unit_suffix(unit, lang)}")


def unit_suffix(unit: str, lang: str) -> str:
    """A unit as it follows the digits: behind a space where the language has one."""
    space = " " if unit and chart_forms(lang).unit_space and unit not in ATTACHED_UNITS else ""
    return f"{space}{unit}"


def title_notation(
    largest: float, unit: str, lang: str, rng: np.random.Generator
) -> tuple[int, str]:
    """A power of ten that goes into the axis title, with the unit: (3, `thousand tonnes`); or 0 and
    the unit as it is."""
    forms = chart_forms(lang)
    symbol = not (forms.symbols_shortened or _is_word(unit, lang))
    scaled = any(magnitude in unit for magnitude in forms.magnitudes)
    if not unit or symbol or scaled or largest < 10**LEAST_IN_TITLE:
        return 0, unit
    powers = forms.title_powers
    able = [(p, text) for p, text in powers if 10 ** (p + 1) <= largest < 10 ** (p + 6)]
    if not able or rng.random() >= IN_TITLE:
        return 0, unit
    power, pattern = able[int(rng.integers(len(able)))]
    return power, pattern.format(unit)


def _marks(
    unit: str, lang: str, rng: np.random.Generator | None = None
) -> Sequence[tuple[int, str]]:
    """The marks that this unit can have: `1.2M mg/L` would be read as two units."""
    forms = chart_forms(lang)
    choices = forms.short or ((),)
    # Half of all charts have the most usual marks.
    usual = rng is None or rng.random() < 0.5
    chosen = choices[0] if usual or rng is None else choices[int(rng.integers(len(choices)))]
    if forms.symbols_shortened:
        # 万 and 亿 may begin a unit already; symbols of units have no such marks.
        own = not unit or unit in CURRENCIES or in_script(unit[0], language(lang).script)
        return chosen if own and not unit.startswith(forms.magnitudes) else ()
    if unit in SI_UNITS:
        return SI_PREFIXES
    # A word (`people`, `visitors`) is no symbol that could have a prefix.
    counted = _is_word(unit, lang) and unit not in forms.magnitudes
    return chosen if not unit or unit in CURRENCIES or counted else ()


def _is_word(unit: str, lang: str) -> bool:
    """Whether a unit is a word of which there may be thousands; shorter ones are symbols."""
    small = unit.islower() or not chart_forms(lang).small_names
    return unit.isalpha() and small and len(unit) > LONGEST_SYMBOL


def _decimals(values: Sequence[float]) -> int:
    """As many as the values have, if few; otherwise those that keep them apart and the smallest
    one accurate."""
    exact = next((d for d in range(MAX_DECIMALS + 1) if _is_rounded(values, d)), MAX_DECIMALS)
    if exact <= PLAIN_DECIMALS:
        return exact
    distinct = sorted(set(values))
    gaps = [b - a for a, b in pairwise(distinct)]
    sizes = [abs(v) for v in values if v]
    needed = [_place(min(sizes)) + SIGNIFICANT_DIGITS - 1] if sizes else []
    if gaps:
        # Two digits of the smallest difference show which one is how much larger.
        needed.append(_place(min(gaps)) + 1)
    digits = MAX_DIGITS - max(1, math.floor(math.log10(max(sizes))) + 1) if sizes else 0
    return max(0, min(exact, max(needed, default=0), digits))


def _place(value: float) -> int:
    """The decimal place of the first digit: 0.02 gives 2, 30 gives -1."""
    return -math.floor(math.log10(value) + ROUNDING)


def _is_rounded(values: Sequence[float], decimals: int) -> bool:
    return all(
        abs(value - round(value, decimals)) <= ROUNDING * max(1.0, abs(value)) for value in values
    )


def _check_distinct(values: Sequence[float], printed: Sequence[float]) -> None:
    pairs = list(zip(values, printed, strict=True))
    if any(value and not shown for value, shown in pairs):
        raise IndistinctValues("a value that is not zero would be printed as zero")
    if len({shown for _, shown in pairs}) < len(set(values)):
        raise IndistinctValues("values that differ would be printed alike")
