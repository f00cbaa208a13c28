"""A value of the truth of a chart, joined to its mark on the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vary_data.quality.validate.fitted_axes import last_digit, number_of

Path = tuple[str, ...]
Region = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Linked:
    """A value of the truth with its mark; `step` is the rounding of a value that is not printed,
    empty for printed ones."""

    path: Path
    value: str
    mark: Region
    step: str

    def number(self, unit: str) -> float | None:
        """The printed value as a number; None if its unit is another one."""
        return number_of(self.value, unit)

    def rounding(self, unit: str) -> float:
        """Half of what the value is rounded to."""
        return (number_of(self.step, unit) or last_digit(self.value)) / 2


Errors = Iterator[tuple[Linked, float, float]]
"""A value, by how many pixels its mark is off, and how many its rounding explains."""
