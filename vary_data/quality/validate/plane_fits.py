"""Marks of arrows, of bins of two quantities, and of points in a triangle, from their boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from renderers.charts.triangle import Triangle
from vary_data.quality.validate.fitted_axes import Axis, any_number, number_of
from vary_data.quality.validate.linked import Errors, Linked, Region

ARROW_PAD = 2.0
"""Pixels around an arrow from its tail to its tip in the box of its mark."""
WHOLE = 100.0
"""Percent."""


def arrows(
    axes: Mapping[str, Axis],
    truth: Mapping[str, Any],
    regions: Sequence[Region],
    linked: Sequence[Linked],
) -> Errors:
    """The tail of an arrow is the corner of its box that the arrow leaves; its parts are as long as
    the arrow of the legend says, whose mark goes by the text next to it."""
    key = _key(regions)
    for item in linked:
        name = item.path[-1]
        side, part = (0, "u") if name in "xu" else (1, "v")
        low, high = item.mark["bbox"][side], item.mark["bbox"][side + 2]
        length = truth["values"][item.path[0]][part]
        forward = (any_number(length) or 0.0) >= 0
        axis = axes.get(name)
        if axis and (number := item.number(axis.unit)) is not None:
            # Rows grow downwards, values upwards.
            at = low + ARROW_PAD if forward == (side == 0) else high - ARROW_PAD
            slack = axis.slack(number, item.rounding(axis.unit))
            yield item, abs(at - axis.place(number)), slack
        elif name == part and key and (number := any_number(item.value)) is not None:
            step = any_number(item.step) or 0.0
            drawn = high - low - 2 * ARROW_PAD
            yield item, abs(drawn - abs(number) * key), step / 2 * key


def _key(regions: Sequence[Region]) -> float:
    """Pixels of an arrow for each unit; 0 without a legend."""
    names = {region["text"] for region in regions if region["role"] == "legend"}
    for region in regions:
        if region["role"] == "mark" and region["text"] in names:
            number = any_number(region["text"])
            width = region["bbox"][2] - region["bbox"][0] - 2 * ARROW_PAD
            return float(width / number) if number else 0.0
    return 0.0


def bins(axes: Mapping[str, Axis], linked: Sequence[Linked]) -> Errors:
    """Each cell between the edges in the names of its bins."""
    for item in linked:
        for side, (name, key) in enumerate(zip(item.path[::-1], "xy", strict=True)):
            if axis := axes.get(key):
                low, high = item.mark["bbox"][side], item.mark["bbox"][side + 2]
                ends = sorted(axis.place(edge) for edge in _edges(name, axis.unit))
                yield item, max(abs(low - ends[0]), abs(high - ends[1])), 0.0


def _edges(name: str, unit: str) -> tuple[float, float]:
    low, high = (number_of(edge, unit) or 0.0 for edge in name.rsplit("-", 1))
    return low, high


def shares(regions: Sequence[Region], linked: Sequence[Linked]) -> Errors:
    """Each point at its shares in the triangle that fills the box of the plot: the first of them is
    whole at the upper corner, the second at the left one."""
    plots = [region["bbox"] for region in regions if region["role"] == "plot"]
    if not plots:
        return
    triangle = Triangle(tuple(plots[0]))
    height = plots[0][3] - plots[0][1]
    for i, item in enumerate(_by_category(linked)):
        number = any_number(item.value)
        if number is None:
            continue
        x0, y0, x1, y1 = item.mark["bbox"]
        share = triangle.shares(((x0 + x1) / 2, (y0 + y1) / 2))[i % 3]
        step = any_number(item.step) or 0.0
        yield item, abs(share - number / WHOLE) * height, step / 2 / WHOLE * height


def _by_category(linked: Sequence[Linked]) -> Iterator[Linked]:
    """The values of the categories that have all three of their shares."""
    for start in range(0, len(linked) - 2, 3):
        three = linked[start : start + 3]
        if len({item.path[0] for item in three}) == 1:
            yield from three
