"""Which commands may be in a formula, and what others are rewritten to.

A command is allowed when KaTeX, the MathJax of mathpix-markdown-it and pdflatex with amsmath and
amssymb all print it: those are listed in `renderers/latex/math_commands.tsv`. Every other command
is rewritten as `formula_commands.tsv` states, or its formula is rejected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from renderers.latex import math_commands
from vary_data.sources.arxiv.vocabulary.load import Star, load, load_commands
from vary_data.sources.arxiv.vocabulary.styled_letters import styled_letters


@dataclass(frozen=True, slots=True)
class FormulaCommand:
    """A row of `formula_commands.tsv`.

    `arguments` is their number; with `optional` an argument in brackets may come before them.
    `redefinable` allows a style file of the document to replace the command.
    """

    command: str
    star: Star
    action: Literal[
        "symbol",  # stays, without arguments
        "style",  # stays; a declaration such as \displaystyle
        "keep",  # stays, with its arguments
        "alphabet",  # stays; sets the letters of its argument in a style
        "font_switch",  # becomes the alphabet `value` around the rest of the group
        "rename",  # becomes the command `value`; picture and truth both change
        "rewrite",  # becomes the source `value`
        "text",  # its argument is text
        "space",  # a space of the width of its argument
        "quantity",  # siunitx and mhchem: see `formulas.quantities`
        "physics",  # physics and braket: see `formulas.physics`
        "verbatim",
        "unwrap",  # becomes the argument after `arguments`
        "unwrap_first",  # becomes its first argument; `arguments` after it are dropped
        "drop",  # prints nothing
        "structure",  # handled by the parser in `formulas.normal_form`
    ]
    arguments: int
    optional: bool
    value: str
    redefinable: bool


@dataclass(frozen=True, slots=True)
class FormulaEnvironment:
    """A row of `formula_environments.tsv`; `max_columns` is 0 where the column specification
    decides.
    """

    environment: str
    written_as: str
    max_columns: int


@dataclass(frozen=True, slots=True)
class FormulaCharacter:
    """A row of `formula_characters.tsv`: a character that authors type, and its source."""

    code_point: str
    name: str
    source: str


_TEXT_SIGNS = frozenset(("P", "copyright"))
"""Signs for text, or with another meaning in most sources."""

COMMANDS = load_commands("formula_commands", FormulaCommand)
PLAIN = (
    (math_commands.SIGNS - _TEXT_SIGNS)
    | math_commands.OPERATORS
    | {name for name, row in COMMANDS.items() if row.action in ("symbol", "style")}
)
"""Commands that stay as they are, without arguments."""
FONT_SWITCHES = {name: row.value for name, row in COMMANDS.items() if row.action == "font_switch"}
RENAMED = {name: row.value for name, row in COMMANDS.items() if row.action == "rename"}
TEXT_ARGUMENT = frozenset(name for name, row in COMMANDS.items() if row.action == "text")
LIMIT_OPERATORS = math_commands.LIMIT_OPERATORS
SIZES = math_commands.SIZES
DELIMITERS = frozenset("\\" + name for name in math_commands.DELIMITERS) | {
    "(", ")", "[", "]", "|", "/", ".", "<", ">", "\\{", "\\}", "\\|",
}  # fmt: skip
ENVIRONMENTS = {row.environment: row for row in load("formula_environments", FormulaEnvironment)}
LISTED_CHARACTERS = {
    chr(int(row.code_point.removeprefix("U+"), 16)): row.source
    for row in load("formula_characters", FormulaCharacter)
}
CHARACTERS = {**dict(styled_letters(LISTED_CHARACTERS)), **LISTED_CHARACTERS}
FIXED = (
    math_commands.SIGNS - _TEXT_SIGNS
    | math_commands.OPERATORS
    | SIZES
    | {name for name, row in COMMANDS.items() if not row.redefinable}
)
"""Commands that a style file of the document must not replace."""
