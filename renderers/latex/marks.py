"""Read the positions that TeX recorded while it output pages (`\\pdfsavepos`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath

from renderers.latex.atoms import Path
from renderers.picture import Box

_SP = 65536 * 72.27 / 72
"""Scaled points in a PDF point."""
_PT = 72.27 / 72
"""TeX points in a PDF point."""


@dataclass(frozen=True, slots=True)
class PositionMark:
    """A box of the block at `path` on `page` (from 1).

    `x` and `y` are the left end of its baseline, from the bottom left.

    All lengths in PDF points.
    """

    path: Path
    page: int
    x: float
    y: float
    width: float
    height: float
    depth: float

    def box(self, page_height: float) -> Box:
        """The box from the top left of a page of this height, in points."""
        baseline = page_height - self.y
        return (self.x, baseline - self.height, self.x + self.width, baseline + self.depth)


def read_marks(file: FilePath) -> tuple[PositionMark, ...]:
    """Every mark of a run, in the order of the pages."""
    marks = []
    for line in file.read_text("ascii").splitlines() if file.is_file() else ():
        key, page, x, y, *size = line.split()
        path = tuple(int(step) if step.isdigit() else step for step in key.split("/"))
        width, height, depth = (float(s.removesuffix("pt")) / _PT for s in size)
        marks.append(
            PositionMark(path, int(page), int(x) / _SP, int(y) / _SP, width, height, depth)
        )
    return tuple(marks)
