"""Read tables, figures and their captions into nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vary_data.sources.arxiv.references.references import Label
from vary_data.sources.arxiv.scan import read_argument, read_optional
from vary_data.sources.arxiv.structure.figures import argument_width, figure_nodes, read_picture
from vary_data.sources.arxiv.structure.list_items import split_items
from vary_data.sources.arxiv.structure.nodes import (
    Node,
    ProgramNode,
    RejectedNode,
    TableNode,
    TextNode,
)
from vary_data.sources.arxiv.structure.numbering import numeral
from vary_data.sources.arxiv.structure.tabularray import as_tabular
from vary_data.sources.arxiv.structure.walker import LABEL, OpenFloat, Walker
from vary_data.sources.arxiv.vocabulary import environments as known

_SUBFLOAT_WIDTH = re.compile(r"\s*(?:\[[^\[\]]*\]\s*){0,3}\{([^{}]*)\}")
_DELUXE = re.compile(
    r"\\(tablecaption|caption|tablehead|tablecomments|tablenotetext|tablerefs|startdata)(?![A-Za-z@])"
)

_FLOAT_NAMES = {
    "figure": ("Figure", "图"), "table": ("Table", "表"), "listing": ("Listing", "代码"),
}  # fmt: skip
_TABLE_NOTE = re.compile(r"\\(?:footnote|tablefootnote)(?![A-Za-z@])")


def read_tabular(walker: Walker, name: str, content: str) -> None:
    """Reads a table, with the caption that a longtable may contain."""
    specification, position = "", 0
    for kind in known.ENVIRONMENTS[name].arguments:
        if kind == "o":
            _, position = read_optional(content, position)
        elif kind == "m":
            _, position = read_argument(content, position)
        else:
            if name.startswith(("tabu", "longtabu")) and name not in ("tabular", "tabularx"):
                to = re.compile(r"\s*(?:to|spread)\s*[-\d.]*\\?[A-Za-z]+").match(content, position)
                position = to.end() if to else position
            specification, position = read_argument(content, position)
    body = content[position:]
    if name.endswith("tblr"):
        specification, body = as_tabular(specification, body)
    saved = re.search(r"\\savetabu\s*\{([^{}]*)\}", body)
    if saved:
        walker.saved_columns[saved.group(1)] = specification
    used = re.fullmatch(r"\s*\\usetabu\s*\{([^{}]*)\}\s*", specification)
    if used:
        specification = walker.saved_columns.get(used.group(1), specification)
    node = TableNode(specification, body)
    caption = re.search(r"\\caption(?![A-Za-z])\*?", body)
    if caption:  # in a longtable
        starred = caption.group().endswith("*")
        _, start = read_optional(body, caption.end())
        source, stop = read_argument(body, start)
        row_end = re.compile(
            r"\s*(?:\\label\{[^{}]*\})?\s*(?:\\tabularnewline|\\\\(?:\[[^\]]*\])?)?"
        )
        match = row_end.match(body, stop)
        node.body = body[: caption.start()] + body[match.end() if match else stop :]
        number = "" if starred else walker.counters.step("table")
        node.caption, node.number = source, float_name(walker, "table", number)
        walker.label_all(source + body, Label(number, "table"))
    node.body, notes = _lifted_notes(LABEL.sub("", node.body))
    walker.add_block(node)
    for mark, text in notes:
        walker.nodes.append(TextNode(f"\\textsuperscript{{{mark}}} {text}"))


def _lifted_notes(body: str) -> tuple[str, list[tuple[str, str]]]:
    """A table's body with a letter for each footnote in it, and the letters with their texts."""
    notes: list[tuple[str, str]] = []
    parts: list[str] = []
    position = 0
    while match := _TABLE_NOTE.search(body, position):
        parts.append(body[position : match.start()])
        _, start = read_optional(body, match.end())
        text, position = read_argument(body, start)
        mark = numeral(len(notes) + 1, "alph")
        notes.append((mark, text))
        parts.append(f"\\textsuperscript{{{mark}}}")
    return "".join([*parts, body[position:]]), notes


