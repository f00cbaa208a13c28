"""Numbers in the marks of a language: read as English ones, and written back.

`1.234,5` of a German picture is `1,234.5`; digits of other scripts become ASCII ones. What is no
number stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from renderers.languages.grouping import indian_groups
from renderers.languages.registry import FIRST, find

GROUP_SPACES = " \u00a0\u202f"
"""Spaces that part groups of digits in languages that have a space there."""


def ascii_numbers(text: str, lang: str) -> str:
    """The text with its numbers in English marks. `lang` is any BCP 47 tag; numbers of an unknown
    language are taken as English ones."""
    if not has_other_numbers(lang):
        return text
    if not text.isascii():
        text = "".join(_ascii_digit(c) for c in text)
    pattern, decimal = _pattern(lang)
    return pattern.sub(lambda match: _english(match[0], decimal), text) if pattern else text


@cache
def has_other_numbers(lang: str) -> bool:
    """Whether the numbers of a language have other marks or digits than English ones."""
    found = find(lang)
    if found is None:
        return False
    marks = (found.decimal, found.group) != (".", ",") or found.indian_groups
    return marks or any(not d.isascii() for d in found.digits)


def ascii_quantity(text: str, lang: str) -> str:
    """The text with its numbers in English marks and their powers of ten as exponents.

    `12,5 Mio. €` is `12.5e6 €`. A text in English or Chinese stays as it is.
    """
    marks = _magnitudes(lang)
    text = ascii_numbers(text, lang)
    if marks is None:
        return text
    pattern, powers = marks
    return pattern.sub(lambda match: f"e{powers[match[1]]}", text)


@cache
def _magnitudes(lang: str) -> tuple[re.Pattern[str], Mapping[str, int]] | None:
    """A pattern of a magnitude after a digit, and the power of ten of each."""
    found = find(lang)
    if found is None or found.charts is None or found.tag in FIRST:
        return None
    powers = {mark.strip(): power for way in found.charts.short for power, mark in way}
    words = "|".join(re.escape(mark) for mark in sorted(powers, key=len, reverse=True))
    # Units that are words follow such a sign at once: 万人.
    end = "" if found.charts.symbols_shortened else r"(?![^\W\d_])"
    return (re.compile(rf"(?<=\d)\s?({words}){end}"), powers) if words else None


def local_number(text: str, lang: str) -> str:
    """A number in English marks, in those of the language."""
    found = find(lang)
    if found is None:
        return text
    if found.indian_groups and "," in text:
        whole, point, rest = text.partition(".")
        text = indian_groups(whole) + point + rest
    if (found.decimal, found.group) == (".", ","):
        return text
    group = " " if found.group in GROUP_SPACES else found.group
    whole, point, rest = text.partition(".")
    return whole.replace(",", group) + (found.decimal if point else "") + rest


def ascii_truth(value: Any, lang: str) -> Any:
    """A value of texts, dicts and lists with all numbers in English marks, those in keys too."""
    if not has_other_numbers(lang):
        return value
    if isinstance(value, str):
        return ascii_numbers(value, lang)
    if isinstance(value, Mapping):
        return {
            ascii_numbers(key, lang) if isinstance(key, str) else key: ascii_truth(inner, lang)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [ascii_truth(inner, lang) for inner in value]
    return value


@cache
def _pattern(lang: str) -> tuple[re.Pattern[str] | None, str]:
    known = find(lang)
    if known is None:
        return None, "."
    if known.indian_groups:
        return re.compile(r"(?<![\d,])\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])"), "."
    if (known.decimal, known.group) == (".", ","):
        return None, "."
    group = GROUP_SPACES if known.group in GROUP_SPACES else re.escape(known.group)
    decimal = re.escape(known.decimal)
    return (
        re.compile(
            rf"(?<!\d)\d{{1,3}}(?:[{group}]\d{{3}})+(?!\d)(?:{decimal}\d+)?|\d+{decimal}\d+"
        ),
        known.decimal,
    )


def _english(number: str, decimal: str) -> str:
    whole, point, rest = number.partition(decimal)
    if re.search(r",\d\d,", whole):  # Indian groups
        return f"{int(whole.replace(',', '')):,}" + point + rest
    return re.sub(r"\D", ",", whole) + ("." if point else "") + rest


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
