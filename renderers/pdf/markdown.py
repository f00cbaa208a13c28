"""A page's blocks as Markdown: headings, lists, tables, footnotes, captions, emphasis.

Headers, footers and page numbers stay in the text, because the picture shows them. Tables are pipe
tables; what stands in a cell is on one line. A footnote whose mark is also a superscript in the
text becomes `[^1]: …`, and the superscript `[^1]`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from renderers.pdf.blocks import Block, Table
from renderers.pdf.labels import ITEM_LABEL
from renderers.pdf.paragraphs import join_marked
from renderers.pdf.styles import escaped
from renderers.roles import (
    BULLETS,
    CAPTION,
    CODE,
    FOOTNOTE,
    LIST_ITEM,
    SECTION_HEADER,
    TITLE,
)

_BULLETS = BULLETS + "✓✔*·–-❖→\ufffd"
_NUMBER = re.compile(r"[(（]?(\d{1,3})[.)）、]\s*")
_REPEATED = re.compile(r"(?<![*\\])(?:(\*{1,3})([ -])\1(?!\*)|\*{4}(?!\*))")
"""The end of emphasis and its beginning in the next row."""
_CODE_JOIN = re.compile(r"`( ?)`")
_INDEX_JOIN = re.compile(r"</(sup|sub)>(\s?)<\1>")
_EMPHASIS = re.compile(r"^(?:\*{1,3}|<sup>)|(?:\*{1,3}|</sup>)$")
_NOTE_MARK = re.compile(r"^(?:<sup>)?(\d{1,3}|[∗*†‡§¶‖]{1,3}|\\\*{1,3})(?:</sup>)?\s*")
_LINE_START = re.compile(r"^(#{1,6} |[+>-] |\d+[.)] )")


def markdown(blocks: Sequence[Block]) -> str:
    """The blocks in reading order, separated by empty lines; items of a list are not."""
    notes = {
        m.group(1) for b in blocks if b.role == FOOTNOTE and (m := _NOTE_MARK.match(_marked(b)))
    }
    marked = " ".join(_marked(b) for b in blocks if b.role != FOOTNOTE)
    linked = {note for note in notes if f"<sup>{note}</sup>" in marked}
    parts: list[str] = []
    code: list[str] = []
    before: Block | None = None
    for block in blocks:
        if block.role == CODE:
            code.append(_code(block, code_left(blocks)))
            before = block
            continue
        if code:
            parts.append("```\n" + "\n".join(code) + "\n```")
            code = []
        text = _block(block, linked)
        close = before is not None and before.role == block.role == LIST_ITEM
        if close and parts:
            parts[-1] += "\n" + text
        else:
            parts.append(text)
        before = block
    if code:
        parts.append("```\n" + "\n".join(code) + "\n```")
    return "\n\n".join(filter(None, parts))


def code_left(blocks: Sequence[Block]) -> float:
    """The left edge of the rows of code of a page, in points."""
    return min(row.box[0] for b in blocks if b.role == CODE for row in b.rows)


def _code(block: Block, left: float) -> str:
    """Rows of a listing, with their indent in characters of the typewriter font."""
    lines = []
    for row in block.rows:
        widths = [w.box[2] - w.box[0] for w in row.words]
        letters = sum(len(w.text) for w in row.words)
        width = sum(widths) / letters if letters else 0.6 * row.size
        lines.append(" " * round((row.box[0] - left) / max(width, 0.1)) + row.text)
    return "\n".join(lines)


def _block(block: Block, linked: set[str]) -> str:
    if block.table is not None:
        return _table(block.table)
    text = _marked(block)
    if block.role != FOOTNOTE:
        for note in linked:
            text = text.replace(f"<sup>{note}</sup>", f"[^{note}]")
    if block.role in (TITLE, SECTION_HEADER):
        return "#" * max(1, block.level) + " " + _plain(text)
    if block.role == FOOTNOTE:
        match = _NOTE_MARK.match(text)
        if match and match.group(1) in linked:
            return f"[^{match.group(1)}]: {text[match.end() :]}"
        return text
    if block.role == LIST_ITEM:
        return "    " * block.level + _item(text)
    if block.role == CAPTION:
        return text
    return _LINE_START.sub(lambda m: "\\" + m.group(), text)


def _marked(block: Block) -> str:
    """The rows of a block joined, with emphasis that goes over the end of a row in one piece."""
    joined = join_marked([row.marked or escaped(row.text) for row in block.rows], block.rows)
    joined = _REPEATED.sub(lambda match: match[2] or "", joined)
    return _INDEX_JOIN.sub(r"\2", _CODE_JOIN.sub(r"\1", joined))


def _plain(text: str) -> str:
    """A heading without emphasis: its level says it already."""
    return re.sub(r"(?<!\\)\*{1,3}", "", text)


def _item(text: str) -> str:
    plain = _EMPHASIS.sub("", text) if text.startswith("*") else text
    label = ITEM_LABEL.match(plain)
    if plain.startswith("\\"):  # an escaped star
        plain = plain[1:]
        label = ITEM_LABEL.match(plain)
    if label is None:
        return text
    rest = plain[label.end() :].lstrip()
    number = _NUMBER.fullmatch(label.group())
    if number:
        return f"{number.group(1)}. {rest}"
    if label.group().strip() in _BULLETS:
        return f"- {rest}"
    return f"- {label.group().strip()} {rest}"


def _table(table: Table) -> str:
    cells = table.marked or tuple(tuple(escaped(c) for c in row) for row in table.cells)
    rows = ["| " + " | ".join(cell.replace("\n", " ") for cell in row) + " |" for row in cells]
    rule = "|" + "|".join(" --- " for _ in cells[0]) + "|"
    return "\n".join([rows[0], rule, *rows[1:]])
