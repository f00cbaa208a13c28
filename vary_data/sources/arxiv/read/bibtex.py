"""Read the entries of BibTeX files, and those that biblatex keeps in its `.bbl` file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
_BBL_ENTRY = re.compile(r"\\entry\{([^{}]*)\}\{([^{}]*)\}(.*?)\\endentry\b", re.DOTALL)
_BBL_FIELD = re.compile(r"\\(?:field|verb)\{([a-z]+)\}\s*(?:\\verb\s)?")
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
    for key, kind, body in _BBL_ENTRY.findall(text)[:_MAX_ENTRIES]:
        fields: dict[str, str] = {}
        for match in _BBL_NAMES.finditer(body):
            inside = body[match.end() : _closing(body, match.end()) - 1]
            fields[match.group(1)] = " and ".join(_people(inside))
        for match in _BBL_LIST.finditer(body):
            inside = body[match.end() : _closing(body, match.end()) - 1].strip()
            fields[match.group(1)] = inside.removeprefix("{").removesuffix("}")
        for match in _BBL_FIELD.finditer(body):
            if body.startswith("{", match.end()):
                value = body[match.end() + 1 : _closing(body, match.end() + 1) - 1]
            else:
                value = body[match.end() :].partition("\n")[0]
            fields[match.group(1)] = value.strip()
        found.setdefault(key, BibEntry(key, kind, fields))
    return found


def _fields(text: str, position: int, macros: dict[str, str]) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    while match := _NAME.match(text, position):
        value, position = _value(text, match.end(), macros)
        if len(value) <= _MAX_VALUE:
            fields.setdefault(match.group(1).lower(), " ".join(value.split()))
    return fields, position


def _value(text: str, position: int, macros: dict[str, str]) -> tuple[str, int]:
    """A value: pieces in braces, in quotes, numbers or macros, joined by `#`."""
    parts: list[str] = []
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
        while end < len(text) and text[end].isspace():
            end += 1
        position = end
        if not text.startswith("#", position):
            break
        position += 1
        while position < len(text) and text[position].isspace():
            position += 1
    return "".join(parts), position


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
    for match in _BBL_PART.finditer(source):
        if match.group(1) == "family" and "family" in parts:
            people.append(_person(parts))
            parts = {}
        parts[match.group(1)] = source[match.end() : _closing(source, match.end()) - 1]
    return [*people, _person(parts)] if parts else people


def _person(parts: dict[str, str]) -> str:
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("family"))))
    return f"{family}, {parts['given']}" if parts.get("given") else f"{{{family}}}"
