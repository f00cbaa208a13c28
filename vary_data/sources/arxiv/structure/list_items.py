"""Items of lists and the labels that enumitem and the enumerate package give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import group_end, read_optional
from vary_data.sources.arxiv.structure.numbering import numeral

_ITEM = re.compile(r"\\begin\s*\{|\\end\s*\{|\\item(?![A-Za-z@])|\\[\s\S]|[{}]")
_GROUPED = re.compile(r"(?<!\\)\{\s*(?=\\item(?![A-Za-z@]))")
_LABEL_OPTION = re.compile(r"(?:^|,)\s*label(\*?)\s*=")
_REFERENCE_OPTION = re.compile(r"(?:^|,)\s*ref()\s*=")
_VALUE_SIGN = re.compile(r"\\[\s\S]|[{},]")
_SHORT = re.compile(r"^(.*?)(?<![A-Za-z])([1aAiI])(?![A-Za-z])(.*)$", re.DOTALL)
_MAX_SHORT_LABEL = 30
"""Characters; longer options are not a label in the short form of the enumerate package."""
_MAX_OPTIONS, _MAX_NAMES = 500, 20
"""Characters and names of a `\\setlist` that is used."""
_MAX_FORMATS = 300
"""Formats of a document after which `\\setlist` is ignored: each group copies them."""
_SHORT_STYLES = {"1": "arabic", "a": "alph", "A": "Alph", "i": "roman", "I": "Roman"}
_DEFAULT_LABELS = (r"\theenumi.", r"(\theenumii)", r"\theenumiii.", r"\theenumiv.")


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

    Both have `\\arabic*`, `\\theenumi` or similar in place of the number. With `nested`, the
    reference follows that of the item around the list.
    """

    label: str
    reference: str
    nested: bool


def item_format(options: str, level: int, enumitem: bool, usual: str, outer: str) -> ItemFormat:
    """The format that a list's options ask for, of enumitem or of the enumerate package.

    Labels of enumitem are printed by references as they are, unless `ref` is given. Without
    options, the label is `usual`, if that is not empty; `outer` is the printed one of the item
    around the list, which `label*` continues.
    """
    usual = usual or _DEFAULT_LABELS[min(level, 4) - 1]
    label, continued = _option(_LABEL_OPTION, options)
    reference, _ = _option(_REFERENCE_OPTION, options)
    if label is not None or reference is not None:
        label = usual if label is None else outer + label if continued else label
        return ItemFormat(label, label if reference is None else reference, nested=False)
    if options and "=" not in options:
        short = _SHORT.match(options.strip())
        if short and len(options) < _MAX_SHORT_LABEL:
            before, sign, after = short.groups()
            counter = f"\\{_SHORT_STYLES[sign]}*"
            label = f"{before}{counter}{after}"
            return ItemFormat(label, label if enumitem else counter, nested=not enumitem)
    return ItemFormat(usual, f"\\the{item_counter(level)}", nested=True)


def has_label(options: str) -> bool:
    """Whether the options of a list say what the labels of its items are."""
    if "=" in options:
        return bool(_LABEL_OPTION.search(options))
    return bool(options and len(options) < _MAX_SHORT_LABEL and _SHORT.match(options.strip()))


def set_list_options(formats: dict[str, str], names: str, options: str) -> None:
    """`\\setlist[names]{options}` of enumitem, where names may hold levels: `enumerate,1`."""
    if not has_label(options) or len(options) > _MAX_OPTIONS or len(formats) > _MAX_FORMATS:
        return
    parts = [part.strip() for part in names.split(",") if part.strip()][:_MAX_NAMES]
    levels = [part for part in parts if part in ("1", "2", "3", "4")] or ["*"]
    for list_name in [part for part in parts if not part.isdigit()] or ["*"]:
        for level in levels:
            formats[f"setlist:{list_name}:{level}"] = options


def list_options(formats: Mapping[str, str], name: str, level: int) -> str:
    """The options with the label that `\\setlist` has set for a list, most special first."""
    for key in (f"{name}:{level}", f"{name}:*", f"*:{level}", "*:*"):
        if f"setlist:{key}" in formats:
            return formats[f"setlist:{key}"]
    return ""


def item_counter(level: int) -> str:
    """The counter of the items of ordered lists at a level, 1 for the outermost."""
    return f"enum{numeral(level, 'roman')}"


def _option(pattern: re.Pattern[str], options: str) -> tuple[str | None, bool]:
    """The value of a key of enumitem, None without the key, and whether the key has a star."""
    match = pattern.search(options)
    if match is None:
        return None, False
    value = options[match.end() : _value_end(options, match.end())].strip()
    if value.startswith("{") and group_end(value, 0) == len(value):
        value = value[1:-1]
    return value, match.group(1) == "*"


def _value_end(options: str, position: int) -> int:
    """The position of the comma that ends a value, or of the end."""
    depth = 0
    for match in _VALUE_SIGN.finditer(options, position):
        sign = match.group()
        depth += (sign == "{") - (sign == "}")
        if sign == "," and depth == 0:
            return match.start()
    return len(options)


def nested_reference(outer: Sequence[str], own: str) -> str:
    """What LaTeX prints for an item in other numbered lists, from their numbers: `1a`, `1(a)iA`."""
    numbers = [*outer, own]
    if len(numbers) > 2:
        numbers[1] = f"({numbers[1]})"
    return "".join(numbers)
