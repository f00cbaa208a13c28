"""The font families that the browser truly has, and that can write a chart's texts."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from fontTools.ttLib import TTFont

from renderers import fonts
from renderers.charts.echarts.ruler import MEASURED_AT, Measure, css_font
from renderers.languages.registry import language

PROBED = 6
"""Letters of a language by which a font is recognized."""
_TOLERANCE = 1.0
"""Pixels at a size of 100 by which an advance may differ from the font file's."""


class Families:
    """Families whose advances in the browser are those of their font file.

    The browser silently takes another font if it has no family of that name, or if several files
    share it. Its advances reveal that. `own` are families in place of the built-in ones.
    """

    def __init__(self, measure: Measure, own: Sequence[fonts.Family] = ()) -> None:
        self._measure = measure
        self._own = own
        self._known: dict[tuple[str, str], bool] = {}

    def families_covering(self, lang: str, texts: Iterable[str]) -> list[str]:
        """Names of the families of this language that can write all of the texts."""
        able = fonts.covering(self._own or fonts.families(lang), texts)
        return [family.name for family in able if self._agrees(lang, family)]

    def _agrees(self, lang: str, family: fonts.Family) -> bool:
        key = lang, family.name
        if key not in self._known:
            probe = _probe(lang, family.regular)
            asked = [(css_font(family.name, MEASURED_AT), list(probe))]
            (widths,) = self._measure(asked)
            wanted = advances(family.regular, probe)
            pairs = zip(widths, wanted, strict=True)
            self._known[key] = all(abs(a - b) < _TOLERANCE for a, b in pairs)
        return self._known[key]


def _probe(lang: str, face: fonts.Face) -> str:
    """Some of the letters of the language that the face has, and a digit if it has digits."""
    known = fonts.coverage(face)
    letters = [c for c in language(lang).needed if c.isalpha() and ord(c) in known]
    digit = "8" if ord("8") in known else ""
    return "".join(letters[:: max(1, len(letters) // PROBED)][:PROBED]) + digit


def advances(face: fonts.Face, text: str) -> list[float]:
    """The advance of each character in the font file, at the size of `MEASURED_AT`."""
    with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
        glyphs, metrics = font.getBestCmap(), font["hmtx"]
        # The whole table is not parsed: fontTools would complain about the dates in some of them.
        (units_per_em,) = struct.unpack(">H", font.reader["head"][18:20])
        scale = MEASURED_AT / units_per_em
        return [metrics[glyphs[ord(c)]][0] * scale for c in text]
