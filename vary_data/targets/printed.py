"""Numbers as pictures print them: read exactly, and printed again with the same unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from vary_data.dataset.local_numbers import ascii_numbers, local_number

_NUMBER = re.compile(
    r"(?P<sign>[-−+]?)(?P<prefix>[^\d.,+−-]*)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?P<exponent>[eE][-+]?\d{1,2})?"
    r"(?P<suffix>(?:[^\d].*)?)"
)
MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is in the unit of `suffix`: 3.2 of `3.2万`."""

    value: Decimal
    decimals: int = 0
    thousands: bool = False
    prefix: str = ""
    suffix: str = ""
    scientific: bool = False
    lang: str = "en"
    """The language in whose marks it is printed."""

    @property
    def unit(self) -> tuple[str, str]:
        """What two numbers must share to be compared."""
        return self.prefix, self.suffix

    def print(self) -> str:
        """The number as pictures print it: sign, prefix, digits, suffix."""
        digits = f"{abs(self.value):{',' if self.thousands else ''}.{self.decimals}f}"
        digits = local_number(digits, self.lang)
        return f"{'-' if self.value < 0 else ''}{self.prefix}{digits}{self.suffix}"

    def with_value(self, value: Decimal) -> Number:
        """Another value in the same unit and form."""
        return replace(self, value=value)

    def literal(self) -> str:
        """The digits as a number of Python and JSON."""
        return f"{self.value:.{self.decimals}e}" if self.scientific else f"{self.value:f}"


def number(text: str, lang: str = "en") -> Number | None:
    """The number of a value as a language prints it; None if it is none, or has several numbers.

    `$1,234.5`, `-5 °C`, `3.2万`, `2.60e-5`. A range (`10-20`), a date or a time is no number.
    """
    match = _NUMBER.fullmatch(ascii_numbers(text.strip(), lang))
    if match is None or len(match["digits"]) > MAX_DIGITS:
        return None
    suffix = match["suffix"]
    if re.search(r"\d", suffix) and not re.fullmatch(r"[^\d]*[a-z]+\d", suffix):
        return None  # a second number, other than the power of a unit (`m2`)
    fraction, exponent = match["fraction"] or "", match["exponent"] or ""
    value = Decimal(match["digits"].replace(",", "") + fraction + exponent)
    return Number(
        -value if match["sign"] in ("-", "−") else value,
        max(0, len(fraction) - 1),
        "," in match["digits"],
        match["prefix"],
        suffix,
        bool(exponent),
        lang,
    )


def numbers(texts: Sequence[str], lang: str = "en") -> list[Number] | None:
    """The numbers of several values of one unit; None if a value is no number or units differ."""
    found = [number(text, lang) for text in texts]
    known = [item for item in found if item is not None]
    if not known or len(known) < len(found) or len({item.unit for item in known}) > 1:
        return None
    return known


def total(items: Sequence[Number]) -> Number:
    """The exact sum of numbers of one unit, with as many decimals as the finest of them."""
    return _like(items, sum((item.value for item in items), Decimal(0)))


def difference(first: Number, second: Number) -> Number:
    """The exact distance of two numbers of one unit."""
    return _like((first, second), abs(first.value - second.value))


def _like(items: Sequence[Number], value: Decimal) -> Number:
    return replace(
        items[0],
        value=value,
        decimals=max(item.decimals for item in items),
        thousands=any(item.thousands for item in items),
        scientific=False,
    )
