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


@dataclass(frozen=True, slots=True)
class Register:
    """A row of `registers.tsv`: a parameter or register of TeX, LaTeX or a common package.

    `holds` is what may be assigned to it. After a name that ends in `_of`, the number of the
    register comes first: `\\count0=5`; after a `code`, that of a character; of a font's parameters
    the font comes first: `\\hyphenchar\\font=-1`, `\\fontdimen2\\font=3pt`.
    """

    register: str
    holds: Literal[
        "number", "dimension", "glue", "muglue", "tokens",
        "number_of", "dimension_of", "glue_of", "tokens_of", "code",
        "number_of_font", "dimension_of_font",
    ]  # fmt: skip


CONDITIONALS = {"\\" + row.command: row.holds for row in load("conditionals", Conditional)}
PROTECTED = frozenset("\\" + row.command for row in load("protected_commands", ProtectedCommand))
REGISTERS = {"\\" + row.register: row.holds for row in load("registers", Register)}
