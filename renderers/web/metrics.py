"""How far the letters of a font reach, compared with the box that a browser gives a line of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fontTools.ttLib import TTFont

from renderers.fonts import Face, Family


class LineMetrics:
    """Knows the installed families by name."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        self._families = dict(families)

    def of(self, css_family: str, size: float, extent: tuple[float, float]) -> tuple[float, float]:
        """Pixels at the top and bottom of a line's box that letters do not reach.

        `css_family` is the computed `font-family`: its first known name counts. `extent` is how far
        letters of the script reach above and below the base line, by the size of the font.
        """
        for name in css_family.split(","):
            family = self._families.get(name.strip().strip("\"'"))
            if family is not None:
                ascent, descent = vertical_extent(family.regular)
                # Chromium rounds both to whole pixels.
                above = round(ascent * size) - extent[0] * size
                below = round(descent * size) - extent[1] * size
                return max(0.0, above), max(0.0, below)
        return 0.0, 0.0


@cache
def vertical_extent(face: Face) -> tuple[float, float]:
    """Ascent and descent of a line, by the size of the font, as browsers read them."""
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        unit = font["head"].unitsPerEm
        os2, hhea = font["OS/2"], font["hhea"]
        if os2.fsSelection & 128:  # the font asks for its typographic metrics
            return os2.sTypoAscender / unit, -os2.sTypoDescender / unit
        return hhea.ascent / unit, -hhea.descent / unit
