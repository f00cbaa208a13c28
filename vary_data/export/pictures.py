"""The pictures of exported rows: names made here, and bytes that are what they claim to be.

A dataset may come from a stranger, so nothing of a row becomes a path: a file is called after the
row's number and, for people, the part of its id that has only harmless characters.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from vary_data.base.errors import SourceError

SUFFIXES = {"PNG": ("png",), "JPEG": ("jpeg", "jpg"), "WEBP": ("webp",)}
"""The formats of the dataset by Pillow's names, and the suffixes that claim them."""
PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_#-]{0,119}")
"""Ids that may be part of a file's name; a dot would end the key of a webdataset member."""


@dataclass(frozen=True, slots=True)
class ExportedPicture:
    """The bytes of a row's picture; `name` has no suffix, `file` has that of its real format."""

    name: str
    suffix: str
    data: bytes

    @property
    def file(self) -> str:
        return f"{self.name}.{self.suffix}"


def exported_picture(number: int, row: Mapping[str, Any]) -> ExportedPicture:
    """The picture of row `number`, counted from 0 over the whole export.

    Raises:
        SourceError: its bytes are not a picture of the format that the row claims.
    """
    image = row.get("image") or {}
    data = image.get("bytes")
    claimed = str(image.get("path") or "").rpartition(".")[2].lower()
    form = _format_of(data) if isinstance(data, bytes) else ""
    if not isinstance(data, bytes) or claimed not in SUFFIXES.get(form, ()):
        raise SourceError(
            f"row {number} ({str(row.get('id'))[:80]!r}) has no picture of the format {claimed!r}",
            "find such rows with `vary-data validate --deep`",
        )
    row_id = str(row.get("id"))
    name = f"{number:08d}-{row_id}" if PLAIN_ID.fullmatch(row_id) else f"{number:08d}"
    return ExportedPicture(name, SUFFIXES[form][0], data)


def _format_of(data: bytes) -> str:
    """Pillow's name of the format; empty if the bytes are no picture of the dataset's formats.

    The file's structure is checked, its pixels are not decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures: they are not decoded here
            with Image.open(io.BytesIO(data), formats=list(SUFFIXES)) as image:
                form = image.format or ""
                image.verify()
                return form
    except Exception:  # Pillow raises many types on broken data
        return ""
