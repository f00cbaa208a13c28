"""Read the entries of BibTeX files, and those that biblatex keeps in its `.bbl` file."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import Groups

_START = re.compile(r"@\s*([A-Za-z]+)\s*[{(]")
_KEY = re.compile(r"\s*([^\s,{}()=]+)\s*,")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_WORD = re.compile(r"[^\s,#{}\"()]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_MONTHS = dict(
    zip(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        ("January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December"),
        strict=True,
    )
)  # fmt: skip
_BBL_ENTRY = re.compile(r"\\entry\{([^{}]*)\}\{([^{}]*)\}")
_BBL_FIELD = re.compile(r"\\(?:field|verb)\{([a-z]+)\}\s*\{")
_BBL_VERB = re.compile(r"\\verb\{([a-z]+)\}\s*\\verb\s([^\n]*)")
_BBL_LIST = re.compile(r"\\list\{([a-z]+)\}\{\d+\}\s*\{")
_BBL_NAMES = re.compile(r"\\name\{(author|editor)\}\{\d+\}\{[^{}]*\}\s*\{")
_BBL_PART = re.compile(r"\b(family|given|prefix|suffix)\s*=\s*\{")
_MAX_ENTRIES = 5_000
_MAX_VALUE = 5_000
"""Characters of a field; abstracts and file lists are longer and print nothing."""


@dataclass(frozen=True, slots=True)
class BibEntry:
    """`fields` are LaTeX source by lower-case names; names of people are joined by ` and `."""

    key: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)


def read_bib(text: str) -> dict[str, BibEntry]:
    """The entries of a `.bib` file by key; what cannot be read is left out."""
    found: dict[str, BibEntry] = {}
    macros = dict(_MONTHS)
    position = 0
    while (match := _START.search(text, position)) and len(found) < _MAX_ENTRIES:
        kind = match.group(1).lower()
        position = match.end()
        if kind in ("comment", "preamble"):
            position = _closing(text, position)
            continue
        key = ""
        if kind != "string":
            name = _KEY.match(text, position)
            if not name:
                continue
            key, position = name.group(1), name.end()
        fields, position = _fields(text, position, macros)
        if kind == "string":
            macros.update(fields)
        elif key not in found:
            found[key] = BibEntry(key, kind, fields)
    return found


def read_biblatex(text: str) -> dict[str, BibEntry]:
    """The entries of biblatex's `.bbl` file in the order of the list."""
    found: dict[str, BibEntry] = {}
    starts = list(_BBL_ENTRY.finditer(text))[:_MAX_ENTRIES]
    if not starts:
        return found
    stops = [*(match.start() for match in starts[1:]), len(text)]
    for start, stop in zip(starts, stops, strict=True):
        body, ended, _ = text[start.end() : stop].partition("\\endentry")
        if ended:
            key, kind = start.groups()
            found.setdefault(key, BibEntry(key, kind, _biblatex_fields(body)))
    return found


def _biblatex_fields(body: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    groups = Groups(body)
    for match, inside in _arguments(_BBL_NAMES, body, groups):
        fields[match.group(1)] = " and ".join(_people(inside))
    for match, inside in _arguments(_BBL_LIST, body, groups):
        fields[match.group(1)] = inside.strip().removeprefix("{").removesuffix("}")
    for match, inside in _arguments(_BBL_FIELD, body, groups):
        fields[match.group(1)] = inside.strip()
    for match in _BBL_VERB.finditer(body):
        fields[match.group(1)] = match.group(2).strip()
    return fields


def _arguments(
    pattern: re.Pattern[str], text: str, groups: Groups
) -> Iterator[tuple[re.Match[str], str]]:
    """The matches of a pattern that ends with a brace, each with what is in that brace; none begins
    inside another, so that no text is read twice."""
    position = 0
    while match := pattern.search(text, position):
        position = match.end()
        with contextlib.suppress(Rejected):  # a brace that nothing closes
            end = groups.end(match.end() - 1)
            yield match, text[match.end() : end - 1]
            position = end


def _fields(text: str, position: int, macros: dict[str, str]) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    while match := _NAME.match(text, position):
        value, position = _value(text, match.end(), macros)
        if value is not None:
            fields.setdefault(match.group(1).lower(), " ".join(value.split()))
    return fields, position


def _value(text: str, position: int, macros: dict[str, str]) -> tuple[str | None, int]:
    """A value: pieces in braces, in quotes, numbers or macros, joined by `#`; None if it is longer
    than `_MAX_VALUE`."""
    parts: list[str] = []
    size = 0
    while position < len(text):
        if text[position] == "{":
            end = _closing(text, position + 1)
            parts.append(text[position + 1 : end - 1])
        elif text[position] == '"':
            end = _closing_quote(text, position + 1)
            parts.append(text[position + 1 : end - 1])
        else:
            word = _WORD.match(text, position)
            if not word:
                break
            end = word.end()
            parts.append(macros.get(word.group().lower(), word.group()))
        size += len(parts[-1])
        if size > _MAX_VALUE:
            parts.clear()  # macros of macros would grow without end
        while end < len(text) and text[end].isspace():
            end += 1
        position = end
        if not text.startswith("#", position):
            break
        position += 1
        while position < len(text) and text[position].isspace():
            position += 1
    return (None if size > _MAX_VALUE else "".join(parts)), position


def _closing(text: str, position: int) -> int:
    """The position after the brace that closes the one before `position`."""
    depth = 1
    for match in _BRACE.finditer(text, position):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)


def _closing_quote(text: str, position: int) -> int:
    depth = 0
    for match in re.compile(r'\\[^"]|[{}"]', re.DOTALL).finditer(text, position):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if match.group() == '"' and depth == 0:
            return match.end()
    return len(text)


def _people(source: str) -> list[str]:
    """`Family, Given` of each person in biblatex's list of names."""
    people: list[str] = []
    parts: dict[str, str] = {}
    for match, inside in _arguments(_BBL_PART, source, Groups(source)):
        if match.group(1) == "family" and "family" in parts:
            people.append(_person(parts))
            parts = {}
        parts[match.group(1)] = inside
    return [*people, _person(parts)] if parts else people


def _person(parts: dict[str, str]) -> str:
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    return f"{family}, {parts['given']}" if parts.get("given") else f"{{{family}}}"
