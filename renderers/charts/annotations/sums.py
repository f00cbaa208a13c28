"""What is computed from the data and drawn with it: totals of stacks, trend lines."""

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
from renderers.charts.expected import plain
from renderers.charts.flaw import Flaw
from renderers.charts.local_numbers import marks_of
from renderers.charts.spec import ChartSpec

MAX_GAP = 1.5
"""Between the end of a stack and its total at most, in ems."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sum of each stack, printed at its end."""

    kind: ClassVar[str] = "totals"

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return tuple(Note((self.kind, name), text) for name, text in _sums(spec).items())

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return _sums(spec)

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        _, side = value_scale(drawing.scales)
        for text in drawing.texts:
            if text.path[:1] != (self.kind,):
                continue
            stack = [mark.bbox for mark in drawing.marks if mark.path[-1] == text.path[1]]
            middle = (text.bbox[1 - side] + text.bbox[3 - side]) / 2
            beside = min(b[1 - side] for b in stack) <= middle <= max(b[3 - side] for b in stack)
            if side == 1:
                gap = min(b[1] for b in stack) - text.bbox[3]
            else:
                gap = text.bbox[0] - max(b[2] for b in stack)
            if not beside or not 0 <= gap <= MAX_GAP * text.size:
                yield Flaw("misplaced", f"{plain(text.text)} / {text.path[1]}", text.bbox)


@dataclass(frozen=True, slots=True)
class Trend:
    """The line y = `intercept` + `slope` · x through the points, with the coefficients as its
    equation prints them; `r2` is the printed share of the variance, empty for none."""

    kind: ClassVar[str] = "trend"
    slope: float
    intercept: float
    decimals: tuple[int, int]
    """Of the slope and of the intercept."""
    r2: str = ""

    def equation(self, lang: str) -> str:
        """`y = 2.13x + 5.4`, or with `, R² = 0.87`, with the decimal mark of the language."""
        of_slope, of_intercept = self.decimals
        sign = "-" if self.intercept < 0 else "+"
        line = f"y = {self.slope:.{of_slope}f}x {sign} {abs(self.intercept):.{of_intercept}f}"
        mark = marks_of(lang).decimal
        # A comma that is a decimal mark parts nothing else.
        joint = ", " if mark == "." else "; "
        return (
            f"{line}{joint}R² = {self.r2}".replace(".", mark)
            if self.r2
            else line.replace(".", mark)
        )

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind,), self.equation(spec.lang)),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return self.equation(spec.lang)

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        shape = shape_at(drawing, (self.kind,))
        if shape is None or len(shape.points) < 2:
            yield undrawn(self.kind, self.equation(spec.lang))
            return
        across, up = drawing.scales["x"], drawing.scales["y"]
        for x, y in shape.points:
            wanted = self.intercept + self.slope * across.value_at(x)
            yield from off(
                self.kind, self.equation(spec.lang), abs(up.value_at(y) - wanted) / up.per_pixel
            )


def _sums(spec: ChartSpec) -> dict[str, str]:
    """The sum of each category, as its values are printed."""
    number = value_number(spec)
    columns = zip(*(series.values for series in spec.table.series), strict=True)
    return {
        name: number.print(round(sum(column), number.decimals))
        for name, column in zip(spec.table.categories, columns, strict=True)
    }
