"""Ruby: readings above words, as in Japanese school books and newspapers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from renderers.web.document import Span, TextBlock, WebPage

RUBY_ROLES = frozenset({"paragraph", "title", "section_header"})


def with_readings(page: WebPage, readings: Sequence[str]) -> WebPage:
    """The page with readings above the words of a list (`word=reading`), where such a word is not
    a part of a longer one."""
    return dataclasses.replace(page, blocks=_changed(page.blocks, tuple(readings)))


def _changed(value: Any, readings: tuple[str, ...]) -> Any:
    match value:
        case TextBlock() if value.role in RUBY_ROLES:
            parts = [p for part in value.content for p in _split(part, readings)]
            return dataclasses.replace(value, content=tuple(parts))
        case TextBlock():
            return value
        case tuple():
            return tuple(_changed(item, readings) for item in value)
        case _ if hasattr(value, "blocks"):
            return dataclasses.replace(value, blocks=_changed(value.blocks, readings))
    return value


def _split(part: Any, readings: tuple[str, ...]) -> list[Any]:
    if not isinstance(part, Span):
        return [part]
    pattern, known = _table(readings)
    found: list[Any] = []
    end = 0
    for match in pattern.finditer(part.text):
        if match.start() > end:
            found.append(Span(part.text[end : match.start()], part.style))
        found.append(Span(match[0], part.style, known[match[0]]))
        end = match.end()
    if end < len(part.text):
        found.append(Span(part.text[end:], part.style))
    return found


@cache
def _table(readings: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    known = dict(entry.split("=") for entry in readings)
    words = "|".join(sorted(known, key=lambda word: (-len(word), word)))
    return re.compile(f"(?<![\u3005\u4e00-\u9fff])(?:{words})(?![\u3005\u4e00-\u9fff])"), known
