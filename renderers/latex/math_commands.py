"""Commands that may be in a formula: pdflatex, KaTeX and the MathJax of Mathpix support them.

`math_commands.tsv` lists them as in the amsmath and amssymb manuals, without what KaTeX's table
of supported functions leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from renderers.latex.data_table import read_table

Group = Literal[
    "greek", "ordinary", "binary", "relation", "arrow", "large_operator", "function",
    "limit_name", "structure", "size", "delimiter", "font", "space", "length", "dots", "table",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MathCommand:
    """A row of `math_commands.tsv`: a name without its backslash.

    A `fence` may follow `\\left`, `\\right` and the sizes.
    """

    command: str
    group: Group
    fence: bool


COMMANDS = read_table(files(__package__) / "math_commands.tsv", MathCommand)


def _of(*groups: Group) -> frozenset[str]:
    return frozenset(row.command for row in COMMANDS if row.group in groups)


KNOWN = frozenset(row.command for row in COMMANDS)
GREEK = _of("greek")
SIGNS = _of("greek", "ordinary", "binary", "relation", "arrow", "delimiter", "space", "dots")
"""Commands without arguments: letters, signs, arrows, dots, spaces."""
LIMIT_OPERATORS = _of("large_operator", "limit_name")
"""Operators with limits above and below in displays."""
OPERATORS = LIMIT_OPERATORS | _of("function")
SIZES = _of("size")
"""Commands that enlarge the delimiter after them."""
DELIMITERS = frozenset(row.command for row in COMMANDS if row.fence)
"""Commands that may follow `\\left`, `\\right` and sizes."""

KNOWN_SYMBOLS = frozenset(r",:;!> \{}|&%#$_-/")
"""Characters that may follow a backslash: spaces, braces, norms, escapes, the end of a row."""

ENVIRONMENTS = frozenset(
    (
        *("aligned", "alignedat", "gathered", "split", "array", "subarray", "cases", "matrix"),
        *("pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix"),
    )
)
"""Environments inside a formula."""

DISPLAYS = frozenset(
    ["equation", "equation*", "align", "align*", "gather", "gather*", "alignat", "alignat*"]
)
"""Environments that are a formula."""

ALPHABETS = frozenset(
    [
        *("mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathscr", "mathfrak"),
        *("mathbb", "mathnormal", "boldsymbol", "pmb"),
    ]
)
"""Commands that print the letters of their argument in an alphabet."""

SWITCHES = {"rm": "mathrm", "bf": "mathbf", "it": "mathit", "sf": "mathsf", "tt": "mathtt",
            "cal": "mathcal"}  # fmt: skip
"""Commands that print the letters of the rest of their group in an alphabet."""


@dataclass(frozen=True, slots=True)
class DrawnCommand:
    """A row of `math_glyphs.tsv`: what a command draws, as characters; fonts differ in some.

    A sign and its stroke are two characters, `U+0338` is the stroke. `bold` signs have a bold form
    in every font set.
    """

    command: str
    glyphs: str
    bold: bool

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What the fonts may draw, each as sorted characters."""
        return tuple("".join(sorted(_unescaped(way))) for way in self.glyphs.split(" "))


def _unescaped(way: str) -> str:
    return re.sub(r"U\+([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), way)


DRAWN = {
    row.command: row for row in read_table(files(__package__) / "math_glyphs.tsv", DrawnCommand)
}
"""The signs, operators, accents and roots, by name."""

TEXT_ARGUMENT = frozenset(
    ["text", "textrm", "textbf", "textit", "textsf", "texttt", "textup", "textnormal"]
)
"""Commands whose argument is text."""
