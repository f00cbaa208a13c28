"""Which blocks stick out of the area that a page has for them.

TeX reports lines that are too wide. What is too high for a page, or hangs out on the left, it
prints without a word.
"""

from __future__ import annotations

from collections.abc import Sequence

from renderers.latex.atoms import Atom
from renderers.latex.engine import Problem
from renderers.latex.glyphs import Sheet
from renderers.latex.style import Style

_BELOW_PT = 14.0
"""A last line may stand this far below the text area: less than the distance of a footer."""
_PT_PER_MM = 72 / 25.4


def off_page(sheets: Sequence[Sheet], atoms: Sequence[Atom], style: Style) -> dict[int, Problem]:
    """The blocks, by index, with a glyph off the paper or below the text area."""
    block_of = {atom.number: int(atom.path[0]) for atom in atoms}
    margin = style.vertical_margin_mm * _PT_PER_MM
    found: dict[int, Problem] = {}
    for k, sheet in enumerate(sheets):
        lowest = sheet.height - max(margin - _BELOW_PT, 0)
        for number, run in sheet.runs.items():
            block = block_of.get(number)
            if block is None or block in found:
                continue
            if max(glyph.y for glyph in run) > lowest or min(glyph.y for glyph in run) < 0:
                found[block] = Problem(None, "too-high", f"reaches below the text of page {k + 1}")
            elif min(g.x0 for g in run) < 0 or max(g.x1 for g in run) > sheet.width:
                found[block] = Problem(None, "too-wide", f"reaches off the paper of page {k + 1}")
    return found
