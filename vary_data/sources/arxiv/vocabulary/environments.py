"""What the environments of LaTeX and of common classes are to the extraction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vary_data.sources.arxiv.vocabulary.load import Star, load

Role = Literal[
    "display",  # `detail` is how its rows are set
    "tabular",
    "float",  # `detail` is what it counts as
    "subfloat",
    "list",
    "inline_list",  # a list inside a paragraph
    "transparent",  # its content is read ignoring the environment itself
    "picture",  # drawings: there is no block for them
    "program",  # programs in forms for which there is no block
    "algorithm",
    "front_matter",  # title pages, left out
    "keywords",
    "abstract",
    "subequations",
    "bibliography",
    "deluxetable",
    "table_notes",  # notes under a table, with their marks
    "inline_math",
    "box",  # transparent, with a title in its options
    "restated",  # a theorem that is printed again, left out
    "unsupported",
]


@dataclass(frozen=True, slots=True)
class KnownEnvironment:
    """A row of `environments.tsv`.

    `arguments` is what follows `\\begin{name}` and is not content: `o` optional, `m` mandatory,
    `C` a column specification. In `mode` formula, TeX reads the content as a formula.
    """

    environment: str
    role: Role
    arguments: str
    detail: Literal[
        "", "equation", "align", "gather", "multline", "unsupported", "figure", "table", "listing",
        "ordered", "unordered",
    ]  # fmt: skip
    mode: Literal["text", "formula"]


@dataclass(frozen=True, slots=True)
class TheoremName:
    """A row of `theorems.tsv`: a theorem-like environment of common classes.

    Used when the document does not define the environment.
    """

    environment: str
    english: str
    chinese: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class BlockCommand:
    """A row of `block_commands.tsv`.

    A `box` may hold blocks in the argument after `arguments`; `author`, `affiliation` and
    `keywords` are parts of the title block; what a `front_matter` command prints is left out.
    """

    command: str
    role: Literal["box", "front_matter", "author", "affiliation", "keywords"]
    star: Star
    arguments: str

    @property
    def signature(self) -> str:
        """`arguments`, with an `s` in front where a star may follow the command."""
        return "s" + self.arguments if self.star == "optional" else self.arguments


@dataclass(frozen=True, slots=True)
class VerbatimEnvironment:
    """A row of `verbatim_environments.tsv`: content that is not TeX; not `printed` in a comment."""

    environment: str
    printed: bool


ENVIRONMENTS = {row.environment: row for row in load("environments", KnownEnvironment)}
FORMULA_MODE = frozenset(row.environment for row in ENVIRONMENTS.values() if row.mode == "formula")
THEOREMS = {row.environment: row for row in load("theorems", TheoremName)}
VERBATIM = load("verbatim_environments", VerbatimEnvironment)
BLOCK_COMMANDS = {row.command: row for row in load("block_commands", BlockCommand)}

HEADINGS = (
    "part",
    "chapter",
    "section",
    "subsection",
    "subsubsection",
    "paragraph",
    "subparagraph",
)
"""By level, from 0."""
