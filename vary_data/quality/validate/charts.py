"""Which strings of a chart's truth are printed on the picture, where, and how often at least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from renderers.charts.catalog import CATALOG

ABSENT = "None"
HEADINGS = ("title", "source", "x_title", "y_title", "y2_title")


@dataclass(frozen=True, slots=True)
class Printed:
    """`names` stand on the picture at least once each, titles included. `values` stand beside
    their marks, at least as often as counted here."""

    names: frozenset[str]
    values: Counter[str]


def printed(truth: Mapping[str, Any], meta: Mapping[str, Any], drawn: Container[str]) -> Printed:
    """Every string of the truth that must be on the picture.

    `meta` is the row's: `type` is the chart's type and `labels` says whether values are printed
    beside their marks (absent: they are not). `drawn` holds the texts on the picture: a histogram
    may name its bins or only their edges. Names that only the truth gives (the figures of a box
    plot, the numbers of unlabelled points) are not printed.
    """
    kind = str(meta.get("type"))
    entry = CATALOG.get(kind)
    names: set[str] = set()
    values: Counter[str] = Counter()
    for path, leaf in _leaves(truth["values"]):
        match entry.shape if entry else "table":
            case "points" if len(path) > 1:
                names.update(path[:-2])
                names.update(name for name in path[-2:-1] if not name.isdigit())
                values.update([leaf] if path[-1] == "size" else [])
            case "summary" if entry and path[-1] in entry.fields:
                names.update(path[:-1])
                values[leaf] += 1
            case _:
                names.update(path)
                values[leaf] += 1
    if kind == "histogram":
        names = {name for bin_ in names for name in _bin(bin_, drawn)}
    elif kind == "calendar":
        names = {part for day in names for part in (day[:7], day[8:].lstrip("0"))}
    headings = (str(truth.get(key, ABSENT)) for key in HEADINGS)
    names.update(text for text in headings if text != ABSENT)
    return Printed(frozenset(names), values if meta.get("labels") else Counter())


def beside_mark(role: str) -> bool:
    """Whether a text of this role can be the printed value of a mark."""
    return role not in HEADINGS and not role.endswith("_tick")


def _bin(name: str, drawn: Container[str]) -> tuple[str, ...]:
    """A bin of a histogram stands below its bar as a range, or as the edges beside it."""
    return (name,) if name in drawn or "-" not in name else tuple(name.rsplit("-", 1))


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif value != ABSENT:
        yield path, value
