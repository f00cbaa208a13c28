"""The only way in which importers open files of a source: see `renderers.folder_files`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from renderers.folder_files import files_below as files_below
from renderers.folder_files import read_source as read_source
from renderers.folder_files import source_file as source_file
from vary_data.base.errors import SourceError
from vary_data.base.json_lines import parse_json
from vary_data.dataset.rejection import Rejected

MAX_ANNOTATION_BYTES = 4 << 30
"""Limit of a JSON file that is read as a whole; the largest one of COCO has 0.5 GB."""


def regular_files(root: Path) -> Iterator[Path]:
    """Every regular file below a folder; links, pipes and devices are left out."""
    for where, _, files in os.walk(root):
        for file in files:
            path = Path(where) / file
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def named_file(path: Path) -> Path:
    """A file that the user named: it may be a link, but must be a regular file.

    Raises:
        SourceError: it is missing, a folder, a pipe or a device.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise SourceError(
            f"cannot read {path}: it does not exist", "name a file with data"
        ) from None
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path} is not a regular file", "name a file with data")
    return path


def read_annotations(path: Path, root: Path | None = None) -> Any:
    """The value of a JSON file, which must lie inside `root` if this is given.

    Raises:
        SourceError: it cannot be read, or is not JSON.
    """
    try:
        inside = source_file(root, path.relative_to(root).as_posix()) if root else named_file(path)
        name = inside.name
        return parse_json(read_source(inside.parent, name, MAX_ANNOTATION_BYTES))
    except (Rejected, ValueError) as error:
        raise SourceError(f"cannot read {path}: {error}", "expected JSON") from error
