"""Quotation marks of a page in one style, with other marks for quotations inside quotations."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from typing import Any

from renderers.languages.registry import Quotes
from renderers.web.document import Code, InlineFormula, Inset, Leader, Span, WebPage


def with_marks(page: WebPage, written: Quotes, style: Quotes) -> WebPage:
    """The page with the marks of a style in place of the outer ones of `written`, which its texts
    have at all depths. A mark that closes nothing stays."""
    return dataclasses.replace(page, blocks=_changed(page.blocks, written, style))


def _changed(value: Any, written: Quotes, style: Quotes) -> Any:
    match value:
        case Code() | Inset() | Span() | InlineFormula():
            return value
        case tuple() if any(isinstance(item, Span) for item in value):
            return _marked(value, written, style)
        case tuple():
            return tuple(_changed(item, written, style) for item in value)
        case Leader():
            return dataclasses.replace(value, content=_changed(value.content, written, style))
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            new = {name: _changed(getattr(value, name), written, style) for name in names}
            return dataclasses.replace(value, **new)
    return value


def _marked(content: tuple[Any, ...], written: Quotes, style: Quotes) -> tuple[Any, ...]:
    """A text with other marks; a quotation may go over several spans."""
    depth = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal depth
        if found[0] == written[0]:
            depth += 1
            return style[0] if depth % 2 else style[2]
        if not depth:
            return found[0]
        depth -= 1
        return style[3] if depth % 2 else style[1]

    pattern = _marks(written[0], written[1])
    return tuple(
        dataclasses.replace(part, text=pattern.sub(mark, part.text))
        if isinstance(part, Span) and part.style != "code"
        else part
        for part in content
    )


@cache
def _marks(before: str, after: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(before)}|{re.escape(after)}")
