"""Styles of characters, and text with emphasis and indices in Markdown.

A style is a letter for each character: `r` regular, `b` bold, `i` italic, `x` bold italic, `m`
typewriter, `^` superscript, `_` subscript.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol

import pymupdf

REGULAR = "r"
INDEX_SIZE = 0.86
"""Largest size of an index, in sizes of its row."""
MIN_RISE = 0.12
"""Smallest distance of an index from the base line, in sizes of its row."""

_BOLD = re.compile(r"bold|black|heavy|demi|cmb[x\d]|cmssbx|-bd\b|medi\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obliq|cmti|cmsl|slant|-it\b", re.IGNORECASE)
_MATH = re.compile(r"cmmi|cmsy|cmex|msam|msbm|math", re.IGNORECASE)
_SMALL_CAPS = re.compile(r"csc\d|caps\d|small-?cap|[-_]sc(?:[-_]|$)", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_\[\]|])")
_MARKS = {"b": "**", "i": "*", "x": "***", "m": "`"}


class StyledLine(Protocol):
    """What is needed of a line: parallel `text` and `styles`, its size and base line."""

    @property
    def text(self) -> str: ...
    @property
    def styles(self) -> str: ...
    @property
    def size(self) -> float: ...
    @property
    def baseline(self) -> float: ...


def is_bold(span: dict[str, Any]) -> bool:
    """Whether the font of a MuPDF span is bold, by its flag or its name."""
    return bool(span["flags"] & pymupdf.TEXT_FONT_BOLD) or _has_bold_name(span["font"])


def is_italic(span: dict[str, Any]) -> bool:
    """Whether the font of a MuPDF span is italic, and not one for variables of formulas."""
    return _is_italic(span["font"], bool(span["flags"] & pymupdf.TEXT_FONT_ITALIC))


@lru_cache(1024)
def _is_italic(font: str, flagged: bool) -> bool:
    return (flagged or _ITALIC.search(font) is not None) and not _MATH.search(font)


@lru_cache(1024)
def _has_bold_name(font: str) -> bool:
    return _BOLD.search(font) is not None


@lru_cache(1024)
def is_small_caps(font: str) -> bool:
    """Whether a font has small capitals for lower case, by its name."""
    return _SMALL_CAPS.search(font) is not None


def span_style(span: dict[str, Any], main: dict[str, Any]) -> str:
    """The style of a MuPDF span; `main` is the span with most characters of its line."""
    if span["size"] <= INDEX_SIZE * main["size"]:
        rise = main["origin"][1] - span["origin"][1]
        if abs(rise) >= MIN_RISE * main["size"]:
            return "^" if rise > 0 else "_"
    if span["flags"] & pymupdf.TEXT_FONT_MONOSPACED:
        return "m"
    if _MATH.search(span["font"]):
        return REGULAR  # variables are always italic
    italic = bool(span["flags"] & pymupdf.TEXT_FONT_ITALIC) or _ITALIC.search(span["font"])
    return ("x" if italic else "b") if is_bold(span) else ("i" if italic else REGULAR)


def marked_text(line: StyledLine, row: Sequence[StyledLine]) -> str:
    """A piece of a row in Markdown: emphasis, `<sup>` and `<sub>`; special characters escaped."""
    main = max(row, key=lambda piece: len(piece.text))
    index = ""
    if line is not main and line.size <= INDEX_SIZE * main.size:
        rise = main.baseline - line.baseline
        if abs(rise) >= MIN_RISE * main.size:
            index = "^" if rise > 0 else "_"
    pairs = zip(line.text, index * len(line.text) or line.styles, strict=True)
    return "".join(
        _marked("".join(c for c, _ in group), style)
        for style, group in groupby(pairs, key=lambda pair: pair[1])
    )


def _marked(text: str, style: str) -> str:
    inner = text.strip(" ")
    if not inner:
        return text
    before, after = text[: text.index(inner[0])], text[len(text.rstrip(" ")) :]
    if style == "m":
        return f"{before}`{inner}`{after}" if "`" not in inner else escaped(text)
    if style in "^_":
        tag = "sup" if style == "^" else "sub"
        return f"{before}<{tag}>{escaped(inner)}</{tag}>{after}"
    # Emphasis is for words: `**–**` marks nothing that the picture shows.
    mark = _MARKS.get(style, "") if any(map(str.isalnum, inner)) else ""
    return f"{before}{mark}{escaped(inner)}{mark}{after}"


def escaped(text: str) -> str:
    """Text with Markdown's special characters escaped."""
    return _SPECIAL.sub(r"\\\1", html.escape(text, quote=False))
