"""Reading users' records: JSONL, JSON and CSV files, and folders of them."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vary_data.base.errors import SourceError
from vary_data.base.json_lines import MAX_LINE_BYTES, json_lines, parse_json
from vary_data.dataset.rejection import Rejected
from vary_data.sources.files import files_below, named_file, read_source
from vary_data.sources.records.tables import MAX_ROWS, TABLE_FIELDS

SUFFIXES = (".jsonl", ".json", ".csv", ".tsv")
MAX_BYTES = 256 * 2**20
"""Of one file of a folder."""
MAX_NAMED_BYTES = 2 * 2**30
"""Of a file that the user names."""
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
            # A link that the user names is followed, as any file that the user names.
            file = named_file(path).resolve()
            found = list(read_data(read_source(file.parent, file.name, MAX_NAMED_BYTES), path.name))
    except Rejected as error:
        raise SourceError(f"cannot read {path}: {error}", "split it into several files") from error
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
    yield from read_data(data, name)


def read_data(data: bytes, name: str) -> Iterator[RecordSource]:
    """The records and tables of a file of this name with this content."""
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
    if len(data) > MAX_LINE_BYTES:
        # As objects, it would need twenty times as much memory.
        yield RecordSource(name, reason="too-large", detail="write large files as JSONL")
        return
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
    # Lines end at line feeds and carriage returns: U+2028 or U+0085 are characters of a name.
    lines = io.StringIO(text, newline="")
    for first in lines:
        if first.strip() and not first.startswith("#"):
            break
        key, _, value = first.lstrip("# ").partition(":")
        if key.strip() in TABLE_FIELDS and value.strip():
            table[key.strip()] = value.strip()
    else:
        first = ""
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter)
    filled = (row for row in reader if any(cell.strip() for cell in row))
    try:
        rows = list(itertools.islice(filled, MAX_ROWS + 2))  # the header, and one too many
    except csv.Error as error:
        return RecordSource(name, reason="malformed-table", detail=str(error))
    if not rows:
        return RecordSource(name, reason="malformed-table", detail="the file is empty")
    return RecordSource(name, {**table, "columns": rows[0], "rows": rows[1:]})
