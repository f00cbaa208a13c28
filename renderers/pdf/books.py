"""Which EPUB books are set vertically. MuPDF sets all books horizontally."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

MOST_BYTES = 262_144
"""Bytes of a file that are read: style sheets and heads of chapters are short."""
MOST_FILES = 2000

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VERTICAL = re.compile(r"writing-mode\s*:\s*(?:vertical|tb)", re.IGNORECASE)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(html|body)\b([^>]*)>", re.IGNORECASE)
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
                sheets = [text] if name.endswith(".css") else _STYLE.findall(text)
                for sheet in sheets:
                    classes.update(_vertical_classes(sheet))
                for _, attributes in [] if name.endswith(".css") else _ROOT.findall(text):
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
            yield info.filename.lower(), file.read(MOST_BYTES).decode("utf-8", "replace")


_EXTENSIONS = (".css", ".xhtml", ".html", ".htm", ".xml")


def _vertical_classes(sheet: str) -> Iterator[str]:
    """The classes of rules that set a root or body vertically; empty for all roots."""
    for selectors, body in _RULE.findall(_COMMENT.sub("", sheet)):
        if not _VERTICAL.search(body):
            continue
        for selector in selectors.split(","):
            match = _SELECTOR.match(selector.strip())
            if match:
                yield match.group(1).lstrip(".").partition(".")[0]
