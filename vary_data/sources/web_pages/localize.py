"""A composed page in the digits and styles of its script."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from renderers.languages.registry import Language
from renderers.web.document import (
    Art,
    Code,
    DisplayFormula,
    InlineFormula,
    Inset,
    Leader,
    ListItem,
    Span,
    WebPage,
)
from renderers.web.formulas import Math
from vary_data.sources.prose.formats import is_arabic

ASCII_DIGITS = "0123456789"


def localized(page: WebPage, language: Language, digits: str) -> WebPage:
    """The page with the digits of a system, and without slanted letters if the script has none.

    Program text and names with Latin letters keep ASCII digits, and so do formulas but in Persian:
    Persian books set formulas from left to right with Latin letters and Persian digits. Arabic ones
    have European digits beside Latin letters, or both in Arabic and from right to left, which is
    another notation (W3C note "Arabic mathematical notation").
    """
    if digits == ASCII_DIGITS and language.italic:
        return page
    table: dict[int, int | str] = {}
    if digits != ASCII_DIGITS:
        table |= str.maketrans(ASCII_DIGITS, digits)
    if table and is_arabic(digits):
        table |= {ord("%"): "٪"}
    blocks = _changed(page.blocks, table, language.italic)
    # Persian formulas alone: https://www.w3.org/TR/arabic-math/, 3.1 and 3.5.
    if language.digits_in_formulas and digits != ASCII_DIGITS:
        blocks = _in_formulas(blocks, str.maketrans(ASCII_DIGITS, digits))
    return dataclasses.replace(page, blocks=blocks)


def in_digits(text: str, table: Mapping[int, int | str]) -> str:
    """A text with other digits; words with Latin letters stay."""
    if not table:
        return text
    parts = re.split(r"(\S+)", text)
    return "".join(p if re.search("[A-Za-z]", p) else p.translate(table) for p in parts)


_NUMBER = re.compile("(?<=<mn>)[0-9]+(?=</mn>)")


def _in_formulas(value: Any, table: Mapping[int, int | str]) -> Any:
    """The value with other digits in the formulas that the browser draws from MathML; KaTeX has
    no other digits in its fonts."""
    match value:
        case Math(mathml="") | Span() | Code() | Art() | Inset():
            return value
        case Math():
            return Math(
                _NUMBER.sub(lambda found: found[0].translate(table), value.mathml),
                value.latex.translate(table),
                value.letters.translate(table),
            )
        case tuple():
            return tuple(_in_formulas(item, table) for item in value)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            new = {n: _in_formulas(getattr(value, n), table) for n in names}
            return dataclasses.replace(value, **new)
    return value


def _changed(value: Any, table: Mapping[int, int | str], italic: bool) -> Any:
    match value:
        case Span():
            style = value.style if italic or value.style != "italic" else ""
            shown = value.text if style == "code" else in_digits(value.text, table)
            return Span(shown, style)
        case DisplayFormula():
            return dataclasses.replace(value, tag=in_digits(value.tag, table))
        case Code() | InlineFormula() | Math() | Art() | Inset():
            return value
        case tuple():
            return tuple(_changed(item, table, italic) for item in value)
        case ListItem():
            return ListItem(
                in_digits(value.marker, table),
                _changed(value.content, table, italic),
                _changed(value.blocks, table, italic),
            )
        case Leader():
            content = _changed(value.content, table, italic)
            number = in_digits(value.number, table)
            return dataclasses.replace(value, content=content, number=number)
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            new = {n: _changed(getattr(value, n), table, italic) for n in names}
            return dataclasses.replace(value, **new)
    return value
