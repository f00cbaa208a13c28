"""Dense targets: the character in each cell of the vocabulary network's map, from word boxes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKind, RowKinds

STRIDE = 16
"""Pixels along a cell's side, in the neck's map before the two convolutions."""
BACKGROUND, UNKNOWN = 0, -1
"""In place of a code point: no text, and text whose characters are unknown."""
ROLES_WITHOUT_TEXT = ("mark", "plot")
"""Roles whose `text` is a name that is not drawn at the region."""
MAX_RISE = 0.25
"""How much higher one end of a word may be than the other, as a share of its height."""
BOX_TOLERANCE = 0.01
"""Pixels, for the rounding of boxes to float32."""
READING_ROLES = frozenset({"line", "word"})
"""Roles of text that is listed in reading order."""

Box = npt.NDArray[np.float32]
Boxes = npt.NDArray[np.float32]
Cells = npt.NDArray[np.int32]

NARROW_CHARACTERS = frozenset("iljtfrI.,:;'`!|()[]{}-·")
WIDE_CHARACTERS = frozenset("mwMW@%—")


@dataclass(frozen=True, slots=True)
class Words:
    """Horizontal words in reading order, and boxes of text with unknown characters.

    `boxes` [n, 4] and `hidden` [m, 4] are (x0, y0, x1, y1) in pixels. `hidden` are rotated texts
    and, in a crop, words that its border cuts.
    """

    boxes: Boxes
    texts: tuple[str, ...]
    hidden: Boxes

    def scaled(self, left: float, top: float, x: float, y: float) -> Words:
        """The words in a window with the corner (left, top), enlarged by (x, y)."""
        corner = np.array([left, top, left, top], np.float32)
        factor = np.array([x, y, x, y], np.float32)
        return Words((self.boxes - corner) * factor, self.texts, (self.hidden - corner) * factor)

    def chosen(self, keep: Sequence[int]) -> Words:
        """Only the words with these indices, in this order."""
        return Words(self.boxes[list(keep)], tuple(self.texts[i] for i in keep), self.hidden)


def words_of(
    regions: Sequence[Mapping[str, Any]], kind: str, kinds: RowKinds = BUILT_IN_KINDS
) -> Words:
    """The words of a row's `regions`; text without words, or whose words are turned, is hidden."""
    words: list[tuple[Sequence[float], str]] = []
    others: list[tuple[Sequence[float], str]] = []
    for region in sorted(regions, key=lambda region: region.get("order") or 0):
        text, role = (region["text"] or "").strip(), region["role"]
        if not text or role in ROLES_WITHOUT_TEXT or len(region["bbox"] or ()) != 4:
            continue
        is_word = role == "word" and not _is_turned(region.get("quad"))
        (words if is_word else others).append((region["bbox"], text))
    boxes = _boxes([box for box, _ in words])
    outer = _boxes([box for box, _ in others])
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2  # [n, 2]
    inside = (centers >= outer[:, None, :2]) & (centers <= outer[:, None, 2:])  # [m, n, 2]
    found = Words(boxes, tuple(text for _, text in words), outer[~inside.all(-1).any(-1)])
    return found.chosen(_order_by_rows(boxes)) if _read_in_rows(regions, kinds.get(kind)) else found


def _is_turned(quad: Sequence[float] | None) -> bool:
    """Whether the characters of a word are not where their shares of its box are."""
    if quad is None:
        return False
    x0, y0, x1, y1, _, _, x3, y3 = quad
    return x1 - x0 <= 0 or abs(y1 - y0) > MAX_RISE * math.hypot(x3 - x0, y3 - y0)


def _read_in_rows(regions: Sequence[Mapping[str, Any]], kind: RowKind) -> bool:
    """Whether words are read row by row, because the regions are not in reading order."""
    if kind.reading_order is not None:
        return not kind.reading_order
    return not READING_ROLES.issuperset(region["role"] for region in regions)


def whole_words(words: Words, width: float, height: float) -> Words:
    """The words that are completely inside a window from (0, 0); words that its border cuts are
    hidden.

    Of a Chinese run, whose characters are equally wide, the characters that are completely inside
    remain: a line of a page is one run, and longer than most windows.
    """
    outside = _outside(words.boxes, width, height)
    x0, y0, x1, y1 = words.boxes.T
    tall = (y0 >= -BOX_TOLERANCE) & (y1 <= height + BOX_TOLERANCE)
    whole = tall & (x0 >= -BOX_TOLERANCE) & (x1 <= width + BOX_TOLERANCE)
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
            first, last = _characters_inside(box, len(text), width)
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


