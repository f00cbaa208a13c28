"""Reads LAION-COCO as written by img2dataset: files, webdataset tars or Parquet."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from vary_data.base.errors import SourceError, UsageError
from vary_data.dataset.rejection import Rejected
from vary_data.engine.sample import Turn
from vary_data.sources.coco import PictureRef
from vary_data.sources.files import files_below, named_file, read_source, source_file
from vary_data.sources.instructions.example import InstructionExample, question

PICTURES = (".jpg", ".jpeg", ".png", ".webp")
MAX_CAPTION_BYTES = 65_536


def read(root: Path, images: Path | None, prompt: str) -> Iterator[InstructionExample]:
    """Every picture with its caption as the answer to `prompt`.

    `images` is the folder of picture files, if it is another one than that of the captions.

    Raises:
        SourceError: the source has none of the three layouts, or a shard is damaged.
        UsageError: `images` for archives or tables, which have their pictures.
    """
    if not root.exists():
        raise SourceError(f"{root} does not exist", "give the folder that img2dataset wrote")
    if root.is_dir():
        tars = [_inside(root, name) for name in files_below(root, (".tar",))]
        found_tables = [_inside(root, name) for name in files_below(root, (".parquet",))]
        tables = [file for file in found_tables if _has_pictures(file)]
    else:
        single = [named_file(root)]
        tars, tables = ([], single) if root.suffix == ".parquet" else (single, [])
    if images and (tars or tables):
        name = (tars or tables)[0].name
        raise UsageError("--images is not needed", f"{name} has the pictures")
    found = False
    for example in _all(root, images or root, tars, tables, prompt):
        found = True
        yield example
    if not found:
        raise SourceError(
            f"no captioned pictures in {root}", "looked for *.tar, *.parquet and *.jpg with *.txt"
        )


def _all(
    root: Path, images: Path, tars: list[Path], tables: list[Path], prompt: str
) -> Iterator[InstructionExample]:
    base = root if root.is_dir() else root.parent
    for file in tables:
        yield from _table(file, file.relative_to(base).as_posix(), prompt)
    for file in tars:
        yield from _tar(file, file.relative_to(base).as_posix(), prompt)
    if not tars and not tables:
        for name in files_below(images, PICTURES):
            yield _file(root, images, name, prompt)


def _inside(root: Path, name: str) -> Path:
    try:
        source_file(root, name)
    except Rejected as error:
        raise SourceError(
            f"cannot read {root / name}: {error}", "put the file itself there"
        ) from None
    return root / name


def _file(root: Path, images: Path, name: str, prompt: str) -> InstructionExample:
    """A picture file; its caption is the `.txt` file at the same place below `root`."""
    text = Path(name).with_suffix(".txt").as_posix()
    try:
        caption = read_source(root, text, MAX_CAPTION_BYTES).decode("utf-8", "replace")
    except Rejected as error:
        if error.reason != "missing":
            return InstructionExample(name, reason=error.reason, detail=error.detail)
        caption = ""
    return _example(name, PictureRef("file", str(images), name), caption, prompt)


def _table(file: Path, name: str, prompt: str) -> Iterator[InstructionExample]:
    """A Parquet file with `jpg` bytes, `caption`, `status`; failed downloads have no bytes."""
    with pq.ParquetFile(file) as table:
        columns = [c for c in ("caption", "status", "key") if c in table.schema_arrow.names]
        row = 0
        for batch in table.iter_batches(1000, columns=columns):
            for fields in batch.to_pylist():
                ref = PictureRef("parquet", str(file), f"{name}:{row}", row)
                if fields.get("status", "success") != "success":
                    reason = "download-failed"
                    yield InstructionExample(
                        ref.name, reason=reason, detail=str(fields["status"])[:80]
                    )
                else:
                    yield _example(ref.name, ref, fields.get("caption") or "", prompt)
                row += 1


def _tar(file: Path, name: str, prompt: str) -> Iterator[InstructionExample]:
    """A webdataset shard: members whose paths are equal up to the first dot of the name are one
    sample."""
    pictures: dict[str, tarfile.TarInfo] = {}
    captions: dict[str, str] = {}
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                if not member.isreg():
                    continue
                key, suffix = _key(member.name)
                if suffix in PICTURES:
                    pictures[key] = member
                elif suffix == ".txt" and member.size <= MAX_CAPTION_BYTES:
                    content = archive.extractfile(member)
                    captions[key] = content.read().decode("utf-8", "replace") if content else ""
    except (OSError, tarfile.TarError) as error:
        raise SourceError(f"cannot read {file}: {error}", "is the download complete?") from error
    for key in sorted({*pictures, *captions}):
        picture = pictures.get(key)
        if picture is None:
            yield InstructionExample(f"{name}/{key}", reason="missing-image")
            continue
        ref = PictureRef(
            "tar", str(file), f"{name}/{picture.name}", picture.offset_data, picture.size
        )
        yield _example(f"{name}/{key}", ref, captions.get(key, ""), prompt)


def _key(member: str) -> tuple[str, str]:
    """The key of a member, as webdataset defines it, and its suffix in lower case."""
    folder, slash, file = member.rpartition("/")
    return f"{folder}{slash}{file.partition('.')[0]}", Path(file).suffix.lower()


def _example(key: str, picture: PictureRef, caption: str, prompt: str) -> InstructionExample:
    try:
        turns = _turns(caption, prompt)
    except Rejected as error:
        return InstructionExample(key, reason=error.reason)
    return InstructionExample(
        key, picture, turns, kind="caption", format="caption", group=picture.name
    )


def _turns(caption: str, prompt: str) -> tuple[Turn, ...]:
    text = " ".join(caption.split())
    if not text:
        raise Rejected("no-caption")
    return question(prompt, text)


def _has_pictures(file: Path) -> bool:
    """Whether a Parquet file has pictures; img2dataset also writes metadata files without."""
    try:
        return "jpg" in pq.read_schema(file).names
    except (OSError, pa.ArrowInvalid) as error:
        raise SourceError(f"cannot read {file}: {error}", "is the download complete?") from error