def read_table_notes(walker: Walker, name: str, content: str) -> None:
    """threeparttable: a paragraph for each note, its mark raised as in the cells."""
    walker.end_paragraph()
    before, items = split_items(walker.arguments(name, content))
    walker.walk(before)
    for mark, text in items:
        walker.end_paragraph()
        walker.walk(f"\\tnote{{{mark}}} {text}" if mark else text)
    walker.end_paragraph()


def read_deluxetable(walker: Walker, name: str, content: str) -> None:
    """aastex: `\\tablehead{\\colhead{..} & ..}` and `\\startdata … \\enddata`."""
    _, position = read_optional(content, 0)
    specification, position = read_argument(content, position)
    parts: dict[str, str] = {}
    rest: list[str] = []
    while match := _DELUXE.search(content, position):
        rest.append(content[position : match.start()])
        command = match.group(1)
        if command == "startdata":
            stop = content.find("\\enddata", match.end())
            stop = len(content) if stop < 0 else stop
            parts[command], position = content[match.end() : stop], stop + len("\\enddata")
        elif command in ("tablecomments", "tablenotetext", "tablerefs"):
            if command == "tablenotetext":
                _, start = read_argument(content, match.end())
                text, position = read_argument(content, start)
            else:
                text, position = read_argument(content, match.end())
            rest.append(f"\n\n{text}\n\n")
        else:
            _, start = read_optional(content, match.end())
            parts[command], position = read_argument(content, start)
    rest.append(content[position:])
    head = re.sub(r"\\colhead\b\s*", "", parts.get("tablehead", ""))
    number = walker.counters.step("table")
    caption = parts.get("tablecaption", parts.get("caption", ""))
    walker.label_all(content, Label(number, "table"))
    body = f"\\hline {head} \\\\ \\hline {parts.get('startdata', '')} \\\\ \\hline"
    body = LABEL.sub("", body).replace("\\nodata", "…")
    table = TableNode(specification, body, LABEL.sub("", caption).strip(),
                      float_name(walker, "table", number), True)  # fmt: skip
    walker.deferred.extend([table, *walker.read_nested(LABEL.sub("", "".join(rest)))])


def read_float(walker: Walker, name: str, content: str) -> None:
    """Reads a figure or table; captions go to its pictures and tables or become paragraphs."""
    outer, walker.float = walker.float, OpenFloat(known.ENVIRONMENTS[name].detail)
    anchor = walker.anchor
    nodes = walker.read_nested(walker.arguments(name, content))
    captions = walker.float.captions
    if walker.float.kind == "table":
        tables = [node for node in nodes if isinstance(node, TableNode)]
        for table, (number, source) in zip(tables, list(captions), strict=False):
            if table.caption or table.number:
                continue
            table.caption, table.number, table.floating = source, number, True
            captions.remove((number, source))
        for table in tables:
            table.floating, table.wide = True, name.endswith("*")
    elif walker.float.kind == "listing":
        captions = _caption_programs(nodes, captions)
    drawn = any(isinstance(node, RejectedNode) and node.kind == "picture" for node in nodes)
    if walker.figures and (walker.float.panels or (drawn and captions)):
        found = figure_nodes(walker.float.panels, captions, walker.float.places, name.endswith("*"))
        for figure in found:
            figure.drawn, figure.kind = drawn, walker.float.kind
        nodes = [*found, *nodes]
        captions = []
    nodes.extend(TextNode(source, f"{number}:" if number else "") for number, source in captions)
    walker.float, walker.anchor = outer, anchor
    walker.deferred.extend(nodes)


