"""Text in Mathpix Markdown: what is escaped, and where markers of emphasis may be.

The rules are those of mathpix-markdown-it with its default plugins (marks, insertions, sub- and
superscripts, typographic replacements) and of CommonMark for emphasis.
"""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = re.compile(
    r"(?P<bracketed>\\(?=[()\[\]]))|(?P<link>\]\((?=[^()]*\)))|[\\`*_$~^]|<(?=[A-Za-z/!])"
    r"|&(?=#?\w+;)|(?<=\+)-|!(?=\[)|(?<!\+)\+\+(?=[^\s+])|(?<!=)==(?=[^\s=])"
    r"|(?<=\((?i:c|r|p))\)|(?<=\((?i:tm))\)"
)


def escaped(text: str) -> str:
    """Text that the renderer prints letter by letter.

    Brackets are not escaped: with a backslash they would open and close a formula. A backslash
    before a bracket, and the bracket of what would be a link, are written as entities.
    """
    return _SPECIAL.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match["bracketed"]:
        return "&#92;"
    if match["link"]:
        return "]&#40;"
    return "".join("\\" + char for char in match.group())


def emphasized(text: str, marker: str, before: str, after: str) -> str:
    """Text between markers of emphasis, such as `**`.

    `before` and `after` are the written text next to it. CommonMark ignores a marker between a
    letter and punctuation that belongs to the emphasis, as in `字**（一）**字`; there the
    punctuation is written outside of the markers. White space stays outside, too.
    """
    core = text.strip()
    if not core or not marker:
        return text
    start = text.index(core)
    end = start + len(core)
    if start == 0 and _is_letter(before[-1:]):
        while start < end and not _is_letter(text[start]):
            start += 2 if text[start] == "\\" else 1
    if end == len(text) and _is_letter(after[:1]):
        while start < end and not _is_letter(text[end - 1]):
            end -= 2 if text[end - 2 : end - 1] == "\\" else 1
    if start >= end:
        return text
    return f"{text[:start]}{marker}{text[start:end]}{marker[::-1]}{text[end:]}"


def _is_letter(char: str) -> bool:
    return bool(char) and not char.isspace() and not _is_punctuation(char)


def _is_punctuation(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char.isspace())
    return unicodedata.category(char)[0] in "PS"
