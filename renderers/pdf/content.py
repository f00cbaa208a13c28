"""What a page consists of, where it is not text to read in rows: formulas, diagrams, mirrored text.

The characters of such pages are right, but their order is not that of a text: a formula is read by
its structure, the labels of a diagram by its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from renderers.pdf.characters import Line, PageCharacters
from renderers.pdf.quality import DEFAULTS, Thresholds
from renderers.picture import Box
from renderers.rejected import Rejected

MIN_DRAWINGS = 8
"""Drawings of a diagram."""
MIN_LABELS = 6
"""Fewest texts of a diagram."""
MAX_LABEL = 24
"""Characters of a label in a diagram."""
MIN_SIDE = 4.0
"""Smallest side of a drawing that is no rule, in points."""
NEAR_EM, NEAR = 5, 40.0
"""Distance of a label from a drawing, in font sizes and at most in points."""

_MATH = re.compile(
    r"cmmi|cmsy|cmex|cmbsy|cmmib|msam|msbm|eufm|eusm|rsfs|wasy|stmary|bbold|dsrom|math|mtmi|mtsy"
    r"|mtex|txmi|txsy|txex|pxmi|pxsy|zptmcm|fourier-m|fdsymbol|lmmi|lmsy|lmex|euex|eurm|esint|yhmath",
    re.IGNORECASE,
)


def check_content(
    found: PageCharacters, drawings: Sequence[Box], limits: Thresholds = DEFAULTS
) -> None:
    """Reject a page of mirrored text, formulas or diagrams.

    Raises:
        Rejected: `mirrored-text`, `mostly-formulas`, `diagram-labels`.
    """
    total = max(1, sum(len(line.text) for line in found.lines))
    if found.mirrored > max(limits.rotated * total, limits.rotated_characters):
        raise Rejected("mirrored-text", f"{found.mirrored / total:.0%} of the text is upside down")
    math = sum(count for font, count in found.fonts.items() if is_math_font(font))
    inked = max(1, sum(found.fonts.values()))
    if math > limits.math * inked:
        raise Rejected("mostly-formulas", f"{math / inked:.0%} of the characters are in formulas")
    labels = label_share(found.lines, drawings)
    if labels > limits.labels:
        raise Rejected("diagram-labels", f"{labels:.0%} of the text is in diagrams")


@cache
def is_math_font(name: str) -> bool:
    """Whether a font has only letters and signs of formulas, by its name."""
    return _MATH.search(name.partition("+")[2] or name) is not None


def label_share(lines: Sequence[Line], drawings: Sequence[Box]) -> float:
    """Share of the characters that are short texts inside or between drawings.

    A drawing around half of the lines is a frame or a background.
    """
    places = [((x.box[0] + x.box[2]) / 2, (x.box[1] + x.box[3]) / 2) for x in lines]
    large = [b for b in drawings if min(b[2] - b[0], b[3] - b[1]) >= MIN_SIDE]
    if len(large) < MIN_DRAWINGS or len(lines) < MIN_LABELS:
        return 0.0
    shapes = [b for b in large if sum(_is_in(b, p, 0.0) for p in places) < len(lines) / 2]
    total = sum(len(line.text) for line in lines)
    inside = count = 0
    for line, place in zip(lines, places, strict=True):
        near = min(NEAR_EM * line.size, NEAR)
        if len(line.text) <= MAX_LABEL and sum(_is_in(b, place, near) for b in shapes) > 1:
            inside += len(line.text)
            count += 1
    return inside / max(1, total) if count >= MIN_LABELS else 0.0


def _is_in(box: Box, place: tuple[float, float], margin: float) -> bool:
    x, y = place
    return box[0] - margin < x < box[2] + margin and box[1] - margin < y < box[3] + margin
