"""Whether the glyphs of an embedded font have the heights of the Latin letters that they stand for.

The last witness against a ToUnicode table, for fonts without glyph names and without a character
map, as most programs embed them. In every upright or slanted text face `b d f h k l` and the
capitals are higher than `a c e m n …`, and `g j p q y` hang below the base line. A table that
permutes letters contradicts that for many of them. Two letters of one shape that are exchanged are
not found; fonts of one height, such as small capitals, say nothing.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping

from pymupdf import mupdf

LOW = frozenset("acemnorsuvwxz")
HIGH = frozenset("bdfhklABDEFHIKLMNPRTUVWXYZ")
"""Letters as high as an ascender or a capital; round capitals and `t`, `i`, `j` are left out."""
HANGING = frozenset("gpqy")
STANDING = LOW | frozenset("bdhkl")
"""Letters that end at the base line. `f` and `z` hang in some italics and are left out."""
FEWEST = 12
"""Letters that are compared, at least."""
CLEARLY = 1.15
"""How much higher than the low letters, at least, a high one is. Faces with large low letters have
1.3."""
BELOW = 0.06
"""How far [em] a hanging letter reaches below the base line, at least; round letters have 0.02."""
FLAT = 0.01
"""Height [em] up to which a glyph is empty. Programs that cut fonts down empty the glyphs that a
file does not use, while its table still names them; MuPDF gives them a height above 0."""
WRONG = 0.25
"""Share of the letters with other heights than theirs, from which a font lies. Permuted tables
have half; script faces, whose letters swing, up to a tenth."""


def shapes_contradict(font: bytes, letters: Mapping[int, str]) -> bool:
    """Whether the glyphs of a font file, by number, have other heights than the letters that a
    table claims."""
    drawn: list[tuple[str, float, float]] = []
    known = {glyph: c for glyph, c in letters.items() if c in LOW or c in HIGH or c in HANGING}
    if len(known) < FEWEST:
        return False
    with_boxes = mupdf.fz_new_font_from_buffer("", mupdf.fz_new_buffer_from_copied_data(font), 0, 1)
    for glyph, letter in known.items():
        box = mupdf.fz_bound_glyph(with_boxes, glyph, mupdf.FzMatrix())
        if box.y1 - box.y0 > FLAT:
            drawn.append((letter, box.y0, box.y1))
    low = [top for letter, _, top in drawn if letter in LOW]
    high = [top for letter, _, top in drawn if letter in HIGH]
    if len(drawn) < FEWEST or not low or not high or _one_height([top for *_, top in drawn]):
        return False
    limit = CLEARLY * min(statistics.median(low), statistics.median(high))
    wrong = sum(top > limit for top in low) + sum(top <= limit for top in high)
    compared = len(low) + len(high)
    for letter, bottom, _ in drawn:
        if letter in HANGING or letter in STANDING:
            compared += 1
            wrong += (bottom < -BELOW) != (letter in HANGING)
    return wrong > WRONG * compared


def _one_height(tops: list[float]) -> bool:
    """Whether all letters are about as high as one another."""
    return max(tops) <= CLEARLY * statistics.median(tops) and min(tops) >= (
        statistics.median(tops) / CLEARLY
    )
