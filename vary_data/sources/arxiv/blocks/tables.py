"""Read `tabular` and similar environments into a table that is rectangular, spans counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from renderers.latex.blocks import LINE_BREAK, Inline, TableCell, TableRow, Text
from renderers.rejected import Rejected
from vary_data.sources.arxiv.blocks.cells import SourceRow, free_rows, lift_negative_spans, prints
from vary_data.sources.arxiv.blocks.columns import ColumnSpecification, read_column_specification
from vary_data.sources.arxiv.limits import is_number
from vary_data.sources.arxiv.scan import (
    dimension_end,
    environment_end,
    read_argument,
    read_optional,
    split_cells,
    split_rows,
)
from vary_data.sources.arxiv.vocabulary.table_commands import BETWEEN_ROWS

CellReader = Callable[[str], tuple[Text | Inline, ...]]
Rules = tuple[tuple[int, int], ...]

_RULE = re.compile(rf"\s*\\({'|'.join(BETWEEN_ROWS)})(?![A-Za-z])\*?")
_SECTION = re.compile(r"\\(endhead|endfirsthead|endfoot|endlastfoot)\b")
_MULTICOLUMN = re.compile(r"\s*\\multicolumn\b")
_MULTIROW = re.compile(r"\s*\\multirow(?:cell|thead)?\b\s*\*?")
_BLOCKS = re.compile(
    r"\\begin\s*\{(?!math\}|matrix|pmatrix|bmatrix|cases|array|aligned|split|gathered|smallmatrix"
    r"|vmatrix)(\w+)"
)
_NESTED = re.compile(r"\\begin\s*\{(tabular|tabular\*|tabularx)\}")
_ALIGN = re.compile(r"\|*[lcr]\|*")
_MAKECELL = re.compile(r"\s*\\(?:makecell|thead|shortstack)\*?\s*(?:\[[^\[\]]*\]\s*)?(?=\{)")
_MAX_ROWS = 400


@dataclass(slots=True)
class _TableGrid:
    columns: ColumnSpecification
    new_column_types: dict[str, str]
    read: CellReader
    covered: dict[tuple[int, int], bool] = field(default_factory=dict)
    """(row, column) positions that a cell above covers."""


@dataclass(frozen=True, slots=True)
class TableBody:
    """The inside of a table."""

    columns: str
    rows: tuple[TableRow, ...]
    rules_below: Rules


def read_table(
    specification: str, body: str, new_column_types: dict[str, str], read: CellReader
) -> TableBody:
    """Reads the inside of a `tabular`.

    Raises:
        Rejected: cells that do not fit the grid exactly, or content that cells cannot hold.
    """
    columns = read_column_specification(specification, new_column_types)
    lines = _lines(body, columns.count)
    rules_below: list[tuple[int, int]] = []
    while lines and not any(cell.strip() for cell in lines[-1].cells):
        rules_below = [*lines.pop().rules, *rules_below]
    lines = _without_empty(lines)
    if not lines or len(lines) > _MAX_ROWS:
        raise Rejected("empty-table" if not lines else "too-large")
    lift_negative_spans(lines)
    grid = _TableGrid(columns, new_column_types, read)
    rows = tuple(_row(grid, lines, index) for index in range(len(lines)))
    if not any(cell.spans for row in rows for cell in row.cells):
        raise Rejected("empty-table")
    return TableBody(columns.specification, rows, _rules(rules_below, columns.count))


def _line(row: str, columns: int) -> SourceRow:
    rules: list[tuple[int, int]] = []
    position = 0
    while match := _RULE.match(row, position):
        name = match.group(1)
        position = match.end()
        if BETWEEN_ROWS[name] == "partial":
            _, position = read_optional(row, position)
            if row[position : position + 1] == "(":
                position = row.index(")", position) + 1 if ")" in row[position:] else position
            span, position = read_argument(row, position)
            if row[position : position + 1] == "(" and ")" in row[position:]:
                position = row.index(")", position) + 1
            rules.append(_interval(span, columns))
        elif BETWEEN_ROWS[name] == "full":
            rules.append((1, columns))
            position = _after_full_rule(row, position, name)
        else:
            position = _after_spacing(row, position, name)
    rest = row[position:]
    return SourceRow(rules, split_cells(rest) if rest.strip() else [])


def _after_full_rule(row: str, position: int, name: str) -> int:
    if name == "specialrule":
        for _ in range(3):
            _, position = read_argument(row, position)
        return position
    if name in ("hhline", "Xhline"):
        _, position = read_argument(row, position)
        return position
    _, position = read_optional(row, position)
    return position


def _after_spacing(row: str, position: int, name: str) -> int:
    """The position after a command between rows that prints nothing."""
    if name in ("rowcolor", "arrayrulecolor"):
        for _ in range(2):
            _, position = read_optional(row, position)
        _, position = read_argument(row, position)
        for _ in range(2):
            _, position = read_optional(row, position)
    elif name in ("noalign", "rowfont", "rowstyle", "vspace", "savetabu", "usetabu"):
        _, position = read_optional(row, position)
        content, position = read_argument(row, position)
        if name == "rowfont" or name == "rowstyle":
            return position
        if (
            re.search(r"[^\W\d_]{3}", re.sub(r"\\[A-Za-z]+|\d\w+", "", content))
            and name == "noalign"
        ):
            raise Rejected("noalign", content)
    elif name == "setlength":
        for _ in range(2):
            _, position = read_argument(row, position)
    elif name == "rule":
        _, position = read_optional(row, position)
        for _ in range(2):
            _, position = read_argument(row, position)
    elif name == "heavyrulewidth":
        position = dimension_end(row, position)
    else:
        _, position = read_optional(row, position)
    return position


def _interval(span: str, columns: int) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d{1,3})\s*-\s*(\d{1,3})\s*", span)
    single = re.fullmatch(r"\s*(\d{1,3})\s*-?\s*", span)
    if not match and not single:
        raise Rejected("rule", span)
    first = int((match or single).group(1))  # type: ignore[union-attr]
    last = int(match.group(2)) if match else first
    if not 1 <= first <= last <= columns:
        raise Rejected("rule", span)
    return first, last


def _lines(body: str, columns: int) -> list[SourceRow]:
    """The lines as printed on one page; of a longtable: first head, body, last foot."""
    sections: dict[str, str] = {}
    *marked, rest = _SECTION.split(body)
    for content, name in zip(marked[::2], marked[1::2], strict=True):
        sections[name] = content
    head = sections.get("endfirsthead", sections.get("endhead", ""))
    foot = sections.get("endlastfoot", sections.get("endfoot", ""))
    return [_line(row, columns) for part in (head, rest, foot) if part for row in split_rows(part)]


def _without_empty(lines: Sequence[SourceRow]) -> list[SourceRow]:
    """Drops lines without cells; their rules go to the line that follows."""
    result: list[SourceRow] = []
    pending: list[tuple[int, int]] = []
    for line in lines:
        if not line.cells:
            pending.extend(line.rules)
            continue
        result.append(SourceRow([*pending, *line.rules], line.cells))
        pending = []
    return result


def _rules(rules: Sequence[tuple[int, int]], columns: int) -> Rules:
    """Each rule once; a full rule replaces the partial ones of the same line."""
    if (1, columns) in rules:
        return ((1, columns),)
    return tuple(sorted(set(rules)))


def _row(grid: _TableGrid, lines: Sequence[SourceRow], index: int) -> TableRow:
    cells: list[TableCell] = []
    column = 0
    for source in lines[index].cells:
        if column >= grid.columns.count:
            if source.strip():
                raise Rejected("ragged", f"row {index + 1} has too many cells")
            continue
        colspan, align, content = _multicolumn(source, grid)
        if column + colspan > grid.columns.count:
            raise Rejected("ragged", f"row {index + 1} has too many cells")
        if (index, column) in grid.covered:
            for covered in range(column, column + colspan):
                if (index, covered) not in grid.covered:
                    raise Rejected("span", f"row {index + 1} crosses a cell from above")
            if prints(content):
                raise Rejected("span", f"row {index + 1} prints under a cell from above")
            column += colspan
            continue
        rowspan, content = _multirow(content)
        rowspan = free_rows(lines, index, column, rowspan)
        for row in range(index, index + rowspan):
            for covered in range(column, column + colspan):
                if (row, covered) in grid.covered:
                    raise Rejected("span", f"cells of row {index + 1} overlap")
                if row > index:
                    grid.covered[row, covered] = True
        if not align:
            content = _decorated(content, grid.columns, column)
        cells.append(TableCell(_spans(content, grid), colspan, rowspan, align))
        column += colspan
    while column < grid.columns.count:  # a row may end early
        if (index, column) not in grid.covered:
            cells.append(TableCell(()))
        column += 1
    return TableRow(tuple(cells), _rules(lines[index].rules, grid.columns.count))


def _decorated(content: str, columns: ColumnSpecification, column: int) -> str:
    """A cell with what its column puts before and after it."""
    before, after = columns.before[column], columns.after[column]
    return f"{before} {content}{after}" if before else f"{content}{after}"


def _multicolumn(source: str, grid: _TableGrid) -> tuple[int, str, str]:
    match = _MULTICOLUMN.match(source)
    if not match:
        return 1, "", source.strip()
    count, position = read_argument(source, match.end())
    specification, position = read_argument(source, position)
    content, position = read_argument(source, position)
    if not is_number(count) or int(count) < 1:
        raise Rejected("span", f"\\multicolumn{{{count}}}")
    columns = read_column_specification(
        specification if specification.strip() else "c", grid.new_column_types
    )
    if columns.count != 1 or not _ALIGN.fullmatch(columns.specification):
        raise Rejected("columns", specification)
    rest = source[position:].strip()
    if prints(rest):
        content = f"{content} {rest}"
    content = _decorated(content, columns, 0)
    return int(count), columns.specification, content.strip()


def _multirow(source: str) -> tuple[int, str]:
    match = _MULTIROW.match(source)
    if not match:
        return 1, source
    _, position = read_optional(source, match.end())
    count, position = read_argument(source, position)
    _, position = read_optional(source, position)
    if "cell" not in match.group() and "thead" not in match.group():
        _, position = read_argument(source, position)
    _, position = read_optional(source, position)
    content, position = read_argument(source, position)
    rows = re.fullmatch(r"\s*(\d{1,3})(?:\.\d+)?\s*", count)
    if not rows or int(rows.group(1)) < 1:
        raise Rejected("span", f"\\multirow{{{count}}}")
    rest = source[position:].strip()
    if prints(rest):
        content = f"{content} {rest}"
    return int(rows.group(1)), content


def _without_nested(content: str, new_column_types: dict[str, str]) -> str:
    """A cell with `\\makecell` for tables of one column in it, which only break lines."""
    while match := _NESTED.search(content):
        name = match.group(1)
        position = match.end()
        if name != "tabular":
            _, position = read_argument(content, position)
        _, position = read_optional(content, position)
        specification, position = read_argument(content, position)
        if read_column_specification(specification, new_column_types).count != 1:
            raise Rejected("nested-block", name)
        start, end = environment_end(content, position, name)
        lines = [line.strip() for line in split_rows(content[position:start])]
        inner = r" \\ ".join(line for line in lines if line)
        content = rf"{content[: match.start()]}\makecell{{{inner}}}{content[end:]}"
    return content


def _spans(content: str, grid: _TableGrid) -> tuple[Text | Inline, ...]:
    content = _without_nested(content, grid.new_column_types)
    content = re.sub(
        r"\\(?:cellcolor|rowcolor|columncolor)\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}", "", content
    )
    found = _BLOCKS.search(content)
    if found:
        raise Rejected("nested-block", found.group(1))
    if "\\includegraphics" in content:
        raise Rejected("picture-in-table")
    if "\\multirow" in content or "\\multicolumn" in content:
        raise Rejected("span", "a span inside a cell")
    spans: list[Text | Inline] = []
    for line in _cell_lines(content):
        found_spans = grid.read(line)
        if spans and found_spans:
            spans.append(Text(LINE_BREAK))
        spans.extend(found_spans)
    return tuple(spans)


def _cell_lines(content: str) -> list[str]:
    """The lines of a cell that is `\\makecell{…}` or `\\shortstack{…}`."""
    match = _MAKECELL.match(content)
    if not match:
        return [content]
    inner, end = read_argument(content, match.end())
    return split_rows(inner) if not content[end:].strip() else [content]
