"""The words of a sample with their corners: in windows, in reading order, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from renderers.leaders import has_leader, without_leaders
from trainer.warmup.quads import Boxes, Numbers, Quad, Quads, axes, bounds, parts_of_quads, upright
from vary_data.dataset.region_tree import corners, reading_order
from vary_data.dataset.row_kinds import BUILT_IN_KINDS, RowKind, RowKinds

ROLES_WITHOUT_TEXT = ("mark", "plot")
"""Roles whose `text` is a name that is not drawn at the region."""
BOX_TOLERANCE = 0.01
"""Pixels, for the rounding of boxes to float32."""
READING_ROLES = frozenset({"line", "word"})
"""Roles of text that is listed in reading order."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words in reading order, and places of text with unknown characters.

    `quads` [n, 4, 2] and `hidden_quads` [m, 4, 2] are corners in pixels, clockwise from the text's
    own top left. Hidden are texts without words and, in a crop, words that its border cuts.
    """

    quads: Quads
    texts: tuple[str, ...]
    hidden_quads: Quads

    @property
    def boxes(self) -> Boxes:
        """[n, 4]: x0, y0, x1, y1 around each word."""
        return bounds(self.quads)

    @property
    def hidden(self) -> Boxes:
        """[m, 4]: x0, y0, x1, y1 around each hidden text."""
        return bounds(self.hidden_quads)

    def scaled(self, left: float, top: float, x: float, y: float) -> Words:
        """The words in a window with the corner (left, top), enlarged by (x, y)."""
        corner, factor = np.array([left, top], np.float32), np.array([x, y], np.float32)
        hidden = (self.hidden_quads - corner) * factor
        return Words((self.quads - corner) * factor, self.texts, hidden)

    def chosen(self, keep: Sequence[int]) -> Words:
        """Only the words with these indices, in this order."""
        return Words(self.quads[list(keep)], tuple(self.texts[i] for i in keep), self.hidden_quads)


def words_of(
    regions: Sequence[Mapping[str, Any]], kind: str, kinds: RowKinds = BUILT_IN_KINDS
) -> Words:
    """The words of a row's `regions`; a region with text but no words is hidden."""
    words: list[tuple[Sequence[float], str]] = []
    others: list[tuple[Sequence[float], str]] = []
    for region in _as_read(regions):
        text, role = (region["text"] or "").strip(), region["role"]
        if not text or role in ROLES_WITHOUT_TEXT or len(region["bbox"] or ()) != 4:
            continue
        (words if role == "word" else others).append((corners(region), text))
    quads = _quads([quad for quad, _ in words])
    outer_quads = _quads([quad for quad, _ in others])
    outer = bounds(outer_quads)
    centers = quads.mean(1)  # [n, 2]
    inside = (centers >= outer[:, None, :2]) & (centers <= outer[:, None, 2:])  # [m, n, 2]
    hidden = outer_quads[~inside.all(-1).any(-1)]
    found = Words(quads, tuple(text for _, text in words), hidden)
    if not words or not _read_in_rows(regions, kinds.get(kind)):
        return found
    return found.chosen(_order_by_rows(quads))


def _as_read(regions: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The regions in reading order; other makers' rows may have no order."""
    if any(region.get("order") is None for region in regions):
        return regions
    return [regions[i] for i in reading_order(regions)]


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
    boxes = words.boxes
    seen = np.flatnonzero(~_outside(boxes, width, height))
    whole = _inside(boxes[seen], width, height)
    quads = words.quads[seen]
    texts = [words.texts[i] for i in seen.tolist()]
    counts = np.array([len(text) for text in texts], np.intp)
    first, last = np.zeros_like(counts), np.where(whole, counts, 0)
    runs = np.array([i for i in np.flatnonzero(~whole).tolist() if is_run(texts[i])], np.intp)
    first[runs], last[runs] = _characters_inside(quads[runs], counts[runs], width, height)

    kept = first < last
    cut = kept & ~whole
    shown = quads.copy()
    shown[cut] = parts_of_runs(quads[cut], counts[cut], first[cut], last[cut])
    before, after = cut & (first > 0), cut & (last < counts)
    hidden = (
        words.hidden_quads[~_outside(words.hidden, width, height)],
        quads[~kept],
        parts_of_runs(quads[before], counts[before], 0 * first[before], first[before]),
        parts_of_runs(quads[after], counts[after], last[after], counts[after]),
    )
    kept_texts = (texts[i][first[i] : last[i]] for i in np.flatnonzero(kept).tolist())
    return Words(shown[kept], tuple(kept_texts), np.concatenate(hidden))


def part_of_run(quad: Quad, count: int, first: int, last: int) -> Quad:
    """The corners of the characters from `first` to before `last` of `count` equally wide ones."""
    return parts_of_runs(quad[None], *(np.array([n]) for n in (count, first, last)))[0]


def parts_of_runs(quads: Quads, counts: Numbers, first: Numbers, last: Numbers) -> Quads:
    """The same for runs [n, 4, 2] with `counts` [n] characters."""
    return parts_of_quads(quads, first / counts, last / counts)


def _characters_inside(
    quads: Quads, counts: Numbers, width: float, height: float
) -> tuple[Numbers, Numbers]:
    """Of each run, the range of the characters that are completely inside a window; 0, 0 for none.

    A window is convex and a run is straight, so they are adjacent.
    """
    run = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(run)) - np.repeat(np.cumsum(counts) - counts, counts)
    characters = parts_of_runs(quads[run], counts[run], number, number + 1)
    inside = _inside(bounds(characters), width, height)
    found, start, inside_counts = np.unique(run[inside], return_index=True, return_counts=True)
    first, last = np.zeros_like(counts), np.zeros_like(counts)
    first[found] = number[inside][start]
    last[found] = first[found] + inside_counts
    return first, last


