"""One row of a column as text: its pieces joined, its words, its cells."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from renderers.pdf.characters import Line, has_fixed_pitch
from renderers.pdf.styles import marked_text
from renderers.picture import Box

HAN_SPACE_GAP_EM = 0.35
"""Gap next to a Chinese character, in font sizes, from which the text has a space there."""
CELL_GAP_EM = 2.5
"""Gap between two pieces of a row, in font sizes, from which they are cells of a table."""

_HAN = (
    r"\u2e80-\u303f\u3100-\u312f\u31a0-\u31bf\u31f0-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
)
"""Han characters and the punctuation of the same width."""
WIDE = re.compile(f"[{_HAN}“”‘’…—·]")
_RUN = re.compile(f"(?P<wide>[{_HAN}“”‘’…—·]+)|[^ {_HAN}“”‘’…—·]+")
_SPACES = re.compile(" {2,}")
_LINE_NUMBER = re.compile(r"\d{1,4} +")
HAN_ONLY = re.compile(f"[{_HAN}]")


class Word(NamedTuple):
    """A Latin word, or a run of equally wide Chinese characters. Box in points."""

    text: str
    box: Box


class CellPart(NamedTuple):
    """The text between two wide spaces of a row, and its left and right edge in points."""

    x0: float
    x1: float
    text: str
    marked: str = ""
    words: tuple[Word, ...] = ()
    bold: bool = False

    @classmethod
    def of(cls, row: TextRow) -> CellPart:
        """A row that is one cell."""
        return cls(row.box[0], row.box[2], row.text, row.marked, row.words, row.bold)


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row of a column in the picture. Box and edges in points.

    `cells` is the number of pieces between wide spaces: more than one in a table; `parts` has
    their ends and texts. `start` is the left edge for comparing indents: a row beside a drop cap
    begins further left than its box; the row with it has `drop_cap`. `marked` is the text with
    emphasis in Markdown, if styles were read. `angle` is that of a row that is not upright, in
    degrees, counter-clockwise. `broken` rows end within a word, with a hyphen that is not part of
    it.
    """

    text: str
    box: Box
    size: float
    baseline: float
    words: tuple[Word, ...]
    cells: int = 1
    monospaced: bool = False
    horizontal: bool = True
    bold: bool = False
    italic: bool = False
    small_caps: bool = False
    start: float = 0.0
    drop_cap: bool = False
    parts: tuple[CellPart, ...] = ()
    marked: str = ""
    angle: float = 0.0
    broken: bool = False


def text_row(pieces: Sequence[Line], numbers: Collection[int] = ()) -> TextRow:
    """One row from its pieces, left to right.

    `numbers` has the `id` of each piece that is a line number, which is no cell of its own.
    """
    if len(pieces) == 1:
        return _row_of_one(pieces[0])
    texts: list[str] = []
    marks: list[str] = []
    words: list[list[Word]] = []
    cells: list[list[int]] = []
    x0, y0, x1, y1 = pieces[0].box
    main = before = pieces[0]
    for index, piece in enumerate(pieces):
        left, top, right, bottom = piece.box
        gap = left - before.box[2] if index else 0.0
        beside = numbers and index and (id(piece) in numbers or id(before) in numbers)
        if not index or (gap > CELL_GAP_EM * piece.size and not beside):
            cells.append([])
        cells[-1].append(index)
        space = "" if not index or _pieces_touch(before, piece, gap) else " "
        texts += (space, _without_narrow_spaces(piece))
        marks += (space, _marked(piece, pieces))
        words.append(split_words(piece))
        y0, y1 = (top if top < y0 else y0), (bottom if bottom > y1 else y1)
        x1 = right if right > x1 else x1
        if len(piece.text) > len(main.text):
            main = piece
        before = piece
    box = (x0, y0, x1, y1)
    parts = tuple(
        CellPart(
            pieces[cell[0]].x0,
            max([pieces[i].x1 for i in cell]),
            _single_spaces("".join(texts[2 * cell[0] : 2 * cell[-1] + 2])).strip(),
            "".join(marks[2 * cell[0] : 2 * cell[-1] + 2]).strip(),
            tuple(chain.from_iterable(words[cell[0] : cell[-1] + 1])),
            all(pieces[i].bold for i in cell),
        )
        for cell in cells
    )
    return TextRow(
        text=_single_spaces("".join(texts)),
        box=box,
        size=main.size,
        baseline=main.baseline,
        words=tuple(chain.from_iterable(words)),
        cells=len(cells),
        monospaced=_is_typewritten(main),
        bold=all(piece.bold for piece in pieces),
        italic=all(piece.italic for piece in pieces),
        small_caps=all(piece.small_caps for piece in pieces),
        start=_start(pieces[0]),
        drop_cap=pieces[0].drop_cap,
        parts=parts,
        marked="".join(marks),
    )


def _is_typewritten(line: Line) -> bool:
    """Whether a piece is in a typewriter font, but for the number of its line."""
    if line.monospaced or has_fixed_pitch(line):
        return True
    number = _LINE_NUMBER.match(line.text)
    return number is not None and has_fixed_pitch(line, number.end())


def _start(line: Line) -> float:
    return line.x0 if line.start is None else line.start


def _row_of_one(line: Line) -> TextRow:
    text = _single_spaces(_without_narrow_spaces(line))
    marked = _marked(line, (line,))
    words = tuple(split_words(line))
    return TextRow(
        text=text,
        box=line.box,
        size=line.size,
        baseline=line.baseline,
        words=words,
        monospaced=_is_typewritten(line),
        bold=line.bold,
        italic=line.italic,
        small_caps=line.small_caps,
        start=_start(line),
        drop_cap=line.drop_cap,
        parts=(CellPart(line.x0, line.x1, text, marked, words, line.bold),),
        marked=marked,
    )


def _marked(line: Line, row: Sequence[Line]) -> str:
    """The text of a piece in Markdown; a small piece above or below its row is an index."""
    return marked_text(line, row) if line.styles else ""


def _single_spaces(text: str) -> str:
    return _SPACES.sub(" ", text) if "  " in text else text


def _pieces_touch(left: Line, right: Line, gap: float) -> bool:
    """Whether two pieces of a row touch, like a letter and its index or spaced-out Chinese."""
    if gap < 0.1 * min(left.size, right.size):
        return True
    either = HAN_ONLY.match(left.text[-1]) or HAN_ONLY.match(right.text[0])
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
            if gap < limit and (HAN_ONLY.match(before) or HAN_ONLY.match(after)):
                continue
        kept.append(character)
    return "".join(kept)


def rotated_row(line: Line, *, upright: bool = False) -> TextRow:
    """A line that is not horizontal; it has no words. The letters of vertical text are upright."""
    return TextRow(
        line.text,
        line.box,
        line.size,
        line.baseline,
        (),
        horizontal=False,
        start=line.box[0],
        angle=0.0 if upright else _angle(line),
    )


def _angle(line: Line) -> float:
    """From the first to the last character, in degrees, counter-clockwise."""
    first, last = line.boxes[0], line.boxes[-1]
    dx, dy = (last[i] + last[i + 2] - first[i] - first[i + 2] for i in (0, 1))
    return math.degrees(math.atan2(-dy, dx))


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
