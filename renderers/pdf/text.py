"""From characters to the text of a page: rows, paragraphs, words.

The text follows the picture. A hyphen at the end of a row stays, because the picture shows
it, and the next row follows it without a space; Latin rows are joined by one space, Chinese
rows by nothing. Each paragraph is one line of text; what the page sets apart (headings,
headers, footnotes, captions, cells of one table row) is a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from renderers.pdf.characters import Line
from renderers.pdf.order import agreement, reading_order, rows
from renderers.picture import Box

BREAK_GAP = 1.35
"""A row whose distance from the last one exceeds the usual distance by this factor starts a
new paragraph."""
INDENT = 0.8
"""Font sizes from the left edge at which a row counts as indented."""
SIZE_CHANGE = 1.12
SHORT_ROW = 1.5
"""Font sizes left free at a row's end, beyond the next row's first word, that end a paragraph."""
SPLIT_GAP = 0.35
"""Font sizes between two Chinese characters from which a space stands between them."""

_HAN = r"\u2e80-\u303f\u3100-\u312f\u31a0-\u31bf\u31f0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WIDE = re.compile(f"[{_HAN}“”‘’…—·]")
_HAN_ONLY = re.compile(f"[{_HAN}]")
_CHINESE_SPACE = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_ITEM = re.compile(
    r"(?:[•●▪■□➢✓◦‣⁃*·–-]\s|\[\d{1,3}\]|\(?[0-9a-zA-Z]{1,3}[.)]\s|[(（]?[一二三四五六七八九十\d]{1,3}[)）、])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A Latin word, or a run of equally wide Chinese characters. Box in points."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a column in the picture. Box and edges in points.

    `gaps` are wide spaces inside of it: the row has cells, or lines up with something else.
    """

    text: str
    box: Box
    size: float
    baseline: float
    words: tuple[Word, ...]
    cells: int = 1
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page in reading order.

    `text` has one line per paragraph; `paragraphs` hold the rows of each. `order_agreement`
    (0 to 1) tells how far the reading order found and the order in the file agree;
    `columns` is the number of columns that stand side by side at most.
    """

    text: str
    paragraphs: tuple[tuple[Row, ...], ...]
    flows: int
    order_agreement: float

    @property
    def rows(self) -> list[Row]:
        return [row for paragraph in self.paragraphs for row in paragraph]


def page_text(lines: Sequence[Line], page_height: float, *, keep_rows: bool = False) -> PageText:
    """Put lines in reading order and join them; with `keep_rows` every row ends its line.

    Lines that are not horizontal (a stamp in the margin) come last, each as a paragraph.
    """
    level = [line for line in lines if line.horizontal]
    flows = reading_order(level, page_height)
    paragraphs: list[tuple[Row, ...]] = []
    for flow in flows:
        found = [_row([level[i] for i in row]) for row in rows(level, flow)]
        paragraphs.extend(split_paragraphs([row for row in found if row.text]))
    paragraphs.extend((_upright(line),) for line in lines if not line.horizontal)
    joined = [
        "\n".join(row.text for row in paragraph) if keep_rows else join_rows(paragraph)
        for paragraph in paragraphs
    ]
    return PageText("\n".join(joined), tuple(paragraphs), len(flows), agreement(flows))


def join_rows(paragraph: Sequence[Row]) -> str:
    """The rows of a paragraph as one line of text."""
    text = paragraph[0].text
    for row in paragraph[1:]:
        text += _glue(text, row.text) + row.text
    return text


def _glue(before: str, after: str) -> str:
    if _WIDE.match(before[-1]) and (_WIDE.match(after[0]) or not after[0].isspace()):
        return ""
    if _WIDE.match(after[0]) and not _WIDE.match(before[-1]):
        return "" if _HAN_ONLY.match(after[0]) else " "
    if before[-1] == "-" and len(before) > 1 and before[-2].isalpha() and after[0].isalpha():
        return ""
    return " "


def split_paragraphs(found: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Cut the rows of one flow into paragraphs."""
    if not found:
        return []
    steps = [b.baseline - a.baseline for a, b in zip(found, found[1:], strict=False)]
    usual = _usual_step(found, steps)
    left, right = _edges(found)
    paragraphs = [[found[0]]]
    for index in range(1, len(found)):
        before, row = found[index - 1], found[index]
        if _starts_new(before, row, steps[index - 1], usual, left[index], right[index]):
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return [tuple(p) for p in paragraphs]


