"""The reference list of a document: from its `.bbl` file, as LaTeX does, else from `.bib` files."""

from __future__ import annotations

import posixpath

from vary_data.sources.arxiv.read.bibtex import BibEntry, read_bib, read_biblatex
from vary_data.sources.arxiv.read.citations import listed_keys, uses_author_year
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.read.reference_list import reference_list

_MAX_LISTED = 1_000
"""Entries of a list that `\\nocite{*}` asks for."""


def bbl_file(project: Project, main: str) -> str | None:
    """The `.bbl` file of the main file, or the only one that there is."""
    usual = posixpath.splitext(main)[0] + ".bbl"
    if usual in project.members.files:
        return usual
    found = [path for path in project.members.files if path.lower().endswith(".bbl")]
    return found[0] if len(found) == 1 else None


def is_biblatex(text: str) -> bool:
    """Whether a `.bbl` file holds data for biblatex and not a list that is ready to print."""
    return "\\entry{" in text and "\\begin{thebibliography}" not in text


def list_source(project: Project, main: str, names: str, preamble: str, body: str) -> str:
    """The list that biblatex's data or the named `.bib` files give, as source; empty without them.

    `names` is the argument of `\\bibliography`. The list has the entries that `body` cites.
    """
    by_author = uses_author_year(preamble, body)
    path = bbl_file(project, main)
    if path is not None and is_biblatex(text := project.text(path)):
        entries = read_biblatex(text)
        return reference_list(list(entries.values()), by_author) if entries else ""
    entries = {}
    for file in _bib_files(project, main, names):
        entries = {**read_bib(project.text(file)), **entries}
    keys = listed_keys(body)
    if "*" in keys:
        keys = tuple(dict.fromkeys((*keys, *entries)))
    listed = [entries[key] for key in keys if key in entries][:_MAX_LISTED]
    if by_author:
        listed.sort(key=_sort_key)
    return reference_list(listed, by_author) if listed else ""


def _bib_files(project: Project, main: str, names: str) -> list[str]:
    folders = (posixpath.dirname(main), "")
    found = []
    for name in names.split(","):
        try:
            path = project.resolve(name.strip(), folders, ".bib") if name.strip() else None
        except PermissionError:
            path = None
        if path is not None and path.lower().endswith(".bib"):
            found.append(path)
    every = [path for path in project.members.files if path.lower().endswith(".bib")]
    return found or every


def _sort_key(entry: BibEntry) -> tuple[str, str]:
    people = entry.fields.get("author") or entry.fields.get("editor") or entry.key
    return (people.replace("{", "").casefold(), entry.fields.get("year", ""))
