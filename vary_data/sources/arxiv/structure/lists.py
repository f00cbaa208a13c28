"""Read list environments and reference lists into nodes."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.list_items import item_label, label_format, split_items
from vary_data.sources.arxiv.structure.nodes import HeadingNode, ListNode
from vary_data.sources.arxiv.structure.numbering import numeral
from vary_data.sources.arxiv.structure.walker import Walker
from vary_data.sources.arxiv.vocabulary import environments as known


def read_list(walker: Walker, name: str, content: str) -> None:
    """Reads a list with its items, their labels and counters."""
    walker.end_paragraph()
    environment = known.ENVIRONMENTS[name]
    ordered = environment.detail == "ordered"
    options, position = read_optional(content, 0)
    for _ in environment.arguments.removeprefix("o"):
        _, position = read_argument(content, position)
    level = walker.list_levels[ordered] + 1
    walker.list_levels[ordered] = level
    counter = f"enum{numeral(level, 'roman')}"
    style = label_format(options or "", level)
    resumed = options is not None and "resume" in options
    start = re.search(r"start\s*=\s*(\d{1,4})", options or "")
    if ordered and not resumed:
        walker.counters.set(counter, int(start.group(1)) - 1 if start else 0)
    before, items = split_items(content[position:])
    walker.nodes.extend(walker.read_nested(before))
    node = ListNode(ordered)
    anchor = walker.anchor
    for own_label, source in items:
        label = own_label
        if own_label is None and ordered:
            walker.counters.step(counter)
            label = item_label(style, walker.counters.values[counter])
            walker.anchor = Label(label.strip("().: ") or label, "item")
        elif own_label is not None:
            walker.anchor = Label(own_label.strip("()[].: "), "item")
        inner = walker.read_nested(source)
        if inner or own_label:
            node.items.append(inner)
            node.labels.append(label or "")
    walker.anchor = anchor
    walker.list_levels[ordered] = level - 1
    if not any(node.labels):
        node.labels = []
    if node.items:
        walker.add_block(node)


def read_inline_list(walker: Walker, name: str, content: str) -> None:
    """Reads a list inside a paragraph as text."""
    options, position = read_optional(content, 0)
    ordered = "enum" in name
    style = label_format(options or "", 2)
    _, items = split_items(content[position:])
    for index, (own_label, source) in enumerate(items):
        label = own_label or (item_label(style, index + 1) if ordered else "")
        walker.buffer.append(f" {label} " if label else " ")
        walker.walk(source)


def read_bibliography_list(walker: Walker, name: str, content: str) -> None:
    """Reads the reference list, numbered in brackets."""
    walker.end_paragraph()
    _, position = read_argument(content, 0)
    usual = "参考文献" if walker.lang == "zh" else "References"
    pieces = re.split(r"\\bibitem\b", content[position:])
    node = ListNode(False)
    for index, piece in enumerate(pieces[1:]):
        _, start = read_optional(piece, 0)
        _, start = read_argument(piece, start)
        inner = walker.read_nested(piece[start:])
        if inner:
            node.items.append(inner)
            node.labels.append(f"[{index + 1}]")
    if node.items:
        walker.nodes.append(HeadingNode(1, walker.expanded.names.get("refname", usual)))
        walker.nodes.append(node)
