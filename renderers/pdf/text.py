"""Builds the text of a page from its characters: rows, paragraphs, words.

The text follows the picture. A hyphen at the end of a row is kept, because the picture shows
it, and the next row follows it without a space; Latin rows are joined by one space, Chinese
rows by nothing. Each paragraph is one line of text; headings, headers, footnotes, captions and
table rows are separate paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from renderers.pdf.characters import Line, has_fixed_pitch
from renderers.pdf.margin import margin_notes, note_position
from renderers.pdf.order import agreement, reading_order, rows
from renderers.picture import Box

PARAGRAPH_GAP = 1.35
"""A row starts a new paragraph if its distance from the previous row exceeds the usual distance
by this factor."""
INDENT_EM = 0.8
"""Distance from the left edge, in font sizes, from which a row counts as indented."""
SIZE_CHANGE = 1.12
SHORT_ROW_EM = 1.5
"""A paragraph ends if the free space at the end of its row exceeds the width of the next row's
first word by this many font sizes."""
HAN_SPACE_GAP_EM = 0.35
"""Gap next to a Chinese character, in font sizes, from which the text has a space there."""

_HAN = (
    r"\u2e80-\u303f\u3100-\u312f\u31a0-\u31bf\u31f0-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
"""Han characters and the punctuation of the same width."""
_WIDE = re.compile(f"[{_HAN}“”‘’…—·]")
_RUN = re.compile(f"(?P<wide>[{_HAN}“”‘’…—·]+)|[^ {_HAN}“”‘’…—·]+")
_LEADER = re.compile(r"(?:\. ?){4,}\s*[\divxlc, –-]*$|…{2,}\s*\d*$")
"""Leader dots before a page number: a row of a table of contents or an index."""
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
class TextRow:
    """One row of a column in the picture. Box and edges in points.

    `cells` is the number of pieces between wide spaces: more than one in a table.
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

    `text` has one line per paragraph; `paragraphs` holds the rows of each. `order_agreement`
    (0 to 1) is the agreement of reading order and drawing order; `flows` is the number of single
    columns and margin notes of the page.
    """

    text: str
    paragraphs: tuple[tuple[TextRow, ...], ...]
    flows: int
    order_agreement: float

    @property
    def rows(self) -> list[TextRow]:
        return [row for paragraph in self.paragraphs for row in paragraph]


def page_text(lines: Sequence[Line], page_height: float, *, keep_rows: bool = False) -> PageText:
    """Order the lines for reading and join them; with `keep_rows` every row is a line of text.

    A margin note follows the paragraph next to it. Lines that are not horizontal (a stamp in the
    margin) come last, each as a paragraph.
    """
    horizontal = [line for line in lines if line.horizontal]
    notes = [[horizontal[i] for i in note] for note in margin_notes(horizontal)]
    if notes:
        in_notes = {id(line) for note in notes for line in note}
        horizontal = [line for line in horizontal if id(line) not in in_notes]
    flows = reading_order(horizontal, page_height)
    paragraphs = [p for flow in flows for p in _paragraphs(horizontal, flow)]
    if notes:
        paragraphs = _with_notes(paragraphs, notes)
    paragraphs.extend((_rotated_row(line),) for line in lines if not line.horizontal)
    joined = [
        "\n".join(row.text for row in paragraph) if keep_rows else join_rows(paragraph)
        for paragraph in paragraphs
    ]
    count = len(flows) + len(notes)
    return PageText("\n".join(joined), tuple(paragraphs), count, agreement(flows))


def _paragraphs(lines: Sequence[Line], flow: Sequence[int]) -> list[tuple[TextRow, ...]]:
    found = [_row([lines[i] for i in row]) for row in rows(lines, flow)]
    return split_paragraphs([row for row in found if row.text])


def _with_notes(
    paragraphs: Sequence[tuple[TextRow, ...]], notes: Sequence[Sequence[Line]]
) -> list[tuple[TextRow, ...]]:
    """The paragraphs with the rows of each note inserted where it is read."""
    boxes = [[row.box for row in paragraph] for paragraph in paragraphs]
    before: list[list[tuple[TextRow, ...]]] = [[] for _ in range(len(paragraphs) + 1)]
    for note in notes:
        before[note_position(note[0].box, boxes)].extend(_note_paragraphs(note))
    found = list(before[0])
    for paragraph, following in zip(paragraphs, before[1:], strict=True):
        found += (paragraph, *following)
    return found


def _note_paragraphs(lines: Sequence[Line]) -> list[tuple[TextRow, ...]]:
    """The rows of a note as one paragraph: they are too short to detect the end of a paragraph.

    A change of size ends a paragraph, and each row of a typewriter font is one, as in the body.
    """
    paragraphs: list[tuple[TextRow, ...]] = []
    for index in rows(lines, range(len(lines))):
        row = _row([lines[i] for i in index])
        before = paragraphs[-1][-1] if paragraphs else row
        smaller, larger = sorted((before.size, row.size))
        starts_new = before.monospaced or row.monospaced or larger > SIZE_CHANGE * smaller
        if paragraphs and not starts_new:
            paragraphs[-1] += (row,)
        else:
            paragraphs.append((row,))
    return paragraphs


def join_rows(paragraph: Sequence[TextRow]) -> str:
    """The rows of a paragraph as one line of text."""
    text = paragraph[0].text
    for row in paragraph[1:]:
        text += _joiner(text, row.text) + row.text
    return text


def _joiner(before: str, after: str) -> str:
    if _HAN_ONLY.match(before[-1]) or _HAN_ONLY.match(after[0]):
        return ""
    if _WIDE.match(before[-1]) and _HAN_ONLY.search(before):
        return ""
    hyphenated = len(before) > 1 and before[-1] in "-–—/" and before[-2] != " "
    return "" if hyphenated and after[0].isalnum() else " "


def split_paragraphs(found: Sequence[TextRow]) -> list[tuple[TextRow, ...]]:
    """Split the rows of one flow into paragraphs."""
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


def _usual_step(found: Sequence[TextRow], steps: Sequence[float]) -> float:
    """The usual distance between rows, in font sizes.

    The median of the lower half, because gaps between paragraphs only make distances larger.
    """
    relative = sorted(
        step / row.size for step, row in zip(steps, found[1:], strict=True) if step > 0.5 * row.size
    )
    return median(relative[: max(1, (len(relative) + 1) // 2)]) if relative else 1.2


def _edges(found: Sequence[TextRow]) -> tuple[list[float], list[float]]:
    """Left and right edge of the column at each row, from the rows near it."""
    starts = [row.box[0] for row in found]
    ends = [row.box[2] for row in found]
    left, right = [], []
    for index, row in enumerate(found):
        near = slice(max(0, index - 8), index + 9)
        left.append(sorted(starts[near])[len(starts[near]) // 4])
        right.append(_shared_edge(ends[near], 0.5 * row.size))
    return left, right


def _shared_edge(edges: list[float], slack: float) -> float:
    """The outermost right edge that two rows share; a single row may extend beyond it."""
    falling = sorted(edges, reverse=True)
    if len(falling) < 5:
        return falling[0]
    for edge, following in pairwise(falling):
        if edge - following < slack:
            return edge
    return falling[0]


def _starts_new(
    before: TextRow, row: TextRow, step: float, usual: float, left: float, right: float
) -> bool:
    larger, smaller = max(before.size, row.size), min(before.size, row.size)
    if larger > SIZE_CHANGE * smaller and min(len(before.text), len(row.text)) > 3:
        return True
    if step > PARAGRAPH_GAP * usual * smaller or step < -0.5 * smaller:
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
    if indent > INDENT_EM * row.size and before.box[0] - left < INDENT_EM * row.size:
        return True
    first = row.words[0] if row.words else None
    width = first.box[2] - first.box[0] if first else 0.0
    if first and _WIDE.match(first.text):
        width = row.size
    return right - before.box[2] > width + SHORT_ROW_EM * row.size


def _row(pieces: Sequence[Line]) -> TextRow:
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
            texts.append("" if _pieces_touch(pieces[index - 1], piece, gap) else " ")
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
    return TextRow(text, box, main.size, main.baseline, tuple(words), cells, monospaced)


def _row_of_one(line: Line) -> TextRow:
    return TextRow(
        text=_single_spaces(_without_narrow_spaces(line)),
        box=line.box,
        size=line.size,
        baseline=line.baseline,
        words=tuple(split_words(line)),
        monospaced=line.monospaced or has_fixed_pitch(line),
    )


def _single_spaces(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text else text


def _pieces_touch(left: Line, right: Line, gap: float) -> bool:
    """Whether two pieces of a row touch, like a letter and its index or spaced-out Chinese."""
    if gap < 0.1 * min(left.size, right.size):
        return True
    either = _HAN_ONLY.match(left.text[-1]) or _HAN_ONLY.match(right.text[0])
    return bool(either) and gap < HAN_SPACE_GAP_EM * right.size


def _without_narrow_spaces(line: Line) -> str:
    """The line's text without the narrow spaces next to Chinese characters.

    Typesetting adds a quarter of a character between Chinese and Latin, and justification
    stretches gaps; MuPDF reports both as spaces, inconsistently on one or the other side.
    """
    if line.text.isascii() or " " not in line.text:
        return line.text
    text, boxes = line.text, line.boxes
    limit = HAN_SPACE_GAP_EM * line.size
    kept = []
    for index, character in enumerate(text):
        if character == " ":
            before, after = text[index - 1], text[index + 1]
            gap = boxes[index + 1][0] - boxes[index - 1][2]
            if gap < limit and (_HAN_ONLY.match(before) or _HAN_ONLY.match(after)):
                continue
        kept.append(character)
    return "".join(kept)


def _rotated_row(line: Line) -> TextRow:
    return TextRow(line.text, line.box, line.size, line.baseline, (), horizontal=False)


def split_words(line: Line) -> list[Word]:
    """Split a horizontal line into words; the characters of a Chinese word have equal steps."""
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
    """Split a run of wide characters where their widths or steps change."""
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
