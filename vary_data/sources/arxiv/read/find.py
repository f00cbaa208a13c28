"""Find the documents of a source: every file is part of one, or has a reason why not.

In a folder, the main files decide. A folder with one main file is one document with everything
below it, except documents of its subfolders that it does not read. In a folder with several,
each main file is a document with the files that it names. Archives are documents by
themselves, wherever they are. All other files are named as `not-latex`.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.archive import Members, is_text_name, read_members
from vary_data.sources.arxiv.read.bundle import is_archive_name, open_bundle
from vary_data.sources.arxiv.read.mains import find_mains
from vary_data.sources.arxiv.read.part import Part
from vary_data.sources.arxiv.read.project import Project
from vary_data.sources.arxiv.read.reached import Reached, reached

_SINGLE = (".tex", ".ltx", ".latex", ".txt")
_MAX_SHARED = 0.5
"""A main file that shares more of its lines than this with another one is a version of it."""
_MIN_LINE, _MIN_LINES = 30, 5
"""Characters of a line, and the number of lines, that two texts hardly share by chance."""


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document, or a file that holds none: then `problem` is the reason and `detail` the cause.

    `key` is a hash of the text after unpacking: the same for a file, a folder, and archives of
    it. `doc_id` is the key of the paper that it belongs to, itself in most cases, or another one
    for a supplement. `name` is for people.
    """

    path: Path
    name: str
    key: str
    doc_id: str
    part: Part = Part()  # noqa: RUF009 - frozen
    problem: str = ""
    detail: str = ""


def find_documents(
    source: Path,
    limits: ExtractionLimits = ExtractionLimits(),  # noqa: B008 - frozen
    unit: Path | None = None,
) -> Iterator[FoundDocument]:
    """The documents of a folder, an archive or a file in a fixed order, and all other files.

    Hidden files are left out, and links are not followed. `unit` is one of `find_units(source)`:
    then only what is in it.
    """
    search = _Search(source, limits)
    place = unit or source
    if unit and unit.is_symlink():
        yield search.link(unit)
    elif place.is_dir():
        yield from search.folder(place)
    else:
        yield from search.file(place)


def find_units(
    source: Path,
    limits: ExtractionLimits = ExtractionLimits(),  # noqa: B008 - frozen
) -> Iterator[Path]:
    """The parts of a source that can be read by themselves, without unpacking archives: folders
    with a main file, and the files of all other folders."""
    if not source.is_dir():
        yield source
    else:
        yield from _Search(source, limits).units(source)


def not_latex(path: Path | str, name: str) -> FoundDocument:
    """A file that is known by its name to hold no LaTeX source."""
    key = _key_of_name(name)
    return FoundDocument(Path(path), name, key, key, Part(), "not-latex", "is no LaTeX source")


def is_readable(name: str) -> bool:
    """Whether a file of this name is an archive or a document by itself."""
    suffix = Path(name).suffix[1:]
    # arXiv calls packed papers 2301.00001, without a suffix
    return is_archive_name(name) or name.lower().endswith(_SINGLE) or suffix.isdigit() or not suffix


@dataclass(slots=True)
class _Versions:
    """Tells versions of one text from separate documents in one place."""

    first: dict[str, str] = field(default_factory=dict)
    """The main file in which a line was seen first."""

    def check(self, found: FoundDocument, project: Project, files: Reached) -> FoundDocument:
        """The document; a version of an earlier one gets a problem."""
        main = files.inputs[0]
        lines = {
            line
            for name in files.inputs
            for line in map(str.strip, _after_preamble(project.text(name)).splitlines())
            if len(line) >= _MIN_LINE
        }
        known = Counter(self.first[line] for line in lines if line in self.first)
        for line in lines:
            self.first.setdefault(line, main)
        for other, number in known.most_common(1):
            if number >= _MIN_LINES and number > _MAX_SHARED * len(lines):
                detail = f"most of its lines are in {other}, too"
                return replace(found, problem="duplicate-document", detail=detail)
        return found


