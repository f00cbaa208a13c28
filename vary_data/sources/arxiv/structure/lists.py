"""Read list environments and reference lists into nodes."""

from __future__ import annotations

import re

from vary_data.sources.arxiv.read.citations import uses_author_year
from vary_data.sources.arxiv.references.bibliography import authors_and_year
from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.list_items import (
    ItemFormat,
    item_format,
    item_label,
    nested_reference,
    split_items,
)
from vary_data.sources.arxiv.structure.nodes import HeadingNode, ListNode, ReferenceNode
from vary_data.sources.arxiv.structure.numbering import Counters, numeral
from vary_data.sources.arxiv.structure.walker import LABEL, Walker
from vary_data.sources.arxiv.vocabulary import environments as known

_BIBITEM = re.compile(r"\\bibitem(?![A-Za-z@])")


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
    format = item_format(options or "", level, walker.has_enumitem)
    outer, formats = walker.item_numbers, dict(walker.counters.formats)
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
            label, number = _item(walker.counters, counter, format)
            walker.item_numbers = (*outer, number)
            printed = nested_reference(outer, number) if format.nested else number
            walker.anchor = Label(printed, "item")
        elif own_label is not None:
            walker.anchor = Label(own_label.strip("()[].: "), "item")
        inner = walker.read_nested(source)
        if inner or own_label:
            node.items.append(inner)
            node.labels.append(label or "")
    walker.anchor, walker.item_numbers = anchor, outer
    walker.counters.formats = formats
    walker.list_levels[ordered] = level - 1
    if not any(node.labels):
        node.labels = []
    if node.items:
        walker.add_block(node)


def _item(counters: Counters, counter: str, format: ItemFormat) -> tuple[str, str]:
    """The label of an item and its number for references, after its counter was stepped."""
    value = counters.values[counter]
    label, number = item_label(format.label, value), item_label(format.reference, value)
    if format.usual and counter in counters.formats:
        usual, number = number, counters.printed(counter)
        label = label.replace(usual, number)
    if format.usual and f"label{counter}" in counters.formats:
        label = counters.printed(f"label{counter}").replace("$", "")
    return label, number


def read_inline_list(walker: Walker, name: str, content: str) -> None:
    """Reads a list inside a paragraph as text."""
    options, position = read_optional(content, 0)
    ordered = "enum" in name
    style = item_format(options or "", 2, walker.has_enumitem).label
    _, items = split_items(content[position:])
    for index, (own_label, source) in enumerate(items):
        label = own_label or (item_label(style, index + 1) if ordered else "")
        walker.buffer.append(f" {label} " if label else " ")
        walker.walk(source)


def read_bibliography_list(walker: Walker, name: str, content: str) -> None:
    """Reads the reference list: a heading and one node for each entry.

    Entries are numbered in brackets, except where the document cites by authors and year and
    every entry has such a label (natbib).
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
    walker.nodes.extend(
        ReferenceNode(source, "" if by_author else f"[{index + 1}]")
        for index, (_, source) in enumerate(entries)
        if source
    )
