"""Acronyms that a document declares for glossaries, acronym or acro."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.errors import Unfit
from vary_data.sources.arxiv.scan import argument, optional

_DECLARATION = re.compile(
    r"\\(newacronym|acrodef|acro|newglossaryentry|longnewglossaryentry|DeclareAcronym|newabbreviation)"
    r"(?![A-Za-z@])"
)
_VALUE = r"\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,{}]*)"


def read_acronyms(source: str) -> dict[str, tuple[str, str]]:
    """Key to (short, long) sources; long is empty for plain glossary entries."""
    found: dict[str, tuple[str, str]] = {}
    for match in _DECLARATION.finditer(source):
        try:
            found.update([_read(match.group(1), source, match.end())])
        except Unfit:
            continue
    return found


def _read(command: str, source: str, position: int) -> tuple[str, tuple[str, str]]:
    if command in ("newacronym", "newabbreviation"):
        _, position = optional(source, position)
        key, position = argument(source, position)
        short, position = argument(source, position)
        return key.strip(), (short, argument(source, position)[0])
    key, position = argument(source, position)
    if command in ("acrodef", "acro"):
        short_form, position = optional(source, position)
        return key.strip(), (short_form or key, argument(source, position)[0])
    options = argument(source, position)[0]
    if command == "DeclareAcronym":
        return key.strip(), (_value(options, "short") or key, _value(options, "long"))
    return key.strip(), (_value(options, "name") or key, "")


def _value(options: str, name: str) -> str:
    match = re.search(rf"(?:^|,)\s*{name}{_VALUE}", options)
    return match.group(1).strip().removeprefix("{").removesuffix("}") if match else ""