def _characters_inside(box: Box, count: int, width: float) -> tuple[int, int]:
    """The range of a run's characters that are completely inside a window, horizontally."""
    x0, x1 = float(box[0]), float(box[2])
    wide = (x1 - x0) / count
    first = max(0, int(np.ceil((-BOX_TOLERANCE - x0) / wide)))
    return first, min(count, int(np.floor((width + BOX_TOLERANCE - x0) / wide)))


def character_cells(
    words: Words, width: int, height: int, places: tuple[int, int] = (1, 1)
) -> Cells:
    """The character at each place of a picture of `width` x `height` pixels, as code points.

    The result is [height / 16 * rows, width / 16 * columns] for `places` (rows, columns) per cell.
    A place has the character that covers its center. A word smaller than a place takes the place
    that contains the word's center. Places that text touches without covering their center are
    `UNKNOWN`, and so are those of hidden text.
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
        ends = np.cumsum([_relative_width(c) for c in characters])
        x0, y0, x1, y1 = box
        across = _covered_centers(x0 / wide, x1 / wide, columns)
        down = _covered_centers(y0 / high, y1 / high, rows)
        if not len(across) or not len(down) or x1 <= x0:
            continue
        middle = np.clip((across + 0.5) * wide, x0, np.nextafter(x1, x0))
        shares = (middle - x0) / (x1 - x0) * ends[-1]
        index = np.searchsorted(ends, shares, side="right").clip(0, len(characters) - 1)
        codes = [ord(characters[i]) for i in index]
        cells[down[:, None], across] = codes
    return cells


def words_to_text(words: Words) -> str:
    """The words as one text, with a line break after each row, and no spaces within Chinese."""
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
    """Whether it is a Chinese character or full-width punctuation, but not a space."""
    code = ord(character)
    return 0x3001 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF


def is_run(text: str) -> bool:
    """Whether a word is a run of Chinese characters, all equally wide."""
    return all(is_han(character) for character in text)


def _boxes(boxes: Sequence[Sequence[float]] | Sequence[Box]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)


def _order_by_rows(boxes: Boxes) -> list[int]:
    """Indices row by row. A word belongs to a row if its vertical middle is within the row's
    topmost word."""
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    remaining = np.argsort(middles, kind="stable").tolist()
    order: list[int] = []
    while remaining:
        y0, y1 = boxes[remaining[0], 1], boxes[remaining[0], 3]
        row = [i for i in remaining if y0 <= middles[i] <= y1] or remaining[:1]
        order += sorted(row, key=lambda i: float(boxes[i, 0]))
        taken = set(row)
        remaining = [i for i in remaining if i not in taken]
    return order


def _outside(boxes: Boxes, width: float, height: float) -> npt.NDArray[np.bool_]:
    """[n]: whether a box does not overlap a window from (0, 0)."""
    x0, y0, x1, y1 = boxes.T
    result: npt.NDArray[np.bool_] = (x1 <= 0) | (y1 <= 0) | (x0 >= width) | (y0 >= height)
    return result


def _span(low: float, high: float, count: int) -> slice:
    """The places that an interval touches; `low` and `high` are in units of places."""
    return slice(max(0, int(np.floor(low))), min(count, max(0, int(np.ceil(high)))))


def _covered_centers(low: float, high: float, count: int) -> npt.NDArray[np.int64]:
    """The places whose center an interval covers, or else the one that contains its middle;
    `low` and `high` are in units of places."""
    first = int(np.ceil(low - 0.5))
    last = int(np.ceil(high - 0.5))
    if last <= first:
        first = int(np.floor((low + high) / 2))
        last = first + 1
    return np.arange(max(0, first), min(count, last))


def _relative_width(character: str) -> float:
    """The width of a character relative to the others, about as in common proportional fonts."""
    if character in NARROW_CHARACTERS:
        return 0.5
    return 1.5 if character in WIDE_CHARACTERS else 1.0
