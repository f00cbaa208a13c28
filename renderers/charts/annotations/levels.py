"""Values of the axis that are marked across the plot: limits, and bands between two values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import (
    Note,
    off,
    shape_at,
    undrawn,
    value_number,
    value_scale,
)
from renderers.charts.drawing import Drawing, Path, Scale
from renderers.charts.flaw import Flaw
from renderers.charts.precision import printed_step, read_off
from renderers.charts.spec import ChartSpec


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line across the plot at a value of the axis, such as a target; with `printed`, the value
    follows the text."""

    kind: ClassVar[str] = "thresholds"
    text: str
    value: float
    printed: bool = True

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        joint = "：" if spec.lang == "zh" else ": "
        value = value_number(spec).print(self.value)
        text = f"{self.text}{joint}{value}" if self.printed else self.text
        return (Note((self.kind, self.text), text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        number = value_number(spec)
        if self.printed:
            return {self.text: number.print(self.value)}
        return {self.text: read_off(self.value, number, value_scale(scales)[0])}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        if self.printed:
            return {}
        step = printed_step(value_number(spec), value_scale(scales)[0])
        return {(self.kind, self.text): step}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        if shape is None:
            yield undrawn(self.kind, self.text)
            return
        scale, side = value_scale(drawing.scales)
        for point in shape.points:
            error = abs(scale.place_of(self.value) - point[side])
            yield from off(self.kind, self.text, error)


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded range of values across the plot; its ends are read off the axis."""

    kind: ClassVar[str] = "bands"
    text: str
    low: float
    high: float

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind, self.text), self.text),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        number, (scale, _) = value_number(spec), value_scale(scales)
        low, high = (read_off(value, number, scale) for value in (self.low, self.high))
        return {self.text: {"from": low, "to": high}}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        step = printed_step(value_number(spec), value_scale(scales)[0])
        return {(self.kind, self.text, end): step for end in ("from", "to")}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind, self.text))
        if shape is None:
            yield undrawn(self.kind, self.text)
            return
        scale, side = value_scale(drawing.scales)
        wanted = sorted(scale.place_of(value) for value in (self.low, self.high))
        for end, place in zip((shape.bbox[side], shape.bbox[side + 2]), wanted, strict=True):
            yield from off(self.kind, self.text, abs(end - place))
