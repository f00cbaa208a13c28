"""Nodes of a document: its structure before the text of the nodes is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from renderers.figures.image import FigureImage
from renderers.latex.blocks import ParagraphRole, TheoremStyle


@dataclass(slots=True)
class TextNode:
    """A paragraph's source; `label` is the source of a run-in heading such as `Lemma 2.`."""

    source: str
    label: str = ""
    role: ParagraphRole = "paragraph"
    style: TheoremStyle = ""
    ends_proof: bool = False


@dataclass(slots=True)
class HeadingNode:
    """The source of a heading; `level` 0 is the title."""

    level: int
    source: str
    number: str = ""


@dataclass(slots=True)
class DisplayNode:
    """A display formula: rows of source without labels and tags, and the printed tags."""

    environment: str
    rows: list[str]
    tags: list[str | None]


@dataclass(slots=True)
class TableNode:
    """The source of a `tabular`: its columns, its rows and its caption."""

    specification: str
    body: str
    caption: str = ""
    number: str = ""
    floating: bool = False
    wide: bool = False


@dataclass(slots=True)
class ListNode:
    """A list; `labels` are sources, none for the default labels."""

    ordered: bool
    items: list[list[Node]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PanelNode:
    """A picture by its name in the source; `width` in parts of the width of the text, if known.

    `label` is printed before the caption of this part, `(a)` for example.
    """

    name: str
    width: float | None = None
    caption: str = ""
    label: str = ""
    image: FigureImage | None = None
    """Set once the file has been found and converted."""


@dataclass(slots=True)
class FigureNode:
    """A figure; `drawn` if a part of it is a drawing in TeX, which cannot be used."""

    panels: list[PanelNode]
    caption: str = ""
    number: str = ""
    wide: bool = False
    floating: bool = True
    drawn: bool = False
    kind: str = "figure"
    """What it counts as."""


@dataclass(slots=True)
class LineNode:
    """A line of code as it is, or the source of a step of pseudo-code."""

    source: str
    indent: int = 0
    number: str = ""


@dataclass(slots=True)
class ProgramNode:
    """The lines of a listing or of pseudo-code, with their caption."""

    kind: Literal["code", "algorithm"]
    lines: list[LineNode]
    caption: str = ""
    number: str = ""


@dataclass(slots=True)
class ReferenceNode:
    """An entry of the reference list; `label` is the source of what is printed before it."""

    source: str
    label: str = ""


@dataclass(slots=True)
class RejectedNode:
    """Source for which there is no block; `kind` as in `SourceRejection`."""

    kind: str
    reason: str
    detail: str
    source: str


Node = (
    TextNode
    | HeadingNode
    | DisplayNode
    | TableNode
    | ListNode
    | FigureNode
    | ProgramNode
    | ReferenceNode
    | RejectedNode
)
_KINDS: dict[type, str] = {
    TextNode: "text", HeadingNode: "heading", DisplayNode: "formula", TableNode: "table",
    ListNode: "list", FigureNode: "figure", ProgramNode: "code",
    ReferenceNode: "reference",
}  # fmt: skip


def node_kind(node: Node) -> str:
    """The kind of block that a node would become."""
    if isinstance(node, RejectedNode):
        return node.kind
    return _KINDS[type(node)]


def node_source(node: Node) -> str:
    """The source of a node, as shown in a rejection."""
    if isinstance(node, DisplayNode):
        return " \\\\ ".join(node.rows)
    if isinstance(node, TableNode):
        return node.body
    if isinstance(node, FigureNode):
        return f"{node.number} {node.caption}"
    if isinstance(node, ProgramNode):
        return "\n".join(line.source for line in node.lines)
    if isinstance(node, ListNode):
        return "\\item …"
    return node.source
