"""Find the documents in a folder."""

from __future__ import annotations

import os
from pathlib import Path

ARCHIVES = (".gz", ".tgz", ".tar", ".zip")
_SINGLE = (".tex", ".ltx", ".txt")
_HEAD_BYTES = 65536
"""The `\\documentclass` of a main file is within so many bytes."""
_PROJECT_FILES = (".bib", ".bbl", ".bst", ".cls", ".sty", ".pdf", ".eps", ".png", ".jpg", ".jpeg")


def find_documents(source: Path) -> tuple[Path, ...]:
    """Archives, folders that hold a LaTeX document, and single files, in a fixed order.

    A folder with a `\\documentclass` in one of its `.tex` files is one document, subfolders
    included; other folders are searched. Files without a suffix count as archives, as in arXiv's
    bulk downloads. Links are not followed.
    """
    if not source.is_dir():
        return (source,)
    if _is_document(source):
        return (source,)
    found: list[Path] = []
    with os.scandir(source) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = Path(entry.path)
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir():
                found.extend(find_documents(path))
            elif entry.is_file() and is_readable(entry.name):
                found.append(path)
    return tuple(found)


def is_readable(name: str) -> bool:
    """Whether a file of this name is an archive or a document by itself."""
    return name.lower().endswith((*ARCHIVES, *_SINGLE)) or not Path(name).suffix


def _is_document(folder: Path) -> bool:
    """Whether a folder's files belong to one document.

    Several complete `.tex` files without other files are separate documents.
    """
    entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    if any(path.name.lower().endswith(ARCHIVES) for path in entries):
        return False
    sources = [path for path in entries if path.suffix.lower() == ".tex" and path.is_file()]
    mains = [path for path in sources if b"\\documentclass" in _first_bytes(path)]
    has_other_files = len(sources) > len(mains) or any(
        path.is_dir() or path.suffix.lower() in _PROJECT_FILES for path in entries
    )
    return bool(mains) and (has_other_files or len(mains) == 1)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except OSError:
        return b""
