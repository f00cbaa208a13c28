"""Convert nodes to blocks; what does not fit is rejected with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from renderers.latex.blocks import (
    Block,
    Figure,
    Formula,
    Heading,
    Inline,
    ListBlock,
    Panel,
    Paragraph,
    Program,
    ProgramLine,
    Reference,
    Span,
    Table,
    Text,
)
from renderers.rejected import Rejected
from vary_data.sources.arxiv.blocks.tables import read_table
from vary_data.sources.arxiv.formulas.normal_form import normalize_row
from vary_data.sources.arxiv.structure.figures import usual_widths
from vary_data.sources.arxiv.structure.nodes import (
    DisplayNode,
    FigureNode,
    HeadingNode,
    ListNode,
    Node,
    ProgramNode,
    ReferenceNode,
    RejectedNode,
    TableNode,
    TextNode,
    node_kind,
    node_source,
)
from vary_data.sources.arxiv.text.sentences import is_complete, refers_back, sentences
from vary_data.sources.arxiv.text.spans import SpanReader

_SNIPPET = 160
"""Characters of source that a rejection shows."""


@dataclass(frozen=True, slots=True)
class SourceRejection:
    """A part of a source that is not in the document.

    `kind` is `text`, `heading`, `formula`, `table`, `list`, `figure`, `code` or `reference`;
    `sentence` for a part of a paragraph; `picture` or `front-matter` for content without a block;
    `input` for a file. `reason` is a short fixed word, `detail` the cause, such as the unknown
    command, and `snippet` the beginning of the source. `place` is the number of blocks of the
    document before it.
    """

    kind: str
    reason: str
    detail: str
    snippet: str
    place: int = 0


@dataclass(slots=True)
class Converter:
    """Converts nodes to blocks, and collects what is rejected."""

    reader: SpanReader
    columns: dict[str, str]
    rejected: list[SourceRejection] = field(default_factory=list)
    _place: int = 0
    """Blocks of the document so far."""
    _depth: int = 0
    """Lists that are open, and the document."""

    def blocks(self, nodes: Sequence[Node]) -> tuple[Block, ...]:
        """The blocks of the nodes in their order, without those that are added to `rejected`."""
        made: list[Block] = []
        hole = False  # something that is left out was here
        self._depth += 1
        for index, node in enumerate(nodes):
            if isinstance(node, RejectedNode):
                self._reject(node.kind, node.reason, node.detail, node.source)
                hole = node.kind == "formula"
                continue
            formula_is_lost = self._is_lost_formula(nodes, index + 1)
            try:
                block = self._block(node, hole, formula_is_lost)
            except Rejected as error:
                self._reject(node_kind(node), error.reason, error.detail, node_source(node))
                hole = isinstance(node, DisplayNode)
                continue
            hole = False
            if block is not None:
                made.append(block)
                self._place += self._depth == 1
        self._depth -= 1
        return tuple(made)

    def _is_lost_formula(self, nodes: Sequence[Node], index: int) -> bool:
        """Whether a display that will be rejected is at this place."""
        node = nodes[index] if index < len(nodes) else None
        if isinstance(node, RejectedNode):
            return node.kind == "formula"
        if not isinstance(node, DisplayNode):
            return False
        try:
            self._formula(node)
        except Rejected:
            return True
        return False

    def _reject(self, kind: str, reason: str, detail: str, source: str) -> None:
        snippet = " ".join(source.split())[:_SNIPPET]
        rejection = SourceRejection(kind, reason, detail[:_SNIPPET], snippet, self._place)
        self.rejected.append(rejection)

    def _block(self, node: Node, after_hole: bool, before_hole: bool) -> Block | None:
        if isinstance(node, TextNode):
            return self._paragraph(node, after_hole, before_hole)
        if isinstance(node, HeadingNode):
            return self._heading(node)
        if isinstance(node, DisplayNode):
            return self._formula(node)
        if isinstance(node, TableNode):
            return self._table(node)
        if isinstance(node, ListNode):
            return self._list(node)
        if isinstance(node, FigureNode):
            return self._figure(node)
        if isinstance(node, ProgramNode):
            return self._program(node)
        if isinstance(node, ReferenceNode):
            return self._reference(node)
        raise TypeError(type(node).__name__)

    def _paragraph(self, node: TextNode, after_hole: bool, before_hole: bool) -> Block | None:
        spans = self._text(node.source, after_hole, before_hole)
        looks = (node.role, node.style, node.ends_proof)
        if not spans and node.source.strip() and not node.label:
            return None
        if not node.label:
            return Paragraph(spans, "", *looks) if spans or node.ends_proof else None
        label = self.reader.read_flat(node.label)
        if not spans and not label:
            return None
        if all(isinstance(span, Text) for span in label):
            text = "".join(span.text for span in label if isinstance(span, Text))
            return Paragraph(spans, text, *looks)
        bold = tuple(
            Text(span.text, bold=True, italic=span.italic) if isinstance(span, Text) else span
            for span in label
        )
        return Paragraph((*bold, Text(" "), *spans) if spans else bold, "", *looks)

    def _text(self, source: str, after_hole: bool, before_hole: bool) -> tuple[Span, ...]:
        """The spans of a paragraph without the sentences that cannot be read.

        Sentences that point to one that is left out, or to a formula that is left out before or
        after the paragraph, are left out, too.

        Raises:
            Rejected: no sentence is left, for the reason of the first one.
        """
        acronyms = set(self.reader.used_acronyms)
        try:
            spans = self.reader.read(source)
            if not after_hole and not before_hole:
                return spans
        except Rejected as error:
            first: Rejected | None = error
        else:
            first = None
        parts = sentences(source)
        if len(parts) < 2 and first is not None:
            raise first
        kept: list[str] = []
        lost: list[tuple[str, str, str]] = []
        hole = after_hole
        for part in parts:
            try:
                self.reader.read(part)
            except Rejected as error:
                lost.append((error.reason, error.detail, part))
                hole = True
                continue
            hole = hole and refers_back(part)
            if hole:
                lost.append(("refers-to-rejected", "", part))
            else:
                kept.append(part)
        if before_hole and kept and not is_complete(kept[-1]):
            lost.append(("refers-to-rejected", "", kept.pop()))
        if not kept and first is not None:
            raise first
        for reason, detail, part in lost:
            self._reject("sentence", reason, detail, part)
        self.reader.used_acronyms = acronyms  # as before the attempts
        return self.reader.read("".join(kept)) if kept else ()

    def _heading(self, node: HeadingNode) -> Heading | None:
        spans = self.reader.read(node.source, footnotes=False)
        if not spans:
            return None
        if node.number:
            first = spans[0]
            if isinstance(first, Text) and not (first.bold or first.italic or first.mono):
                spans = (Text(f"{node.number} {first.text}"), *spans[1:])
            else:
                spans = (Text(f"{node.number} "), *spans)
        return Heading(min(node.level, 5), spans)

    def _formula(self, node: DisplayNode) -> Formula:
        read_text = self.reader.text_in_formula
        if node.environment == "equation":
            rows = tuple(self.reader.formula(row) for row in node.rows)
        else:
            rows = tuple(normalize_row(row, read_text) for row in node.rows)
        if node.environment in ("gather", "multline") and any(" & " in row for row in rows):
            raise Rejected("misplaced", "&")
        tags = tuple(None if tag is None else self.reader.plain(tag) for tag in node.tags)
        environment = cast(Literal["equation", "align", "gather", "multline"], node.environment)
        return Formula(environment, rows, tags)

    def _table(self, node: TableNode) -> Table:
        body = read_table(node.specification, node.body, self.columns, self.reader.read_flat)
        caption: tuple[Text | Inline, ...] = ()
        if node.caption:
            caption = self.reader.read_flat(node.caption)
        number = node.number if caption or node.number else ""
        return Table(
            body.columns,
            body.rows,
            body.rules_below,
            caption,
            number,
            floating=node.floating,
            wide=node.wide,
        )

    def _figure(self, node: FigureNode) -> Figure:
        widths = usual_widths([panel.width for panel in node.panels])
        panels = []
        for panel, width in zip(node.panels, widths, strict=True):
            if panel.image is None:
                raise Rejected("figure-missing", panel.name)
            caption = self.reader.read_flat(panel.caption) if panel.caption else ()
            panels.append(Panel(panel.image, width, caption, panel.label))
        caption = self.reader.read_flat(node.caption) if node.caption else ()
        return Figure(tuple(panels), caption, node.number, node.floating, node.wide)

    def _program(self, node: ProgramNode) -> Program:
        caption = self.reader.read_flat(node.caption) if node.caption else ()
        lines = []
        for line in node.lines:
            if node.kind == "code":
                spans: tuple[Text | Inline, ...] = (Text(line.source, mono=True),)
                lines.append(ProgramLine(spans if line.source else ()))
            else:
                spans = self.reader.read_flat(line.source)
                lines.append(ProgramLine(spans, line.indent, line.number))
        return Program(node.kind, tuple(lines), caption, node.number)

    def _reference(self, node: ReferenceNode) -> Reference | None:
        spans = self.reader.read_flat(node.source)
        return Reference(spans, self.reader.plain(node.label)) if spans else None

    def _list(self, node: ListNode) -> ListBlock | None:
        items: list[tuple[Block, ...]] = []
        labels: list[str] = []
        for index, item in enumerate(node.items):
            blocks = self.blocks(item)
            if item and not blocks:
                continue  # all of it was rejected: a label alone would say nothing
            label = ""
            if node.labels:
                try:
                    label, blocks = self._labelled(node.labels[index], blocks)
                except Rejected as error:
                    self._reject("list", error.reason, error.detail, node.labels[index])
                    continue
            if blocks or label:
                items.append(blocks)
                labels.append(label)
        if not items or not any(items):
            return None
        # A number of the template would stand before a formula that is the label.
        ordered = node.ordered and (not node.labels or any(labels))
        printed = tuple(label or "•" for label in labels) if any(labels) else ()
        return ListBlock(ordered, tuple(items), printed)

    def _labelled(self, source: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
        """The label of an item and its blocks; a formula that is no text begins the first one."""
        try:
            return self.reader.plain(source), blocks
        except Rejected as error:
            if error.reason != "formula-in-label":
                raise
        spans: tuple[Span, ...] = self.reader.read_flat(source)
        first = blocks[0] if blocks else None
        if not isinstance(first, Paragraph) or first.label:
            return "", (Paragraph(spans), *blocks)
        return "", (replace(first, spans=(*spans, Text(" "), *first.spans)), *blocks[1:])


def count_blocks(blocks: Sequence[Block]) -> dict[str, int]:
    """How many blocks of each kind there are, those inside lists too."""
    counts = dict.fromkeys(_KIND.values(), 0)
    for block in blocks:
        counts[_KIND[type(block)]] += 1
        if isinstance(block, ListBlock):
            for item in block.items:
                for kind, number in count_blocks(item).items():
                    counts[kind] += number
    return counts


_KIND: dict[type, str] = {
    Paragraph: "text", Heading: "heading", Formula: "formula", Table: "table", ListBlock: "list",
    Figure: "figure", Program: "code", Reference: "reference",
}  # fmt: skip
