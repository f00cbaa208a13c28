"""Split display environments into rows with their labels and tags."""

from __future__ import annotations

import re
from dataclasses import dataclass

from renderers.rejected import Rejected
from vary_data.sources.arxiv.scan import read_argument, read_optional, split_cells, split_rows
from vary_data.sources.arxiv.vocabulary import environments as known

_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\tag\s*(\*?)\s*(?=\{)")
_NOT_NUMBERED = re.compile(r"\\(?:nonumber|notag|IEEEnonumber|IEEEyesnumber)(?![A-Za-z])")
_INTERTEXT = re.compile(r"\\(?:short)?intertext\s*(?=\{)")
_TRAILING_BREAK = re.compile(
    r"\\\\\s*+((?:\\(?:label|tag)\s*\{[^{}]*\}|\\(?:nonumber|notag)|\s)*)$"
)
_PLAIN_NUMBER = re.compile(r"\\l?eqno(?![A-Za-z])(.*)$", re.DOTALL)
"""The number of plain TeX: everything up to the end of the display."""
_AROUND_NUMBER = re.compile(r"\\(?:rm|bf|hbox|mbox|text|label\s*\{[^{}]*\})|\\[,;!]|[{}\s~]")
_TAG_SIGNS = {"*": "*", "\\ast": "*", "\\dagger": "†", "\\ddagger": "‡", "\\dag": "†"}
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """A row of a display; `numbered` rows print the next number, `tag` is an explicit one."""

    source: str
    labels: tuple[str, ...]
    tag: str | None
    numbered: bool


@dataclass(frozen=True, slots=True)
class DisplayFormula:
    """A formula on lines of its own, by its environment and rows."""

    environment: str
    rows: tuple[DisplayRow, ...]


def split_display(name: str, content: str) -> list[DisplayFormula | str]:
    """The display, or several with the text of `\\intertext` between them.

    Raises:
        Rejected: an environment that is not supported, or arguments that are not complete.
    """
    base = name.rstrip("*")
    environment = known.ENVIRONMENTS[name]
    if environment.detail == "unsupported":
        raise Rejected("unknown-environment", name)
    position = 0
    if environment.arguments:
        _, position = read_optional(content, position)
        _, position = read_argument(content, position)
    elif content.lstrip().startswith("[") and base in ("gather", "align"):
        _, position = (
            read_optional(content, 0) if content.lstrip()[:3] in ("[t]", "[b]") else (None, 0)
        )
    numbered = not name.endswith("*") and base != "displaymath"
    pieces: list[DisplayFormula | str] = []
    for part in _split_intertext(content[position:]):
        if isinstance(part, _Intertext):
            pieces.append(part.source)
            continue
        rows = _rows(base, environment.detail, part, numbered)
        if rows:
            pieces.append(DisplayFormula(environment.detail, rows))
    return pieces


@dataclass(frozen=True, slots=True)
class _Intertext:
    source: str


def _split_intertext(content: str) -> list[str | _Intertext]:
    parts: list[str | _Intertext] = []
    position = 0
    for match in _INTERTEXT.finditer(content):
        text, end = read_argument(content, match.end())
        before = content[position : match.start()].rstrip()
        parts.append(before.removesuffix("\\\\"))
        parts.append(_Intertext(text))
        position = end
    parts.append(content[position:])
    return parts


def _rows(base: str, kind: str, content: str, numbered: bool) -> tuple[DisplayRow, ...]:
    single = kind == "equation"
    sources = [_TRAILING_BREAK.sub(r"\1", content)] if single else split_rows(content)
    rows: list[DisplayRow] = []
    stray: list[str] = []
    for source in sources:
        labels = [label.strip() for label in _LABEL.findall(source)]
        tag = _tag(source)
        silent = bool(_NOT_NUMBERED.search(source))
        clean = _NOT_NUMBERED.sub("", _LABEL.sub("", _without_tag(source)))
        clean = _WHITE.sub(" ", clean).strip()
        if not clean.replace("&", "").strip():
            stray.extend(labels)  # the row has only a label
            continue
        if base in ("eqnarray", "IEEEeqnarray"):
            clean = _two_columns(clean)
        rows.append(DisplayRow(clean, tuple(labels), tag, numbered and not silent and tag is None))
    if base == "multline" and rows:
        # one number for the whole display, whichever row has the label
        labels = [label for row in rows for label in row.labels]
        tag = next((row.tag for row in rows if row.tag), None)
        number = numbered and all(row.numbered or row.tag for row in rows) and tag is None
        body = [DisplayRow(row.source, (), None, False) for row in rows[:-1]]
        rows = [*body, DisplayRow(rows[-1].source, tuple(labels), tag, number)]
    if stray and rows:
        last = rows[-1]
        rows[-1] = DisplayRow(last.source, (*last.labels, *stray), last.tag, last.numbered)
    return tuple(rows)


def _two_columns(row: str) -> str:
    """A row of `eqnarray`, whose middle column holds the relation, as a row of `align`."""
    cells = [cell.strip() for cell in split_cells(row)]
    if len(cells) < 3:
        return " & ".join(cells)
    return f"{cells[0]} & {' '.join(cells[1:])}"


def _tag(source: str) -> str | None:
    match = _TAG.search(source)
    if not match:
        return _plain_number(source)
    text = read_argument(source, match.end())[0].strip()
    if match.group(1) and text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    formula = re.fullmatch(r"\\\((.*)\\\)", text)
    if formula:
        text = _TAG_SIGNS.get(formula.group(1).strip(), text)
    return text


def _without_tag(source: str) -> str:
    match = _TAG.search(source)
    if not match:
        return source if _plain_number(source) is None else _PLAIN_NUMBER.sub("", source)
    return source[: match.start()] + source[read_argument(source, match.end())[1] :]


def _plain_number(source: str) -> str | None:
    match = _PLAIN_NUMBER.search(source)
    if match is None:
        return None
    number = re.fullmatch(r"\(?([\w.'*-]{1,12})\)?", _AROUND_NUMBER.sub("", match.group(1)))
    return number.group(1) if number else None
