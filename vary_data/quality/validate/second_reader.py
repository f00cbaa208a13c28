"""A second reader of pictures: an OCR engine that knows nothing of the file a picture is from.

Each line of a row's `regions` is cut out of the picture and read by the engine; the row's agreement
is the share of the characters that both have. This finds text that the picture does not show, also
where the source is gone. Pictures without text (`kind` `negative`) are read whole.
"""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from PIL import Image

from renderers.picture import Pixels
from renderers.roles import INLINE_FORMULA, LINE
from vary_data.base.errors import UsageError
from vary_data.quality.validate.picture import RowProblem

UNREAD = 0.5
"""Agreement below which a line counts as not read."""
MIN_CHARACTERS = 4
"""Shorter lines (page numbers, single signs) are not judged alone."""
UNREAD_SHARE = 0.02
"""Share of a row's characters on lines that are not read, from which the row is a problem."""
MIN_AGREEMENT = 0.8
"""Agreement of a row below which it is a problem as a whole."""
MIN_WORD = 3
"""Shorter texts on a photograph may be its texture."""
MIN_SURE = 0.85
"""The engine's own score from which a text that it reads on a photograph counts."""
MARGIN = 2
"""Pixels around a line that is cut out."""
WORST = 30
"""Rows of the lowest agreement that a report keeps."""


class SecondReader(Protocol):
    """An OCR engine. Pictures are `[H, W, 3]` in RGB."""

    def read_lines(self, pictures: Sequence[Pixels]) -> list[str]:
        """The text of each picture, which shows one line."""
        ...

    def find_texts(self, picture: Pixels) -> list[tuple[str, float]]:
        """Each text anywhere on a picture, with a score from 0 to 1."""
        ...


