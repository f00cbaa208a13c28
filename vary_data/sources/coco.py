"""Sources of natural pictures: COCO folders, image folders, archives, `datasets` folders.

Listing does not decode pictures; reading returns the bytes of one. Archives are read in place,
never unpacked.
"""

from __future__ import annotations

import re
import tarfile
import zipfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.base.errors import SourceError, nearest
from vary_data.dataset.rejection import Rejected
from vary_data.sources.cache import local_only
from vary_data.sources.files import (
    files_below,
    named_file,
    read_annotations,
    read_source,
    source_file,
)

DEFAULT_SPLIT = "train2017"
EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff")
MAX_PICTURE_BYTES = 64_000_000
"""Limit of an encoded picture; larger ones are rejected without being read."""

_SPLIT = re.compile(r"(train|validation|valid|val|dev|test)(?=$|[-_.])")

PictureStorage = Literal["file", "zip", "tar", "arrow", "parquet"]


@dataclass(frozen=True, slots=True)
class PictureRef:
    """The location of a picture's bytes. `name` is stable and unique within its source.

    `container` is the archive or table, or the folder in which the file `name` must lie. `index`
    is an offset in a tar archive or a row of a table; `size` is in bytes. `expected` is the size in
    pixels that an annotation file states.
    """

    place: PictureStorage
    container: str
    name: str
    index: int = 0
    size: int = 0
    license: str = ""
    expected: tuple[int, int] | None = None


def list_pictures(source: str, split: str | None = None) -> list[PictureRef]:
    """Every picture of a source, in a fixed order.

    A source is a COCO root (`train2017/`, `annotations/`), any folder of pictures, a `.zip` or
    `.tar` archive, a Parquet file, or a folder of Parquet or Arrow files as `datasets` writes
    them, of which only the split is taken. Sizes and licenses come from
    `annotations/*_<split>.json`, if it exists.

    Raises:
        SourceError: the source does not exist, has no folder of this split, or has no pictures.
    """
    path = Path(local_only(source, "pictures")).expanduser()
    if not path.exists():
        raise SourceError(f"{path} does not exist", "give a folder, archive or Parquet file")
    if split and not path.is_dir():
        raise SourceError(f"{path} is one file and has no {split}", "leave out --coco-split")
    if path.is_dir():
        found = _list_folder(path, split)
    elif zipfile.is_zipfile(named_file(path)):
        found = list(_list_zip(path))
    elif path.suffix.lower() == ".parquet":
        found = list(_list_table("parquet", path))
    elif path.suffix.lower() == ".arrow":
        found = list(_list_table("arrow", path))
    else:
        found = list(_list_tar(path))
    if not found:
        known = " ".join(f"*{extension}" for extension in EXTENSIONS)
        raise SourceError(f"no picture in {path}", f"looked for {known} *.parquet *.arrow")
    return list({ref.name: ref for ref in found}.values())  # of equal names the last one


class PictureReader:
    """Reads pictures; keeps the last archive or table open."""

    def __init__(self) -> None:
        self._name = ""
        self._open: Any = None

    def read(self, ref: PictureRef) -> bytes:
        """The encoded bytes of one picture.

        Raises:
            Rejected: `missing`, `outside`, `not-a-file`, `too-large`, `damaged` or `unreadable`.
        """
        if ref.size > MAX_PICTURE_BYTES:
            raise Rejected("too-large", f"{ref.size} bytes")
        try:
            if ref.place == "file":
                return read_source(Path(ref.container), ref.name, MAX_PICTURE_BYTES)
            if ref.place == "tar":
                return self._tar(ref)
            if ref.place == "zip":
                archive = self._container(ref, zipfile.ZipFile)
                with archive.open(ref.name) as member:
                    return _check_size(member.read(MAX_PICTURE_BYTES + 1))
            return self._row(ref)
        except FileNotFoundError as error:
            raise Rejected("missing", "the file no longer exists") from error
        except (OSError, RuntimeError, zipfile.BadZipFile, pa.ArrowException, KeyError) as error:
            raise Rejected("unreadable", str(error).splitlines()[0][:200]) from error

    def close(self) -> None:
        """Close the last archive or table; the next read opens it again."""
        if hasattr(self._open, "close"):
            self._open.close()
        self._open, self._name = None, ""

    def _tar(self, ref: PictureRef) -> bytes:
        with Path(ref.container).open("rb") as file:
            file.seek(ref.index)
            return file.read(ref.size)

    def _row(self, ref: PictureRef) -> bytes:
        column = self._container(ref, _image_column)
        value = column[ref.index].as_py()
        if isinstance(value, list):
            if len(value) > 1:
                raise Rejected("several-images", f"row {ref.index} has {len(value)}")
            value = value[0] if value else None
        if isinstance(value, Mapping):
            if value.get("bytes") is None and value.get("path"):
                return read_source(Path(ref.container).parent, value["path"], MAX_PICTURE_BYTES)
            value = value.get("bytes")
        if not isinstance(value, bytes):
            raise Rejected("damaged", f"row {ref.index} has no picture")
        return _check_size(value)

    def _container(self, ref: PictureRef, opener: Any) -> Any:
        if self._name != ref.container:
            self.close()
            self._open, self._name = opener(ref.container), ref.container
        return self._open