def _usual_step(found: Sequence[Row], steps: Sequence[float]) -> float:
    """The distance between rows in font sizes; the lower half, as gaps only widen it."""
    relative = sorted(
        step / row.size for step, row in zip(steps, found[1:], strict=True) if step > 0.5 * row.size
    )
    return median(relative[: max(1, (len(relative) + 1) // 2)]) if relative else 1.2


def _edges(found: Sequence[Row]) -> tuple[list[float], list[float]]:
    """The left and right edge of the text around each row, robust against single outliers."""
    left, right = [], []
    for index in range(len(found)):
        near = found[max(0, index - 8) : index + 9]
        left.append(float(np.percentile([r.box[0] for r in near], 25)))
        right.append(max(r.box[2] for r in near))
    return left, right


def _starts_new(
    before: Row, row: Row, step: float, usual: float, left: float, right: float
) -> bool:
    larger, smaller = max(before.size, row.size), min(before.size, row.size)
    if larger > SIZE_CHANGE * smaller and min(len(before.text), len(row.text)) > 3:
        return True
    if step > BREAK_GAP * usual * smaller or step < -0.5 * smaller:
        return True
    if before.cells > 1 or row.cells > 1:
        return True
    indent = row.box[0] - before.box[0]
    if _ITEM.match(row.text):
        return abs(indent) > 0.3 * row.size or _ITEM.match(before.text) is not None
    if indent > INDENT * row.size and before.box[0] - left < INDENT * row.size:
        return True
    first = row.words[0] if row.words else None
    width = first.box[2] - first.box[0] if first else 0.0
    if first and _WIDE.match(first.text):
        width = row.size
    return right - before.box[2] > width + SHORT_ROW * row.size


def _row(pieces: Sequence[Line]) -> Row:
    """One row from its pieces, left to right."""
    texts, words = [], []
    cells = 1
    for index, piece in enumerate(pieces):
        text = _CHINESE_SPACE.sub("", piece.text) if _tight(piece) else piece.text
        if index:
            gap = piece.x0 - pieces[index - 1].x1
            cells += gap > 2.5 * piece.size
            texts.append("" if _joins(pieces[index - 1], piece, gap) else " ")
        texts.append(text)
        words.extend(split_words(piece))
    main = max(pieces, key=lambda piece: len(piece.text))
    box = (
        min(piece.x0 for piece in pieces),
        min(float(piece.boxes[:, 1].min()) for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(float(piece.boxes[:, 3].max()) for piece in pieces),
    )
    text = re.sub(" {2,}", " ", "".join(texts))
    return Row(text, box, main.size, main.baseline, tuple(words), cells)


def _joins(left: Line, right: Line, gap: float) -> bool:
    """Whether two pieces of a row touch: an index beside its letter, Chinese set apart."""
    if gap < 0.1 * min(left.size, right.size):
        return True
    both = _WIDE.match(left.text[-1]) and _WIDE.match(right.text[0])
    return bool(both) and gap < SPLIT_GAP * right.size


def _tight(line: Line) -> bool:
    """Whether the spaces between Chinese characters are only stretched type.

    A space that someone typed is at least half a character wide; MuPDF adds one wherever
    justified type leaves a fifth.
    """
    spots = [match.start() for match in _CHINESE_SPACE.finditer(line.text)]
    gaps = [float(line.boxes[i + 1, 0] - line.boxes[i - 1, 2]) for i in spots]
    return bool(gaps) and max(gaps) < SPLIT_GAP * line.size


def _upright(line: Line) -> Row:
    x0, y0 = float(line.boxes[:, 0].min()), float(line.boxes[:, 1].min())
    x1, y1 = float(line.boxes[:, 2].max()), float(line.boxes[:, 3].max())
    return Row(line.text, (x0, y0, x1, y1), line.size, line.baseline, (), horizontal=False)


def split_words(line: Line) -> list[Word]:
    """Cut a horizontal line into words; characters of a Chinese word stand at equal steps."""
    words: list[Word] = []
    start = 0
    text, boxes = line.text, line.boxes
    lefts, widths = boxes[:, 0].tolist(), (boxes[:, 2] - boxes[:, 0]).tolist()
    wide = [_WIDE.match(c) is not None for c in text] if not text.isascii() else [False] * len(text)
    for index in range(1, len(text) + 1):
        if index < len(text) and not _cuts(text, lefts, widths, wide, index, start, line.size):
            continue
        piece = text[start:index].strip()
        if piece:
            inner = boxes[start:index]
            inked = [i for i in range(start, index) if text[i] != " "]
            x0, x1 = lefts[inked[0]], max(lefts[i] + widths[i] for i in inked)
            y0, y1 = float(inner[:, 1].min()), float(inner[:, 3].max())
            words.append(Word(piece, (x0, y0, x1, y1)))
        start = index
    return words


def _cuts(
    text: str,
    lefts: list[float],
    widths: list[float],
    wide: list[bool],
    index: int,
    start: int,
    size: float,
) -> bool:
    """Whether a new word starts at `index` (the running one started at `start`)."""
    if text[index] == " " or text[index - 1] == " " or wide[index] != wide[index - 1]:
        return True
    if not wide[index]:
        return False
    step = lefts[index] - lefts[index - 1]
    if index - start > 1:
        first = lefts[start + 1] - lefts[start]
        return abs(step - first) > 0.1 * size or abs(widths[index] - widths[start]) > 0.1 * size
    return step > 1.3 * size or abs(widths[index] - widths[start]) > 0.1 * size
