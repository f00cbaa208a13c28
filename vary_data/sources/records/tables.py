"""Tables as people have them, with a header row, as records: `table_record`.

A table has `columns` and `rows`, and may have `title`, `unit`, `type`, `source`, `x_title` and
`y_title`. Units may also be in the header, `Capacity (GW)`, or in the cells, `12%`, `$1,234`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.charts.catalog import CATALOG
from vary_data.sources.charts.times import are_times
from vary_data.sources.records.models import RECORD_OF_TYPE, Record, RecordProblem, parse_record

TABLE_FIELDS = frozenset(
    {"title", "unit", "type", "source", "x_title", "y_title", "columns", "rows", "data"}
)
"""The keys of a table in JSON; `data` holds rows as objects."""
WHOLE, ALMOST = 100, 1
"""Percent, and how much rounded parts may miss it."""
MAX_ROWS = 400
"""No chart shows more."""
MAX_CELL, MAX_COLUMNS = 1000, 1000
"""Characters of a cell and columns of a table; no chart shows them, and patterns search in them."""

NUMBER = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<before>[$€£¥]?)(?P<digits>[.,]*\d[\d.,]*(?:[eE][-+]?\d+)?)\s?(?P<after>[%‰]?)"
)
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
HEADER_UNIT = re.compile(r"(?P<name>.+?)\s*[(（\[](?P<unit>[^()（）\[\]]+)[)）\]]")
ENDS = (
    {"source", "from", "origin", "来源", "起点"}, {"target", "to", "destination", "去向", "终点"}
)  # fmt: skip
"""Headers of the two ends of a flow."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header without the unit, the unit, and its cells as numbers or as texts."""

    name: str
    unit: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...] | None

    @property
    def values(self) -> tuple[float, ...]:
        """The cells of a column of numbers; not for one of texts."""
        assert self.numbers is not None
        return self.numbers


def is_table(value: object) -> bool:
    """Whether plain data are a table rather than a record."""
    return (
        isinstance(value, dict)
        and "chart_type" not in value
        and bool({"rows", "data"} & set(value))
    )


def table_record(table: Mapping[str, Any]) -> Record:
    """The record of a table, with the chart type that it names or that its columns suggest.

    Raises:
        RecordProblem: the table is uneven, has no numbers, or does not fit its type.
    """
    if unknown := set(map(str, table)) - TABLE_FIELDS:
        raise RecordProblem("malformed-table", f"unknown key {min(unknown)!r}")
    columns = _columns(*_header_and_rows(table))
    texts = [column for column in columns if column.numbers is None]
    numbers = [column for column in columns if column.numbers is not None]
    given = _text(table, "type")
    if given and given not in RECORD_OF_TYPE:
        raise RecordProblem("unknown-type", given)
    shape = CATALOG[given].shape if given else _suggested_shape(columns, texts, numbers)
    if shape != "points" and (len(columns) < 2 or not numbers):
        raise RecordProblem("malformed-table", "a column of names and one of numbers are needed")
    fields = FIELDS[shape](columns, texts, numbers, given)
    texts_of_chart = {key: _text(table, key) for key in ("title", "source", "unit")}
    for key in ("x_title", "y_title"):
        fields[key] = _text(table, key) or fields[key]
    own_unit = fields.pop("unit")
    texts_of_chart["unit"] = texts_of_chart["unit"] or own_unit
    return parse_record({"topic": texts_of_chart["title"], **texts_of_chart, **fields})


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise RecordProblem("malformed-table", f"{key}: a text is expected")
    return str(value).strip()


def _header_and_rows(table: Mapping[str, Any]) -> tuple[list[str], list[list[Any]]]:
    if "data" in table:
        data = table["data"]
        if not isinstance(data, list) or not data or not all(isinstance(r, dict) for r in data):
            raise RecordProblem("malformed-table", "data: a list of objects is expected")
        header = [str(key) for key in data[0]]
        for i, row in enumerate(data, 1):
            if list(map(str, row)) != header:
                raise RecordProblem("malformed-table", f"row {i} has other keys than row 1")
        return header, [list(row.values()) for row in data]
    columns, rows = table.get("columns"), table.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise RecordProblem("malformed-table", "columns and rows must be lists")
    return [str(name) for name in columns], rows


