"""Items of lists and the labels that enumitem and the enumerate package give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import group_end, read_optional
from vary_data.sources.arxiv.structure.numbering import numeral

_ITEM = re.compile(r"\\begin\s*\{|\\end\s*\{|\\item(?![A-Za-z@])|\\[\s\S]|[{}]")
_GROUPED = re.compile(r"(?<!\\)\{\s*(?=\\item(?![A-Za-z@]))")
_LABEL_OPTION = re.compile(r"(?:^|,)\s*label\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,]*)")
_REFERENCE_OPTION = re.compile(r"(?:^|,)\s*ref\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,]*)")
_COUNTER = re.compile(r"\\(arabic|alph|Alph|roman|Roman|chinese)\s*(?:\*|\{[^{}]*\})")
_SHORT = re.compile(r"^(.*?)(?<![A-Za-z])([1aAiI])(?![A-Za-z])(.*)$", re.DOTALL)
_MAX_SHORT_LABEL = 30
"""Characters; longer options are not a label in the short form of the enumerate package."""
_SHORT_STYLES = {"1": "arabic", "a": "alph", "A": "Alph", "i": "roman", "I": "Roman"}
_DEFAULT_LABELS = (r"\arabic*.", r"(\alph*)", r"\roman*.", r"\Alph*.")


def split_items(content: str) -> tuple[str, list[tuple[str | None, str]]]:
    """The source before the first item, and the explicit label (or None) and source of each."""
    content = _ungrouped(content)
    starts: list[tuple[int, int]] = []
    depth = 0
    for match in _ITEM.finditer(content):
        piece = match.group()
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth -= 1
        elif piece.startswith("\\begin"):
            depth += 2  # its brace closes again: one level stays until \end{…}
        elif piece.startswith("\\end") and piece.endswith("{"):
            continue
        elif piece == "\\item" and depth == 0:
            starts.append((match.start(), match.end()))
    items: list[tuple[str | None, str]] = []
    for index, (_, item_start) in enumerate(starts):
        stop = starts[index + 1][0] if index + 1 < len(starts) else len(content)
        source = content[item_start:stop]
        try:
            label, position = read_optional(source, 0)
        except Rejected:
            label, position = None, 0
        items.append((label, source[position:]))
    return content[: starts[0][0]] if starts else content, items


def _ungrouped(content: str) -> str:
    """Removes braces around single items: `{\\item …}`."""
    match = _GROUPED.search(content)
    while match:
        try:
            end = group_end(content, match.start())
        except Rejected:
            return content
        inner = content[match.start() + 1 : end - 1]
        content = f"{content[: match.start()]}{inner}{content[end:]}"
        match = _GROUPED.search(content, match.start() + len(inner))
    return content


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """The label of an ordered list's items and what `\\ref` prints for them, as source.

    Both have `\\arabic*` or similar in place of the number. With `nested`, the reference follows
    that of the item around the list. `usual` are those of LaTeX, which a document may redefine.
    """

    label: str
    reference: str
    nested: bool
    usual: bool = False


def item_format(options: str, level: int, enumitem: bool) -> ItemFormat:
    """The format that a list's options ask for, of enumitem or of the enumerate package.

    Labels of enumitem are printed by references as they are, unless `ref` is given.
    """
    default = _DEFAULT_LABELS[min(level, 4) - 1]
    label = _option(_LABEL_OPTION, options)
    reference = _option(_REFERENCE_OPTION, options)
    if label or reference:
        label = label or default
        return ItemFormat(label, reference or label, nested=False)
    if options and "=" not in options:
        short = _SHORT.match(options.strip())
        if short and len(options) < _MAX_SHORT_LABEL:
            before, sign, after = short.groups()
            counter = f"\\{_SHORT_STYLES[sign]}*"
            label = f"{before}{counter}{after}"
            return ItemFormat(label, label if enumitem else counter, nested=not enumitem)
    return ItemFormat(default, default.strip("()."), nested=True, usual=True)


def _option(pattern: re.Pattern[str], options: str) -> str:
    """The value of a key of enumitem that has a counter in it, else nothing."""
    match = pattern.search(options)
    value = match.group(1).strip() if match else ""
    if value.startswith("{") and value.endswith("}"):
        value = value[1:-1]
    return value if _COUNTER.search(value) else ""


def item_label(style: str, number: int) -> str:
    """The label of one item as source."""
    return _COUNTER.sub(lambda match: numeral(number, match.group(1)), style)


def nested_reference(outer: Sequence[str], own: str) -> str:
    """What LaTeX prints for an item in other numbered lists, from their numbers: `1a`, `1(a)i`."""
    first, *others = *outer, own
    return first + "".join(f"({one})" for one in others[:-1]) + "".join(others[-1:])
