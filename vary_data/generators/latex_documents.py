"""The LaTeX documents of a source: a folder, an archive, a file, or a URL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vary_data.base.errors import SourceError
from vary_data.base.remote_path import RemotePath
from vary_data.base.storage import Location, entries, location, relative
from vary_data.engine.choice import chosen_names
from vary_data.sources.cache import InputCache

if TYPE_CHECKING:
    from vary_data.engine.recipe import Recipe
    from vary_data.sources.arxiv import FoundDocument

Found = tuple[Location, str, "FoundDocument"]
"""Where a document is, the SHA-256 of a file at a URL (else empty), and the document."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a source that is read by itself: a folder of a paper, an archive or a file."""

    source: Location
    path: Location

    @property
    def name(self) -> str:
        """The name that decides a choice; a path would make it differ between machines."""
        return relative(self.path, self.source).removeprefix("./") or self.path.name

    def documents(self) -> Iterator[Found]:
        """The documents of this unit, and its other files."""
        from vary_data.sources.arxiv import find_documents

        if isinstance(self.path, RemotePath):
            yield from _remote_documents(self.path)
            return
        assert isinstance(self.source, Path)
        for document in find_documents(self.source, unit=self.path):
            yield document.path, "", document


def source_documents(recipe: Recipe) -> Iterator[Found]:
    """The documents of the sources and their other files, as in `find_documents`.

    Below a URL these are single files and archives. For a part of the sources
    (`Recipe.max_samples`, `Recipe.fraction`), units are chosen before they are unpacked, and come
    in the order of choice: whoever takes the first documents need not read the others.

    Raises:
        SourceError: a source does not exist or cannot be read.
    """
    sources = recipe.options.src
    if recipe.max_samples is None and recipe.fraction >= 1:
        for source in sources:
            yield from all_documents(source)
        return
    units = _named([unit for source in sources for unit in _units(source)])
    for name in chosen_names(units, recipe):
        yield from units[name].documents()


def _units(source: str) -> Iterator[Unit]:
    from vary_data.sources.arxiv import find_units

    place = _existing(source)
    if isinstance(place, RemotePath):
        yield from (Unit(place, file) for file in _remote_files(place))
    else:
        yield from (Unit(place, path) for path in find_units(place))


def _named(units: Sequence[Unit]) -> dict[str, Unit]:
    named: dict[str, Unit] = {}
    for unit in units:
        name, copies = unit.name, 1
        while name in named:
            copies += 1
            name = f"{unit.name}#{copies}"
        named[name] = unit
    return named


def all_documents(source: str) -> Iterator[Found]:
    """The documents of one source and its other files.

    Raises:
        SourceError: the source does not exist or cannot be read.
    """
    from vary_data.sources.arxiv import find_documents

    place = _existing(source)
    if isinstance(place, RemotePath):
        for file in _remote_files(place):
            yield from _remote_documents(file)
        return
    for document in find_documents(place):
        yield document.path, "", document


def _existing(source: str) -> Location:
    place = location(source)
    if isinstance(place, Path) and not place.exists():
        raise SourceError(f"{source} does not exist", "give a folder or a file to --src")
    return place


def _remote_files(place: RemotePath) -> list[RemotePath]:
    try:
        files = [place] if place.is_file() else entries(place, "**/*")
    except OSError as error:
        raise SourceError(f"cannot read {place}: {error.strerror or error}") from error
    return [file for file in files if isinstance(file, RemotePath)]


def _remote_documents(file: RemotePath) -> Iterator[Found]:
    from vary_data.sources.arxiv import find_documents, is_readable, not_latex

    if not is_readable(file.name):
        yield file, "", not_latex(str(file), file.name)
        return
    try:
        held = InputCache.of_this_machine().hold(file)
    except OSError as error:
        raise SourceError(f"cannot read {file}: {error.strerror or error}") from error
    for document in find_documents(held.path):
        name = document.name.replace(held.path.name, file.name)
        yield file, held.sha256, dataclasses.replace(document, name=name)
    held.release()
