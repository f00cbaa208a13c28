"""Numbers as a language writes them: its marks, and the space before a percent sign."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from renderers.charts.spec import (
    ASCII_MARKS,
    Data,
    Flow,
    NumberFormat,
    NumberMarks,
    Points,
    Summary,
    Table,
    Tree,
)
from renderers.languages.registry import language

SIGNS = ("%", "‰", "°", "℃")
"""Units that follow a number without a space, unless the language writes one before a percent."""


@cache
def marks_of(lang: str) -> NumberMarks:
    """The marks of a language. Spaces are plain ones: a picture shows no difference."""
    known = language(lang)
    least = known.charts.grouped_from if known.charts else ASCII_MARKS.grouped_from
    group = known.group.replace("\u00a0", " ")
    return NumberMarks(known.decimal, group, least, known.indian_groups)


def local_number(number: NumberFormat, lang: str) -> NumberFormat:
    """The format with the marks of a language."""
    spaced = language(lang).percent != "%"
    suffix = f" {number.suffix}" if spaced and number.suffix.startswith(SIGNS) else number.suffix
    return replace(number, suffix=suffix, marks=marks_of(lang))


def local_data(data: Data, lang: str) -> Data:
    """The data with numbers as a language writes them."""
    if marks_of(lang) == ASCII_MARKS and language(lang).percent == "%":
        return data
    match data:
        case Table():
            series = (replace(s, number=local_number(s.number, lang)) for s in data.series)
            return replace(data, series=tuple(series))
        case Points():
            return replace(
                data,
                x_number=local_number(data.x_number, lang),
                y_number=local_number(data.y_number, lang),
                size_number=local_number(data.size_number, lang),
            )
        case Summary() | Tree() | Flow():
            return replace(data, number=local_number(data.number, lang))
