"""The order of a chart's regions: that of its ground truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from renderers.picture import Region
from renderers.roles import CHART, PLOT, TITLE

_HEAD = (
    *(CHART, TITLE, "subtitle", "source", "x_title", "y_title", "y2_title", "legend"),
    *("x_tick", "y_tick", "y2_tick", PLOT),
)
"""Roles in the order in which the truth names them; its values follow."""


def in_truth_order(
    regions: Sequence[Region], links: Sequence[Mapping[str, Any]]
) -> tuple[Region, ...]:
    """The regions of a chart with their order: titles, axes, then each value's mark and label.

    `links` are those of `renderers.charts.links`. Regions of no value come last, a table after
    them; words follow their text, cells their table row by row.
    """
    parts: dict[int, list[int]] = {}
    for i, region in enumerate(regions):
        if region.parent:  # 0 is the chart
            parts.setdefault(region.parent, []).append(i)
    places: dict[int, int] = {}

    def take(index: int) -> None:
        places[index] = len(places)
        for part in sorted(parts.get(index, ()), key=lambda i: _in_grid(regions[i])):
            take(part)

    for i in dict.fromkeys(_tops(regions, links)):
        take(i)
    return tuple(replace(region, order=places[i]) for i, region in enumerate(regions))


def _tops(regions: Sequence[Region], links: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The regions without their words; some twice."""
    tops = [i for i, region in enumerate(regions) if not region.parent]
    head = [i for i in tops if regions[i].role in _HEAD]
    yield from sorted(head, key=lambda i: _HEAD.index(regions[i].role))
    for link in links:
        shown = (link[key] for key in ("mark", "label") if key in link)
        # A value in a cell comes with its table.
        yield from (i for i in shown if not regions[i].parent)
    yield from tops


def _in_grid(region: Region) -> tuple[int, int]:
    """The place of a cell among those of its table; of other parts all the same."""
    return (region.cell.row, region.cell.column) if region.cell else (0, 0)
