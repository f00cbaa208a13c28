"""Which blocks stick out of the area that a page has for them, and which formulas a page cuts.

TeX reports lines that are too wide. What is too high for a page, or hangs out on the left, it
prints without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from renderers.latex.atoms import Atom, Path
from renderers.latex.engine import TexProblem
from renderers.latex.glyphs import PageGlyphs
from renderers.latex.style import PageStyle

_BELOW_PT = 14.0
"""A last line may stand this far below the text area: less than the distance of a footer."""
_PT_PER_MM = 72 / 25.4


def split_formulas(sheets: Sequence[PageGlyphs], atoms: Sequence[Atom]) -> list[Path]:
    """The formulas that begin on one page and end on the next."""
    pages = Counter(number for sheet in sheets for number in sheet.runs)
    return [atom.path for atom in atoms if atom.kind == "math" and pages[atom.number] > 1]


def off_page(
    sheets: Sequence[PageGlyphs], atoms: Sequence[Atom], style: PageStyle
) -> dict[int, TexProblem]:
    """The blocks, by index, with a glyph off the paper or below the text area."""
    block_of = {atom.number: int(atom.path[0]) for atom in atoms}
    margin = style.vertical_margin_mm * _PT_PER_MM
    found: dict[int, TexProblem] = {}
    for k, sheet in enumerate(sheets):
        lowest = sheet.height - max(margin - _BELOW_PT, 0)
        if not sheet.runs:
            continue
        starts = [start for start, _ in sheet.runs.values()]
        left, right = np.minimum.reduceat(sheet.x0, starts), np.maximum.reduceat(sheet.x1, starts)
        top, bottom = np.minimum.reduceat(sheet.y, starts), np.maximum.reduceat(sheet.y, starts)
        high = (bottom > lowest) | (top < 0)
        outside = high | (left < 0) | (right > sheet.width)
        numbers = list(sheet.runs)
        for i in np.flatnonzero(outside).tolist():
            block = block_of.get(numbers[i])
            if block is None or block in found:
                continue
            if high[i]:
                found[block] = TexProblem(
                    None, "too-high", f"reaches below the text of page {k + 1}"
                )
            else:
                found[block] = TexProblem(
                    None, "too-wide", f"reaches off the paper of page {k + 1}"
                )
    return found
