"""The text of a page: Markdown, or plain text with one line for each block.

Tables without spans are pipe tables, others HTML; formulas are LaTeX between `\\(` `\\)` and `\\[`
`\\]`. Page headers, footers and numbers are in the text, because the picture shows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape

from renderers.web.document import InlineFormula, Inset, Span, Text
from renderers.web.html import Entry
from renderers.web.readback import Laid, Layout, source_text

_SPECIAL = re.compile(r"([\\`*_\[\]|])")
_LINE_START = re.compile(r"^(#{1,6}(?= )|[+>-](?= )|(\d+)([.)])(?= ))")
_NUMBER = re.compile(r"[0-9]+[.)] ")
_MARKS = {"bold": "**", "italic": "*", "code": "`"}
_TAGS = {"sup": "sup", "sub": "sub"}
_BULLETS = "•●▪■□‣⁃–▸◦○·"


def page_text(layout: Layout, markdown: bool) -> str:
    """The text of what is on the page, in reading order."""
    blocks: list[tuple[str, str]] = []
    laid = layout.laid
    for n, item in enumerate(laid):
        if item is None:
            continue
        role = item.entry.role
        if role == "table":
            cells = [c for c in laid if c is not None and c.entry.parent == n and c.entry.cell]
            shown = _table(cells) if markdown else _plain_table(cells)
        elif role in ("cell", "tag", "form"):
            continue
        elif role in ("figure", "chart"):
            shown = _shown_by(item.entry.inset, markdown)
        else:
            shown = _markdown(item) if markdown else _plain(item)
            if role == "formula":
                tags = [t for t in laid if t is not None and t.entry.parent == n]
                shown = _formula(item, [_plain(t) for t in tags], markdown)
        if role == "value" and blocks and blocks[-1][0] == "key":
            shown = f"{blocks.pop()[1]} {shown}".strip()
        blocks.append((role, shown))
    return _joined(blocks, markdown)


def _joined(blocks: Sequence[tuple[str, str]], markdown: bool) -> str:
    """Blocks between empty lines; items of lists and fields of forms follow each other."""
    close = ("list_item", "value", "checkbox_selected", "checkbox_unselected")
    text, before = "", ""
    for role, shown in blocks:
        if not shown:
            continue
        if text:
            tight = not markdown or (role in close and before in close)
            text += "\n" if tight else "\n\n"
        text += shown
        before = role
    return text


def _shown_by(inset: Inset | None, markdown: bool) -> str:
    """What a picture shows, in Markdown between fences that name its form."""
    if inset is None or not inset.text:
        return ""
    return f"```{inset.form}\n{inset.text}\n```" if markdown else inset.text


def _plain(item: Laid) -> str:
    return source_text(item.entry)[: item.shown].strip()


def _formula(item: Laid, tags: Sequence[str], markdown: bool) -> str:
    latex = item.entry.latex
    if not markdown:
        return " ".join((latex, *tags))
    tag = f" \\tag{{{tags[0].strip('()（）')}}}" if tags else ""
    return f"\\[ {latex}{tag} \\]"


def _markdown(item: Laid) -> str:
    entry = item.entry
    if entry.lines:
        return "```\n" + source_text(entry)[: item.shown] + "\n```"
    content = cut(entry.content or (), item.shown)
    match entry.role:
        case "title":
            return f"# {_inline(content, plain_bold=True)}"
        case "section_header":
            level = min(6, 1 + (entry.level or 1))
            return f"{'#' * level} {_inline(content, plain_bold=True)}"
        case "list_item":
            return _item(entry, content)
        case "checkbox_selected":
            return f"- [x] {_inline(content)}"
        case "checkbox_unselected":
            return f"- [ ] {_inline(content)}"
        case "key":
            return f"**{_inline(content, plain_bold=True)}**"
    return _LINE_START.sub(_escaped_start, _inline(content))


def _escaped_start(found: re.Match[str]) -> str:
    """What would begin a heading, a quotation or a list, with a backslash before its sign: Markdown
    knows none before a digit."""
    whole, digits, sign = found.groups()
    return f"{digits}\\{sign}" if digits else f"\\{whole}"


def _item(entry: Entry, content: Text) -> str:
    indent = "  " * ((entry.level or 1) - 1)
    if entry.marker and entry.marker in _BULLETS:
        rest = _inline(cut_front(content, len(entry.marker) + 1))
        return f"{indent}- {_LINE_START.sub(_escaped_start, rest)}"
    shown = _inline(content)
    if entry.marker and (number := _NUMBER.match(shown)):
        rest = shown[number.end() :]
        shown = number[0] + _LINE_START.sub(_escaped_start, rest)
    return f"{indent}{shown}"


def cut(content: Text, end: int) -> Text:
    """The first `end` characters of a text, without readings; a formula counts with its LaTeX."""
    found: list[Span | InlineFormula] = []
    position = 0
    for part in content:
        if position >= end:
            break
        if isinstance(part, InlineFormula):
            found.append(part)
            position += len(part.math.latex) + 4
            continue
        shown, last = part.text[: end - position], found[-1] if found else None
        position += len(part.text)
        if isinstance(last, Span) and last.style == part.style:  # parted by readings alone
            found[-1] = Span(last.text + shown, part.style)
        else:
            found.append(Span(shown, part.style))
    return tuple(found)


def cut_front(content: Text, start: int) -> Text:
    """A text without its first `start` characters, which are in its first spans."""
    found: list[Span | InlineFormula] = []
    for part in content:
        if start > 0 and isinstance(part, Span):
            rest = part.text[start:]
            start -= len(part.text)
            if rest:
                found.append(Span(rest, part.style))
        else:
            found.append(part)
    return tuple(found)


def _inline(content: Text, plain_bold: bool = False, in_table: bool = False) -> str:
    parts: list[str] = []
    for place, part in enumerate(content):
        if isinstance(part, InlineFormula):
            parts.append(f"\\({part.math.latex}\\)")
            continue
        shown = _escaped(part.text, in_table)
        mark = "" if plain_bold and part.style == "bold" else _MARKS.get(part.style, "")
        if part.style == "code" and not in_table:
            shown = part.text
        if part.style in _TAGS:
            shown = f"<{_TAGS[part.style]}>{shown}</{_TAGS[part.style]}>"
        elif mark and part.text.strip():
            front, middle, back = _emphasized(part, parts, content[place + 1 :])
            if part.style != "code":
                front, middle, back = (_escaped(s, in_table) for s in (front, middle, back))
            if middle:
                shown = f"{front}{mark}{middle}{mark}{back}"
        parts.append(shown)
    return "".join(parts).strip()


def _escaped(text: str, in_table: bool) -> str:
    shown = escape(text, quote=False)
    return shown if in_table else _SPECIAL.sub(r"\\\1", shown)


def _emphasized(part: Span, before: Sequence[str], after: Text) -> tuple[str, str, str]:
    """The text of a span in three parts, of which the marks stand around the second.

    Spaces are outside. A mark between a letter and a punctuation character is none in Markdown, as
    in `汤*，素食*`: then this punctuation is outside too.
    """
    middle = part.text.strip()
    if part.style != "code":
        if before and before[-1] and _in_word(before[-1][-1]) and part.text[0] == middle[0]:
            middle = middle[_outside(middle) :]
        following = after[0].text if after and isinstance(after[0], Span) else ""
        if following and _in_word(following[0]) and part.text.endswith(middle):
            middle = middle[: len(middle) - _outside(middle[::-1])]
    start = part.text.index(middle)
    return part.text[:start], middle, part.text[start + len(middle) :]


def _outside(text: str) -> int:
    """How many characters at the start are spaces or punctuation."""
    return next((i for i, char in enumerate(text) if _in_word(char)), len(text))


def _in_word(char: str) -> bool:
    """Neither a space nor punctuation, as CommonMark has them."""
    return not char.isspace() and unicodedata.category(char)[0] not in "PS"


def _grid(cells: Sequence[Laid]) -> list[list[Laid]]:
    rows: dict[int, list[Laid]] = {}
    for item in cells:
        if item.entry.cell is not None:
            rows.setdefault(item.entry.cell.row, []).append(item)
    return [rows[row] for row in sorted(rows)]


def _plain_table(cells: Sequence[Laid]) -> str:
    return "\n".join(
        line for row in _grid(cells) if (line := " ".join(filter(None, map(_plain, row))))
    )


def _table(cells: Sequence[Laid]) -> str:
    places = [c.entry.cell for c in cells if c.entry.cell is not None]
    rows = _grid(cells)
    if any(p.rowspan > 1 or p.colspan > 1 for p in places) or not _one_head(rows):
        return _html_table(rows)
    lines = []
    for number, row in enumerate(rows):
        shown = [_inline(item.entry.content or ()) for item in row]
        lines.append(f"| {' | '.join(shown)} |")
        if number == 0:
            lines.append("|" + " --- |" * len(row))
    return "\n".join(lines)


def _one_head(rows: Sequence[Sequence[Laid]]) -> bool:
    """Whether only the first row is a header, all of it, as pipe tables have it."""
    heads = [[bool(c.entry.cell and c.entry.cell.header) for c in row] for row in rows]
    return bool(heads) and all(heads[0]) and not any(any(row) for row in heads[1:])


def _html_table(rows: Sequence[Sequence[Laid]]) -> str:
    lines = ["<table>"]
    for row in rows:
        shown = []
        for item in row:
            place = item.entry.cell
            assert place is not None
            tag = "th" if place.header else "td"
            spans = f' rowspan="{place.rowspan}"' if place.rowspan > 1 else ""
            spans += f' colspan="{place.colspan}"' if place.colspan > 1 else ""
            text = _inline(item.entry.content or (), in_table=True, plain_bold=True)
            shown.append(f"<{tag}{spans}>{text}</{tag}>")
        lines.append(f"<tr>{''.join(shown)}</tr>")
    return "\n".join([*lines, "</table>"])
