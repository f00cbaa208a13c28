"""Units and prefixes of siunitx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vary_data.sources.arxiv.vocabulary.load import load


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of `units.tsv`: a command of siunitx and the symbol that it prints."""

    command: str
    kind: Literal["prefix", "unit"]
    symbol: str


_ROWS = load("units", Unit)
PREFIXES = {row.command: row.symbol for row in _ROWS if row.kind == "prefix"}
UNITS = {row.command: row.symbol for row in _ROWS if row.kind == "unit"}
