"""The triangle of a ternary plot, in which a place shows three shares of a whole.

The first share is 1 at the upper corner, the second at the left one, the third at the right one.
"""

from __future__ import annotations

from dataclasses import dataclass

from renderers.charts.drawing import XY
from renderers.picture import Box

ASPECT = 3**0.5 / 2
"""Height of a triangle with equal sides, in its sides."""

Shares = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Triangle:
    """A triangle with a level base that fills its box, in pixels."""

    box: Box

    @property
    def corners(self) -> tuple[XY, XY, XY]:
        """Where each of the shares is 1."""
        left, top, right, bottom = self.box
        return ((left + right) / 2, top), (left, bottom), (right, bottom)

    def place(self, shares: Shares) -> XY:
        """Where these shares are."""
        whole = sum(shares)
        xs, ys = zip(*self.corners, strict=True)
        x = sum(share * x for share, x in zip(shares, xs, strict=True)) / whole
        return x, sum(share * y for share, y in zip(shares, ys, strict=True)) / whole

    def shares(self, place: XY) -> Shares:
        """The shares at a place; they sum to 1."""
        left, top, right, bottom = self.box
        first = (bottom - place[1]) / (bottom - top)
        third = (place[0] - left) / (right - left) - first / 2
        return first, 1 - first - third, third