@dataclass(slots=True)
class _Search:
    root: Path
    limits: ExtractionLimits
    claimed: set[Path] = field(default_factory=set)
    """Files that documents found so far read."""

    def units(self, folder: Path) -> Iterator[Path]:
        files, folders, links = _entries(folder)
        if self._mains(folder, self._project(folder)):
            yield folder
            return
        yield from links
        for path in sorted([*files, *folders]):
            yield from self.units(path) if path.is_dir() else (path,)

    def link(self, path: Path) -> FoundDocument:
        return self._problem(path, "link-or-device", "is a link")

    def folder(self, folder: Path) -> Iterator[FoundDocument]:
        files, folders, links = _entries(folder)
        yield from map(self.link, links)
        project = self._project(folder)
        mains = self._mains(folder, project)
        if len(mains) == 1:
            yield from self._paper(folder, project, mains[0], files, folders)
            return
        yield from self._documents(folder, project, mains)
        for path in sorted([*files, *folders]):
            if path in self.claimed:
                continue
            yield from self.folder(path) if path.is_dir() else self.file(path)

    def _paper(
        self, folder: Path, project: Project, main: str, files: list[Path], folders: list[Path]
    ) -> Iterator[FoundDocument]:
        """One document, and the documents below it that it does not read."""
        (paper,) = self._documents(folder, project, (main,))
        below = [found for path in folders for found in self._below(path)]
        if below:
            yield paper
        else:  # all files below, since macros may build their names
            yield replace(paper, path=folder, name=self._name(folder), part=Part(main=main))
        yield from below
        yield from self._archives(files)

    def _below(self, folder: Path) -> Iterator[FoundDocument]:
        """Documents in a part of a paper's folder; its other files belong to the paper."""
        files, folders, _ = _entries(folder)
        project = self._project(folder)
        mains = tuple(m for m in self._mains(folder, project) if folder / m not in self.claimed)
        if len(mains) == 1:
            yield from self._paper(folder, project, mains[0], files, folders)
            return
        yield from self._documents(folder, project, mains)
        yield from self._archives(files)
        for path in folders:
            yield from self._below(path)

    def _mains(self, folder: Path, project: Project) -> tuple[str, ...]:
        try:
            return find_mains(project, str(folder))
        except DocumentRejected:
            return ()

    def _archives(self, files: list[Path]) -> Iterator[FoundDocument]:
        for path in files:
            if is_archive_name(path.name):
                yield from self.file(path)

    def _documents(
        self, folder: Path, project: Project, mains: tuple[str, ...]
    ) -> Iterator[FoundDocument]:
        versions = _Versions()
        for main in mains:
            files = reached(project, main)
            self.claimed.update(folder / name for name in files.files)
            key = _identity(project, files)
            name = self._name(folder / main)
            if files.files == (main,):
                found = FoundDocument(folder / main, name, key, key)
            else:
                part = Part(main=main, files=files.files)
                found = FoundDocument(folder, name, key, key, part)
            yield versions.check(found, project, files)

    def file(self, path: Path) -> Iterator[FoundDocument]:
        """The documents of an archive or a single file."""
        if not is_readable(path.name):
            yield self._problem(path, "not-latex", "is no LaTeX source")
            return
        try:
            bundle = None if path.suffix.lower() in _SINGLE else open_bundle(path, self.limits)
        except DocumentRejected as error:
            yield self._problem(path, error.reason, error.message)
            return
        if bundle is None:
            yield from self._packed(path, "")
            return
        for member in bundle.archives:
            yield from self._packed(path, member)
        for member in bundle.others:
            yield self._problem(path / member, "not-latex", "is no LaTeX source")

    def _packed(self, path: Path, member: str) -> Iterator[FoundDocument]:
        """The documents of one archive: a paper, and what was packed with it."""
        place = path / member if member else path
        try:
            project = Project(read_members(path, self.limits, member))
            mains = find_mains(project, str(place))
        except DocumentRejected as error:
            yield self._problem(place, error.reason, error.message)
            return
        name = f"{self._name(path)}/{member}" if member else self._name(path)
        versions = _Versions()
        first = ""
        for main in mains:
            files = reached(project, main)
            key = _identity(project, files)
            first = first or key
            shown = name if main == mains[0] else f"{name}/{main}"
            found = FoundDocument(path, shown, key, first, Part(member, main))
            yield versions.check(found, project, files)

    def _project(self, folder: Path) -> Project:
        return Project(Members(_FolderFiles(folder, self.limits), ()), keep=False)

    def _name(self, path: Path) -> str:
        """The path below the source, or its own name if the source is this file or folder."""
        below = path.relative_to(self.root).as_posix()
        if path == self.root:
            return path.name
        return below if self.root.is_dir() else f"{self.root.name}/{below}"

    def _problem(self, path: Path, reason: str, detail: str) -> FoundDocument:
        name = self._name(path)
        key = _key_of_name(name)
        detail = detail.removeprefix(f"{path}: ")
        return FoundDocument(path, name, key, key, problem=reason, detail=detail)


@dataclass(frozen=True, slots=True, eq=False)
class _FolderFiles(Mapping[str, bytes]):
    """The text files directly in a folder; those below it are found by name, too."""

    folder: Path
    limits: ExtractionLimits

    def __getitem__(self, name: str) -> bytes:
        if name not in self:
            raise KeyError(name)
        data = (self.folder / name).read_bytes()
        return (
            b"" if b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff") else data
        )

    def __contains__(self, name: object) -> bool:
        path = self.folder / str(name)
        between = [path, *list(path.parents)[: len(Path(str(name)).parts) - 1]]
        try:
            return (
                path.is_file()
                and not any(one.is_symlink() for one in between)
                and path.stat().st_size <= self.limits.file_bytes
            )
        except (OSError, ValueError):  # a name that is no path
            return False

    def __iter__(self) -> Iterator[str]:
        files, _, _ = _entries(self.folder)
        return (path.name for path in files if is_text_name(path.name) and path.name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _entries(folder: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """Files, folders, and links or devices that are not hidden, by name."""
    files: list[Path] = []
    folders: list[Path] = []
    links: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                files.append(Path(entry.path))
            else:
                links.append(Path(entry.path))
    return files, folders, links


def _after_preamble(text: str) -> str:
    return text.partition("\\begin{document}")[2] or text


def _key_of_name(name: str) -> str:
    return hashlib.sha256(f"file {name}".encode()).hexdigest()


def _identity(project: Project, files: Reached) -> str:
    """A hash of the main file and what it inputs, whatever these files are called."""
    first, *others = (hashlib.sha256(project.members.files[name]).digest() for name in files.inputs)
    return hashlib.sha256(first + b"".join(sorted(others))).hexdigest()
