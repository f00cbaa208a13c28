"""Vertical Chinese: columns of characters, read from top to bottom and from right to left.

Programs write it with a vertical writing mode, or place each character by itself. Either way the
characters of a column stand below each other, one character apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from renderers.pdf.characters import Line
from renderers.rejected import Rejected

MIN_SHARE = 0.5
"""Share of the page's characters in vertical columns from which the page is vertical."""
MIN_CHARACTERS = 24
MAX_OTHER_SHARE = 0.1
"""Share of other characters (horizontal headers, page numbers) above which it is rejected."""
ALIGNED_EM = 0.3
MAX_STEP_EM = 2.2
"""Distance of two characters of a column, in font sizes; more separates two columns."""

_HAN = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]")
VERTICAL_FORMS = str.maketrans(
    dict(zip("︐︑︒︓︔︕︖︗︘︙︰︱︲︳︴", "，、。：；！？〖〗…：—–＿～", strict=True))
    | dict(
        zip(
            "︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
            "（）｛｝〔〕【】《》〈〉「」『』［］",
            strict=True,
        )
    )
)
"""Vertical forms of punctuation, and the marks that they stand for."""


def vertical_columns(lines: Sequence[Line]) -> list[Line] | None:
    """The lines of a page of vertical text in reading order; None if it is not vertical.

    Each column is one line, not horizontal. Horizontal lines (a header, a page number) follow.

    Raises:
        Rejected: `vertical-text`, the order of the columns is not certain.
    """
    vertical = _vertical_pieces(lines)
    count = sum(len(lines[i].text) for i in vertical)
    total = sum(len(line.text) for line in lines)
    if count < MIN_CHARACTERS or count < MIN_SHARE * total:
        return None
    rest = [line for i, line in enumerate(lines) if i not in vertical]
    others = total - count
    if others > MAX_OTHER_SHARE * total:
        raise Rejected("vertical-text", f"{others} characters are not in its vertical columns")
    columns = _columns([lines[i] for i in sorted(vertical)])
    return [*_right_to_left(columns), *rest]


def _vertical_pieces(lines: Sequence[Line]) -> set[int]:
    """Indices of pieces of vertical columns: the vertical writing mode, or stacked characters."""
    found = {
        i
        for i, line in enumerate(lines)
        if not line.horizontal
        and _HAN.match(line.text)
        and line.box[3] - line.box[1] > line.box[2] - line.box[0]
    }
    single = [i for i, line in enumerate(lines) if len(line.text) == 1 and _HAN.match(line.text)]
    for above, below in pairwise(single):
        if _stacked(lines[above], lines[below]):
            found |= {above, below}
    return found


def _stacked(above: Line, below: Line) -> bool:
    size = max(above.size, below.size)
    step = (below.box[1] + below.box[3] - above.box[1] - above.box[3]) / 2
    aside = abs(below.box[0] + below.box[2] - above.box[0] - above.box[2]) / 2
    return 0.7 * size < step < MAX_STEP_EM * size and aside < ALIGNED_EM * size


def _columns(pieces: Sequence[Line]) -> list[Line]:
    """The pieces of each column as one line, from top to bottom."""
    columns: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda p: (-(p.box[0] + p.box[2]), p.box[1])):
        for column in columns:
            if _continues(column, piece):
                column.append(piece)
                break
        else:
            columns.append([piece])
    return [_joined(column) for column in columns]


def _continues(column: Sequence[Line], piece: Line) -> bool:
    last = column[-1]
    aside = abs(last.box[0] + last.box[2] - piece.box[0] - piece.box[2]) / 2
    gap = piece.box[1] - last.box[3]
    return aside < ALIGNED_EM * piece.size and -0.5 * piece.size < gap < MAX_STEP_EM * piece.size


def _joined(column: Sequence[Line]) -> Line:
    ordered = sorted(column, key=lambda p: p.box[1])
    text = "".join(piece.text for piece in ordered).translate(VERTICAL_FORMS)
    boxes = tuple(box for piece in ordered for box in piece.boxes)
    box = (
        min(b[0] for b in boxes), min(b[1] for b in boxes),
        max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip
    kept = [i for i, c in enumerate(text) if c != " "]
    return replace(
        ordered[0],
        text="".join(text[i] for i in kept),
        boxes=tuple(boxes[i] for i in kept),
        horizontal=False,
        box=box,
        top=box[1],
        bottom=box[3],
    )


def _right_to_left(columns: Sequence[Line]) -> list[Line]:
    """The columns of each tier from right to left; tiers from top to bottom.

    Raises:
        Rejected: `vertical-text`, columns overlap or tiers have no gap between them.
    """
    tiers: list[list[Line]] = []
    reach = float("-inf")
    for column in sorted(columns, key=lambda c: c.box[1]):
        if column.box[1] >= reach - 0.5 * column.size:
            tiers.append([column])
        else:
            tiers[-1].append(column)
        reach = max(reach, column.box[3])
    ordered = [sorted(tier, key=lambda c: -(c.box[0] + c.box[2])) for tier in tiers]
    for tier in ordered:
        for right, left in pairwise(tier):
            if left.box[2] - right.box[0] > 0.3 * left.size:
                raise Rejected("vertical-text", "columns overlap")
    return [column for tier in ordered for column in tier]


def vertical_paragraphs(columns: Sequence[Line]) -> list[list[int]]:
    """Indices of the columns of each paragraph.

    A column starts a paragraph if it begins lower than the others, if the column before it ends
    early, or if its size changes.
    """
    if not columns:
        return []
    tops, bottoms = [c.box[1] for c in columns], [c.box[3] for c in columns]
    top, bottom = min(tops), sorted(bottoms)[-max(1, len(bottoms) // 4)]
    usual = median(c.size for c in columns)
    paragraphs = [[0]]
    for i, (before, column) in enumerate(pairwise(columns), 1):
        indented = column.box[1] - top > 0.8 * usual and before.box[1] - top <= 0.8 * usual
        ended = bottom - before.box[3] > 1.5 * usual
        resized = max(before.size, column.size) > 1.12 * min(before.size, column.size)
        if indented or ended or resized:
            paragraphs.append([i])
        else:
            paragraphs[-1].append(i)
    return paragraphs
