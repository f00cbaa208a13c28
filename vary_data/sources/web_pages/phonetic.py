"""Readings of Chinese characters: pinyin or bopomofo for each, as in books for children."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from renderers.web.document import ListItem, Span, TextBlock, WebPage
from vary_data.sources.web_pages.ruby import RUBY_ROLES

STYLES = {"zh": "TONE", "zh-Hant": "BOPOMOFO"}
"""What is printed with the characters of a language: the style of Pypinyin."""
PHONETIC_GENRES = frozenset({"textbook", "worksheet", "dictionary"})
HEADWORDS_ONLY = frozenset({"dictionary"})
"""Genres that have readings only with their words in bold."""
LARGER = 1.3
"""Size of text with readings for each character, by the usual size of the genre."""
_HAN = re.compile("([\u4e00-\u9fff]+)")


def with_phonetic(page: WebPage) -> WebPage:
    """The page with a reading for each Chinese character; in dictionaries for those in bold.

    Phrases decide between the readings of a character (Pypinyin).
    """
    style = STYLES[page.lang]
    bold = page.genre in HEADWORDS_ONLY
    return dataclasses.replace(page, blocks=_changed(page.blocks, style, bold))


def _changed(value: Any, style: str, bold: bool) -> Any:
    match value:
        case TextBlock() if value.role in RUBY_ROLES:
            return dataclasses.replace(value, content=_spelled(value.content, style, bold))
        case ListItem():
            content = _spelled(value.content, style, bold)
            return dataclasses.replace(value, content=content)
        case TextBlock():
            return value
        case tuple():
            return tuple(_changed(item, style, bold) for item in value)
        case _ if hasattr(value, "blocks"):
            return dataclasses.replace(value, blocks=_changed(value.blocks, style, bold))
        case _ if hasattr(value, "items"):
            return dataclasses.replace(value, items=_changed(value.items, style, bold))
    return value


def _spelled(content: tuple[Any, ...], style: str, bold: bool) -> tuple[Any, ...]:
    found: list[Any] = []
    for part in content:
        if isinstance(part, Span) and part.style != "code" and (part.style == "bold" or not bold):
            found += _characters(part, style)
        else:
            found.append(part)
    return tuple(found)


def _characters(part: Span, style: str) -> Iterator[Span]:
    """A span for each Chinese character, with its reading, and for each text between them."""
    from pypinyin import Style, lazy_pinyin

    for n, piece in enumerate(_HAN.split(part.text)):
        if n % 2 == 0:
            if piece:
                yield Span(piece, part.style)
            continue
        readings = lazy_pinyin(piece, style=getattr(Style, style))
        if len(readings) != len(piece):  # a character that Pypinyin does not know
            yield Span(piece, part.style)
            continue
        for character, reading in zip(piece, readings, strict=True):
            known = reading if reading != character else ""
            yield Span(character, part.style, known)
