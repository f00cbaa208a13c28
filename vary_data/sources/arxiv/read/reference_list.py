"""Write the entries of a bibliography as the source of a reference list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_data.sources.arxiv.read.bibtex import BibEntry

_MAX_PEOPLE = 10
_PAGES = re.compile(r"\s*(?:--?-?|–)\s*")
_THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis", "thesis": "Thesis"}


def reference_list(entries: Sequence[BibEntry], by_author: bool) -> str:
    """A `thebibliography`; `by_author` gives the entries labels of authors and year (natbib)."""
    items = []
    for entry in entries:
        label = f"[{{{_short(entry)}({_year(entry)})}}]" if by_author else ""
        items.append(f"\\bibitem{label}{{{entry.key}}} {entry_source(entry)}")
    body = "\n\n".join(items)
    return f"\n\n\\begin{{thebibliography}}{{{len(items)}}}\n{body}\n\\end{{thebibliography}}\n"


def entry_source(entry: BibEntry) -> str:
    """An entry in the order of BibTeX's style `plain`: authors, title, where, year."""
    get = entry.fields.get
    people = _people(get("author") or get("editor") or "")
    if people and not get("author"):
        people += (
            ", editors" if "editor" in entry.fields and " and " in get("editor", "") else ", editor"
        )
    title = _unbraced(get("title", ""))
    if entry.kind in ("book", "proceedings", "collection") and title:
        title = f"\\emph{{{title}}}"
    sentences = [people, title, _where(entry)]
    if note := _unbraced(get("note", "")):
        sentences.append(note)
    if number := get("eprint"):
        archive = get("eprinttype") or get("archiveprefix") or "arXiv"
        if archive.lower() == "arxiv" and number not in sentences[2]:
            sentences.append(f"arXiv:{number}")
    elif (address := get("url")) and not (get("journal") or get("journaltitle")):
        sentences.append(f"\\url{{{address}}}")
    elif identifier := get("doi"):
        sentences.append(f"\\doi{{{identifier}}}")
    return " ".join(f"{_ended(one)}" for one in sentences if one)


def _where(entry: BibEntry) -> str:
    get = entry.fields.get
    year = _year(entry)
    month = _unbraced(get("month", ""))
    date = f"{month} {year}" if month.isalpha() and year else year
    if journal := get("journal") or get("journaltitle"):
        place = f"\\emph{{{_unbraced(journal)}}}"
        volume, number, pages = get("volume", ""), get("number", ""), _pages(get("pages", ""))
        numbers = volume + (f"({number})" if number else "")
        numbers += (":" if numbers else "") + pages if pages else ""
        return ", ".join(filter(None, (place, numbers, date)))
    if book := get("booktitle") or get("maintitle"):
        pages = f"pages {_pages(get('pages', ''))}" if get("pages") else ""
        parts = (f"In \\emph{{{_unbraced(book)}}}", _unbraced(get("series", "")), pages,
                 _unbraced(get("publisher", "")), date)  # fmt: skip
        return ", ".join(filter(None, parts))
    kind = _THESES.get(entry.kind, "")
    if entry.kind in ("techreport", "report"):
        kind = " ".join(filter(None, ("Technical report", get("number", ""))))
    holder = get("school") or get("institution") or get("publisher") or get("organization")
    place = _unbraced(holder or get("howpublished") or "")
    return ", ".join(filter(None, (kind, place, _unbraced(get("address", "")), date)))


def _people(value: str) -> str:
    people = [_turned(one) for one in split_outside(_unbraced(value), " and ") if one.strip()]
    if people and people[-1] == "others":
        return ", ".join(people[:-1]) + ", et~al."
    if len(people) > _MAX_PEOPLE:
        return f"{people[0]}, {people[1]}, {people[2]}, et~al."
    if len(people) < 3:
        return " and ".join(people)
    return ", ".join(people[:-1]) + ", and " + people[-1]


def _turned(person: str) -> str:
    """`Given Family` of `Family, Given` or `Family, Jr, Given`."""
    parts = [part.strip() for part in split_outside(person, ",")]
    if len(parts) == 1:
        return person.strip()
    return " ".join(filter(None, (parts[-1], parts[0], *parts[1:-1])))


def split_outside(value: str, separator: str) -> list[str]:
    """The parts of a field between separators that are not in braces."""
    parts: list[str] = []
    depth = start = 0
    for index, char in enumerate(value):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0 and index >= start and value.startswith(separator, index):
            parts.append(value[start:index])
            start = index + len(separator)
    return [*parts, value[start:]]


def _short(entry: BibEntry) -> str:
    people = [one for one in split_outside(entry.fields.get("author", ""), " and ") if one.strip()]
    last = [split_outside(_turned(one), " ")[-1] for one in people]
    if len(last) > 2 or last[-1:] == ["others"]:
        return f"{last[0]} et~al."
    return " and ".join(last) or entry.key


def _year(entry: BibEntry) -> str:
    match = re.search(r"\d{4}", entry.fields.get("year") or entry.fields.get("date") or "")
    return match.group() if match else ""


def _pages(value: str) -> str:
    return _PAGES.sub("--", value.strip())


def _unbraced(value: str) -> str:
    value = value.strip()
    if value.startswith("{") and value.endswith("}") and "{" not in value[1:-1]:
        return value[1:-1].strip()
    return value


def _ended(sentence: str) -> str:
    return sentence if sentence.rstrip("}").endswith((".", "?", "!")) else f"{sentence}."
