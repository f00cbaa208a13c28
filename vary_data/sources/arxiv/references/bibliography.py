"""The reference list: works by their key, with authors and years where they are known."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.read.citations import cited_keys
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.scan import group_end, read_argument, read_optional

_BIBITEM = re.compile(r"\\bibitem\b")
_NATBIB_LABEL = re.compile(r"^(.*?)\((\d{4}[a-z]?|[^()]{0,12})\)", re.DOTALL)
"""A label of natbib: `Foo and Bar(2020)`."""
_COMMAND_LABEL = re.compile(r"(?:\\protect\s*)?\\(?:citeauthoryear|astroncite)(?![A-Za-z@])")
_APALIKE_LABEL = re.compile(
    r"^(?:(?:\\protect\s*)?\\citename\s*\{(.*?),\s*\}|(.*?),)"
    r"\s*(\d{4}[a-z]?|n\.\s?d\.|in press|to appear|forthcoming|submitted|in preparation)$",
    re.DOTALL,
)
"""A label of apalike, `Foo and Bar, 2020`, or of chicago, `\\citename{Foo and Bar, }2020`."""
_NATBIB = re.compile(r"\\usepackage\s*(?:\[[^\[\]]*\]\s*)?\{[^{}]*\bnatbib\b")
_RAISED = re.compile(
    r"\\etalchar(?![A-Za-z@])\s*\{([^{}\\]*)\}|(?:\$|\\\()\s*\^\s*\{?([+*])\}?\s*(?:\$|\\\))"
)
_PRINTABLE = re.compile(r"[^\\$&#_^%]{1,30}")
_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^\s,{}]+)\s*,")
_AUTHOR = re.compile(r"\bauthor\s*=\s*(?=[{\"])", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:year|date)\s*=\s*[{\"]?\s*\{?(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Work:
    """A cited work: its place in the list, and short authors and year where they are known."""

    number: int
    authors: str = ""
    year: str = ""
    label: str = ""
    """What citations print in place of the number: `GMR89`."""


def read_bibliography(project: Project, main: str, preamble: str, body: str) -> dict[str, Work]:
    """Works by key: in the order of the reference list if there is one, else of first citation."""
    works: dict[str, Work] = {}
    folder = posixpath.dirname(main)
    listed = body
    if "\\bibitem" not in body:
        candidates = (posixpath.splitext(main)[0] + ".bbl", posixpath.join(folder, "main.bbl"))
        path = next((one for one in candidates if one in project.members.files), None)
        listed = project.text(path) if path else ""
    entries: list[tuple[str, str | None]] = []
    for match in _BIBITEM.finditer(listed):
        try:
            label, position = read_optional(listed, match.end())
            key, _ = read_argument(listed, position)
        except Rejected:
            continue
        entries.append((key.strip(), label))
    printed = printed_labels(preamble, [label for _, label in entries])
    for (key, label), own in zip(entries, printed, strict=True):
        authors, year = authors_and_year(label or "") or ("", "")
        works.setdefault(key, Work(len(works) + 1, authors.strip(), year.strip(), own))
    authors_of = _bib_authors(project)
    for key in cited_keys(body):
        if key not in works:
            works[key] = Work(len(works) + 1)
    for key, work in works.items():
        if not work.authors and key in authors_of:
            works[key] = Work(work.number, *authors_of[key], work.label)
    return works


def printed_labels(preamble: str, labels: Sequence[str | None]) -> list[str]:
    """The labels that a reference list prints in place of numbers; empty if it prints numbers.

    Those of BibTeX's style `alpha` are meant: every entry has one, and none has the form of natbib.
    """
    plain = [_plain_label(label) for label in labels]
    if not all(plain) or _NATBIB.search(preamble) or any(map(authors_and_year, plain)):
        return [""] * len(plain)
    return plain


def _plain_label(label: str | None) -> str:
    """A label as text, without the raised `+` of `alpha` being raised; empty if it is no text."""
    text = _RAISED.sub(lambda match: match[1] or match[2], _unwrapped(label or ""))
    text = text.replace("{", "").replace("}", "").replace("~", " ").strip()
    return text if _PRINTABLE.fullmatch(text) else ""


def authors_and_year(label: str) -> tuple[str, str] | None:
    """What the label of an entry says of its work in the forms that natbib reads, if it is one."""
    label = _unwrapped(label)
    if command := _COMMAND_LABEL.match(label):
        parts: list[str] = []
        position = command.end()
        with suppress(Rejected):
            while position < len(label) and len(parts) < 3:
                part, position = read_argument(label, position)
                parts.append(part)
        return (parts[-2].strip(), parts[-1].strip()) if len(parts) > 1 else None
    if natbib := _NATBIB_LABEL.match(label):
        return natbib[1].strip(), natbib[2].strip()
    if apalike := _APALIKE_LABEL.match(label):
        return (apalike[1] or apalike[2]).strip(), apalike[3]
    return None


def _unwrapped(label: str) -> str:
    """A label without the braces around all of it: not those of `{Foo et~al.}(2020)`."""
    label = label.strip()
    try:
        whole = label.startswith("{") and group_end(label, 0) == len(label)
    except Rejected:
        return label
    return label[1:-1] if whole else label


def _bib_authors(project: Project) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in project.members.files:
        if not path.endswith(".bib"):
            continue
        text = project.text(path)
        entries = list(_ENTRY.finditer(text))
        for index, match in enumerate(entries):
            stop = entries[index + 1].start() if index + 1 < len(entries) else len(text)
            entry = text[match.end() : stop]
            author, year = _AUTHOR.search(entry), _YEAR.search(entry)
            if author and year:
                names = _short_authors(_value(entry, author.end()))
                if names:
                    found.setdefault(match.group(2), (names, year.group(1)))
    return found


def _value(entry: str, position: int) -> str:
    if entry[position] == "{":
        try:
            return entry[position + 1 : group_end(entry, position) - 1]
        except Rejected:
            return ""
    stop = entry.find('"', position + 1)
    return entry[position + 1 : stop] if stop > 0 else ""


def _short_authors(value: str) -> str:
    """`Foo`, `Foo and Bar` or `Foo et al.` of a BibTeX author list, as LaTeX text."""
    people = [one.strip() for one in re.split(r"\s+and\s+", " ".join(value.split())) if one.strip()]
    if not people or len(value) > 20_000:
        return ""
    last = [_family(person) for person in people]
    if len(last) == 1:
        return last[0]
    if len(last) == 2 and last[1] != "others":
        return f"{last[0]} and {last[1]}"
    return f"{last[0]} et~al."


def _family(person: str) -> str:
    """The family name; a name in braces is one word."""
    words = re.findall(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^\s{}])+", person)
    if "," in person:
        words = re.findall(r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|[^,{}])+", person)[:1]
    name = (words[0] if "," in person else words[-1]) if words else ""
    name = name.strip()
    return name if name.count("{") == name.count("}") else re.sub(r"[{}]", "", name)
