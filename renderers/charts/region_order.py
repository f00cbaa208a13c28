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

    `links` are those of `renderers.charts.links`. Regions of no value come last; words follow
    their text.
    """
    words: dict[int, list[int]] = {}
    for i, region in enumerate(regions):
        if region.parent:  # 0 is the chart
            words.setdefault(region.parent, []).append(i)
    places: dict[int, int] = {}
    for i in dict.fromkeys(_tops(regions, links)):
        for index in (i, *words.get(i, ())):
            places[index] = len(places)
    return tuple(replace(region, order=places[i]) for i, region in enumerate(regions))


def _tops(regions: Sequence[Region], links: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The regions without their words; some twice."""
    tops = [i for i, region in enumerate(regions) if not region.parent]
    head = [i for i in tops if regions[i].role in _HEAD]
    yield from sorted(head, key=lambda i: _HEAD.index(regions[i].role))
    for link in links:
        yield from (link[key] for key in ("mark", "label") if key in link)
    yield from tops
