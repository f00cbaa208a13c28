"""The distances between the rows of a column."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from renderers.pdf.rows import TextRow

SENTENCE_ENDS = ".!?:;。！？：；"
SET_APART = 1.12
"""A sentence that ends at a distance that exceeds those above and below it by this factor ends a
paragraph."""
SAME_SIZE = 0.12
"""Difference of the sizes of rows of one text, as a share."""
SAME_STEP = 1.03
"""Ratio of the distances within paragraphs."""


def usual_step(found: Sequence[TextRow], steps: Sequence[float]) -> float:
    """The usual distance between rows, in font sizes.

    The median of the lower half, because gaps between paragraphs only make distances larger. Rows
    of another size, such as the pronunciation above Chinese characters, are nearer.
    """
    pairs = [
        (before, row, step / row.size)
        for before, row, step in zip(found, found[1:], steps, strict=False)
        if step > 0.5 * row.size
    ]
    relative = sorted(
        ratio for a, b, ratio in pairs if ratio > 1 or abs(a.size - b.size) < SAME_SIZE * b.size
    )
    return median(relative[: max(1, (len(relative) + 1) // 2)]) if relative else 1.2


def is_set_apart(found: Sequence[TextRow], index: int, steps: Sequence[float]) -> bool:
    """Whether a row begins a sentence below a gap that is small, but larger than those next to it,
    which are equal. `steps` are the distances between the rows. Raised characters make room for
    themselves: the number of a note is no reason for a gap."""
    if not 1 < index < len(steps):
        return False
    near = found[index - 2 : index + 2]
    above, step, below = steps[index - 2 : index + 1]
    if max(row.size for row in near) > SAME_STEP * min(row.size for row in near):
        return False
    if not 0 < max(above, below) < SAME_STEP * min(above, below):
        return False
    if near[1].text[-1] not in SENTENCE_ENDS or near[2].text[0].islower():
        return False
    return step - _taller(near[1], near[2]) > SET_APART * max(above, below)


def _taller(before: TextRow, row: TextRow) -> float:
    """By how much a row reaches higher than the one before it, and that one lower."""
    higher = (row.baseline - row.box[1]) - (before.baseline - before.box[1])
    lower = (before.box[3] - before.baseline) - (row.box[3] - row.baseline)
    return max(0.0, higher) + max(0.0, lower)
