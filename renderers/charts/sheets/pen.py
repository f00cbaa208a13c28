"""What a backend offers to the functions that draw annotations. All lengths are pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from renderers.charts.directions import Align
from renderers.charts.drawing import XY, Path
from renderers.picture import Box

Place = tuple[XY, XY]
"""A point, and the anchor of a text on it: 0 is its left or top, 1 its right or bottom."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is painted; `dash` is a pattern of pixels on and off."""

    color: str
    width: float
    dash: tuple[float, ...] = ()


class Written(Protocol):
    """A text that was measured and is not placed yet."""

    @property
    def width(self) -> float:
        """Pixels of the picture."""
        ...

    @property
    def height(self) -> float:
        """Pixels of the picture, of all lines."""
        ...


class Pen(Protocol):
    """Draws what an annotation consists of, and remembers where something is already."""

    obstacles: list[Box]
    """What texts should keep away from: marks, stretches of lines, other shapes."""

    brackets: list[Box]
    """Boxes of brackets over categories, which further ones are above of."""

    def text(
        self, text: str, size: float, width: float | None, align: Align, bold: bool
    ) -> Written:
        """A text of `size` in ems of the chart, in lines of at most `width` of its own ems, if
        given, where it has spaces to break at."""
        ...

    def text_boxes(self) -> list[Box]:
        """The boxes of all texts so far."""
        ...

    def line(
        self, points: Sequence[XY], stroke: Stroke, z: float, path: Path, ends: Sequence[int]
    ) -> None:
        """The line of the annotation at `path`; `ends` are the points that say where it is."""
        ...

    def shade(self, box: Box, color: str, z: float, path: Path) -> None:
        """The shaded range of the annotation at `path`, below all marks."""
        ...

    def head(self, points: Sequence[XY], color: str, z: float) -> None:
        """The head of an arrow."""
        ...

    def frame(self, box: Box, fill: str, edge: str, width: float, radius: float, z: float) -> None:
        """A box behind a text."""
        ...

    def write(self, text: Written, place: Place, color: str, path: Path, plate: str | None) -> Box:
        """Write a note of the annotation at `path`; `plate` is a color painted behind it."""
        ...

    def best_place(self, text: Written, places: Sequence[Place], within: Box) -> int:
        """The first of several places where a text is free; the one where it collides least
        otherwise."""
        ...
