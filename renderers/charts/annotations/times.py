"""Categories that are marked across the plot: events at one, periods from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import Note, middle_of, off, shape_at, undrawn
from renderers.charts.drawing import Drawing, Path, Scale
from renderers.charts.flaw import Flaw
from renderers.charts.spec import ChartSpec

ACROSS = 0
"""Categories in order run from left to right."""


@dataclass(frozen=True, slots=True)
class Event:
    """A line upwards at a category, such as the year of a reform."""

    kind: ClassVar[str] = "events"
    text: str
    category: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.text), self.text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.text: self.category}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        if shape is None:
            yield undrawn(self.kind, self.text)
            return
        middle = middle_of(drawing.marks, self.category, ACROSS)
        for point in shape.points:
            yield from off(self.kind, self.text, abs(point[ACROSS] - middle))


@dataclass(frozen=True, slots=True)
class Period:
    """A shaded range from one category to a later one."""

    kind: ClassVar[str] = "periods"
    text: str
    first: str
    last: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.text), self.text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.text: {"from": self.first, "to": self.last}}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        if shape is None:
            yield undrawn(self.kind, self.text)
            return
        ends = (shape.bbox[ACROSS], shape.bbox[ACROSS + 2])
        for end, category in zip(ends, (self.first, self.last), strict=True):
            error = abs(end - middle_of(drawing.marks, category, ACROSS))
            yield from off(self.kind, self.text, error)