def _check_size(data: bytes) -> bytes:
    if len(data) > MAX_PICTURE_BYTES:
        raise Rejected("too-large", f"more than {MAX_PICTURE_BYTES} bytes")
    return data


def _list_folder(root: Path, split: str | None) -> list[PictureRef]:
    tables = [root / name for name in files_below(root, (".parquet", ".arrow"))]
    if tables:
        tables = _of_split(tables, root, split or DEFAULT_SPLIT)
        return [ref for path in tables for ref in _list_table(_table_place(path), path, root)]
    if split and not (root / split).is_dir():
        folders = sorted(p.name for p in root.iterdir() if p.is_dir() and p.name != "annotations")
        raise SourceError(f"{root} has no folder {split}", nearest(split, folders))
    split = split or DEFAULT_SPLIT
    facts = _annotations(root, split)
    start = split if (root / split).is_dir() else ""
    return [_listed_file(root, name, facts) for name in files_below(root, EXTENSIONS, start)]


def _of_split(tables: list[Path], root: Path, split: str) -> list[Path]:
    """The tables of one split, if they have several: test data must not become training data.

    Raises:
        SourceError: the split is not one of them.
    """
    by_split: dict[str, list[Path]] = {}
    for path in tables:
        by_split.setdefault(_split_of(path, root), []).append(path)
    if len(by_split) < 2:
        return tables
    for name in (split, "train" if split == "train2017" else split):
        if name in by_split:
            return by_split[name]
    known = ", ".join(sorted(filter(None, by_split)))
    raise SourceError(f"{root} has no split {split!r}", f"--coco-split with one of: {known}")


def _split_of(path: Path, root: Path) -> str:
    """The split of a table by its folder or file name, as `datasets` and the Hub write them."""
    parts = path.relative_to(root).parts
    if (root / "dataset_dict.json").is_file() and len(parts) > 1:
        return parts[0]
    names = (_SPLIT.match(part) for part in reversed(parts))
    return next((match.group(1) for match in names if match), "")


def _listed_file(root: Path, name: str, facts: Mapping[str, Mapping[str, Any]]) -> PictureRef:
    fact = facts.get(name.rpartition("/")[2], {})
    size = (fact["width"], fact["height"]) if fact else None
    return PictureRef("file", str(root), name, license=fact.get("license", ""), expected=size)


