"""Categories that are marked across the plot: events at one, periods from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import NamedShape, middle_of
from renderers.charts.drawing import Drawing, Mark, Scale
from renderers.charts.spec import ChartSpec

ACROSS = 0
"""Categories in order run from left to right."""


@dataclass(frozen=True, slots=True)
class Event(NamedShape):
    """A line upwards at a category, such as the year of a reform."""

    kind: ClassVar[str] = "events"
    category: str

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.text: self.category}

    def errors(self, shape: Mark, drawing: Drawing) -> Iterator[float]:
        middle = middle_of(drawing.marks, self.category, ACROSS)
        for point in shape.points:
            yield abs(point[ACROSS] - middle)


@dataclass(frozen=True, slots=True)
class Period(NamedShape):
    """A shaded range from one category to a later one."""

    kind: ClassVar[str] = "periods"
    first: str
    last: str

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return {self.text: {"from": self.first, "to": self.last}}

    def errors(self, shape: Mark, drawing: Drawing) -> Iterator[float]:
        ends = (shape.bbox[ACROSS], shape.bbox[ACROSS + 2])
        for end, category in zip(ends, (self.first, self.last), strict=True):
            yield abs(end - middle_of(drawing.marks, category, ACROSS))