def crop_answer(words: Words, whole: str) -> str:
    """The words of a crop as text, without leaders if `whole`, the answer to the whole picture, has
    none: the dataset left them out."""
    text = words_to_text(words)
    return without_leaders(text) if has_leader(text) and not has_leader(whole) else text


def words_to_text(words: Words) -> str:
    """The words as one text, with a line break after each row, and no spaces within Chinese."""
    parts = list(words.texts[:1])
    gaps, same_row = _gaps(words.quads)
    for text, gap, on_row in zip(words.texts[1:], gaps.tolist(), same_row.tolist(), strict=True):
        if not on_row:
            parts.append("\n")
        elif not (is_han(parts[-1][-1]) and is_han(text[0]) and gap < 1):
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


def _gaps(quads: Quads) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Between words [n, 4, 2] that follow each other: the gaps [n - 1], in heights of the first
    one, and whether the second one is on its row.

    It is not if its middle is above or below the first one, or if its end is before the other's
    begin.
    """
    before, after = quads[:-1], quads[1:]
    along, across = axes(before)
    length, height = np.linalg.norm(along, axis=-1), np.linalg.norm(across, axis=-1)
    drawn = (length > 0) & (height > 0)
    length, height = np.where(drawn, length, 1), np.where(drawn, height, 1)
    offset = after - before.mean(1, keepdims=True)  # [n - 1, 4, 2]
    places = np.einsum("nij,nj->ni", offset, along) / length[:, None]
    rise = np.abs(np.einsum("nj,nj->n", offset.mean(1), across))
    on_row = drawn & (rise <= height**2 / 2) & (places.max(1, initial=-np.inf) >= -length / 2)
    return (places.min(1, initial=np.inf) - length / 2) / height, on_row


def is_han(character: str) -> bool:
    """Whether it is a Chinese character or full-width punctuation, but not a space."""
    code = ord(character)
    return 0x3001 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF


def is_run(text: str) -> bool:
    """Whether a word is a run of Chinese characters, all equally wide."""
    return all(is_han(character) for character in text)


def _quads(quads: Sequence[Sequence[float]] | Sequence[Quad]) -> Quads:
    return np.array(quads, np.float32).reshape(-1, 4, 2)


def _order_by_rows(quads: Quads) -> list[int]:
    """Indices row by row. A word belongs to a row if its vertical middle is within the row's
    topmost word. Rows have the direction of the words, unless most of them are horizontal."""
    boxes = bounds(quads if upright(quads).mean() >= 0.5 else _leveled(quads))
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


def _leveled(quads: Quads) -> Quads:
    """The quads turned about the origin by the mean direction of the words."""
    along = quads[:, 1] + quads[:, 2] - quads[:, 0] - quads[:, 3]
    length = np.linalg.norm(along, axis=1, keepdims=True)
    cos, sin = (along / np.maximum(length, 1e-6)).mean(0)
    turn = np.array([[cos, -sin], [sin, cos]], np.float32) / max(float(np.hypot(cos, sin)), 1e-6)
    return quads @ turn


def _inside(boxes: Boxes, width: float, height: float) -> npt.NDArray[np.bool_]:
    """[n]: whether a box is completely inside a window from (0, 0)."""
    x0, y0, x1, y1 = boxes.T
    low = np.minimum(x0, y0) >= -BOX_TOLERANCE
    result: npt.NDArray[np.bool_] = (
        low & (x1 <= width + BOX_TOLERANCE) & (y1 <= height + BOX_TOLERANCE)
    )
    return result


def _outside(boxes: Boxes, width: float, height: float) -> npt.NDArray[np.bool_]:
    """[n]: whether a box does not overlap a window from (0, 0)."""
    x0, y0, x1, y1 = boxes.T
    result: npt.NDArray[np.bool_] = (x1 <= 0) | (y1 <= 0) | (x0 >= width) | (y0 >= height)
    return result
