"""What must hold for the tables of single chart types, beyond their size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, pairwise

from renderers.charts.catalog import SET_JOINT
from renderers.charts.spec import Table
from renderers.charts.tile_grids import tile_grid
from vary_data.sources.charts.problem import Problem

WHOLE = 100
"""Percent."""


def _ranks(data: Table) -> Iterator[Problem]:
    wanted = list(range(1, len(data.series) + 1))
    for i, time in enumerate(data.categories):
        if sorted(series.values[i] for series in data.series) != wanted:
            yield Problem("wrong-order", f"{time}: not the ranks from 1 to {wanted[-1]}")
            return


def _shares_left(data: Table) -> Iterator[Problem]:
    for series in data.series:
        values = series.values
        if values[0] != WHOLE or any(b > a for a, b in pairwise(values)) or min(values) <= 0:
            yield Problem("wrong-order", f"{series.name}: not from 100 % downwards, above zero")


def _square(data: Table) -> Iterator[Problem]:
    if tuple(series.name for series in data.series) != data.categories:
        yield Problem("wrong-shape", "a confusion matrix has the same classes in both directions")


def _map(data: Table) -> Iterator[Problem]:
    if tile_grid(data.categories) is None:
        yield Problem("wrong-shape", "no map of tiles has all of these regions")


def _squares(data: Table) -> Iterator[Problem]:
    values = data.series[0].values
    if sum(values) != WHOLE or any(v != round(v) or v < 1 for v in values):
        yield Problem("parts-do-not-sum", "a waffle needs whole percentages that add up to 100")


def _sets(data: Table) -> Iterator[Problem]:
    names = [name for name in data.categories if SET_JOINT not in name]
    regions = {
        frozenset(inside)
        for count in range(1, len(names) + 1)
        for inside in combinations(names, count)
    }
    found = [frozenset(name.split(SET_JOINT)) for name in data.categories]
    if len(names) not in (2, 3) or len(found) != len(regions) or set(found) != regions:
        yield Problem("wrong-shape", "a Venn diagram needs every region of two or three sets")


def _events(data: Table) -> Iterator[Problem]:
    series = data.series[0]
    if series.number.decimals or series.number.thousands or len(set(series.values)) < 2:
        yield Problem("wrong-shape", "each event needs a year")


TABLE_RULES: Mapping[str, Callable[[Table], Iterator[Problem]]] = {
    "bump": _ranks,
    "confusion_matrix": _square,
    "survival": _shares_left,
    "tile_map": _map,
    "timeline": _events,
    "venn": _sets,
    "waffle": _squares,
}
"""The rules by type."""
