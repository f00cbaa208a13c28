"""A picture of the dataset card with samples of all kinds in a grid."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from vary_data.dataset.reader import Dataset
from vary_data.quality.preview.choose import choose, read

COLUMNS = 4
COUNT = 12
CELL = 320
GAP = 12
BACKGROUND, FRAME = "#f4f4f2", "#c9c9c4"


def grid(dataset: Dataset, count: int = COUNT) -> bytes:
    """A PNG of up to `count` samples in rows of four, each complete in its own proportions."""
    pictures = [
        picture
        for _, row in read(choose(dataset, count, seed=0))
        if (picture := _scaled(row["image"]["bytes"])) is not None
    ]
    rows = -(-max(1, len(pictures)) // COLUMNS)
    side = CELL + GAP
    sheet = Image.new("RGB", (COLUMNS * side + GAP, rows * side + GAP), BACKGROUND)
    for number, picture in enumerate(pictures):
        left = GAP + number % COLUMNS * side + (CELL - picture.width) // 2
        top = GAP + number // COLUMNS * side + (CELL - picture.height) // 2
        frame = (left - 1, top - 1, left + picture.width + 1, top + picture.height + 1)
        sheet.paste(FRAME, frame)
        sheet.paste(picture, (left, top))
    stream = io.BytesIO()
    sheet.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _scaled(data: bytes) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data)) as opened:
                picture = opened.convert("RGB")
    except Exception:  # decoders raise many types; the grid then has one picture less
        return None
    picture.thumbnail((CELL, CELL), Image.Resampling.LANCZOS)
    return picture
