"""Reduce column specifications of tables to `l`, `c`, `r` and `|`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.vocabulary.table_commands import COLUMN_TYPES, ColumnType

_LENGTH = re.compile(r"[-\d.\s]*(?:\\[A-Za-z]+|pt|em|ex|mm|cm|in)?\s*(?:plus.*|minus.*)?")
_SPACING = re.compile(
    r"\\(?:extracolsep\s*\{[^{}]*\}|hspace\*?\s*\{[^{}]*\}|hskip[-\s\d.]*[a-z\\]*|quad|qquad|enspace"
    r"|fill|tabcolsep|,|;|:|!|\s|color\{[^{}]*\}|kern[-\d.]*[a-z]*|arraybackslash|centering"
    r"|raggedright|raggedleft|RaggedRight|columncolor(?:\[[^\]]*\])?\{[^{}]*\}|noindent"
    r"|setlength\S*|hfill|hfil|cellcolor\{[^{}]*\}|rowcolor\{[^{}]*\}|let\\newline\\\\"
    r"|hsize\s*=?\s*[\d.]*\\hsize|strut|leavevmode|ignorespaces|unskip|kern[-\d.]+\\[a-z]+)|[~\s]"
)
_MAX_COLUMNS = 60
_MAX_DEPTH = 6
"""Of `*{n}{…}` and defined column types inside one another."""


@dataclass(frozen=True, slots=True)
class ColumnSpecification:
    """`specification` as in `|l|c|`; cells of column i are between `before[i]` and `after[i]`."""

    specification: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.before)


def read_column_specification(source: str, new_column_types: dict[str, str]) -> ColumnSpecification:
    """Reads a specification; `new_column_types` maps letters of `\\newcolumntype`.

    Raises:
        Rejected: `columns`, text between columns or an unknown letter.
    """
    reader = _SpecificationReader(new_column_types)
    reader.read(source, 0)
    if not reader.before or len(reader.before) > _MAX_COLUMNS:
        raise Rejected("columns", source)
    return ColumnSpecification("".join(reader.out), tuple(reader.before), tuple(reader.after))


class _SpecificationReader:
    def __init__(self, new_column_types: dict[str, str]) -> None:
        self.new_column_types = new_column_types
        self.out: list[str] = []
        self.before: list[str] = []
        self.after: list[str] = []
        self.pending = ""
        self.align = ""

    def read(self, source: str, depth: int) -> None:
        if depth > _MAX_DEPTH or len(self.before) > _MAX_COLUMNS:
            raise Rejected("columns", source)
        position = 0
        while position < len(source):
            char = source[position]
            position += 1
            if char in " \n\t":
                continue
            if char in "|:":
                self.out.append("|")
            elif char == "*":
                count, position = read_argument(source, position)
                repeated, position = read_argument(source, position)
                if not is_number(count) or int(count) > _MAX_COLUMNS:
                    raise Rejected("columns", f"*{{{count}}}")
                for _ in range(int(count)):
                    self.read(repeated, depth + 1)
            elif char in "@!><":
                content, position = read_argument(source, position)
                self._insert(char, content)
            elif char in self.new_column_types:
                for parameter in range(1, 1 + self.new_column_types[char].count("#")):
                    if source.startswith("{", position):
                        _, position = read_argument(source, position)
                    del parameter
                self.read(re.sub(r"#\d", "1cm", self.new_column_types[char]), depth + 1)
            elif char in COLUMN_TYPES:
                position = self._letter(COLUMN_TYPES[char], source, position)
            else:
                raise Rejected("columns", source)

    def _letter(self, column: ColumnType, source: str, position: int) -> int:
        """Reads the arguments of a column letter; returns the position after them."""
        if column.optional:
            _, position = read_optional(source, position)
        for _ in range(column.arguments):
            width, position = read_argument(source, position)
            if column.letter in "wW" and width in ("l", "c", "r"):
                self.align = width
        if column.optional_width and source.startswith("{", position):
            _, position = read_argument(source, position)
        self._column(self.align or column.align)
        return position

    def _column(self, align: str) -> None:
        self.out.append(align)
        self.before.append(self.pending)
        self.after.append("")
        self.pending = self.align = ""

    def _insert(self, char: str, content: str) -> None:
        if char == "!" and content.strip().startswith(("\\vrule", "\\vline")):
            self.out.append("|")
            return
        if "\\centering" in content or "\\Centering" in content:
            self.align = "c"
        elif "\\raggedleft" in content:
            self.align = "r"
        if content.strip() in ("|", "\\vline", "$|$", "\\(|\\)") and char in "@!":
            self.out.append("|")
            return
        rest = _SPACING.sub("", content)
        if not rest:
            return
        if char in "@!":
            raise Rejected("columns", f"{char}{{{content}}}")
        # A dollar sign before or after a column opens or closes a formula around each cell.
        rest = re.sub(r"\$|\\[()]", lambda _: "\\(" if char == ">" else "\\)", rest)
        if char == ">":
            self.pending += rest
        elif self.after:
            self.after[-1] = rest + self.after[-1]
