"""Values of the axis that are marked across the plot: limits, and bands between two values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import NamedShape, Note, value_number, value_scale
from renderers.charts.drawing import Drawing, Mark, Path, Scale
from renderers.charts.precision import printed_step, read_off
from renderers.charts.spec import ChartSpec
from renderers.languages.registry import language


@dataclass(frozen=True, slots=True)
class Threshold(NamedShape):
    """A line across the plot at a value of the axis, such as a target; with `printed`, the value
    follows the text."""

    kind: ClassVar[str] = "thresholds"
    value: float
    printed: bool = True

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        joint = "：" if language(spec.lang).wide else ": "
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

    def errors(self, shape: Mark, drawing: Drawing) -> Iterator[float]:
        scale, side = value_scale(drawing.scales)
        for point in shape.points:
            yield abs(scale.place_of(self.value) - point[side])


@dataclass(frozen=True, slots=True)
class Band(NamedShape):
    """A shaded range of values across the plot; its ends are read off the axis."""

    kind: ClassVar[str] = "bands"
    low: float
    high: float

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        number, (scale, _) = value_number(spec), value_scale(scales)
        low, high = (read_off(value, number, scale) for value in (self.low, self.high))
        return {self.text: {"from": low, "to": high}}

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        step = printed_step(value_number(spec), value_scale(scales)[0])
        return {(self.kind, self.text, end): step for end in ("from", "to")}

    def errors(self, shape: Mark, drawing: Drawing) -> Iterator[float]:
        scale, side = value_scale(drawing.scales)
        wanted = sorted(scale.place_of(value) for value in (self.low, self.high))
        for end, place in zip((shape.bbox[side], shape.bbox[side + 2]), wanted, strict=True):
            yield abs(end - place)


def needs_axis(spec: ChartSpec) -> bool:
    """Whether a value of an annotation is read off the value axis, also where all values of the
    data are printed."""
    return any(
        isinstance(item, Band) or (isinstance(item, Threshold) and not item.printed)
        for item in spec.annotations
    )
