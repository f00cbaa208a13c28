"""All texts of a page, and the page with other texts of the same shape."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from renderers.web.document import Code, Leader, ListItem, Span, WebPage


def texts_of(page: WebPage) -> list[str]:
    """All printed texts, readings too, in the order of the value; formulas are not among them."""
    return list(_texts(page.blocks))


def with_texts(page: WebPage, change: Callable[[str], str]) -> WebPage:
    """The page with every text changed; markers of lists, formulas and drawings stay."""
    return dataclasses.replace(page, blocks=_changed(page.blocks, change))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case Span():
            yield value.text
            if value.reading:
                yield value.reading
        case tuple():
            for item in value:
                yield from _texts(item)
        case Code():
            yield from value.lines
        case ListItem() | Leader():
            yield value.marker if isinstance(value, ListItem) else value.number
            yield from _texts(value.content)
            if isinstance(value, ListItem):
                yield from _texts(value.blocks)
        case _ if dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from _texts(getattr(value, field.name))


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case Span():
            return Span(change(value.text), value.style)
        case tuple():
            return tuple(_changed(item, change) for item in value)
        case Code():
            return dataclasses.replace(value, lines=tuple(map(change, value.lines)))
        case Leader():
            return dataclasses.replace(
                value, content=_changed(value.content, change), number=change(value.number)
            )
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            new = {n: _changed(getattr(value, n), change) for n in names}
            return dataclasses.replace(value, **new)
    return value
