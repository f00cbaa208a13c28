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
MAX_LABEL = 24
"""Characters of a label in a diagram."""
MIN_SIDE = 4.0
"""Smallest side of a drawing that is no rule, in points."""
NEAR_EM = 5
"""Distance of a label from a drawing, in font sizes."""

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
    """Share of the characters that are short texts inside or between drawings."""
    shapes = [b for b in drawings if min(b[2] - b[0], b[3] - b[1]) >= MIN_SIDE]
    if len(shapes) < MIN_DRAWINGS:
        return 0.0
    total = sum(len(line.text) for line in lines)
    inside = 0
    for line in lines:
        if len(line.text) > MAX_LABEL:
            continue
        x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
        near = NEAR_EM * line.size
        around = sum(
            b[0] - near < x < b[2] + near and b[1] - near < y < b[3] + near for b in shapes
        )
        inside += len(line.text) * (around >= 2)
    return inside / max(1, total)
