"""What the commands of running text print: characters, styles, nothing, one of their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vary_data.sources.arxiv.vocabulary.load import Star, load_commands


@dataclass(frozen=True, slots=True)
class TextCommand:
    """A row of `text_commands.tsv`.

    `arguments` is what follows the command: `m` mandatory, `o` optional in brackets, `d` a
    dimension without braces, `T` the mandatory argument that is printed instead of the last one.
    `redefinable` allows a style file of the document to replace the command.
    """

    command: str
    star: Star
    arguments: str
    action: Literal[
        "symbol",  # prints `value`
        "accent",  # puts the combining character `value` on its argument
        "style",  # prints its argument in the style `value`
        "declaration",  # sets the rest of its group in the style `value`
        "last_argument",  # prints the argument after `arguments`
        "color",
        "drop",  # prints nothing
        "citation",
        "reference",
        "quantity",  # siunitx and mhchem: see `formulas.quantities`
        "special",  # has a function in `text.special_commands`
        "reject",  # known, but not readable as text
    ]
    value: str
    redefinable: bool

    @property
    def signature(self) -> str:
        """`arguments`, with an `s` in front where a star may follow the command."""
        return "s" + self.arguments if self.star == "optional" else self.arguments


COMMANDS = load_commands("text_commands", TextCommand)
SYMBOLS = {name: row.value for name, row in COMMANDS.items() if row.action == "symbol"}
ACCENTS = {
    name: chr(int(row.value.removeprefix("U+"), 16))
    for name, row in COMMANDS.items()
    if row.action == "accent"
}
"""Accent commands and their combining characters."""
FIXED = frozenset(name for name, row in COMMANDS.items() if not row.redefinable)
"""Commands that a style file of the document must not replace."""
DECLARATIONS = frozenset(name for name, row in COMMANDS.items() if row.action == "declaration")
"""Commands that change the style of the rest of a group; each is an environment of LaTeX, too."""
WITHOUT_ARGUMENT = frozenset(
    name
    for name, row in COMMANDS.items()
    if row.action in ("symbol", "declaration")
    or (row.action == "drop" and row.signature in ("", "d"))
) | {"hskip"}
"""Commands after which a brace opens a group, not an argument."""
