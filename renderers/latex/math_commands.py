"""Commands that may be in a formula: pdflatex, KaTeX and the MathJax of Mathpix support them.

`math_commands.tsv` lists them as in the amsmath and amssymb manuals, without what KaTeX's table
of supported functions leaves out.
"""

from __future__ import annotations

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

TEXT_ARGUMENT = frozenset(
    ["text", "textrm", "textbf", "textit", "textsf", "texttt", "textup", "textnormal"]
)
"""Commands whose argument is text."""
