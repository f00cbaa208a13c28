"""What the structure of a document consists of before its text is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class TextNode:
    """A paragraph's source; `label` is the source of a run-in heading such as `Lemma 2.`."""

    source: str
    label: str = ""


@dataclass(slots=True)
class HeadingNode:
    level: int
    source: str
    number: str = ""


@dataclass(slots=True)
class DisplayNode:
    """A display formula: rows of source without labels and tags, and what is printed beside."""

    environment: str
    rows: list[str]
    tags: list[str | None]


@dataclass(slots=True)
class TableNode:
    specification: str
    body: str
    caption: str = ""
    number: str = ""
    floating: bool = False


@dataclass(slots=True)
class ListNode:
    """`labels` are sources; an empty tuple means the usual marks."""

    ordered: bool
    items: list[list[Node]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class RejectedNode:
    """A piece that no block can hold. `kind` as in the counts of an extraction."""

    kind: str
    reason: str
    detail: str
    source: str


Node = TextNode | HeadingNode | DisplayNode | TableNode | ListNode | RejectedNode


def node_kind(node: Node) -> str:
    """The word under which a node is counted."""
    if isinstance(node, RejectedNode):
        return node.kind
    return {"TextNode": "text", "HeadingNode": "heading", "DisplayNode": "formula",
            "TableNode": "table", "ListNode": "list"}[type(node).__name__]  # fmt: skip


def node_source(node: Node) -> str:
    """The source that a rejection shows."""
    if isinstance(node, DisplayNode):
        return " \\\\ ".join(node.rows)
    if isinstance(node, TableNode):
        return node.body
    if isinstance(node, ListNode):
        return "\\item …"
    return node.source
