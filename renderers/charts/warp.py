"""How an axis maps values to places: linear, logarithmic, symmetric-logarithmic, with a break.

A warp maps a value to a place on a line of its own, always growing; an axis lays a piece of that
line on the picture. The inverse reads values back from places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

DECADE = 10.0
DERIVATIVE_STEP = 0.5
"""Pixels to each side by which the value of a pixel is measured."""


@dataclass(frozen=True, slots=True)
class Warp:
    """`kind` is `linear`, `log`, `symlog` or `broken`.

    A symlog axis is linear between `-threshold` and `threshold` and logarithmic beyond, with as
    much space for the linear part on each side of zero as for a decade. A broken axis goes through
    `knots`: pairs of value and place, between which it is linear.
    """

    kind: str = "linear"
    threshold: float = 1.0
    knots: tuple[tuple[float, float], ...] = ()

    def place(self, value: float) -> float:
        """The place of a value.

        Raises:
            ValueError: a logarithmic axis has no place for a value that is not above zero.
        """
        match self.kind:
            case "log":
                return math.log10(value)
            case "symlog":
                size = abs(value) / self.threshold
                return math.copysign(size if size <= 1 else 1 + math.log10(size), value)
            case "broken":
                return _through(self.knots, value)
        return value

    def value(self, place: float) -> float:
        """The value at a place."""
        match self.kind:
            case "log":
                return float(DECADE**place)
            case "symlog":
                size = abs(place)
                size = size if size <= 1 else float(DECADE ** (size - 1))
                return math.copysign(size * self.threshold, place)
            case "broken":
                return _through(tuple((b, a) for a, b in self.knots), place)
        return place


LINEAR = Warp()


def _through(knots: tuple[tuple[float, float], ...], at: float) -> float:
    """The line through the knots, which goes on straight beyond both ends."""
    pairs = list(pairwise(knots))
    (x0, y0), (x1, y1) = next((pair for pair in pairs if at <= pair[1][0]), pairs[-1])
    return y0 + (at - x0) / (x1 - x0) * (y1 - y0)