def _caption_programs(
    nodes: Sequence[Node], captions: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Gives the captions of a listing to its programs; returns those that are left.

    The caption of a program that was rejected is left out with it.
    """
    programs = [node for node in nodes if isinstance(node, ProgramNode) and not node.caption]
    for program, (number, source) in zip(programs, captions, strict=False):
        program.caption, program.number = source, number
    lost = any(isinstance(node, RejectedNode) and node.kind == "code" for node in nodes)
    return [] if lost else captions[len(programs) :]


def read_picture_command(walker: Walker, name: str, source: str, match: re.Match[str]) -> int:
    """Reads `\\includegraphics`: a part of a figure, or left in its paragraph."""
    panels, end = read_picture(name, source, match.end())
    if walker.figures and walker.float is not None:
        walker.float.panels.extend(panels)
    else:
        walker.buffer.append(source[match.start() : end])
    return end


def read_subfloat(walker: Walker, name: str, content: str) -> None:
    """Reads a lettered part of a figure or table."""
    walker.end_paragraph()
    float = walker.float
    if float is None:
        walker.walk(walker.arguments(name, content))
        return
    subfloat = OpenFloat("sub")
    walker.float = subfloat
    number = walker.counters.values.get(float.kind, 0) + 1
    float.sub += 1
    letter = numeral(float.sub, "alph")
    anchor, walker.anchor = walker.anchor, Label(f"{number}{letter}", float.kind)
    walker.walk(walker.arguments(name, content))
    walker.end_paragraph()
    walker.float, walker.anchor = float, anchor
    if subfloat.panels:
        _add_panels(float, subfloat, letter, _subfloat_width(content))
        return
    walker.nodes.extend(
        TextNode(source, f"({letter})") for _, source in subfloat.captions if source
    )


def _add_panels(float: OpenFloat, subfloat: OpenFloat, letter: str, width: float | None) -> None:
    """Adds the pictures of a part to its figure; the caption is under the last one."""
    panels = subfloat.panels
    for panel in panels:
        if width is not None:
            panel.width = width * (panel.width or 1.0) / len(panels)
    captions = [source for _, source in subfloat.captions]
    if captions:
        panels[-1].label, panels[-1].caption = f"({letter})", " ".join(captions)
    float.panels.extend(panels)


def _subfloat_width(content: str) -> float | None:
    match = _SUBFLOAT_WIDTH.match(content)
    return argument_width(match.group(1)) if match else None


def read_caption(walker: Walker, source: str, position: int, kind: str | None = None) -> int:
    """Numbers a caption and keeps it for its float; returns the position after it."""
    starred = source.startswith("*", position)
    _, position = read_optional(source, position + starred)
    text, position = read_argument(source, position)
    float = walker.float
    if float is not None and float.kind == "sub" and kind is None:
        walker.label_all(text, walker.anchor)
        float.captions.append(("", LABEL.sub("", text).strip()))
        return position
    kind = kind or (float.kind if float is not None else "figure")
    number = "" if starred else walker.counters.step(kind)
    walker.anchor = Label(number, kind)
    walker.label_all(text, walker.anchor)
    entry = (float_name(walker, kind, number), LABEL.sub("", text).strip())
    if float is not None and kind == float.kind:
        float.captions.append(entry)
        float.places.append(len(float.panels))
    else:
        walker.add_block(TextNode(entry[1], f"{entry[0]}:"))
    return position


def float_name(walker: Walker, kind: str, number: str) -> str:
    """The text before a caption, such as `Table 3`."""
    usual = _FLOAT_NAMES.get(kind, (kind, kind))
    name = walker.expanded.names.get(f"{kind}name", usual[walker.lang == "zh"])
    return f"{name} {number}" if number else ""


def read_subfloat_command(walker: Walker, captions: Sequence[str], content: str) -> None:
    """`\\subfloat[caption]{content}` and `\\subcaptionbox{caption}{content}`."""
    caption = next((text for text in reversed(captions) if text.strip()), "")
    read_subfloat(
        walker, "subfigure", "{}" + content + (f"\\caption{{{caption}}}" if caption else "")
    )
