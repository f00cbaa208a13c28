"""Find blocks that extend beyond the text area, and formulas that a page break splits.

TeX reports lines that are too wide, but neither blocks that are too high for a page nor lines
that extend to the left.
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
"""A last line may be this far below the text area: less than the distance to the footer."""
_PT_PER_MM = 72 / 25.4


def split_formulas(page_glyphs: Sequence[PageGlyphs], atoms: Sequence[Atom]) -> list[Path]:
    """The formulas that begin on one page and end on the next."""
    pages = Counter(number for glyphs in page_glyphs for number in glyphs.runs)
    return [atom.path for atom in atoms if atom.kind == "math" and pages[atom.number] > 1]


def off_page(
    page_glyphs: Sequence[PageGlyphs], atoms: Sequence[Atom], style: PageStyle
) -> dict[int, TexProblem]:
    """The blocks, by index, with a glyph off the paper or below the text area."""
    block_of = {atom.number: int(atom.path[0]) for atom in atoms}
    margin = style.vertical_margin_mm * _PT_PER_MM
    found: dict[int, TexProblem] = {}
    for k, glyphs in enumerate(page_glyphs):
        lowest = glyphs.height - max(margin - _BELOW_PT, 0)
        if not glyphs.runs:
            continue
        starts = [start for start, _ in glyphs.runs.values()]
        left, right = np.minimum.reduceat(glyphs.x0, starts), np.maximum.reduceat(glyphs.x1, starts)
        top, bottom = np.minimum.reduceat(glyphs.y, starts), np.maximum.reduceat(glyphs.y, starts)
        high = (bottom > lowest) | (top < 0)
        outside = high | (left < 0) | (right > glyphs.width)
        numbers = list(glyphs.runs)
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
