"""Rewrite tables of tabularray as `tabular`, by its manual."""

from __future__ import annotations

import re

from renderers.rejected import Rejected
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.scan import read_argument, read_optional, split_cells, split_rows

_COLUMN = re.compile(r"[QX]\s*(?:\[([^\]]*)\])?|j|\|\s*\[[^\]]*\]")
_SETTING = re.compile(r"\\Set(?:Rows?|Columns?|Cells|Hlines?|Vlines?|Tblr\w*)(?![A-Za-z])")
_SET_CELL = re.compile(r"\s*\\SetCell(?![A-Za-z])")
_SPAN = re.compile(r"(?:^|,)\s*([cr])\s*=\s*(\d{1,2})")
_ALIGN = re.compile(r"(?:^|,|halign\s*=)\s*([lcr])\s*(?:,|$)")
_LINE = re.compile(r"hline\s*\{([^{}]*)\}")
_RULE = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline|cmidrule)(?![A-Za-z])")


def as_tabular(specification: str, body: str) -> tuple[str, str]:
    """Column specification and body of a `tblr` as those of a `tabular`.

    Raises:
        Rejected: `columns`, or arguments that are not complete.
    """
    keys = _keys(specification)
    rows = [_row(row) for row in split_rows(_without_settings(body))]
    if rows and not rows[-1].strip():
        rows.pop()
    if "=" not in specification and not {"hlines", "vlines"} & keys.keys():
        columns = specification
    else:
        columns = keys.get("colspec", "")
    count = max((len(split_cells(row)) for row in rows), default=0)
    columns = _COLUMN.sub(_letter, columns) or (_align(keys.get("columns", "")) or "l") * count
    if "vlines" in keys:
        columns = "|" + "|".join(columns.replace("|", "")) + "|"
    lined = _lined(keys, len(rows))
    below = "\\hline" if len(rows) in lined else ""
    rows = [f"\\hline {row}" if i in lined else row for i, row in enumerate(rows)]
    return columns, " \\\\ ".join(rows) + f" \\\\ {below}"


def _keys(specification: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    depth = start = 0
    for index, char in enumerate(specification + ","):
        depth += {"{": 1, "}": -1, "[": 1, "]": -1}.get(char, 0)
        if char == "," and depth == 0:
            name, _, value = specification[start:index].partition("=")
            value = value.strip()
            if value.startswith("{") and value.endswith("}"):
                value = value[1:-1]
            keys[name.strip()] = value
            start = index + 1
    return keys


def _lined(keys: dict[str, str], rows: int) -> set[int]:
    """Rows with a rule above them; the number of rows stands for the rule at the end."""
    if "hlines" in keys:
        return set(range(rows + 1))
    lined: set[int] = set()
    for key in keys:
        match = _LINE.fullmatch(key)
        for part in match.group(1).split(",") if match else ():
            first, _, last = (one.strip() for one in part.partition("-"))
            start, stop = _index(first, rows), _index(last or first, rows)
            if start is None or stop is None:
                raise Rejected("rule", key)
            lined.update(range(start, stop + 1))
    return lined


def _index(name: str, rows: int) -> int | None:
    if name in ("Z", "Y", "X"):
        return rows - "ZYX".index(name)
    return int(name) - 1 if is_number(name) and 0 < int(name) <= rows + 1 else None


def _without_settings(body: str) -> str:
    """The body without commands that only set looks."""
    parts: list[str] = []
    position = 0
    while match := _SETTING.search(body, position):
        parts.append(body[position : match.start()])
        position = match.end()
        for _ in range(2):
            _, position = read_optional(body, position)
            if body.startswith("{", position):
                _, position = read_argument(body, position)
    return "".join([*parts, body[position:]])


def _row(row: str) -> str:
    """A row with `\\SetCell` as `\\multicolumn` and `\\multirow`."""
    rule = ""
    while match := _RULE.match(row.lstrip()):
        start = len(row) - len(row.lstrip())
        stop = start + match.end()
        if match.group() in ("\\cline", "\\cmidrule"):
            _, stop = read_argument(row, read_optional(row, stop)[1])
        else:
            _, stop = read_optional(row, stop)
        rule += row[start:stop] + " "
        row = row[stop:]
    cells: list[str] = []
    covered = 0
    for cell in split_cells(row):
        if covered:
            covered -= 1
            continue
        match = _SET_CELL.match(cell)
        if match:
            spans, position = read_optional(cell, match.end())
            style, position = read_argument(cell, position)
            sizes = {name: int(number) for name, number in _SPAN.findall(spans or "")}
            content = cell[position:].strip()
            if sizes.get("r", 1) > 1:
                content = f"\\multirow{{{sizes['r']}}}{{*}}{{{content}}}"
            if (width := sizes.get("c", 1)) > 1:
                content = f"\\multicolumn{{{width}}}{{{_align(style) or 'c'}}}{{{content}}}"
                covered = width - 1
            cell = content
        cells.append(cell)
    return rule + " & ".join(cells)


def _letter(match: re.Match[str]) -> str:
    if match.group().startswith("|"):
        return "|"
    return _align(match.group(1) or "") or "l"


def _align(options: str) -> str:
    found = _ALIGN.search(options)
    return found.group(1) if found else ""
