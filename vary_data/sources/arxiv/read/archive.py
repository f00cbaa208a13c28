"""Read the text files of a LaTeX source in memory, from an archive, a folder or a file.

arXiv packs a paper as a gzipped tar or, for a single file, as a gzipped file of any name, so the
format is detected by content, never by name (info.arxiv.org/help/unpack.html).
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from vary_data.sources.arxiv.errors import DocumentRejected
from vary_data.sources.arxiv.limits import ExtractionLimits
from vary_data.sources.arxiv.read.bundle import read_bundled

TEXT_SUFFIXES = (".tex", ".ltx", ".latex", ".txt", ".sty", ".cls", ".bbl", ".bib", ".def")
"""Files that are read; a file without a suffix is read, too."""
PICTURE_SUFFIXES = (".pdf", ".png", ".jpg", ".jpeg", ".eps", ".ps")
"""Files that may be figures, read on demand."""
_MIN_BYTES_FOR_RATIO = 20_000_000
"""Bytes from which on the compression ratio is checked: small files may be very regular."""
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Members:
    """`files` maps a safe relative path to its bytes; `rejected` lists (name, reason).

    `pictures` are the files that may be figures; None for one that exceeds a limit.
    """

    files: Mapping[str, bytes]
    rejected: tuple[tuple[str, str], ...]
    pictures: dict[str, bytes | None] = field(default_factory=dict)


def read_members(
    path: Path,
    limits: ExtractionLimits,
    member: str = "",
    files: Sequence[str] = (),
    pictures: bool = False,
) -> Members:
    """The text files of a folder, an archive or a single file, with `pictures` its figures, too.

    `member` is an archive in the bundle at `path`; of a folder with `files`, only those are read.

    Raises:
        DocumentRejected: `unreadable`, `too-large`, `bomb` or `empty`.
    """
    try:
        if path.is_dir():
            return _Collector(limits, 0, pictures).read_folder(path, files)
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise DocumentRejected(f"{path}: not a file or folder", "give an archive or .tex file")
        if not member and info.st_size > limits.input_bytes:
            raise DocumentRejected(
                f"{path}: {info.st_size} bytes, more than {limits.input_bytes}", "", "too-large"
            )
        data = read_bundled(path, member, limits) if member else path.read_bytes()
    except OSError as error:
        raise DocumentRejected(f"{path}: {error.strerror or error}", "check the path") from error
    collector = _Collector(limits, len(data), pictures)
    try:
        members = collector.read_archive(data, PurePosixPath(member or path.name).name)
    except (OSError, EOFError, zlib.error, tarfile.TarError, zipfile.BadZipFile) as error:
        raise DocumentRejected(f"{path}: broken archive ({error})", "fetch it again") from error
    except (RuntimeError, NotImplementedError, ValueError) as error:  # zip: encrypted, odd method
        raise DocumentRejected(f"{path}: cannot be unpacked ({error})", "repack it") from error
    if not members.files:
        raise DocumentRejected(f"{path}: holds no text file", "a LaTeX source is needed", "empty")
    return members


class _Collector:
    """Gathers text files while counting what was unpacked."""

    def __init__(self, limits: ExtractionLimits, packed: int, with_pictures: bool) -> None:
        self.limits = limits
        self.with_pictures = with_pictures
        self.pictures: dict[str, bytes | None] = {}
        self.picture_bytes = 0
        self.packed_size = packed
        self.unpacked = 0
        self.kept = 0
        self.names = 0
        self.files: dict[str, bytes] = {}
        self.rejected: list[tuple[str, str]] = []

    def read_archive(self, data: bytes, name: str) -> Members:
        if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            self._zip(data)
        elif data[:2] == b"\x1f\x8b":
            self._gzip(data, name)
        elif _is_tar(data):
            self._tar(io.BytesIO(data))
        else:
            self._keep(_single_name(name), data)
        return self._members()

    def read_folder(self, root: Path, files: Sequence[str] = ()) -> Members:
        wanted = frozenset(files)
        for relative in _names_below(root) if self.with_pictures else files or _names_below(root):
            self._count_name(relative)
            path = root / relative
            if self._wants_picture(relative) and stat.S_ISREG(path.lstat().st_mode):
                self._picture(relative, path.stat().st_size, path.read_bytes)
            if is_text_name(relative) and (not wanted or relative in wanted):
                if not stat.S_ISREG(path.lstat().st_mode):
                    self.rejected.append((relative, "link-or-device"))
                elif path.stat().st_size > self.limits.file_bytes:
                    self.rejected.append((relative, "too-large"))
                else:
                    self._keep(relative, path.read_bytes())
        members = self._members()
        if not members.files:
            raise DocumentRejected(f"{root}: holds no text file", "give a LaTeX folder", "empty")
        return members

    def _gzip(self, data: bytes, name: str) -> None:
        stream = gzip.GzipFile(fileobj=io.BytesIO(data))
        head = stream.read(tarfile.BLOCKSIZE)
        if _is_tar(head):
            self._tar(_Counted(gzip.GzipFile(fileobj=io.BytesIO(data)), self))
            return
        body = io.BytesIO(head)
        body.seek(0, io.SEEK_END)
        self.unpacked += len(head)
        while chunk := stream.read(_CHUNK_BYTES):
            self.count_unpacked(len(chunk))
            body.write(chunk)
            if body.tell() > self.limits.file_bytes:
                raise DocumentRejected(
                    f"{name}: one file of more than {self.limits.file_bytes} bytes", "", "too-large"
                )
        self._keep(_single_name(name), body.getvalue())

    def _tar(self, stream: io.BytesIO | _Counted) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                self._count_name(member.name)
                name = _safe_path(member.name)
                if name is None:
                    self.rejected.append((member.name, "outside"))
                elif member.isreg() and self._wants_picture(name):
                    self._picture(name, member.size, partial(_extracted, archive, member))
                elif member.isdir() or (member.isreg() and not is_text_name(name)):
                    continue
                elif not member.isreg():
                    self.rejected.append((name, "link-or-device"))
                elif member.size > self.limits.file_bytes:
                    self.rejected.append((name, "too-large"))
                else:
                    content = archive.extractfile(member)
                    self._keep(name, content.read() if content else b"")

    def _zip(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                self._count_name(entry.filename)
                name = _safe_path(entry.filename)
                mode = entry.external_attr >> 16
                if name is None:
                    self.rejected.append((entry.filename, "outside"))
                elif self._wants_picture(name) and stat.S_IFMT(mode) in (0, stat.S_IFREG):
                    self._picture(name, entry.file_size, partial(self._unzipped, archive, entry))
                elif entry.is_dir() or not is_text_name(name):
                    continue
                elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    self.rejected.append((name, "link-or-device"))
                elif entry.file_size > self.limits.file_bytes:
                    self.rejected.append((name, "too-large"))
                else:
                    with archive.open(entry) as content:
                        body = content.read(self.limits.file_bytes + 1)
                    self.count_unpacked(len(body))
                    self._keep(name, body)

    def count_unpacked(self, size: int) -> None:
        """Counts `size` more unpacked bytes.

        Raises:
            DocumentRejected: `bomb`, the archive unpacks to more than the limits allow.
        """
        self.unpacked += size
        too_dense = (
            self.unpacked > _MIN_BYTES_FOR_RATIO
            and self.unpacked > self.limits.ratio * self.packed_size
        )
        if self.unpacked > self.limits.unpacked_bytes or too_dense:
            raise DocumentRejected(
                f"archive unpacks to more than {self.unpacked} bytes", "an archive bomb?", "bomb"
            )

    def _count_name(self, name: str) -> None:
        self.names += 1
        if self.names > self.limits.members:
            raise DocumentRejected(
                f"more than {self.limits.members} files (at {name[:80]!r})", "", "too-large"
            )

    def _wants_picture(self, name: str) -> bool:
        suffix = PurePosixPath(name).suffix.lower()
        return self.with_pictures and suffix in PICTURE_SUFFIXES

    def _picture(self, name: str, size: int, read: Callable[[], bytes]) -> None:
        """Keeps a file that may be a figure, or None if it exceeds a limit."""
        self.pictures[name] = None
        if (
            size <= self.limits.picture_bytes
            and self.picture_bytes + size <= self.limits.pictures_bytes
        ):
            data = read()
            self.pictures[name] = data
            self.picture_bytes += len(data)

    def _unzipped(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        with archive.open(entry) as content:
            data = content.read(self.limits.picture_bytes)
        self.count_unpacked(len(data))
        return data

    def _keep(self, name: str, data: bytes) -> None:
        if b"\x00" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            self.rejected.append((name, "binary"))
            return
        self.kept += len(data)
        if len(data) > self.limits.file_bytes or self.kept > self.limits.text_bytes:
            raise DocumentRejected(f"text of more than {self.kept} bytes", "", "too-large")
        self.files[name] = data

    def _members(self) -> Members:
        return Members(
            dict(sorted(self.files.items())),
            tuple(self.rejected),
            dict(sorted(self.pictures.items())),
        )


class _Counted:
    """A readable stream that counts what it gives."""

    def __init__(self, stream: gzip.GzipFile, collector: _Collector) -> None:
        self.stream = stream
        self.collector = collector

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.collector.count_unpacked(len(data))
        return data


def _extracted(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = archive.extractfile(member)
    return content.read() if content else b""


def _names_below(root: Path) -> Iterator[str]:
    for folder, subfolders, names in os.walk(root, followlinks=False):
        subfolders.sort()
        for name in sorted(names):
            yield Path(folder, name).relative_to(root).as_posix()


def _is_tar(data: bytes) -> bool:
    head = data[: tarfile.BLOCKSIZE]
    if len(head) < tarfile.BLOCKSIZE or not head.strip(b"\0"):
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _safe_path(name: str) -> str | None:
    """The member's path inside the archive, or None when it points outside."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name.split("/")[0]:
        return None
    return path.as_posix()


def is_text_name(name: str) -> bool:
    """Whether a file of a source is read as text."""
    path = PurePosixPath(name)
    if any(part in ("__MACOSX", ".git", "anc") for part in path.parts):
        return False
    if path.name.startswith("._"):
        return False
    return path.suffix.lower() in TEXT_SUFFIXES or not path.suffix


def _single_name(name: str) -> str:
    stem = name.removesuffix(".gz")
    return stem if PurePosixPath(stem).suffix.lower() in TEXT_SUFFIXES else f"{stem}.tex"
