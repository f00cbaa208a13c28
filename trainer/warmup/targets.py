"""Which character stands in which cell of the vocabulary network's map, from the boxes of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKind, RowKinds

STRIDE = 16
"""Pixels of a cell's side: the neck's map, before the two convolutions."""
BACKGROUND, UNKNOWN = 0, -1
"""Instead of a code point: nothing is written here; something is, but not what exactly."""
WITHOUT_TEXT = ("mark", "plot")
"""Roles whose `text` names a thing that is not itself written there."""
SLACK = 0.01
"""Pixels: boxes are float32."""
READING_ROLES = frozenset({"line", "word"})
"""Roles of text that is listed in reading order."""

Box = npt.NDArray[np.float32]
Boxes = npt.NDArray[np.float32]
Cells = npt.NDArray[np.int32]

NARROW, WIDE = frozenset("iljtfrI.,:;'`!|()[]{}-·"), frozenset("mwMW@%—")


@dataclass(frozen=True, slots=True)
class Words:
    """Horizontal words in reading order, and text whose characters have no known places.

    `boxes` [n, 4] and `hidden` [m, 4] hold (x0, y0, x1, y1) in pixels; `hidden` are rotated texts
    and, in a crop, words that its border cuts.
    """

    boxes: Boxes
    texts: tuple[str, ...]
    hidden: Boxes

    def scaled(self, left: float, top: float, x: float, y: float) -> Words:
        """In pixels of a window whose corner is (left, top), enlarged by (x, y)."""
        corner = np.array([left, top, left, top], np.float32)
        factor = np.array([x, y, x, y], np.float32)
        return Words((self.boxes - corner) * factor, self.texts, (self.hidden - corner) * factor)

    def chosen(self, keep: Sequence[int]) -> Words:
        """Only these words, in this order; nothing is known of the others."""
        return Words(self.boxes[list(keep)], tuple(self.texts[i] for i in keep), self.hidden)


def words_of(
    regions: Sequence[Mapping[str, Any]], kind: str, kinds: RowKinds = BUILT_IN_KINDS
) -> Words:
    """The words of a row's `regions`. Text of a region without words (rotated) is hidden."""
    words: list[tuple[Sequence[float], str]] = []
    others: list[tuple[Sequence[float], str]] = []
    for region in regions:
        text, role = (region["text"] or "").strip(), region["role"]
        if not text or role in WITHOUT_TEXT or len(region["bbox"] or ()) != 4:
            continue
        (words if role == "word" else others).append((region["bbox"], text))
    boxes = _boxes([box for box, _ in words])
    outer = _boxes([box for box, _ in others])
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2  # [n, 2]
    inside = (centres >= outer[:, None, :2]) & (centres <= outer[:, None, 2:])  # [m, n, 2]
    found = Words(boxes, tuple(text for _, text in words), outer[~inside.all(-1).any(-1)])
    return found.chosen(_rows_first(boxes)) if _read_in_rows(regions, kinds.get(kind)) else found


def _read_in_rows(regions: Sequence[Mapping[str, Any]], kind: RowKind) -> bool:
    """Whether words are read row by row, because the regions are not in reading order."""
    if kind.reading_order is not None:
        return not kind.reading_order
    return not READING_ROLES.issuperset(region["role"] for region in regions)


def whole_words(words: Words, width: float, height: float) -> Words:
    """The words that lie wholly in a window from (0, 0); what its border cuts is hidden.

    Of a Chinese run, whose characters are equally wide, the whole characters inside stay: a line
    of a page is one run, and longer than most windows.
    """
    outside = _outside(words.boxes, width, height)
    x0, y0, x1, y1 = words.boxes.T
    tall = (y0 >= -SLACK) & (y1 <= height + SLACK)
    whole = tall & (x0 >= -SLACK) & (x1 <= width + SLACK)
    boxes: list[Box] = []
    texts: list[str] = []
    hidden = [words.hidden[~_outside(words.hidden, width, height)]]
    for i in np.flatnonzero(~outside).tolist():
        box, text = words.boxes[i], words.texts[i]
        if whole[i]:
            boxes.append(box)
            texts.append(text)
            continue
        hidden.append(box[None])
        if tall[i] and is_run(text):
            first, last = _inside(box, len(text), width)
            if first < last:
                boxes.append(part_of_run(box, len(text), first, last))
                texts.append(text[first:last])
                sides = ((0, first), (last, len(text)))
                cut = [part_of_run(box, len(text), a, b) for a, b in sides if a < b]
                hidden[-1] = np.stack(cut)
    return Words(_boxes(boxes), tuple(texts), np.concatenate(hidden))


def part_of_run(box: Box, count: int, first: int, last: int) -> Box:
    """The box of the characters from `first` to before `last` of `count` equally wide ones."""
    x0, y0, x1, y1 = box.tolist()
    start, end = (x0 + (x1 - x0) * i / count for i in (first, last))
    return np.array([start, y0, end, y1], np.float32)


