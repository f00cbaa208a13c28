"""From characters to the text of a page: rows, paragraphs, words.

The text follows the picture. A hyphen at the end of a row stays, because the picture shows
it, and the next row follows it without a space; Latin rows are joined by one space, Chinese
rows by nothing. Each paragraph is one line of text; what the page sets apart (headings,
headers, footnotes, captions, cells of one table row) is a paragraph of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from renderers.pdf.characters import Line, has_fixed_pitch
from renderers.pdf.margin import margin_notes, place_of
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

_HAN = (
    r"\u2e80-\u303f\u3100-\u312f\u31a0-\u31bf\u31f0-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
"""Han characters and the punctuation of the same width."""
_WIDE = re.compile(f"[{_HAN}“”‘’…—·]")
_RUN = re.compile(f"(?P<wide>[{_HAN}“”‘’…—·]+)|[^ {_HAN}“”‘’…—·]+")
_LEADER = re.compile(r"(?:\. ?){4,}\s*[\divxlc, –-]*$|…{2,}\s*\d*$")
"""Dots that lead to a page number: the row of a table of contents or an index."""
_SPACES = re.compile(" {2,}")
_HAN_ONLY = re.compile(f"[{_HAN}]")
_ITEM = re.compile(
    r"(?:[•●▪■□➢✓◦‣⁃*·–-]\s|\[\d{1,3}\]|\(?[0-9a-zA-Z]{1,3}[.)]\s|[(（]?[一二三四五六七八九十\d]{1,3}[)）、])"
)


class Word(NamedTuple):
    """A Latin word, or a run of equally wide Chinese characters. Box in points."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a column in the picture. Box and edges in points.

    `cells` counts the pieces that wide spaces leave: more than one in a table.
    """

    text: str
    box: Box
    size: float
    baseline: float
    words: tuple[Word, ...]
    cells: int = 1
    monospaced: bool = False
    horizontal: bool = True


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page in reading order.

    `text` has one line per paragraph; `paragraphs` hold the rows of each. `order_agreement`
    (0 to 1) tells how far the reading order found and the order in the file agree; `flows` is
    the number of single columns that the page was cut into.
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

    Notes in the margin follow the paragraph that they stand beside. Lines that are not
    horizontal (a stamp in the margin) come last, each as a paragraph.
    """
    level = [line for line in lines if line.horizontal]
    notes = [[level[i] for i in note] for note in margin_notes(level)]
    if notes:
        apart = {id(line) for note in notes for line in note}
        level = [line for line in level if id(line) not in apart]
    flows = reading_order(level, page_height)
    paragraphs = [p for flow in flows for p in _paragraphs(level, flow)]
    if notes:
        paragraphs = _with_notes(paragraphs, notes)
    paragraphs.extend((_upright(line),) for line in lines if not line.horizontal)
    joined = [
        "\n".join(row.text for row in paragraph) if keep_rows else join_rows(paragraph)
        for paragraph in paragraphs
    ]
    count = len(flows) + len(notes)
    return PageText("\n".join(joined), tuple(paragraphs), count, agreement(flows))


def _paragraphs(lines: Sequence[Line], flow: Sequence[int]) -> list[tuple[Row, ...]]:
    found = [_row([lines[i] for i in row]) for row in rows(lines, flow)]
    return split_paragraphs([row for row in found if row.text])


def _with_notes(
    paragraphs: Sequence[tuple[Row, ...]], notes: Sequence[Sequence[Line]]
) -> list[tuple[Row, ...]]:
    """The paragraphs with the rows of each note put in where it is read."""
    boxes = [[row.box for row in paragraph] for paragraph in paragraphs]
    before: list[list[tuple[Row, ...]]] = [[] for _ in range(len(paragraphs) + 1)]
    for note in notes:
        before[place_of(note[0].box, boxes)].extend(_note(note))
    found = list(before[0])
    for paragraph, following in zip(paragraphs, before[1:], strict=True):
        found += (paragraph, *following)
    return found


def _note(lines: Sequence[Line]) -> list[tuple[Row, ...]]:
    """The rows of a note as one paragraph: they are too short to tell where one ends.

    A change of size ends it, and each row of a typewriter font stands alone, as in the body.
    """
    paragraphs: list[tuple[Row, ...]] = []
    for index in rows(lines, range(len(lines))):
        row = _row([lines[i] for i in index])
        before = paragraphs[-1][-1] if paragraphs else row
        smaller, larger = sorted((before.size, row.size))
        alone = before.monospaced or row.monospaced or larger > SIZE_CHANGE * smaller
        if paragraphs and not alone:
            paragraphs[-1] += (row,)
        else:
            paragraphs.append((row,))
    return paragraphs


def join_rows(paragraph: Sequence[Row]) -> str:
    """The rows of a paragraph as one line of text."""
    text = paragraph[0].text
    for row in paragraph[1:]:
        text += _glue(text, row.text) + row.text
    return text


def _glue(before: str, after: str) -> str:
    if _HAN_ONLY.match(before[-1]) or _HAN_ONLY.match(after[0]):
        return ""
    if _WIDE.match(before[-1]) and _HAN_ONLY.search(before):
        return ""
    hangs = len(before) > 1 and before[-1] in "-–—/" and before[-2] != " "
    return "" if hangs and after[0].isalnum() else " "


