"""The text of a row that is compared with other rows, and its tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from renderers.charts.truth import ABSENT
from renderers.twins import usual_signs
from vary_data.base.literals import literal

TRANSCRIPTS = ("plain", "markdown", "mmd", "dict")
"""Formats whose text transcribes the whole picture; others are one of many possible answers."""
COLUMNS = ("text", "messages", "format")

_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_WIDE}]|[^\\W_{_WIDE}]+")
_WIDE_TOKEN = re.compile(f"[{_WIDE}]")
_COMMAND = re.compile(r"\\(?:begin|end)\{[A-Za-z*]+\}(?:\{[^{}]*\})?|\\[A-Za-z]+\*?")
_FRAME = frozenset(
    ("title", "source", "x_title", "y_title", "y2_title", "values", "annotations", "panels")
)


def wording(row: Mapping[str, Any]) -> str:
    """The text of a row for comparison; a row needs the columns `COLUMNS`.

    Of a chart's dict, the strings without the keys that all charts share; of Mathpix Markdown,
    the text without LaTeX commands and column specifications: both would make different rows
    similar. Of a conversation, all turns, since a single answer (`Yes`, `2015`) is not specific.
    """
    text, form = row["text"] or "", row["format"]
    if form == "dict":
        return "\n".join(_strings(text))
    if form == "mmd":
        return _COMMAND.sub(" ", text)
    return text if form in ("plain", "markdown") else "\n".join(_turns(row["messages"] or ()))


def tokens(text: str) -> list[str]:
    """Lower-case words, and single Chinese and Japanese characters.

    Punctuation, spaces, full or half width, and which of two signs with one glyph a text has are
    ignored. Chinese has no spaces, and its segmentation into words depends on the tool; characters
    do not.
    """
    return _TOKEN.findall(unicodedata.normalize("NFKC", usual_signs(text)).casefold())


def is_wide(token: str) -> bool:
    """Whether a token is a character of a script without spaces."""
    return _WIDE_TOKEN.fullmatch(token) is not None


def _strings(text: str) -> Iterator[str]:
    try:
        truth = literal(text)
    except ValueError:
        yield text
        return
    if not isinstance(truth, dict):
        yield text
        return
    for key, value in truth.items():
        if key not in _FRAME:
            yield str(key)
        yield from _leaves(value)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif value != ABSENT:
        yield str(value)


def _turns(messages: Any) -> Iterator[str]:
    for message in messages:
        yield "".join(part["text"] or "" for part in message["content"] if part["type"] == "text")