def _columns(header: Sequence[str], rows: Sequence[Any]) -> list[Column]:
    if not rows:
        raise RecordProblem("malformed-table", "there are no rows below the header")
    if len(header) > MAX_COLUMNS:
        raise RecordProblem("wrong-shape", f"{len(header)} columns; no chart shows them")
    if len(rows) > MAX_ROWS:
        raise RecordProblem("wrong-shape", f"more than {MAX_ROWS} rows; no chart shows them")
    for i, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != len(header):
            found = len(row) if isinstance(row, list) else 0
            raise RecordProblem(
                "malformed-table", f"row {i} has {found} cells, the header {len(header)}"
            )
    for i, row in enumerate((header, *rows)):
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in row):
            raise RecordProblem(
                "malformed-table", f"row {i} has a cell of more than {MAX_CELL} characters"
            )
    return [_column(name, [row[i] for row in rows], first=i == 0) for i, name in enumerate(header)]


def _column(header: str, cells: Sequence[Any], *, first: bool) -> Column:
    """Numbers where every cell is one; the first column names things where its numbers are years
    or its header is no measure."""
    texts = tuple("" if cell is None else str(cell).strip() for cell in cells)
    match = HEADER_UNIT.fullmatch(header.strip())
    name, unit = (match["name"], match["unit"]) if match else (header.strip(), "")
    parsed = [_number(cell) for cell in cells]
    numeric = sum(value is not None for value in parsed)
    if first and are_times(texts):
        return Column(header.strip(), "", texts, None)
    if numeric == 0 or (first and numeric < len(parsed)):
        return Column(header.strip(), "", texts, None)
    for row, (value, text) in enumerate(zip(parsed, texts, strict=True), 1):
        if value is None:
            raise RecordProblem(
                "malformed-table", f"row {row}, column {name!r}: {text!r} is no number"
            )
    marks = {mark for text in texts if (mark := _mark(text))}
    return Column(
        name,
        unit or (min(marks) if len(marks) == 1 else ""),
        texts,
        tuple(v for v in parsed if v is not None),
    )


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        try:
            return float(cell)
        except OverflowError:
            raise RecordProblem("malformed-table", "a number is too large") from None
    match = NUMBER.fullmatch(str(cell).strip())
    if match is None:
        return None
    digits = match["digits"]
    if GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif digits.count(",") == 1 and "." not in digits:
        # A decimal comma.
        digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return -value if match["sign"] in ("-", "\u2212") else value


def _mark(text: str) -> str:
    match = NUMBER.fullmatch(text)
    return (match["before"] or match["after"]) if match else ""


def _suggested_shape(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column]
) -> str:
    names = {column.name.casefold() for column in numbers}
    if len(texts) == 2 and len(numbers) == 1:  # two names and a value
        ends = [column.name.casefold() for column in texts]
        return "flow" if ends[0] in ENDS[0] and ends[1] in ENDS[1] else "tree"
    for entry in CATALOG.values():
        summary = entry.recorded and entry.shape == "summary" and entry.fields
        if summary and set(entry.fields) == names:
            return "summary"
    return "table"


def _table(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column], given: str
) -> dict[str, Any]:
    first, *others = columns
    if any(column.numbers is None for column in others):
        raise RecordProblem("malformed-table", "only the first column may hold names")
    single = len(others) == 1
    two_axes = bool(given) and CATALOG[given].second_axis and len(others) == 2
    series = [{"name": "" if single else c.name, "values": list(c.values)} for c in others]
    fields: dict[str, Any] = {
        "chart_type": given or _table_type(first, others),
        "categories": list(first.texts),
        "series": series,
        "x_title": first.name,
        "y_title": others[0].name if single or two_axes else "",
        "unit": _common_unit(others[:1] if two_axes else others),
    }
    if two_axes:
        fields |= {"y2_title": others[1].name, "unit2": others[1].unit}
    return fields


