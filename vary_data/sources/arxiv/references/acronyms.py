"""Acronyms that a document declares for glossaries, acronym or acro."""

from __future__ import annotations

import re
from collections.abc import Mapping

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import read_argument, read_optional

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
        except Rejected:
            continue
    return found


def acronym_text(
    command: str, key: str, acronyms: Mapping[str, tuple[str, str]], used: bool
) -> str:
    """The source that a command such as `\\gls` or `\\acrshort` prints.

    `used` is whether the document printed the acronym before.

    Raises:
        Rejected: the document does not declare the acronym.
    """
    if key not in acronyms:
        raise Rejected("acronym", key)
    short, long = acronyms[key]
    form = command.lower()
    plural = "s" if form.endswith(("pl", "acp", "acsp", "aclp")) else ""
    if form.startswith(("acs", "acrshort")):
        text = short
    elif form.startswith(("acl", "acrlong")):
        text = long
    elif form.startswith(("acf", "acrfull")) or not used:
        text = f"{long}{plural} ({short}{plural})" if long else short + plural
        plural = ""
    else:
        text = short
    if command[0] == "G":
        text = text[:1].upper() + text[1:]
    return text + plural


def _read(command: str, source: str, position: int) -> tuple[str, tuple[str, str]]:
    if command in ("newacronym", "newabbreviation"):
        _, position = read_optional(source, position)
        key, position = read_argument(source, position)
        short, position = read_argument(source, position)
        return key.strip(), (short, read_argument(source, position)[0])
    key, position = read_argument(source, position)
    if command in ("acrodef", "acro"):
        short_form, position = read_optional(source, position)
        return key.strip(), (short_form or key, read_argument(source, position)[0])
    options = read_argument(source, position)[0]
    if command == "DeclareAcronym":
        return key.strip(), (_value(options, "short") or key, _value(options, "long"))
    return key.strip(), (_value(options, "name") or key, "")


def _value(options: str, name: str) -> str:
    match = re.search(rf"(?:^|,)\s*{name}{_VALUE}", options)
    return match.group(1).strip().removeprefix("{").removesuffix("}") if match else ""
