"""A composed page in the digits and styles of its script."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from renderers.languages.registry import Language
from renderers.web.document import Art, Code, InlineFormula, Inset, Leader, ListItem, Span, WebPage
from renderers.web.formulas import Math
from vary_data.sources.prose.formats import is_arabic

ASCII_DIGITS = "0123456789"


def localized(page: WebPage, language: Language, digits: str) -> WebPage:
    """The page with the digits of a system, and without slanted letters if the script has none.

    Program text, formulas and names with Latin letters keep ASCII digits.
    """
    if digits == ASCII_DIGITS and language.italic:
        return page
    table: dict[int, int | str] = {}
    if digits != ASCII_DIGITS:
        table |= str.maketrans(ASCII_DIGITS, digits)
    if table and is_arabic(digits):
        table |= {ord("%"): "٪"}
    return dataclasses.replace(page, blocks=_changed(page.blocks, table, language.italic))


def in_digits(text: str, table: Mapping[int, int | str]) -> str:
    """A text with other digits; words with Latin letters stay."""
    if not table:
        return text
    parts = re.split(r"(\S+)", text)
    return "".join(p if re.search("[A-Za-z]", p) else p.translate(table) for p in parts)


def _changed(value: Any, table: Mapping[int, int | str], italic: bool) -> Any:
    match value:
        case Span():
            style = value.style if italic or value.style != "italic" else ""
            shown = value.text if style == "code" else in_digits(value.text, table)
            return Span(shown, style)
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
