"""Read list environments and reference lists into nodes."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.read.citations import uses_author_year
from vary_data.sources.arxiv.references.bibliography import authors_and_year, printed_labels
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.list_items import (
    ItemFormat,
    has_label,
    item_counter,
    item_format,
    list_options,
    nested_reference,
    split_items,
)
from vary_data.sources.arxiv.structure.nodes import HeadingNode, ListNode, ReferenceNode, TextNode
from vary_data.sources.arxiv.structure.walker import LABEL, Walker
from vary_data.sources.arxiv.vocabulary import environments as known

_BIBITEM = re.compile(r"\\bibitem(?![A-Za-z@])")


def read_list(walker: Walker, name: str, content: str) -> None:
    """Reads a list with its items, their labels and counters."""
    walker.end_paragraph()
    environment = known.ENVIRONMENTS[walker.own_lists.get(name, name)]
    ordered = environment.detail == "ordered"
    options, position = read_optional(content, 0)
    for _ in environment.arguments.removeprefix("o"):
        _, position = read_argument(content, position)
    level = walker.list_levels[ordered] + 1
    walker.list_levels[ordered] = level
    counter = item_counter(level)
    shared = list_options(walker.counters.formats, name, level)
    anchor, outer, outer_label = walker.anchor, walker.item_numbers, walker.item_label
    resumed = options is not None and "resume" in options
    start = re.search(r"\bstart\s*=\s*(-?\d{1,6})(?!\d)", options or "")
    if ordered and not resumed:
        walker.counters.set(counter, int(start.group(1)) - 1 if start else 0)
    before, items = split_items(content[position:])
    walker.nodes.extend(walker.read_nested(before))
    usual = walker.counters.formats.get(f"label{counter}", "")
    asked = options or ""
    if shared and not has_label(asked):
        asked = f"{asked},{shared}"
    format = item_format(asked, level, walker.has_enumitem, usual, outer_label)
    if ordered and not format.nested:
        walker.counters.set_format(counter, format.reference)
    node = ListNode(ordered)
    for own_label, source in items:
        if own_label is not None and not own_label.strip(" {}~\n"):
            # Without a label, the text stands like one more paragraph of the item before.
            (node.items[-1] if node.items else walker.nodes).extend(walker.read_nested(source))
            continue
        label = _own_label(walker, own_label)
        if own_label is None and ordered:
            walker.counters.step(counter)
            label = walker.counters.in_label(format.label, counter)
            number = walker.counters.in_label(format.reference, counter)
            walker.item_numbers, walker.item_label = (*outer, number), label
            walker.anchor = Label(_reference(walker, counter, format), "item")
        inner = walker.read_nested(source)
        if inner or own_label:
            node.items.append(inner)
            node.labels.append(label or "")
    walker.anchor, walker.item_numbers, walker.item_label = anchor, outer, outer_label
    walker.list_levels[ordered] = level - 1
    if not any(node.labels):
        node.labels = []
    if node.items:
        walker.add_block(node)


def _own_label(walker: Walker, source: str | None) -> str | None:
    """The label in the brackets of an item: counters in it are stepped, labels refer to them."""
    nodes = walker.read_nested(source) if source and "\\" in source else []
    node = nodes[0] if len(nodes) == 1 else None
    return node.source if isinstance(node, TextNode) else source


def _reference(walker: Walker, counter: str, format: ItemFormat) -> str:
    """What references print for the item whose number is the last of `walker.item_numbers`."""
    *outer, number = walker.item_numbers
    if not format.nested:
        return number
    before = walker.counters.formats.get(f"p@{counter}")
    if before is None:
        return nested_reference(outer, number)
    return walker.counters.in_label(before, counter) + number


def read_inline_list(walker: Walker, name: str, content: str) -> None:
    """Reads a list inside a paragraph as text."""
    options, position = read_optional(content, 0)
    counters, counter = walker.counters, item_counter(walker.list_levels[True] + 1)
    asked = options or ""
    if not has_label(asked):
        asked = f"{asked},{list_options(counters.formats, name, 1)}"
    style = item_format(asked, 1, walker.has_enumitem, r"(\alph*)", "")
    counters.set(counter, 0)
    _, items = split_items(content[position:])
    for own_label, source in items:
        label = own_label or ""
        if own_label is None and "enum" in walker.own_lists.get(name, name):
            counters.step(counter)
            label = counters.in_label(style.label, counter)
            number = counters.in_label(style.reference, counter)
            walker.label_all(source, Label(number, "item"))
        walker.buffer.append(f" {label} " if label else " ")
        walker.walk(source)


def read_bibliography_list(walker: Walker, name: str, content: str) -> None:
    """Reads the reference list: a heading and one node for each entry.

    Entries have numbers or labels in brackets, except where the document cites by authors and
    year and every entry has such a label (natbib).
    """
    walker.end_paragraph()
    _, position = read_argument(content, 0)
    usual = "参考文献" if walker.lang == "zh" else "References"
    entries = []
    for piece in _BIBITEM.split(content[position:])[1:]:
        label, start = read_optional(piece, 0)
        _, start = read_argument(piece, start)
        entries.append((label, " ".join(LABEL.sub("", piece[start:]).split())))
    by_author = uses_author_year(walker.expanded.preamble, walker.expanded.body) and all(
        label and authors_and_year(label) for label, _ in entries
    )
    if not any(source for _, source in entries):
        return
    walker.nodes.append(HeadingNode(1, walker.expanded.names.get("refname", usual)))
    printed = printed_labels(walker.expanded.preamble, [label for label, _ in entries])
    walker.nodes.extend(
        ReferenceNode(source, "" if by_author else f"[{printed[index] or index + 1}]")
        for index, (_, source) in enumerate(entries)
        if source
    )
