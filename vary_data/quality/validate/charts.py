"""The strings of a chart's truth that must be printed on the picture, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from renderers.charts.audit import TITLES
from renderers.charts.catalog import CATALOG, SET_JOINT
from renderers.charts.truth import ABSENT


@dataclass(frozen=True, slots=True)
class PrintedStrings:
    """Strings that must be on the picture: `names` (with titles) at least once each, `values` next
    to marks at least as often as counted."""

    names: frozenset[str]
    values: Counter[str]


def printed(
    truth: Mapping[str, Any], meta: Mapping[str, Any], drawn: Container[str]
) -> PrintedStrings:
    """Every string of the truth that must be on the picture.

    `meta` is that of the row: `type` is the chart's type, `labels` is true if values are printed
    next to their marks. `drawn` has the texts on the picture: a histogram prints its bins or only
    their edges; a Venn diagram prints the names of its sets. Names that are only in the truth (the
    statistics of a box plot, the numbers of unlabeled points) are not printed.
    """
    chart_type = str(meta.get("type"))
    entry = CATALOG.get(chart_type)
    names: set[str] = set()
    values: Counter[str] = Counter()
    for path, leaf in _leaves(truth["values"]):
        match entry.shape if entry else "table":
            case "points" if len(path) > 1:
                names.update(path[:-2])
                names.update(name for name in path[-2:-1] if not name.isdigit())
                values.update([leaf] if path[-1] == "size" else [])
                # A figure of no axis is one of the levels of the color bar.
                if entry and path[-1] in entry.fields and not entry.figure_axis:
                    names.add(leaf)
            case "summary" if entry and path[-1] in entry.fields:
                names.update(path[:-1])
                values[leaf] += 1
            case _:
                names.update(path)
                values[leaf] += 1
    if chart_type in ("histogram", "histogram_2d"):
        names = {name for bin_ in names for name in _bin(bin_, drawn)}
    elif chart_type == "venn":
        names = {part for region in names for part in region.split(SET_JOINT)}
    elif chart_type == "calendar":
        names = {part for day in names for part in (day[:7], day[8:].lstrip("0"))}
    headings = (str(truth.get(key, ABSENT)) for key in TITLES)
    names.update(text for text in headings if text != ABSENT)
    return PrintedStrings(frozenset(names), values if meta.get("labels") else Counter())


def can_be_value_label(role: str) -> bool:
    """Whether a text of this role can be the printed value of a mark."""
    return role not in TITLES and not role.endswith("_tick")


def _bin(name: str, drawn: Container[str]) -> tuple[str, ...]:
    """The strings of a histogram's bin: its range below the bar, or its two edges."""
    return (name,) if name in drawn or "-" not in name else tuple(name.rsplit("-", 1))


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif value != ABSENT:
        yield path, value