def _inside(box: Box, count: int, width: float) -> tuple[int, int]:
    """The first of a run's characters that lies in a window, and the first after it that not."""
    x0, x1 = float(box[0]), float(box[2])
    wide = (x1 - x0) / count
    first = max(0, int(np.ceil((-SLACK - x0) / wide)))
    return first, min(count, int(np.floor((width + SLACK - x0) / wide)))


def character_cells(
    words: Words, width: int, height: int, places: tuple[int, int] = (1, 1)
) -> Cells:
    """Code points of a picture of `width` x `height` pixels: the character over each place.

    The result is [height / 16 * rows, width / 16 * columns] for `places` (rows, columns) in a
    cell; a character is where it covers a place's centre. A word smaller than a place takes the
    one that its own centre is in. Places that text touches without covering their centre are
    `UNKNOWN`, and so is all hidden text.
    """
    rows, columns = height // STRIDE * places[0], width // STRIDE * places[1]
    high, wide = (STRIDE / n for n in places)
    sides = np.array([wide, high, wide, high], np.float32)
    cells = np.full((rows, columns), BACKGROUND, np.int32)
    for box in (*words.hidden, *words.boxes):
        x0, y0, x1, y1 = box / sides
        cells[_span(y0, y1, rows), _span(x0, x1, columns)] = UNKNOWN
    for box, text in zip(words.boxes, words.texts, strict=True):
        characters = "".join(text.split())
        ends = np.cumsum([_width(c) for c in characters])
        x0, y0, x1, y1 = box
        across, down = _centres(x0 / wide, x1 / wide, columns), _centres(y0 / high, y1 / high, rows)
        if not len(across) or not len(down) or x1 <= x0:
            continue
        middle = np.clip((across + 0.5) * wide, x0, np.nextafter(x1, x0))
        shares = (middle - x0) / (x1 - x0) * ends[-1]
        index = np.searchsorted(ends, shares, side="right").clip(0, len(characters) - 1)
        codes = [ord(characters[i]) for i in index]
        cells[down[:, None], across] = codes
    return cells


def read_aloud(words: Words) -> str:
    """The words as one text: rows end with a line break, Chinese runs need no spaces."""
    parts: list[str] = []
    for i, text in enumerate(words.texts):
        if i:
            x0, y0, x1, y1 = words.boxes[i]
            left, upper, right, lower = words.boxes[i - 1]
            middle = (y0 + y1) / 2
            if not upper <= middle <= lower or x1 < left:
                parts.append("\n")
            elif not (is_han(parts[-1][-1]) and is_han(text[0]) and x0 - right < lower - upper):
                parts.append(" ")
        parts.append(text)
    return "".join(parts)


def is_han(character: str) -> bool:
    """Chinese characters and the full-width punctuation between them; spaces are neither."""
    code = ord(character)
    return 0x3001 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF


def is_run(text: str) -> bool:
    """Whether a word is a run of Chinese characters, all equally wide."""
    return all(is_han(character) for character in text)


def _boxes(boxes: Sequence[Sequence[float]] | Sequence[Box]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)


def _rows_first(boxes: Boxes) -> list[int]:
    """Indices row by row: a word whose middle lies in a row's first word belongs to that row."""
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    left = np.argsort(middles, kind="stable").tolist()
    order: list[int] = []
    while left:
        y0, y1 = boxes[left[0], 1], boxes[left[0], 3]
        row = [i for i in left if y0 <= middles[i] <= y1] or left[:1]
        order += sorted(row, key=lambda i: float(boxes[i, 0]))
        taken = set(row)
        left = [i for i in left if i not in taken]
    return order


def _outside(boxes: Boxes, width: float, height: float) -> npt.NDArray[np.bool_]:
    x0, y0, x1, y1 = boxes.T
    result: npt.NDArray[np.bool_] = (x1 <= 0) | (y1 <= 0) | (x0 >= width) | (y0 >= height)
    return result


def _span(low: float, high: float, count: int) -> slice:
    """Places that an interval (in places) touches."""
    return slice(max(0, int(np.floor(low))), min(count, max(0, int(np.ceil(high)))))


def _centres(low: float, high: float, count: int) -> npt.NDArray[np.int64]:
    """Places whose centre an interval (in places) covers, or else the one its middle is in."""
    first = int(np.ceil(low - 0.5))
    last = int(np.ceil(high - 0.5))
    if last <= first:
        first = int(np.floor((low + high) / 2))
        last = first + 1
    return np.arange(max(0, first), min(count, last))


def _width(character: str) -> float:
    """How wide a character is beside its neighbours, as in common proportional faces."""
    if character in NARROW:
        return 0.5
    return 1.5 if character in WIDE else 1.0
