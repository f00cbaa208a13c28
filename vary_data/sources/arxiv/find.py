"""The documents under a folder: what a run over `--src` reads one by one."""

from __future__ import annotations

import os
from pathlib import Path

ARCHIVES = (".gz", ".tgz", ".tar", ".zip")
_SINGLE = (".tex", ".ltx", ".txt")


def find_documents(source: Path) -> tuple[Path, ...]:
    """Archives, folders that hold a LaTeX document, and single files, in a fixed order.

    A folder with a `\\documentclass` in one of its `.tex` files is one document, whatever lies
    below it; other folders are looked into. Files without a suffix are taken for archives, as
    arXiv's bulk downloads have them. Links are not followed.
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
            elif entry.name.lower().endswith((*ARCHIVES, *_SINGLE)) or not path.suffix:
                found.append(path)
    return tuple(found)


def _is_document(folder: Path) -> bool:
    """Whether a `.tex` file of the folder's own belongs to a document with other files."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".tex"]
    mains = [path for path in files if path.is_file() and b"\\documentclass" in _head(path)]
    parts = len(files) - len(mains)
    folders = any(path.is_dir() for path in folder.iterdir())
    return bool(mains) and (len(mains) == 1 or parts > 0) and (parts > 0 or folders or len(files) == 1)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(65536)
    except OSError:
        return b""
