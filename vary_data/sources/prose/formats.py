"""Numbers and dates as a language prints them."""

from __future__ import annotations

import datetime

from renderers.languages.registry import Dates, Language

PERSIAN_EPOCH = 1388, datetime.date(2009, 3, 21)
"""A Persian year and its first day."""
SATURDAY = 5
"""As Python counts the days of the week."""
ARABIC_SEPARATORS = {"decimal": "٫", "group": "٬"}
"""Between Arabic digits (U+0660, U+06F0)."""


def amount(value: float, decimals: int, language: Language, digits: str) -> str:
    """A number with separators, in ASCII digits: they are changed for the whole page at the end.

    `digits` is the system of the page; Arabic ones have separators of their own.
    """
    whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
    decimal, group = language.decimal, language.group
    if is_arabic(digits):
        decimal, group = ARABIC_SEPARATORS["decimal"], ARABIC_SEPARATORS["group"]
    shown = group.join(_groups(whole, language.indian_groups))
    sign = "-" if value < 0 else ""
    return f"{sign}{shown}{decimal}{fraction}" if fraction else f"{sign}{shown}"


def is_arabic(digits: str) -> bool:
    """Whether a system of digits is an Arabic one."""
    return digits[0] in "٠۰"


def date(dates: Dates, pattern: str, year: int, month: int, day: int) -> str:
    """A day in one of the language's patterns; `year` is Gregorian, `month` from 1."""
    return pattern.format(
        d=day,
        dd=f"{day:02d}",
        m=month,
        mm=f"{month:02d}",
        month=dates.months[month - 1],
        y=year + dates.year_shift,
    )


def weekday(dates: Dates, year: int, month: int, day: int) -> str:
    """The name of the day of the week of a day as `date` takes it, from 2009 on."""
    if dates.calendar == "persian":
        number = _persian_day(year + dates.year_shift, month, day).weekday() - SATURDAY
    else:
        number = datetime.date(year, month, day).weekday()
    return dates.weekdays[number % 7]


def _persian_day(year: int, month: int, day: int) -> datetime.date:
    """A day of the Persian calendar: six months of 31 days, then of 30, the last one of 29 or, in a
    leap year, 30. The rule of 33 years holds for this century."""
    first, start = PERSIAN_EPOCH
    leap_days = sum((8 * y + 29) % 33 < 8 for y in range(first, year))
    months = 30 * (month - 1) + min(month - 1, 6)
    return start + datetime.timedelta(365 * (year - first) + leap_days + months + day - 1)


def _groups(whole: str, indian: bool) -> list[str]:
    """Groups of three digits from the right; with `indian`, of two above the thousands."""
    found = [whole[-3:]]
    rest, size = whole[:-3], 2 if indian else 3
    while rest:
        found.insert(0, rest[-size:])
        rest = rest[:-size]
    return found
