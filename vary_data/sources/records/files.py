"""Reading users' records: JSONL, JSON and CSV files, and folders of them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import json_lines, parse_json
from vary_data.dataset.rejection import Rejected
from vary_data.sources.files import files_below, named_file, read_source
from vary_data.sources.records.tables import TABLE_FIELDS

SUFFIXES = (".jsonl", ".json", ".csv", ".tsv")
MAX_BYTES = 256 * 2**20
"""Of one file."""
DELIMITERS = ",;\t"
MAX_DETAIL = 200
"""Characters that are kept of what cannot be read."""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """A record or table as plain data, or the reason why there is none. `place` is where it is:
    `file.jsonl:3`."""

    place: str
    value: Any = None
    reason: str = ""
    detail: str = ""


def read_records(path: Path) -> list[RecordSource]:
    """All records and tables of a file or folder, in the order of names and lines.

    Raises:
        SourceError: the path cannot be read, or holds nothing.
    """
    try:
        if path.is_dir():
            found = [s for name in files_below(path, SUFFIXES) for s in _of_folder(path, name)]
        else:
            found = list(_read(named_file(path).read_bytes(), path.name))
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error}", "expected JSONL, JSON or CSV") from error
    if not found:
        raise SourceError(f"{path} holds no record", "expected JSONL, JSON or CSV files")
    return found


def _of_folder(folder: Path, name: str) -> Iterator[RecordSource]:
    try:
        data = read_source(folder, name, MAX_BYTES)
    except Rejected as error:
        yield RecordSource(name, reason=error.reason, detail=error.detail)
        return
    yield from _read(data, name)


def _read(data: bytes, name: str) -> Iterator[RecordSource]:
    file = Path(name)
    title = file.stem.replace("_", " ").strip()
    title = title[:1].upper() + title[1:]
    if file.suffix.lower() in (".csv", ".tsv"):
        yield _csv_table(name, data, title)
    elif file.suffix.lower() == ".json":
        yield from _json_values(name, data, title)
    else:
        yield from _json_lines(name, data)


def _json_lines(name: str, data: bytes) -> Iterator[RecordSource]:
    for line in json_lines(data.removeprefix(codecs.BOM_UTF8).split(b"\n")):
        place = f"{name}:{line.number}"
        if line.problem:
            detail = f"the line is not JSON: {line.text[:MAX_DETAIL]}"
            yield RecordSource(place, reason="malformed-record", detail=detail)
        else:
            yield RecordSource(place, line.value)


def _json_values(name: str, data: bytes, title: str) -> Iterator[RecordSource]:
    """One record or table, a list of them, or the rows of one table as objects."""
    try:
        value = parse_json(data)
    except ValueError as error:
        yield RecordSource(name, reason="malformed-record", detail=f"not JSON: {error}")
        return
    if not isinstance(value, list):
        yield RecordSource(name, _with_title(value, title))
        return
    rows = all(
        isinstance(item, dict) and not {"chart_type", "rows", "data"} & set(item) for item in value
    )
    if value and rows:
        yield RecordSource(name, {"title": title, "data": value})
        return
    for number, item in enumerate(value, 1):
        yield RecordSource(f"{name}[{number}]", item)


def _with_title(value: Any, title: str) -> Any:
    """A table without a title gets the name of its file."""
    table = isinstance(value, dict) and "chart_type" not in value and not value.get("title")
    return {**value, "title": title} if table else value


def _csv_table(name: str, data: bytes, title: str) -> RecordSource:
    """A header and rows; lines `# title: …`, `# unit: …` before them give what the table lacks."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return RecordSource(name, reason="malformed-table", detail=f"no UTF-8 text: {error}")
    table: dict[str, Any] = {"title": title}
    lines = text.splitlines(keepends=True)
    while lines and (lines[0].startswith("#") or not lines[0].strip()):
        key, _, value = lines.pop(0).lstrip("# ").partition(":")
        if key.strip() in TABLE_FIELDS and value.strip():
            table[key.strip()] = value.strip()
    body = "".join(lines)
    delimiter = max(DELIMITERS, key=lambda mark: lines[0].count(mark)) if lines else ","
    try:
        rows = list(csv.reader(body.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as error:
        return RecordSource(name, reason="malformed-table", detail=str(error))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return RecordSource(name, reason="malformed-table", detail="the file is empty")
    return RecordSource(name, {**table, "columns": rows[0], "rows": rows[1:]})
