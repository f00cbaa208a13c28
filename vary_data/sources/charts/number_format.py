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
"""Numbers from here on have thousands separators in English."""
TINY_BELOW = 1e-3
"""If no number reaches this, all are printed with a power of ten."""
SHORT_FROM = {"en": 1e6, "zh": 1e5}
"""From here on, large numbers may be shortened: `1.2M`, `12万`."""
LONG_FROM = 1e10
"""From here on, numbers are always shortened where their unit allows it."""
SHORTENED, SCIENTIFIC = 0.6, 0.1
"""Share of charts with large numbers that are shortened, and of unitless ones in `1.2e6` form."""

CURRENCIES = ("$", "€", "£", "¥")
ATTACHED_UNITS = ("%", "°C", "°F", "℃", "‰")
"""Units that follow a number without a space."""
SI_UNITS = ("W", "Wh", "Hz", "B", "bit/s", "J", "V", "g", "m", "L")
SI_PREFIXES = ((12, "T"), (9, "G"), (6, "M"), (3, "k"))
ENGLISH_MARKS = (
    ((12, "T"), (9, "B"), (6, "M"), (3, "K")),
    ((12, "T"), (9, "B"), (6, "M"), (3, "k")),
    ((12, "tn"), (9, "bn"), (6, "mn"), (3, "k")),
    ((12, " trn"), (9, " bn"), (6, " mn"), (3, "k")),
)
"""Ways to shorten numbers; the first one is the most usual."""
CHINESE_MARKS = (((12, "万亿"), (8, "亿"), (4, "万")), ((8, "亿"), (6, "百万"), (3, "千")))
IN_TITLE = 0.25
"""Share of charts with large numbers, and the unit in the axis title, that have the power of ten
there as well."""
TITLE_POWERS = {
    "en": ((9, "billion {}"), (6, "million {}"), (6, "×10⁶ {}"), (3, "thousand {}"), (3, "×10³ {}"),
           (3, "{}, thousands"), (6, "{}, millions")),
    "zh": ((8, "亿{}"), (6, "百万{}"), (4, "万{}"), (4, "×10⁴ {}"), (3, "千{}"), (3, "×10³ {}")),
}  # fmt: skip
LEAST_IN_TITLE = 4
"""Powers of ten that the largest number has at least, to be shortened in the title."""
MAGNITUDES = ("thousand", "million", "billion", "千", "百", "万", "亿", "每", "per ")
"""What units have that are not shortened: they begin with a magnitude, or hold a ratio."""


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
    if largest < SHORT_FROM[lang]:
        return Notation()
    draw = rng.random() if rng is not None else 1.0
    if not unit and draw < SCIENTIFIC:
        power = math.floor(math.log10(largest) + ROUNDING)
        return Notation(power, f"e{power}")
    must = largest >= LONG_FROM or (rng is None and largest >= 10 * SHORT_FROM[lang])
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
    grouped = max((abs(v) for v in rounded), default=0.0) >= GROUPED_FROM and lang == "en"
    return format_with(notation, decimals, unit, lang, thousands=grouped), rounded


def format_with(
    notation: Notation, decimals: int, unit: str, lang: str, *, thousands: bool
) -> NumberFormat:
    """Currencies before the digits, the mark of the notation after them, then the unit."""
    if unit in CURRENCIES:
        return NumberFormat(decimals, thousands, unit, notation.mark)
    if notation.mark and unit in SI_UNITS and not notation.mark.startswith("e"):
        return NumberFormat(decimals, thousands, suffix=f" {notation.mark}{unit}")
    space = " " if unit and lang == "en" and unit not in ATTACHED_UNITS else ""
    return NumberFormat(decimals, thousands, suffix=f"{notation.mark}{space}{unit}")


def title_notation(
    largest: float, unit: str, lang: str, rng: np.random.Generator
) -> tuple[int, str]:
    """A power of ten that goes into the axis title, with the unit: (3, `thousand tonnes`); or 0 and
    the unit as it is."""
    symbol = lang == "en" and not (unit.isalpha() and unit.islower() and len(unit) > 3)
    if not unit or symbol or any(m in unit for m in MAGNITUDES) or largest < 10**LEAST_IN_TITLE:
        return 0, unit
    able = [(p, text) for p, text in TITLE_POWERS[lang] if 10 ** (p + 1) <= largest < 10 ** (p + 6)]
    if not able or rng.random() >= IN_TITLE:
        return 0, unit
    power, pattern = able[int(rng.integers(len(able)))]
    return power, pattern.format(unit)


def _marks(
    unit: str, lang: str, rng: np.random.Generator | None = None
) -> Sequence[tuple[int, str]]:
    """The marks that this unit can have: `1.2M mg/L` would be read as two units."""
    choices = CHINESE_MARKS if lang == "zh" else ENGLISH_MARKS
    # Half of all charts have the most usual marks.
    usual = rng is None or rng.random() < 0.5
    chosen = choices[0] if usual or rng is None else choices[int(rng.integers(len(choices)))]
    if lang == "zh":
        # 万 and 亿 may begin a unit already; symbols of units have no Chinese marks.
        chinese = not unit or unit in CURRENCIES or "\u4e00" <= unit[0] <= "\u9fff"
        return chosen if chinese and unit[:1] not in ("万", "亿", "千", "百") else ()
    if unit in SI_UNITS:
        return SI_PREFIXES
    # A word (`people`, `visitors`) is no symbol that could have a prefix.
    return chosen if not unit or unit in CURRENCIES or _is_counted(unit) else ()


def _is_counted(unit: str) -> bool:
    words = ("thousand", "million", "billion", "hundred", "k", "bn")
    # Four letters: shorter ones are symbols.
    return unit.isalpha() and unit.islower() and len(unit) > 3 and unit not in words


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
