"""Which of several documents in one place is meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One document of an archive, a bundle or a folder.

    `member` is its archive in a bundle, `main` its main file, `files` all of its files where the
    folder holds those of other documents, too.
    """

    member: str = ""
    main: str = ""
    files: tuple[str, ...] = ()
