"""The blocks of a page: rows that belong together, and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.pdf.paragraphs import join_rows
from renderers.pdf.rows import TextRow, Word
from renderers.picture import Box
from renderers.roles import PARAGRAPH


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table: rows of equal length, an empty string for an empty cell.

    `marked` has the same cells with emphasis in Markdown, if styles were read; `words` has the
    words of each. `headers` is the number of bold rows at the top above others.
    """

    cells: tuple[tuple[str, ...], ...]
    marked: tuple[tuple[str, ...], ...] = ()
    words: tuple[tuple[tuple[Word, ...], ...], ...] = ()
    headers: int = 0

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
        return around([row.box for row in self.rows])

    @property
    def size(self) -> float:
        """Font size of the longest row, in points."""
        return max(self.rows, key=lambda row: len(row.text)).size

    @property
    def monospaced(self) -> bool:
        """Whether all rows are in a typewriter font."""
        return all(row.monospaced for row in self.rows)

    @property
    def lines(self) -> list[str]:
        """The block as lines of text: one for a paragraph, one for each row of a table."""
        return self.table.lines if self.table else [join_rows(self.rows)]

    @property
    def text(self) -> str:
        """The lines, separated by line breaks."""
        return "\n".join(self.lines)


def around(boxes: Sequence[Box]) -> Box:
    """The box around one or more boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
