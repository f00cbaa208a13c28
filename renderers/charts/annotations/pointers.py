"""Annotations of single marks: texts with an arrow or leader, highlighted bars, brackets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import Note, middle_of, off, shape_at, undrawn
from renderers.charts.drawing import Drawing, Path, Scale
from renderers.charts.flaw import Flaw
from renderers.charts.spec import ChartSpec
from renderers.picture import Box

MAX_TIP = 14.0
"""Pixels from the tip of an arrow to its mark at most."""


@dataclass(frozen=True, slots=True)
class Callout:
    """A text with an arrow or leader to the mark at `path`."""

    kind: ClassVar[str] = "callouts"
    text: str
    path: Path

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.text), self.text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.text: "/".join(self.path)}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        own = [mark for mark in drawing.marks if mark.path == self.path]
        if shape is None or not shape.points or not own:
            yield undrawn(self.kind, self.text)
            return
        tip = shape.points[0]
        distances = {mark.path: _distance(tip, mark.bbox) for mark in drawing.marks}
        mine = distances.pop(self.path)
        if mine > MAX_TIP or any(other < mine for other in distances.values()):
            yield Flaw("annotation", f"{self.kind}: {self.text} does not point to its mark")
        for text in drawing.texts:
            if text.path == (self.kind, self.text):
                for mark in drawing.marks:
                    if _share(text.plate or text.bbox, mark.bbox):
                        yield Flaw("overlap", f"{self.text} / {'/'.join(mark.path)}", text.bbox)


@dataclass(frozen=True, slots=True)
class Highlight:
    """One bar in a color that no other bar has."""

    kind: ClassVar[str] = "highlighted"
    category: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return ()

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return self.category

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        own = {mark.color for mark in drawing.marks if mark.path[-1] == self.category}
        others = {mark.color for mark in drawing.marks if mark.path[-1] != self.category}
        if len(own) != 1 or len(others) != 1 or own & others:
            yield Flaw("annotation", f"{self.kind}: {self.category} does not stand out")


@dataclass(frozen=True, slots=True)
class Significance:
    """A bracket over two categories with the result of a test between them."""

    kind: ClassVar[str] = "significance"
    first: str
    second: str
    text: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.first, self.second), self.text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.first: {self.second: self.text}}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        name = f"{self.first} – {self.second}"
        shape = shape_at(drawing, (self.kind, self.first, self.second))
        if shape is None:
            yield undrawn(self.kind, name)
            return
        ends = (shape.bbox[0], shape.bbox[2])
        for end, category in zip(ends, (self.first, self.second), strict=True):
            yield from off(self.kind, name, abs(end - middle_of(drawing.marks, category, 0)))
        for mark in drawing.marks:
            if _share(shape.bbox, mark.bbox):
                yield Flaw("overlap", f"{name} / {'/'.join(mark.path)}", shape.bbox)


def _distance(point: tuple[float, float], box: Box) -> float:
    dx = max(box[0] - point[0], 0.0, point[0] - box[2])
    dy = max(box[1] - point[1], 0.0, point[1] - box[3])
    return float((dx * dx + dy * dy) ** 0.5)


def _share(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a pixel in both directions."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return width > 1 and height > 1
