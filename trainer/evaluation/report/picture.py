"""Small pictures in the report."""

from __future__ import annotations

import base64
import io
import warnings

import pyarrow as pa
from PIL import Image, UnidentifiedImageError

from trainer.data.rows import RowReader
from vary_data.dataset.row_groups import RowGroup

LONG_SIDE = 900


def thumbnail(rows: RowReader, group: RowGroup, row: int) -> str:
    """The picture of a row as a data URI of at most `LONG_SIDE` pixels.

    It is empty if the row has no picture or it cannot be read.
    """
    try:
        image = rows.row(group, row)["image"]
        if not image or not image["bytes"]:
            return ""
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(image["bytes"])) as picture:
                small = picture.convert("RGB")
        small.thumbnail((LONG_SIDE, LONG_SIDE))
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=75)
    except (
        pa.ArrowException,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        return ""
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()
