"""Characters outside a page, and those that its edge cuts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from renderers.picture import Box

_LEAST_TOP, _MOST_TOP = 0.1, 0.55
"""Heights of the page's upper edge above a base line, in font sizes, at which it cuts letters: the
tails below are no text, and ascenders may lack their tips."""
_LEAST_FOOT, _MOST_FOOT = 0.05, 0.5
"""The same of its lower edge: letters may lack their tails, and tips alone are no text."""
_MAX_BEYOND = 0.25
"""Share of a character's width that may be beyond the edge: boxes are often wider than the ink."""


def contains(outer: Box, inner: Box) -> bool:
    """Whether a box is inside another, edges included."""
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def cuts_letters(page: Box, span: dict[str, Any]) -> bool:
    """Whether the upper or lower edge of the page cuts through the letters of a MuPDF span."""
    baseline, size = float(span["origin"][1]), float(span["size"])
    above, below = ((baseline - edge) / size for edge in (page[1], page[3]))
    return _LEAST_TOP < above < _MOST_TOP or _LEAST_FOOT < below < _MOST_FOOT


def inside(page: Box, text: str, boxes: Sequence[Box], cut: bool) -> tuple[str, list[Box], int]:
    """The characters whose center is on the page, and how many of all the edge cuts.

    With `cut` the upper or lower edge cuts each character that is between the left and right one.
    """
    x0, y0, x1, y1 = page
    kept = []
    clipped = 0
    for index, b in enumerate(boxes):
        over = _MAX_BEYOND * (b[2] - b[0])
        beyond = b[0] < x0 - over or b[2] > x1 + over or (cut and b[0] < x1 and b[2] > x0)
        clipped += text[index] != " " and beyond
        if x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1:
            kept.append(index)
    return "".join([text[i] for i in kept]), [boxes[i] for i in kept], clipped
