"""Bundles: archives whose members are archives of papers, as in arXiv's bulk downloads."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.limits import ExtractionLimits

ARCHIVE_SUFFIXES = (".gz", ".tgz", ".tar", ".zip")
_NOT_ARCHIVES = (".synctex.gz", ".eps.gz", ".ps.gz", ".pdf.gz", ".svg.gz")
_SOURCES = (".tex", ".ltx", ".latex", "")
"""Suffixes of files that make an archive a paper."""


def is_archive_name(name: str) -> bool:
    """Whether a file of this name is an archive, and not a compressed figure or by-product."""
    name = name.lower()
    return name.endswith(ARCHIVE_SUFFIXES) and not name.endswith(_NOT_ARCHIVES)


@dataclass(frozen=True, slots=True)
class Bundle:
    """`archives` are the members that hold papers, `others` all other files."""

    archives: tuple[str, ...]
    others: tuple[str, ...]


def open_bundle(path: Path, limits: ExtractionLimits) -> Bundle | None:
    """The members of a bundle; None for any other file.

    Only headers are read, and a plain tar may be larger than `limits.input_bytes`.

    Raises:
        DocumentRejected: `too-large` or `bomb`, a bundle of too many members or bytes.
    """
    archives: list[str] = []
    others: list[str] = []
    unpacked = 0
    try:
        with _members(path) as members:
            for name, size in members:
                unpacked += size
                if PurePosixPath(name).suffix.lower() in _SOURCES:
                    return None
                (archives if is_archive_name(name) else others).append(name)
                if len(archives) + len(others) > limits.bundle_members:
                    raise DocumentRejected(
                        f"{path}: more than {limits.bundle_members} members", "", "too-large"
                    )
                if unpacked > max(limits.unpacked_bytes, path.stat().st_size):
                    raise DocumentRejected(
                        f"{path}: unpacks to more than {unpacked} bytes", "an archive bomb?", "bomb"
                    )
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, ValueError, RuntimeError):
        return None  # no archive, or a broken one: `read_members` gives the reason
    return Bundle(tuple(archives), tuple(others)) if archives else None


def read_bundled(path: Path, member: str, limits: ExtractionLimits) -> bytes:
    """The bytes of a member of a bundle.

    Raises:
        DocumentRejected: `unreadable` or `too-large`.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
                data = stream.read(limits.input_bytes + 1)
        else:
            with tarfile.open(path, "r:*") as tar:
                content = tar.extractfile(member)
                data = content.read(limits.input_bytes + 1) if content else b""
    except (OSError, EOFError, KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise DocumentRejected(f"{path}/{member}: {error}", "fetch it again") from error
    except (RuntimeError, NotImplementedError, ValueError) as error:  # zip: encrypted, odd method
        raise DocumentRejected(f"{path}/{member}: {error}", "repack it") from error
    if len(data) > limits.input_bytes:
        raise DocumentRejected(
            f"{path}/{member}: more than {limits.input_bytes} bytes", "", "too-large"
        )
    return data


@contextmanager
def _members(path: Path) -> Iterator[Iterator[tuple[str, int]]]:
    """Names and sizes of the regular files in an archive."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            yield ((one.filename, one.file_size) for one in entries if not one.is_dir())
    else:
        with tarfile.open(path, "r:*") as tar:
            yield ((one.name, one.size) for one in tar if one.isreg())
