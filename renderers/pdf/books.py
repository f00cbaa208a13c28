"""Which e-books are set vertically. MuPDF sets all books horizontally."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MOST_BYTES = 262_144
"""Bytes of a style sheet that are read."""
MOST_HEAD = 32_768
"""Bytes of a chapter that are read, for its head."""
MOST_FILES = 2000

_VERTICAL = re.compile(r"writing-mode\s*:\s*(?:vertical|tb)", re.IGNORECASE)
_STYLE = re.compile(r"<style\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:html|body)\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(class|style)\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_SELECTOR = re.compile(r"(?:html|body|:root|\*)?((?:\.[\w-]+)*)\Z", re.IGNORECASE)


def is_vertical(path: Path) -> bool:
    """Whether a style of an EPUB book sets its pages in vertical lines.

    A rule for a class counts if the root or body of a chapter has it: many books have the styles of
    both directions.
    """
    classes: set[str] = set()
    used: set[str] = set()
    try:
        with zipfile.ZipFile(path) as book:
            for name, text in _texts(book):
                is_sheet = name.endswith(".css")
                for sheet in [text] if is_sheet else _sheets(text):
                    classes.update(_vertical_classes(sheet))
                for attributes in [] if is_sheet else _ROOT.findall(text):
                    for kind, value in _ATTRIBUTE.findall(attributes):
                        if kind.lower() == "class":
                            used.update(value.split())
                        elif _VERTICAL.search(value):
                            return True
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError):
        return False  # MuPDF decides whether it is readable
    return "" in classes or bool(classes & used)


def _texts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The beginnings of the style sheets and chapters of a book."""
    names = [i for i in book.infolist() if i.filename.lower().endswith(_EXTENSIONS)]
    for info in names[:MOST_FILES]:
        with book.open(info) as file:
            name = info.filename.lower()
            most = MOST_BYTES if name.endswith(".css") else MOST_HEAD
            yield name, file.read(most).decode("utf-8", "replace")


_EXTENSIONS = (".css", ".xhtml", ".html", ".htm", ".xml")


def _sheets(chapter: str) -> list[str]:
    """The style sheets in a chapter. (A pattern for pairs of tags takes hours for hostile text.)"""
    parts = _STYLE.split(chapter)[1:]
    return [part.partition(">")[2].partition("</")[0] for part in parts]


def _vertical_classes(sheet: str) -> Iterator[str]:
    """The classes of rules that set a root or body vertically; empty for all roots."""
    for rule in _without_comments(sheet).split("}"):
        before, _, body = rule.rpartition("{")
        if not _VERTICAL.search(body):
            continue
        for selector in before.rpartition("{")[2].split(","):  # inside of `@media … {`
            match = _SELECTOR.match(selector.strip())
            if match:
                yield match.group(1).lstrip(".").partition(".")[0]


def _without_comments(sheet: str) -> str:
    first, *rest = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


_WRITING_MODE = 525
"""The type of the record of a MOBI book's metadata that has its primary writing mode."""


def is_vertical_mobi(path: Path) -> bool:
    """Whether the metadata of a MOBI book (EXTH) state a vertical writing mode."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES)
    try:
        (first,) = struct.unpack_from(">I", data, 78)  # the header of the book
        (length,) = struct.unpack_from(">I", data, first + 20)
        start = first + 16 + length
        magic, _, count = struct.unpack_from(">4sII", data, start)
        if magic != b"EXTH":
            return False
        start += 12
        for _ in range(count):
            kind, size = struct.unpack_from(">II", data, start)
            if kind == _WRITING_MODE:
                return b"vertical" in data[start + 8 : start + size]
            start += max(8, size)
    except struct.error:
        pass  # MuPDF decides whether it is readable
    return False


VERTICAL: dict[str | None, Callable[[Path], bool]] = {
    "epub": is_vertical,
    "mobi": is_vertical_mobi,
}
"""By format, how a book is asked whether it is set vertically."""
