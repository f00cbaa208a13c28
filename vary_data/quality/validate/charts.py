"""Which strings of a chart's truth are printed on the picture, and how often at least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from renderers.charts.catalog import CATALOG

ABSENT = "None"
HEADINGS = ("title", "source", "x_title", "y_title", "y2_title")
POINT_FIGURES = ("x", "y", "size")


def printed(truth: Mapping[str, Any], meta: Mapping[str, Any]) -> Counter[str]:
    """Every string of the truth that must be on the picture, with its least number of times.

    `meta` is the row's: `type` is the chart's type and `labels` says whether values are printed
    beside their marks (absent: they are not). Names count once, however many series share them;
    values count once for each mark that prints them. Names that only the truth gives (the
    figures of a box plot, the numbers of unlabelled points) are not printed.
    """
    entry = CATALOG.get(str(meta.get("type")))
    shape = entry.shape if entry else "table"
    labels = bool(meta.get("labels"))
    names: set[str] = set()
    values: Counter[str] = Counter()
    for path, leaf in _leaves(truth["values"]):
        if shape == "points" and len(path) > 1:
            names.update(path[:-2])
            if not path[-2].isdigit():
                names.add(path[-2])
            if labels and path[-1] == "size":
                values[leaf] += 1
            continue
        names.update(path[:-1] if shape == "summary" else path)
        if labels:
            values[leaf] += 1
    headings = (str(truth.get(key, ABSENT)) for key in HEADINGS)
    wanted = Counter({*names, *(text for text in headings if text != ABSENT)})
    return wanted | values


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif value != ABSENT:
        yield path, value
