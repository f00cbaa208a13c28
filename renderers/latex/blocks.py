"""A document as a typed value, from which LaTeX and Mathpix Markdown are both written.

Text inside spans is plain Unicode (no LaTeX, no escapes). Formulas are LaTeX math source without
delimiters, with the document's macros expanded, restricted to what the renderers of Mathpix
Markdown and KaTeX accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from renderers.figures.image import FigureImage
from renderers.latex.color_tag import Color


@dataclass(frozen=True, slots=True)
class Text:
    """A run of plain Unicode text in one style; without `color`, in that of the page's text."""

    text: str
    bold: bool = False
    italic: bool = False
    mono: bool = False
    underline: bool = False
    color: Color | None = None


@dataclass(frozen=True, slots=True)
class Inline:
    """An inline formula."""

    latex: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its mark is here, its text at the foot of the page."""

    spans: tuple[Text | Inline, ...]


Span = Text | Inline | Footnote


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 0 is the document's title, 1 a chapter or section, up to 5."""

    level: int
    spans: tuple[Span, ...]


ParagraphRole = Literal[
    "paragraph", "author", "affiliation", "abstract", "keywords", "reference", "date"
]
"""What a paragraph is on its page, and the role of its region."""
TheoremStyle = Literal["", "plain", "definition", "remark", "proof"]
"""The styles of amsthm, for the paragraphs of theorems and proofs."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` is a run-in heading printed before the text, such as `Theorem 2.` or `Proof.`.

    `ends_proof` paragraphs have the end mark of a proof, if the style of the page has one.
    """

    spans: tuple[Span, ...]
    label: str = ""
    role: ParagraphRole = "paragraph"
    style: TheoremStyle = ""
    ends_proof: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A display formula.

    `rows` are the lines of an alignment, each the source of that line with its `&`s; a single
    equation has one row. `tags[i]` is printed in brackets next to row i, or None.
    """

    environment: Literal["equation", "align", "gather", "multline"]
    rows: tuple[str, ...]
    tags: tuple[str | None, ...]


LINE_BREAK = "\u2028"
"""The text of a span that breaks the line in a cell."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A table cell that covers `colspan` columns and `rowspan` rows from its position on."""

    spans: tuple[Text | Inline, ...]
    colspan: int = 1
    rowspan: int = 1
    align: str = ""
    """`l`, `c` or `r` with `|` rules in a `\\multicolumn`, else empty."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of cells; positions covered by a rowspan from above have no cell.

    `rules` are the horizontal rules above the row: `(1, columns)` for a full one, else the
    first and last column (counted from 1) of each partial one.
    """

    cells: tuple[TableCell, ...]
    rules: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` is the column specification with only `l`, `c`, `r` and `|`.

    `floating` tables may be moved by TeX to the top of a column or page; `rules_below` are the
    rules under the last row.
    """

    columns: str
    rows: tuple[TableRow, ...]
    rules_below: tuple[tuple[int, int], ...] = ()
    caption: tuple[Text | Inline, ...] = ()
    number: str = ""
    """As printed before the caption, e.g. `Table 3`; empty when there is no caption."""
    floating: bool = False
    widths: tuple[float, ...] = ()
    """Of columns that wrap, in parts of the line, else 0; empty if no column wraps."""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; items hold blocks, so that lists nest. `labels` are printed unchanged."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the reference list.

    The entries of a list are adjacent blocks after a heading. `label` is printed before the entry
    as it is, `[1]` for example; it is empty in lists that are sorted by authors and year.
    """

    spans: tuple[Text | Inline, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of a figure; `width` in parts of the width of the text.

    `caption` is under the picture, after `label`, `(a)` for example.
    """

    image: FigureImage
    width: float
    caption: tuple[Text | Inline, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Pictures with one caption; `number` as in a table. `wide` figures span all columns."""

    panels: tuple[Panel, ...]
    caption: tuple[Text | Inline, ...] = ()
    number: str = ""
    floating: bool = True
    wide: bool = False

    def parts(self) -> tuple[Part, ...]:
        """The captions of the panels with their labels, then that of the figure with its number."""
        panels = ((("panel", i), p.label, p.caption) for i, p in enumerate(self.panels))
        return tuple(
            Part(steps, _labelled(label, spans), "caption")
            for steps, label, spans in (*panels, (("caption",), self.number, self.caption))
        )

    def with_parts(self, parts: Sequence[Part]) -> Figure:
        """The figure with other captions, which include their labels and numbers."""
        *captions, caption = (part.spans for part in parts)
        panels = tuple(
            replace(panel, caption=spans, label="")
            for panel, spans in zip(self.panels, captions, strict=True)
        )
        return replace(self, panels=panels, caption=caption, number="")


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A line of code, whose white space counts, or a step of pseudo-code at a level of indentation.

    `number` is printed before it as it is, `3:` for example.
    """

    spans: tuple[Text | Inline, ...]
    indent: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """Code or pseudo-code; `number` is printed before the caption, as in `Algorithm 2`."""

    kind: Literal["code", "algorithm"]
    lines: tuple[ProgramLine, ...]
    caption: tuple[Text | Inline, ...] = ()
    number: str = ""

    def parts(self) -> tuple[Part, ...]:
        """The caption with its number, then for each line its number and its spans."""
        head = Part(("caption",), _labelled(self.number, self.caption), "caption")
        lines = (
            part
            for i, line in enumerate(self.lines)
            for part in (
                Part(("line", i, "ordinal"), (Text(line.number),), self.kind),
                Part(("line", i), line.spans, self.kind),
            )
        )
        return (head, *lines)

    def with_parts(self, parts: Sequence[Part]) -> Program:
        """The program with other spans; the caption includes its number."""
        head, *rest = (part.spans for part in parts)
        lines = tuple(
            replace(line, spans=spans) for line, spans in zip(self.lines, rest[1::2], strict=True)
        )
        return replace(self, lines=lines, caption=head, number="")


@dataclass(frozen=True, slots=True)
class Part:
    """Spans within a block, at the end of a path; `role` is that of their region."""

    steps: tuple[str | int, ...]
    spans: tuple[Text | Inline, ...]
    role: str


def _labelled(label: str, spans: tuple[Text | Inline, ...]) -> tuple[Text | Inline, ...]:
    """Spans after their label, which may be printed alone."""
    if not label:
        return spans
    return (Text(f"{label} "), *spans) if spans else (Text(label),)


Block = Heading | Paragraph | Formula | Table | ListBlock | Figure | Program | Reference


@dataclass(frozen=True, slots=True)
class Document:
    """A document's blocks in order. `lang` is `en` or `zh`."""

    blocks: tuple[Block, ...]
    lang: str
