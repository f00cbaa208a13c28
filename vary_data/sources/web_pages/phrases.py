"""The fixed words of genres, such as `Invoice no.`, by language: a data file for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Phrases:
    """The words of one genre in one language."""

    entries: Mapping[str, tuple[str, ...]]

    def __getitem__(self, key: str) -> str:
        """The first alternative."""
        return self.entries[key][0]

    def all(self, key: str) -> tuple[str, ...]:
        """All alternatives or parts."""
        return self.entries[key]


def phrases(lang: str, genre: str) -> Phrases:
    """The words of a genre; with those of the section `general`."""
    sections = _sections(lang)
    return Phrases({**sections["general"], **sections.get(genre, {})})


@cache
def _sections(lang: str) -> dict[str, dict[str, tuple[str, ...]]]:
    text = (resources.files(__package__) / "words" / f"{lang}.txt").read_text("utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = {}
        elif line and not line.startswith("#"):
            key, _, entries = line.partition(": ")
            # A single dash is an empty text, "_" at the end a space.
            items = ("" if e == "-" else e for e in entries.split(" / "))
            found[section][key] = tuple(e[:-1] + " " if e.endswith("_") else e for e in items)
    return found