def _annotations(root: Path, split: str) -> dict[str, dict[str, Any]]:
    """Size and license by file name, from the smallest annotation file of the split.

    Raises:
        SourceError: the file is not a COCO annotation file.
    """
    found = [path for path in (root / "annotations").glob(f"*_{split}.json") if path.is_file()]
    files = sorted(found, key=lambda path: (path.stat().st_size, path.name))
    if not files:
        return {}
    content = read_annotations(files[0], root)
    try:
        names = {entry["id"]: str(entry.get("name", "")) for entry in content.get("licenses", ())}
        return {
            entry["file_name"]: {
                "width": int(entry["width"]),
                "height": int(entry["height"]),
                "license": names.get(entry.get("license"), ""),
            }
            for entry in content["images"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(
            f"{files[0]} is not a COCO annotation file ({error!r})", "correct it or move it away"
        ) from error


def _list_zip(path: Path) -> Iterator[PictureRef]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceError(f"cannot read {path}: {error}", "is the download complete?") from error
    for member in sorted(members, key=lambda m: m.filename):
        if not member.is_dir() and Path(member.filename).suffix.lower() in EXTENSIONS:
            yield PictureRef("zip", str(path), member.filename, size=member.file_size)


def _list_tar(path: Path) -> Iterator[PictureRef]:
    try:
        with tarfile.open(path, "r:") as archive:
            members = [m for m in archive if m.isreg()]
    except (OSError, tarfile.TarError) as error:
        packed = path.name.endswith((".gz", ".xz", ".bz2", ".tgz", ".zst"))
        hint = "unpack it first: a compressed archive cannot be read in parts"
        raise SourceError(
            f"{path} is not an archive of pictures ({error})",
            hint if packed else "supported: folders, .zip, .tar, .parquet, .arrow",
        ) from error
    for member in sorted(members, key=lambda m: m.name):
        if Path(member.name).suffix.lower() in EXTENSIONS:
            yield PictureRef("tar", str(path), member.name, member.offset_data, member.size)


def _table_place(path: Path) -> PictureStorage:
    return "parquet" if path.suffix == ".parquet" else "arrow"


def _list_table(
    place: PictureStorage, path: Path, root: Path | None = None
) -> Iterator[PictureRef]:
    if root:
        # A table that is no file of the folder stops the run: without it, fewer rows are planned.
        try:
            source_file(root, path.relative_to(root).as_posix())
        except Rejected as error:
            raise SourceError(f"cannot read {path}: {error}", "put the file itself there") from None
    try:
        if place == "parquet":
            file = pq.ParquetFile(path)
            name, rows = _image_field(file.schema_arrow), file.metadata.num_rows
        else:
            table = _arrow_table(path)
            name, rows = _image_field(table.schema), table.num_rows
    except (OSError, pa.ArrowException) as error:
        raise SourceError(f"cannot read {path}: {error}", "is the file complete?") from error
    if name is None:
        raise SourceError(f"no column of {path} has pictures", "expected the `datasets` format")
    stem = path.relative_to(root).as_posix() if root else path.name
    for row in range(rows):
        yield PictureRef(place, str(path), f"{stem}:{row}", row)


def _image_column(path: str) -> Any:
    """The pictures of a table file by row; the file is not read completely."""
    file = Path(path)
    if file.suffix == ".parquet":
        return _ParquetColumn(file)
    table = _arrow_table(file)  # memory-mapped
    return table[_image_field(table.schema)]


class _ParquetColumn:
    """The picture column of a Parquet file; keeps one row group in memory."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path)
        self._name = _image_field(self._file.schema_arrow)
        counts = [
            self._file.metadata.row_group(i).num_rows for i in range(self._file.num_row_groups)
        ]
        self._starts = [0, *accumulate(counts)]
        self._group = -1
        self._rows: Any = None

    def __getitem__(self, row: int) -> Any:
        group = bisect_right(self._starts, row) - 1
        if group != self._group:
            self._rows = self._file.read_row_group(group, columns=[self._name])[self._name]
            self._group = group
        return self._rows[row - self._starts[group]]

    def close(self) -> None:
        self._file.close()


def _arrow_table(path: Path) -> pa.Table:
    source = pa.memory_map(str(path))
    try:
        return pa.ipc.open_stream(source).read_all()
    except pa.ArrowInvalid:
        return pa.ipc.open_file(source).read_all()


def _image_field(schema: pa.Schema) -> str | None:
    """The first column of pictures as `datasets` writes them, or else of plain bytes."""
    for field in schema:
        if is_picture_type(field.type):
            return str(field.name)
    for field in schema:
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            return str(field.name)
    return None


def is_picture_type(dtype: pa.DataType) -> bool:
    """Whether a column has the type of pictures of `datasets`: `{bytes, path}`, or a list of
    these."""
    if pa.types.is_list(dtype) or pa.types.is_large_list(dtype):
        dtype = dtype.value_type
    if not pa.types.is_struct(dtype):
        return False
    names = {dtype.field(i).name for i in range(dtype.num_fields)}
    return {"bytes", "path"} <= names
