"""Reading users' records: JSONL, JSON and CSV files, and folders of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
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
        files = _files(path)
        sources = [source for file in files for source in _read(file, path)]
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error}", "expected JSONL, JSON or CSV") from error
    if not sources:
        raise SourceError(f"{path} holds no record", "expected JSONL, JSON or CSV files")
    return sources


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(child for child in path.rglob("*") if child.suffix.lower() in SUFFIXES)
    return [child for child in found if child.is_file()]


def _read(file: Path, root: Path) -> Iterator[RecordSource]:
    name = str(file.relative_to(root)) if file != root else file.name
    if file.stat().st_size > MAX_BYTES:
        yield RecordSource(name, reason="too-large", detail=f"above {MAX_BYTES >> 20} MiB")
        return
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield RecordSource(name, reason="malformed-record", detail=f"no UTF-8 text: {error}")
        return
    title = file.stem.replace("_", " ").strip()
    title = title[:1].upper() + title[1:]
    if file.suffix.lower() in (".csv", ".tsv"):
        yield _csv_table(name, text, title)
    elif file.suffix.lower() == ".json":
        yield from _json_values(name, text, title)
    else:
        yield from _json_lines(name, text)


def _json_lines(name: str, text: str) -> Iterator[RecordSource]:
    # Only line feeds end a line: other separators may be inside of strings.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{name}:{number}"
        try:
            yield RecordSource(place, json.loads(line))
        except (ValueError, RecursionError):
            detail = f"the line is not JSON: {line.strip()[:MAX_DETAIL]}"
            yield RecordSource(place, reason="malformed-record", detail=detail)


def _json_values(name: str, text: str, title: str) -> Iterator[RecordSource]:
    """One record or table, a list of them, or the rows of one table as objects."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
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


def _csv_table(name: str, text: str, title: str) -> RecordSource:
    """A header and rows; lines `# title: …`, `# unit: …` before them give what the table lacks."""
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
