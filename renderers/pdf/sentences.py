"""Whether a row has room for the next one, and whether a sentence goes on in that one."""

from __future__ import annotations

from renderers.pdf.continuity import join_score
from renderers.pdf.row_steps import SENTENCE_ENDS
from renderers.pdf.rows import WIDE, TextRow

SHORT_ROW_EM = 1.5
"""A paragraph ends if the free space at the end of its row exceeds the width of the next row's
first word by this many font sizes."""
LEAST_RUN_ON = -0.7
"""Score in nats of such a row and the next one; the next one begins in lower case."""
OPENING = "“‘\"'("
"""Marks that a row may begin with within a sentence."""


def is_short(before: TextRow, row: TextRow, right: float) -> bool:
    """Whether the first word of the next row would have had space at the end of a row."""
    first = row.words[0] if row.words else None
    width = first.box[2] - first.box[0] if first else 0.0
    if first and WIDE.match(first.text):
        width = row.size
    return right - before.box[2] > width + SHORT_ROW_EM * row.size


def continues_sentence(before: TextRow, row: TextRow) -> bool:
    """Whether a row begins in lower case and may follow the last word of the row before it."""
    first = row.text.lstrip(OPENING)[:1]
    if before.text[-1] in SENTENCE_ENDS or not first.islower():
        return False
    score = join_score(before.text, row.text)
    return score is None or score > LEAST_RUN_ON
