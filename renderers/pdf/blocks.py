"""The blocks of a page: rows that belong together, and what they are."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.pdf.paragraphs import join_rows
from renderers.pdf.rows import TextRow
from renderers.picture import Box

TITLE, HEADING, PARAGRAPH, LIST_ITEM, TABLE = (
    "title", "heading", "paragraph", "list-item", "table",
)  # fmt: skip
CODE = "code"
CAPTION, FIGURE, FOOTNOTE = "caption", "figure", "footnote"
HEADER, FOOTER, PAGE_NUMBER, MARGIN_NOTE = "header", "footer", "page-number", "margin-note"
BLOCK_ROLES = (
    TITLE, HEADING, PARAGRAPH, LIST_ITEM, TABLE, CODE, CAPTION, FIGURE, FOOTNOTE, HEADER, FOOTER,
    PAGE_NUMBER, MARGIN_NOTE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table: rows of equal length, an empty string for an empty cell.

    `marked` has the same cells with emphasis in Markdown, if styles were read.
    """

    cells: tuple[tuple[str, ...], ...]
    marked: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> list[str]:
        """Each row of the table as a line: its cells, separated by a space."""
        return [" ".join(filter(None, row)) for row in self.cells]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table, … with its rows from top to bottom.

    `level` is the level of a heading from 1, or the nesting of a list item from 0.
    """

    rows: tuple[TextRow, ...]
    role: str = PARAGRAPH
    level: int = 0
    table: Table | None = None

    @property
    def box(self) -> Box:
        """Around all rows, in points."""
        if len(self.rows) == 1:
            return self.rows[0].box
        x0, y0, x1, y1 = zip(*[row.box for row in self.rows], strict=True)
        return min(x0), min(y0), max(x1), max(y1)

    @property
    def size(self) -> float:
        """Font size of the longest row, in points."""
        return max(self.rows, key=lambda row: len(row.text)).size

    @property
    def lines(self) -> list[str]:
        """The block as lines of text: one for a paragraph, one for each row of a table."""
        return self.table.lines if self.table else [join_rows(self.rows)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
