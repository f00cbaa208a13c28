"""The requested content of a test set."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import UsageError

SPLIT = "test"
PAGES_EN, PAGES_ZH, TABLES, FORMULAS = "pages-en", "pages-zh", "tables", "formulas"
CHARTS = ("charts-en", "charts-zh")
PART_LABELS = {
    PAGES_EN: "English pages",
    PAGES_ZH: "Chinese pages",
    TABLES: "pages with tables",
    FORMULAS: "pages with formulas",
    CHARTS[0]: "English charts",
    CHARTS[1]: "Chinese charts",
}


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """The sources and numbers of a test set; default numbers are the paper's (section 4.1).

    `charts` is a number for each type and language. A sample is not used if `max_overlap` or more
    of its words are in runs of a dataset in `exclude`. `min_characters` excludes title pages and
    fragments.
    """

    pages_en: tuple[str, ...] = ()
    pages_zh: tuple[str, ...] = ()
    latex: tuple[str, ...] = ()
    english: int = 100
    chinese: int = 100
    tables: int = 100
    formulas: int = 100
    charts: int = 0
    backend: str = "matplotlib"
    exclude: tuple[str, ...] = ()
    max_overlap: float = 0.2
    min_characters: int = 200
    license: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if not (self.pages_en or self.pages_zh or self.latex or self.charts):
            hint = "give documents with --pages-en, --pages-zh or --latex, or use --charts"
            raise UsageError("a test set needs a source", hint)

    def wanted(self) -> Mapping[str, int]:
        """The number of samples of each configuration, except charts, which count by type."""
        counts = {
            PAGES_EN: self.english if self.pages_en else 0,
            PAGES_ZH: self.chinese if self.pages_zh else 0,
            TABLES: self.tables if self.latex else 0,
            FORMULAS: self.formulas if self.latex else 0,
        }
        return {name: count for name, count in counts.items() if count}

    def parts(self) -> tuple[str, ...]:
        """The requested configurations."""
        return (*self.wanted(), *(CHARTS if self.charts else ()))

    def command(self) -> str:
        """The command line, only with the last parts of paths, because it may be published."""
        sources = {"pages-en": self.pages_en, "pages-zh": self.pages_zh, "latex": self.latex}
        words = ["vary-data testset"]
        words += [f"--{flag} {_name(p)}" for flag, paths in sources.items() for p in paths]
        words += [f"--exclude {_name(path)}" for path in self.exclude]
        counts = ("english", "chinese", "tables", "formulas", "charts", "min_characters", "seed")
        words += [f"--{name.replace('_', '-')} {getattr(self, name)}" for name in counts]
        words.append(f"--backend {self.backend} --max-overlap {self.max_overlap:g}")
        if self.license:
            words.append(f"--license {shlex.quote(self.license)}")
        return " ".join(words)

    def options(self) -> dict[str, Any]:
        """The options that the user gave for the generators."""
        return {"license": self.license} if self.license else {}


def _name(path: str) -> str:
    return shlex.quote(Path(path).resolve().name)