class RapidOcr:
    """The PyPI package `rapidocr`: the models PP-OCRv6 (Chinese and English) in its wheel."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
        self.engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,
                **{f"EngineConfig.onnxruntime.{name}": value for name, value in threads.items()},
            }
        )

    def read_lines(self, pictures: Sequence[Pixels]) -> list[str]:
        if not pictures:
            return []
        self.engine._load_rec_model()
        # The engine takes OpenCV's order of channels.
        found = self.engine.recognize_txt([np.ascontiguousarray(p[..., ::-1]) for p in pictures])
        return list(found.txts or [""] * len(pictures))

    def find_texts(self, picture: Pixels) -> list[tuple[str, float]]:
        found = self.engine(np.ascontiguousarray(picture[..., ::-1]))
        if found.txts is None:
            return []
        return [(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


READERS: dict[str, Callable[[], SecondReader]] = {"rapidocr": RapidOcr}


def open_reader(name: str) -> SecondReader:
    """The reader of this name.

    Raises:
        UsageError: unknown, or its package is not installed.
    """
    if name not in READERS:
        raise UsageError(f"unknown reader {name!r}", f"known: {', '.join(READERS)}")
    try:
        return READERS[name]()
    except ImportError as error:
        raise UsageError(
            f"the reader {name} needs the package {error.name}",
            f"{sys.executable} -m pip install 'vary-data[reader]'",
        ) from error


@dataclass(slots=True)
class Agreements:
    """The agreement of rows with the second reader: their number, sum, and the lowest ones."""

    rows: int = 0
    total: float = 0.0
    lowest: list[tuple[float, str]] = field(default_factory=list)
    """Agreement and id, ascending."""

    def add(self, agreement: float, row_id: str) -> None:
        """Count a row; `agreement` is from 0 to 1."""
        self.rows += 1
        self.total += agreement
        self.lowest = sorted([*self.lowest, (round(agreement, 4), row_id)])[:WORST]

    def merge(self, other: Agreements) -> None:
        self.rows += other.rows
        self.total += other.total
        self.lowest = sorted([*self.lowest, *other.lowest])[:WORST]


def check_reading(
    row: Mapping[str, Any], pixels: Pixels, reader: SecondReader, found: Agreements
) -> Iterator[RowProblem]:
    """Read the picture of a row and compare; the agreement is added to `found`."""
    if row["kind"] == "negative":
        texts = _sure_texts(pixels, reader)
        if texts:
            yield "reader", f"the picture is said to have no text, but shows {texts[0][:60]!r}"
        return
    # The text of a formula is LaTeX, which no engine reads from a line.
    formulas = {r["parent"] for r in row["regions"] if r["role"] == INLINE_FORMULA}
    lines = [
        r
        for i, r in enumerate(row["regions"])
        if r["role"] == LINE and _wide(r) and i not in formulas
    ]
    lines = [r for r in lines if any(map(str.isalnum, r["text"]))]  # no rules made of dashes
    if row["format"] == "dict" or not lines:
        return
    answers = reader.read_lines([line_of(pixels, r) for r in lines])
    total = wrong = lost = 0
    unread: list[str] = []
    for region, answer in zip(lines, answers, strict=True):
        truth, read = _plain(region["text"]), _plain(answer)
        edits = min(_distance(truth, read), len(truth))
        total += len(truth)
        wrong += edits
        if len(truth) >= MIN_CHARACTERS and edits > (1 - UNREAD) * len(truth):
            unread.append(region["text"])
            lost += len(truth)
    agreement = 1 - wrong / total
    found.add(agreement, row["id"])
    if lost > UNREAD_SHARE * total:
        yield (
            "reader",
            f"{len(unread)} of {len(lines)} lines are not read on the picture, such as"
            f" {unread[0][:60]!r} (agreement {agreement:.3f})",
        )
    elif agreement < MIN_AGREEMENT:
        yield "reader", f"the picture reads otherwise: agreement {agreement:.3f}"


def texts_on(image: bytes, reader: SecondReader) -> list[str]:
    """What the reader is sure to read on an encoded picture."""
    with Image.open(io.BytesIO(image)) as opened:
        return _sure_texts(np.asarray(opened.convert("RGB")), reader)


def _sure_texts(pixels: Pixels, reader: SecondReader) -> list[str]:
    return [
        text
        for text, score in reader.find_texts(pixels)
        if score >= MIN_SURE and len(_plain(text)) >= MIN_WORD
    ]


def _wide(region: Mapping[str, Any]) -> bool:
    """Whether a region can be read as a horizontal line; the engine does not turn pictures."""
    if region.get("quad") is not None:
        return True  # it is turned before it is read
    x0, y0, x1, y1 = region["bbox"]
    return x1 - x0 > y1 - y0 or len(region["text"]) <= 2


def line_of(pixels: Pixels, region: Mapping[str, Any]) -> Pixels:
    """The pixels of a line with a margin; turned upright by its quad, if it has one."""
    if region.get("quad") is None:
        return cut(pixels, region["bbox"])
    corners = np.array(region["quad"], float).reshape(4, 2)
    along = (corners[1] - corners[0] + corners[2] - corners[3]) / 2
    across = (corners[3] - corners[0] + corners[2] - corners[1]) / 2
    width, height = np.linalg.norm(along), np.linalg.norm(across)
    right, down = (MARGIN * axis / max(side, 1.0) for axis, side in
                   ((along, width), (across, height)))  # fmt: skip
    top_left, top_right, bottom_right, bottom_left = corners + np.stack(
        [-right - down, right - down, right + down, down - right]
    )
    size = (max(8, round(width + 2 * MARGIN)), max(8, round(height + 2 * MARGIN)))
    data = (*top_left, *bottom_left, *bottom_right, *top_right)
    line = Image.fromarray(pixels).transform(
        size, Image.Transform.QUAD, data, Image.Resampling.BICUBIC
    )
    return np.asarray(line)


def cut(pixels: Pixels, bbox: Sequence[float]) -> Pixels:
    """The pixels of a box with a margin, at least 8 by 8."""
    height, width = pixels.shape[:2]
    x0, y0 = max(0, int(bbox[0]) - MARGIN), max(0, int(bbox[1]) - MARGIN)
    x1, y1 = min(width, int(bbox[2]) + MARGIN + 1), min(height, int(bbox[3]) + MARGIN + 1)
    part = pixels[y0:y1, x0:x1]
    missing = [max(0, 8 - side) for side in part.shape[:2]]
    return np.pad(part, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")


_LONG_RUN = re.compile(r"([^\w\s])\1{3,}")
"""Leaders and rules: engines read some of their dots and dashes."""
_SAME = str.maketrans(
    {
        **dict.fromkeys("–—―−‐‑", "-"),
        **dict.fromkeys("‘’′`´", "'"),
        **dict.fromkeys("“”″", '"'),
        **dict.fromkeys("·•∙・‧●", "."),
        **dict.fromkeys("∗⋆★", "*"),
        **dict.fromkeys("。｡", "."),
        "、": ",",
        "〈": "<",
        "〉": ">",
    }
)


def _plain(text: str) -> str:
    """The text without spaces and leaders, with one form of each kind of dash, quote and dot."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_SAME).split())
    return _LONG_RUN.sub(r"\1", plain)


def _distance(truth: str, read: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(truth, read))
