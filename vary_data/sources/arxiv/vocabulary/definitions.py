"""Commands that control the expansion: conditionals, and what a document must not redefine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vary_data.sources.arxiv.vocabulary.load import load


@dataclass(frozen=True, slots=True)
class Conditional:
    """A row of `conditionals.tsv`.

    `holds` is `computed` where `expand.conditionals` reads the condition, and `unknown` where it
    cannot be decided.
    """

    command: str
    holds: Literal["yes", "no", "computed", "unknown"]


@dataclass(frozen=True, slots=True)
class ProtectedCommand:
    """A row of `protected_commands.tsv`: known by name, so the document's version is not used."""

    command: str


CONDITIONALS = {"\\" + row.command: row.holds for row in load("conditionals", Conditional)}
PROTECTED = frozenset("\\" + row.command for row in load("protected_commands", ProtectedCommand))