def split_paragraphs(found: Sequence[Row]) -> list[tuple[Row, ...]]:
    """Cut the rows of one flow into paragraphs."""
    if not found:
        return []
    steps = [b.baseline - a.baseline for a, b in pairwise(found)]
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
    """Left and right edge of the text around each row, from the rows near it."""
    starts = [row.box[0] for row in found]
    ends = [row.box[2] for row in found]
    left, right = [], []
    for index, row in enumerate(found):
        near = slice(max(0, index - 8), index + 9)
        left.append(sorted(starts[near])[len(starts[near]) // 4])
        right.append(_shared_edge(ends[near], 0.5 * row.size))
    return left, right


def _shared_edge(edges: list[float], slack: float) -> float:
    """The outermost edge that two of several rows share; one row alone may hang over."""
    falling = sorted(edges, reverse=True)
    if len(falling) < 5:
        return falling[0]
    for edge, following in pairwise(falling):
        if edge - following < slack:
            return edge
    return falling[0]


def _starts_new(
    before: Row, row: Row, step: float, usual: float, left: float, right: float
) -> bool:
    larger, smaller = max(before.size, row.size), min(before.size, row.size)
    if larger > SIZE_CHANGE * smaller and min(len(before.text), len(row.text)) > 3:
        return True
    if step > BREAK_GAP * usual * smaller or step < -0.5 * smaller:
        return True
    if (
        _LEADER.search(before.text)
        or before.cells > 1
        or row.cells > 1
        or (before.monospaced and row.monospaced)
    ):
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
    if len(pieces) == 1:
        return _row_of_one(pieces[0])
    texts, words = [], []
    cells = 1
    for index, piece in enumerate(pieces):
        text = _without_narrow_spaces(piece)
        if index:
            gap = piece.x0 - pieces[index - 1].x1
            cells += gap > 2.5 * piece.size
            texts.append("" if _joins(pieces[index - 1], piece, gap) else " ")
        texts.append(text)
        words.extend(split_words(piece))
    main = max(pieces, key=lambda piece: len(piece.text))
    box = (
        pieces[0].x0,
        min(piece.box[1] for piece in pieces),
        max(piece.x1 for piece in pieces),
        max(piece.box[3] for piece in pieces),
    )
    text = _single_spaces("".join(texts))
    monospaced = main.monospaced or has_fixed_pitch(main)
    return Row(text, box, main.size, main.baseline, tuple(words), cells, monospaced)


def _row_of_one(line: Line) -> Row:
    return Row(
        text=_single_spaces(_without_narrow_spaces(line)),
        box=line.box,
        size=line.size,
        baseline=line.baseline,
        words=tuple(split_words(line)),
        monospaced=line.monospaced or has_fixed_pitch(line),
    )


def _single_spaces(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text else text


def _joins(left: Line, right: Line, gap: float) -> bool:
    """Whether two pieces of a row touch: an index beside its letter, Chinese set apart."""
    if gap < 0.1 * min(left.size, right.size):
        return True
    either = _HAN_ONLY.match(left.text[-1]) or _HAN_ONLY.match(right.text[0])
    return bool(either) and gap < SPLIT_GAP * right.size


def _without_narrow_spaces(line: Line) -> str:
    """The line's text without the spaces beside Chinese characters that nobody typed.

    Type setting leaves a quarter of a character between Chinese and Latin, and justified type
    stretches; MuPDF reports both as spaces, now on one side of a number, now on the other.
    """
    if line.text.isascii() or " " not in line.text:
        return line.text
    text, boxes = line.text, line.boxes
    limit = SPLIT_GAP * line.size
    kept = []
    for index, character in enumerate(text):
        if character == " ":
            before, after = text[index - 1], text[index + 1]
            gap = boxes[index + 1][0] - boxes[index - 1][2]
            if gap < limit and (_HAN_ONLY.match(before) or _HAN_ONLY.match(after)):
                continue
        kept.append(character)
    return "".join(kept)


def _upright(line: Line) -> Row:
    return Row(line.text, line.box, line.size, line.baseline, (), horizontal=False)


def split_words(line: Line) -> list[Word]:
    """Cut a horizontal line into words; characters of a Chinese word stand at equal steps."""
    text, boxes = line.text, line.boxes
    _, y0, _, y1 = line.box
    if not text.isascii():
        return [
            Word(text[start:stop], (boxes[start][0], y0, boxes[stop - 1][2], y1))
            for start, stop in _spans(line)
        ]
    words = []
    start = 0
    for word in text.split(" "):
        stop = start + len(word)
        if word:
            words.append(Word(word, (boxes[start][0], y0, boxes[stop - 1][2], y1)))
        start = stop + 1
    return words


def _spans(line: Line) -> Iterator[tuple[int, int]]:
    """`(start, stop)` of each word of a line with wide characters."""
    for match in _RUN.finditer(line.text):
        if match.lastgroup == "wide":
            yield from _even_runs(line, *match.span())
        else:
            yield match.span()


def _even_runs(line: Line, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Cut a run of wide characters where their widths or steps change."""
    boxes, slack = line.boxes, 0.1 * line.size
    left, _, right, _ = boxes[start]
    width = step = right - left  # of the running word; the second character sets the step
    tolerance = 3 * slack
    for index in range(start + 1, stop):
        before = left
        left, _, right, _ = boxes[index]
        if abs(right - left - width) > slack or abs(left - before - step) > tolerance:
            yield start, index
            start, width, step, tolerance = index, right - left, right - left, 3 * slack
        elif tolerance > slack:
            step, tolerance = left - before, slack
    yield start, stop
