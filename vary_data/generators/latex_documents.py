"""The LaTeX documents of a source: a folder, an archive, a file, or a URL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vary_data.base.errors import SourceError
from vary_data.base.storage import Location, RemotePath, entries, location
from vary_data.sources.cache import InputCache

if TYPE_CHECKING:
    from vary_data.sources.arxiv import FoundDocument


def source_documents(source: str) -> Iterator[tuple[Location, str, FoundDocument]]:
    """The documents of a source and its other files, as in `find_documents`.

    Below a URL these are single files and archives; they come with the SHA-256 of their content.

    Raises:
        SourceError: the source does not exist or cannot be read.
    """
    place = location(source)
    if isinstance(place, RemotePath):
        try:
            files = [place] if place.is_file() else entries(place, "**/*")
            for file in files:
                assert isinstance(file, RemotePath)
                yield from _remote_documents(file)
        except OSError as error:
            raise SourceError(f"cannot read {source}: {error.strerror or error}") from error
    elif place.exists():
        from vary_data.sources.arxiv import find_documents

        for document in find_documents(place):
            yield document.path, "", document
    else:
        raise SourceError(f"{source} does not exist", "give a folder or a file to --src")


def _remote_documents(file: RemotePath) -> Iterator[tuple[Location, str, FoundDocument]]:
    from vary_data.sources.arxiv import find_documents, is_readable, not_latex

    if not is_readable(file.name):
        yield file, "", not_latex(str(file), file.name)
        return
    held = InputCache.of_this_machine().hold(file)
    for document in find_documents(held.path):
        name = document.name.replace(held.path.name, file.name)
        yield file, held.sha256, dataclasses.replace(document, name=name)
    held.release()
