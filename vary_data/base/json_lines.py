"""The project's readers of JSON and JSONL from outside.

A line of JSONL ends at a line feed and nowhere else: U+2028, U+0085 and form feeds are ordinary
characters of a text. Files are read as bytes, one line at a time, and whatever is wrong with a
value is one `ValueError`: invalid UTF-8, deep nesting, NaN, an endless number, a lone surrogate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

MAX_LINE_BYTES = 64 << 20
"""Limit of one line; the rest of a longer line is skipped without being kept."""
MAX_DEPTH = 200
"""Limit of nesting; Python's own parser and encoder stop at about 1000, depending on the stack."""

_SPACE = re.compile(r"[ \t\n\r]*")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|["\[\]{},]', re.DOTALL)
"""A string, a quote that nothing closes, or a character that structures JSON."""


@dataclass(frozen=True, slots=True)
class JsonLine:
    """Line `number` (from 1) of a JSONL file: its `value`, or what is wrong with it.

    `text` is the start of a line that is not JSON, for a person.
    """

    number: int
    value: Any = None
    problem: str = ""
    text: str = ""


def parse_json(data: bytes | str) -> Any:
    """The value of a JSON text, which every UTF-8 writer can store again.

    Raises:
        ValueError: it is not JSON, not UTF-8, too deep, or has a number or text that JSON lacks.
    """
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("the nesting is too deep") from None
    _check(value)
    return value


def json_lines(lines: Iterable[bytes]) -> Iterator[JsonLine]:
    """The lines of a JSONL file opened as bytes, or of `data.split(b"\\n")`; empty ones are left
    out."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE_BYTES:
            yield JsonLine(number, problem=f"longer than {MAX_LINE_BYTES} bytes")
            continue
        try:
            value = parse_json(line)
        except ValueError as error:
            text = line[:200].decode(errors="replace").strip()
            yield JsonLine(number, problem=str(error)[:200], text=text)
        else:
            yield JsonLine(number, value)


def json_items(data: bytes | str) -> Iterator[JsonLine]:
    """The items of a JSON list, numbered from 1, each parsed by itself: a bad one costs only
    itself.

    Raises:
        ValueError: the text is not a list, or its structure is broken.
    """
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
    place = _after_space(text, 0)
    if text[place : place + 1] != "[":
        raise ValueError("this is not a JSON list")
    place = _after_space(text, place + 1)
    number = 0
    while text[place : place + 1] != "]" or number:
        number += 1
        end = _end_of_item(text, place)
        item = text[place:end]
        try:
            yield JsonLine(number, parse_json(item))
        except ValueError as error:
            yield JsonLine(number, problem=str(error)[:200], text=item[:200].strip())
        if text[end] == "]":
            place = end
            break
        place = _after_space(text, end + 1)
    if _after_space(text, place + 1) != len(text):
        raise ValueError("there is text after the end of the list")


def read_json_lines(path: Path) -> Iterator[JsonLine]:
    """The lines of a JSONL file.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        yield from json_lines(split_lines(file))


def split_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of an open file; of a line over `MAX_LINE_BYTES` only one byte more than that."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        rest = line
        while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE_BYTES + 1)
        yield line


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _end_of_item(text: str, place: int) -> int:
    """The position of the comma or bracket that ends the item at `place`.

    Raises:
        ValueError: the text ends before.
    """
    depth = 0
    for mark in _MARK.finditer(text, place):
        character = mark[0]
        if character == '"':
            break  # going on would search for its end at every further quote
        if character in "[{":
            depth += 1
        elif not depth and character in ",]}":
            return mark.start()
        elif character in "]}":
            depth -= 1
    raise ValueError("the list ends too early")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check(value: Any) -> None:
    """Check depth and texts without recursion.

    Raises:
        ValueError: the value is too deep, or a text has half of a surrogate pair.
    """
    level = [value]
    for _ in range(MAX_DEPTH):
        following: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_text(item)
            elif isinstance(item, dict):
                for key in item:
                    _check_text(key)
                following.extend(item.values())
            elif isinstance(item, list):
                following.extend(item)
        if not following:
            return
        level = following
    raise ValueError(f"more than {MAX_DEPTH} levels of nesting")


def _check_text(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text has half of a surrogate pair") from None
