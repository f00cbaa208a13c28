"""A value as a mark shows it, and the marks of a drawing by path."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from renderers.charts.drawing import XY, Drawing, Mark, Path, Scale
from renderers.charts.spec import ChartSpec, Series


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mark should show and what it shows, both in data units. `per_pixel` is what one
    pixel of the mark's place or size stands for."""

    path: Path
    expected: float
    read: float
    per_pixel: float

    @property
    def pixels(self) -> float:
        """By how many pixels the mark is wrong."""
        if self.expected == self.read:
            return 0.0
        return abs(self.expected - self.read) / self.per_pixel if self.per_pixel else float("inf")


def read_at(path: Path, expected: float, scale: Scale, place: float) -> Reading:
    """A value read off an axis at a column or row."""
    read = scale.value_at(place)
    if scale.linear or read == expected:
        return Reading(path, expected, read, scale.per_pixel)
    # A pixel is worth another amount at each place: the error is counted in pixels.
    off = abs(scale.place_of(expected) - place)
    return Reading(path, expected, read, abs(read - expected) / off if off else math.inf)


def shown(series: Series, paths: Sequence[Path]) -> Iterator[tuple[float, Path]]:
    """The values of a series that are not missing, with their paths."""
    pairs = zip(series.values, paths, strict=True)
    return ((value, path) for value, path in pairs if not math.isnan(value))


Measure = Callable[[ChartSpec, Drawing], Iterator[Reading]]
"""Reads all marks of a chart. Each value of its truth has a mark (the audit checks it before)."""


def marks_by_path(drawing: Drawing) -> Mapping[Path, Mark]:
    """The marks of a drawing by the paths of their values in the truth."""
    return {mark.path: mark for mark in drawing.marks}


def place(mark: Mark) -> XY:
    """Where a mark is that shows its value by its place."""
    return mark.points[0] if mark.points else mark.center


def value_scale(drawing: Drawing) -> tuple[Scale, int]:
    """The only value axis, and its direction: 0 from left to right, 1 upwards."""
    return (drawing.scales["y"], 1) if "y" in drawing.scales else (drawing.scales["x"], 0)
