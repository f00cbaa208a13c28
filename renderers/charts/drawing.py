"""The result of one draw: pixels, and every text and mark as read from the renderer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from renderers.picture import Box, Picture, Pixels, Region


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A text as the renderer drew it.

    `text` is what was drawn, line breaks made by wrapping included as `\\n`. `bbox` is the
    tight box on the picture. `role` is one of `title`, `subtitle`, `source`, `x_title`,
    `y_title`, `y2_title`, `legend`, `x_tick`, `y_tick`, `y2_tick`, `category` (a name next to
    its mark), `value`, `label` (a name and a value together), `note`. `words` are the word
    regions of horizontal text (see `renderers.picture.WORD`); rotated text has none. `size` is the
    font's em in pixels. `contrast` is the WCAG ratio of the ink against what lies behind it.
    `missing` holds the characters that the font has no glyph for.
    """

    text: str
    bbox: Box
    role: str
    angle: float = 0.0
    size: float = 12.0
    contrast: float = 21.0
    missing: str = ""
    words: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis as drawn: its ends in data units and its length in pixels."""

    low: float
    high: float
    pixels: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """`scales` holds the axes that values are read off, keyed as `renderers.charts.truth` asks."""

    pixels: Pixels
    texts: tuple[DrawnText, ...]
    marks: tuple[Region, ...] = ()
    scales: Mapping[str, Scale] = field(default_factory=dict)

    def picture(self) -> Picture:
        """Texts, then their words, then marks, as regions."""
        regions: list[Region] = []
        for text in self.texts:
            regions.append(Region(text.bbox, text.text.replace("\n", " "), text.role))
            regions.extend(text.words)
        return Picture(self.pixels, (*regions, *self.marks))
