"""What every annotation answers, and the places on a chart that annotations refer to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from renderers.charts.drawing import Drawing, Mark, Path, Scale
from renderers.charts.flaw import Flaw
from renderers.charts.measures.reading import place
from renderers.charts.precision import axis_scale
from renderers.charts.spec import ChartSpec, NumberFormat, Points, Summary, Table

MAX_ERROR = 2.0
"""Pixels by which a shape may be off: as much as a mark."""


@dataclass(frozen=True, slots=True)
class Note:
    """A text that an annotation prints. `path` begins with the kind of the annotation."""

    path: Path
    text: str
    role: str = "note"


class Annotation(Protocol):
    """A value of a specification.

    `kind` is its key in `annotations` of the truth; annotations of one kind are in one dict.
    """

    kind: ClassVar[str]

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        """The texts that must be drawn once."""
        ...

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        """What is at its key: a string, or a dict that is joined with those of its kind."""
        ...

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        """What its values are rounded to where they are read off an axis, by path."""
        ...

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        """What is wrong with its shapes; its texts are audited like all others."""
        ...


@dataclass(frozen=True, slots=True)
class NamedShape(ABC):
    """An annotation that is a shape with a text, its name; unless it says otherwise, the text is
    printed as it is and no value is read off an axis."""

    kind: ClassVar[str]
    text: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.text), self.text),)

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        if shape is None:
            yield undrawn(self.kind, self.text)
            return
        for pixels in self.errors(shape, drawing):
            yield from off(self.kind, self.text, pixels)

    @abstractmethod
    def errors(self, shape: Mark, drawing: Drawing) -> Iterator[float]:
        """How far each end or point of the shape is from its place, in pixels."""


def value_number(spec: ChartSpec) -> NumberFormat:
    """How the values on the value axis are printed."""
    match spec.data:
        case Table():
            return spec.data.series[0].number
        case Summary():
            return spec.data.number
        case Points():
            return spec.data.y_number
        case _:
            raise ValueError(f"{spec.type} has no value axis")


def value_scale(scales: Mapping[str, Scale]) -> tuple[Scale, int]:
    """The value axis, and its direction: 0 from left to right, 1 upwards."""
    return (scales["y"], 1) if "y" in scales else (axis_scale(scales, "x"), 0)


def shape_at(drawing: Drawing, path: Path) -> Mark | None:
    """The shape of an annotation."""
    return next((shape for shape in drawing.shapes if shape.path == path), None)


def middle_of(marks: Sequence[Mark], category: str, side: int) -> float:
    """The column or row of a category: the middle of what its marks take together.

    Raises:
        ValueError: it has no mark.
    """
    own = [mark for mark in marks if mark.path[-1] == category]
    if not own:
        raise ValueError(f"no mark shows {category!r}")
    if all(mark.round for mark in own):
        return sum(place(mark)[side] for mark in own) / len(own)
    return (min(m.bbox[side] for m in own) + max(m.bbox[side + 2] for m in own)) / 2


def off(kind: str, name: str, pixels: float) -> Iterator[Flaw]:
    """The flaw of a shape that is so many pixels off its place."""
    if not pixels <= MAX_ERROR:
        yield Flaw("annotation", f"{kind}: {name} is {pixels:.1f} pixels off")


def undrawn(kind: str, name: str) -> Flaw:
    """The flaw of a shape that was not drawn."""
    return Flaw("annotation", f"{kind}: {name} has no shape")
