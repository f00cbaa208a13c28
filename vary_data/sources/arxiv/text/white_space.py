"""Normalize the white space of spans, and join spans of one style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from renderers.latex.blocks import Span, Text

_WIDE = (
    "\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60"
    "\uffe0-\uffe6\U00020000-\U0003ffff"
)
_SPACE_IN_CHINESE = re.compile(f"(?<=[{_WIDE}]) (?=[{_WIDE}])")
_IS_WIDE = re.compile(f"[{_WIDE}]")
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f]"
)


def normalize_white_space(spans: Sequence[Span], strip: bool) -> tuple[Span, ...]:
    """Joins spans of one style, collapses white space, and drops it inside Chinese.

    White space at the edge of a bold, italic or mono run goes to the plain text next to it.
    """
    pieces: list[Span] = []
    for span in spans:
        pieces.extend(_cleaned(span) if isinstance(span, Text) else [span])
    joined = _merge(pieces)
    outside: list[Span] = []
    for span in joined:
        outside.extend(_edges_outside(span) if isinstance(span, Text) else [span])
    result = _merge(outside)
    result = [
        replace(span, text=_SPACE_IN_CHINESE.sub("", span.text)) if isinstance(span, Text) else span
        for span in _across_styles(result)
    ]
    if strip and result and isinstance(result[0], Text):
        result[0] = replace(result[0], text=result[0].text.lstrip(" "))
    if strip and result and isinstance(result[-1], Text):
        result[-1] = replace(result[-1], text=result[-1].text.rstrip(" "))
    return tuple(span for span in result if not isinstance(span, Text) or span.text)


def _cleaned(span: Text) -> list[Span]:
    text = _INVISIBLE.sub("", re.sub(r"[\s\u00a0]+", " ", span.text))
    return [replace(span, text=text)] if text else []


def _merge(spans: Sequence[Span]) -> list[Span]:
    """Joins adjacent spans of one style; of two spaces between spans one stays."""
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        if not isinstance(span, Text) or not isinstance(last, Text):
            result.append(span)
            continue
        text = span.text.lstrip(" ") if last.text.endswith(" ") else span.text
        if _style(last) == _style(span):
            result[-1] = replace(last, text=last.text + text)
        elif text:
            result.append(replace(span, text=text))
    return result


def _style(span: Text) -> Text:
    return replace(span, text="")


def _edges_outside(span: Text) -> list[Span]:
    if _style(span) == Text(""):
        return [span]
    core = span.text.strip(" ")
    if not core:
        return [Text(span.text)]
    before = [Text(" ")] if span.text[0] == " " else []
    after = [Text(" ")] if span.text[-1] == " " else []
    return [*before, replace(span, text=core), *after]


def _across_styles(spans: Sequence[Span]) -> list[Span]:
    """Drops a space between Chinese characters of differently styled runs."""
    result = list(spans)
    for index in range(len(result) - 1):
        left, right = result[index], result[index + 1]
        if not isinstance(left, Text) or not isinstance(right, Text):
            continue
        if left.text.endswith(" "):
            before = left.text[-2:-1] or _last_character(result[index - 1] if index else None)
            if _IS_WIDE.match(before) and _IS_WIDE.match(right.text):
                result[index] = replace(left, text=left.text[:-1])
        elif right.text.startswith(" ") and _IS_WIDE.match(left.text[-1:]):
            follower = result[index + 2] if index + 2 < len(result) else None
            after = right.text[1:2] or (follower.text[:1] if isinstance(follower, Text) else "")
            if _IS_WIDE.match(after):
                result[index + 1] = replace(right, text=right.text[1:])
    return result


def _last_character(span: Span | None) -> str:
    return span.text[-1:] if isinstance(span, Text) else ""