def _table_type(first: Column, others: Sequence[Column]) -> str:
    """Times become lines where there are enough, percentages of a whole a pie, the rest bars."""
    single = len(others) == 1
    timed = are_times(first.texts)
    low, high = CATALOG["line" if single else "multi_line"].categories
    if timed and low <= len(first.texts) <= high:
        return "line" if single else "multi_line"
    parts = others[0].unit == "%" and abs(sum(others[0].values) - WHOLE) <= ALMOST
    if single and parts and len(first.texts) <= CATALOG["pie"].categories[1]:
        return "pie"
    return "bar" if single else "grouped_bar"


def _summary(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column], given: str
) -> dict[str, Any]:
    by_name = {column.name.casefold(): column for column in numbers}
    entry = next(
        (
            entry
            for entry in CATALOG.values()
            if entry.recorded and entry.shape == "summary" and set(entry.fields) == set(by_name)
        ),
        CATALOG[given] if given else None,
    )
    assert entry is not None
    wanted = entry.fields or tuple(column.name.casefold() for column in numbers)
    if set(wanted) != set(by_name):
        raise RecordProblem(
            "malformed-table", f"{entry.name} needs the columns {', '.join(wanted)}"
        )
    chosen = [by_name[name] for name in wanted]
    return {
        "chart_type": given or entry.name,
        "categories": list(columns[0].texts),
        "fields": list(entry.fields or (column.name for column in chosen)),
        "rows": [list(row) for row in zip(*(c.values for c in chosen), strict=True)],
        "x_title": columns[0].name,
        "y_title": "",
        "unit": _common_unit(chosen),
    }


def _points(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column], given: str
) -> dict[str, Any]:
    if len(numbers) not in (2, 3):
        raise RecordProblem("malformed-table", "points need columns for x, y and perhaps a size")
    x, y, *rest = numbers
    labeled = CATALOG[given].labeled == "always"
    count = len(x.values)
    label = texts[0].texts if texts and labeled else ("",) * count
    groups = texts[1:] if labeled else texts
    group = groups[0].texts if groups else ("",) * count
    sizes: Sequence[float | None] = rest[0].values if rest else (None,) * count
    series: dict[str, list[dict[str, Any]]] = {}
    for g, name, px, py, size in zip(group, label, x.values, y.values, sizes, strict=True):
        series.setdefault(g, []).append({"label": name, "x": px, "y": py, "size": size})
    return {
        "chart_type": given,
        "series": [{"name": name, "points": points} for name, points in series.items()],
        "x_title": x.name,
        "y_title": y.name,
        "x_unit": x.unit,
        "unit": y.unit,
        "size_unit": rest[0].unit if rest else "",
    }


def _tree(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column], given: str
) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for group, member, value in _pairs(texts, numbers):
        groups.setdefault(group, []).append({"name": member, "value": value})
    return {
        "chart_type": given or "treemap",
        "groups": [{"name": name, "members": members} for name, members in groups.items()],
        "x_title": "",
        "y_title": "",
        "unit": numbers[0].unit,
    }


def _flow(
    columns: Sequence[Column], texts: Sequence[Column], numbers: Sequence[Column], given: str
) -> dict[str, Any]:
    return {
        "chart_type": given or "sankey",
        "links": [
            {"source": source, "target": target, "value": value}
            for source, target, value in _pairs(texts, numbers)
        ],
        "x_title": "",
        "y_title": "",
        "unit": numbers[0].unit,
    }


def _pairs(texts: Sequence[Column], numbers: Sequence[Column]) -> list[tuple[str, str, float]]:
    if len(texts) != 2 or len(numbers) != 1:
        raise RecordProblem("malformed-table", "two columns of names and one of numbers are needed")
    return list(zip(texts[0].texts, texts[1].texts, numbers[0].values, strict=True))


def _common_unit(columns: Sequence[Column]) -> str:
    units = {column.unit for column in columns}
    if len(units) > 1:
        shown = ", ".join(repr(unit) for unit in sorted(units))
        raise RecordProblem("malformed-table", f"the columns have different units: {shown}")
    return units.pop()


Fields = Callable[[Sequence[Column], Sequence[Column], Sequence[Column], str], dict[str, Any]]
FIELDS: Mapping[str, Fields] = {
    "table": _table,
    "summary": _summary,
    "points": _points,
    "tree": _tree,
    "flow": _flow,
}
"""The fields of a record by its shape."""
