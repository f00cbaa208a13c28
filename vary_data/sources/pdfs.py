"""Finds documents in folders, files, patterns and list files.

This module never opens a document with a PDF library; only processes that may crash do.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from renderers.pdf.layout import EXTENSIONS
from vary_data.base.errors import SourceError, UsageError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import URL, Location, entries, location, relative
from vary_data.dataset.rejection import Rejected
from vary_data.sources.cache import InputCache
from vary_data.sources.files import files_below, source_file

LIST_EXTENSIONS = (".txt", ".lst", ".list")


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file to read. If it is unusable, `problem` is the reason and `sha256` is empty.

    `name` is the path relative to the searched folder, for rejections and the column `source`.
    """

    path: Location
    name: str
    size: int = 0
    sha256: str = ""
    problem: str = ""
    detail: str = ""


def find_documents(sources: Sequence[str]) -> list[DocumentFile]:
    """Every document under the sources, hashed, in a fixed order; see `list_documents`."""
    return fingerprints(list_documents(sources))


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that was found but not read. `root` is the folder in which it must lie if it was found
    by searching that folder."""

    path: Location
    name: str
    root: Path | None

    @property
    def place(self) -> str:
        """What is equal for two names of one file; a link out of its folder is not followed."""
        if not isinstance(self.path, Path):
            return str(self.path)
        real = os.path.realpath(self.path)
        inside = self.root is None or Path(real).is_relative_to(self.root.resolve())
        return real if inside else str(self.path)


def fingerprints(files: Sequence[ListedFile]) -> list[DocumentFile]:
    """The size and hash of each file, in the same order.

    Raises:
        SourceError: a file at a URL cannot be fetched.
    """
    with ThreadPoolExecutor() as pool:
        return list(pool.map(_fingerprint, files))


def list_documents(sources: Sequence[str]) -> list[ListedFile]:
    """Every document under the sources in a fixed order, each path once; none is read.

    A source is a folder (searched with all subfolders for `EXTENSIONS`), a file of any name, a
    pattern with `*`, `?` or `**`, a URL (`s3://bucket/pdfs`: a file, or all files below it), or a
    list file (`.txt`, `.lst`, or any as `@FILE`) with one source per line, relative to the list's
    folder; lines that start with `#` are comments.

    Raises:
        UsageError: there is no source.
        SourceError: a source does not exist or has no document.
    """
    if not sources:
        raise UsageError("no source of documents was given", "use --src with a folder or files")
    found: dict[str, ListedFile] = {}
    for source in sources:
        listed = 0
        for file in _expand(source, Path()):
            listed += 1
            found.setdefault(file.place, file)
        if not listed:
            known = " ".join(f"*{extension}" for extension in EXTENSIONS)
            raise SourceError(f"no document in {source}", f"looked for {known}")
    return list(found.values())


def _expand(source: str, base: Path) -> Iterator[ListedFile]:
    """Every file of a source."""
    if URL.match(source):
        yield from _remote(location(source))
        return
    path = base / Path(source).expanduser()
    if source.startswith("@") and not path.exists():
        yield from _listed(base / Path(source[1:]).expanduser())
    elif path.is_dir():
        yield from _walk(path)
    elif path.is_file() and path.suffix.lower() in LIST_EXTENSIONS:
        yield from _listed(path)
    elif path.exists():
        yield ListedFile(path, path.name, None)
    elif glob.has_magic(source):
        for match in sorted(glob.glob(str(path), recursive=True)):  # noqa: PTH207 (absolute too)
            if Path(match).is_dir():
                continue
            yield ListedFile(Path(match), Path(match).name, None)
    else:
        raise SourceError(f"{path} does not exist", "give a folder, a file, a pattern or a list")


def _walk(folder: Path) -> Iterator[ListedFile]:
    for name in files_below(folder, EXTENSIONS):
        yield ListedFile(folder / name, name, folder)


def _remote(source: Location) -> Iterator[ListedFile]:
    if not isinstance(source, RemotePath):
        yield from _expand(str(source), Path())
        return
    try:
        if source.is_file():
            yield ListedFile(source, source.name, None)
            return
        for path in entries(source, "**/*"):
            if path.suffix.lower() in EXTENSIONS:
                yield ListedFile(path, relative(path, source), None)
    except OSError as error:
        raise SourceError(f"cannot read {source}: {error.strerror or error}") from error


def _listed(list_file: Path) -> Iterator[ListedFile]:
    try:
        lines = list_file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read the list {list_file}: {error}") from error
    for number, line in enumerate(lines, 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        if entry.startswith("@") or Path(entry).suffix.lower() in LIST_EXTENSIONS:
            raise SourceError(f"{list_file}, line {number}: a list cannot name another list")
        try:
            yield from _expand(entry, list_file.parent)
        except SourceError as error:
            raise SourceError(f"{list_file}, line {number}: {error.message}", error.hint) from error


def _fingerprint(file: ListedFile) -> DocumentFile:
    path, name, root = file.path, file.name, file.root
    try:
        if isinstance(path, RemotePath):
            return _fetched(path, name)
        if root:
            source_file(root, name)
        if not path.is_file():
            return DocumentFile(path, name, problem="not-a-file", detail="not a regular file")
        size = path.stat().st_size
        if size == 0:
            return DocumentFile(path, name, problem="empty-file", detail="the file has no bytes")
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except Rejected as error:
        return DocumentFile(path, name, problem=error.reason, detail=error.detail)
    except OSError as error:
        return DocumentFile(path, name, problem="unreadable", detail=error.strerror or str(error))
    return DocumentFile(path, name, size, digest)


def _fetched(path: RemotePath, name: str) -> DocumentFile:
    try:
        held = InputCache.of_this_machine().hold(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        # Planning without this document would make another dataset, so the run must stop.
        raise SourceError(f"cannot fetch {path}: {error.strerror or error}") from error
    try:
        size = held.path.stat().st_size
        if size == 0:
            return DocumentFile(path, name, problem="empty-file", detail="the file has no bytes")
        return DocumentFile(path, name, size, held.sha256)
    finally:
        held.release()
