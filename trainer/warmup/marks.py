"""The marks of charts: where each one is, and the names and the value that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.warmup.cells import BACKGROUND, STRIDE, UNKNOWN
from trainer.warmup.quads import Quads
from vary_data.dataset.region_tree import corners
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import dict_of, meta_of
from vary_data.targets.charts.panels import PANELS

STRINGS = ("category", "series", "value")
"""What a mark stands for: the last two names of its path in the chart's dict, and its value."""
LENGTH = 6
"""Characters of each string, its first ones without spaces."""

Codes = npt.NDArray[np.int32]
"""`[n, 3, LENGTH]`: the code points of each string, `BACKGROUND` where it ends, then `UNKNOWN`."""
PlacedMarks = npt.NDArray[np.int32]
"""`[n, 2 + 3 * LENGTH]`: row and column of the place of each mark, and its codes."""
NO_MARKS: PlacedMarks = np.zeros((0, 2 + len(STRINGS) * LENGTH), np.int32)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a picture: their corners as `quads` [n, 4, 2] in pixels, and `codes`."""

    quads: Quads
    codes: Codes

    @classmethod
    def none(cls) -> Marks:
        """No marks."""
        return cls(np.zeros((0, 4, 2), np.float32), np.zeros((0, len(STRINGS), LENGTH), np.int32))

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Marks:
        """The marks that `meta.values` of a row links to values of its dict.

        A mark of several values (such as a box plot's) has names only. Links that lead nowhere
        have no marks, and a text that is no dict has no values.
        """
        regions, meta = row["regions"] or (), meta_of(row)
        paths: dict[int, list[tuple[str, ...]]] = {}
        for path, mark in _links(meta):
            if 0 <= mark < len(regions) and regions[mark]["role"] == "mark":
                paths.setdefault(mark, []).append(path)
        chart: Mapping[str, Any] = {}
        if paths:
            with suppress(Rejected):
                chart = dict_of(row["text"] or "")
        quads, codes = [], []
        for mark, found in paths.items():
            if len(regions[mark]["bbox"] or ()) != 4:
                continue
            value = _value(chart, found[0]) if len(found) == 1 else None
            names = found[0] if len(found) == 1 else found[0][:-1]
            if PANELS in meta:  # not of the text: it may have another form than the dict
                names = names[1:]
            category, series = ("", "", *names)[:-3:-1]
            quads.append(corners(regions[mark]))
            codes.append([_codes(category), _codes(series), _codes(value)])
        return cls(
            np.array(quads, np.float32).reshape(-1, 4, 2),
            np.array(codes, np.int32).reshape(-1, len(STRINGS), LENGTH),
        )

    def scaled(self, x: float, y: float) -> Marks:
        """The marks of a picture enlarged by (x, y)."""
        return Marks(self.quads * np.array([x, y], np.float32), self.codes)


def placed_marks(marks: Marks, width: int, height: int, places: tuple[int, int]) -> PlacedMarks:
    """The marks at the places of a picture that have their centers; `places` are the rows and
    columns of a cell.

    Marks with the same place are left out: it cannot tell them apart.
    """
    rows, columns = height // STRIDE * places[0], width // STRIDE * places[1]
    x, y = marks.quads.mean(1).T
    row, column = np.floor(y * places[0] / STRIDE), np.floor(x * places[1] / STRIDE)
    # also leaves out what is no number, before it becomes a whole one
    inside = np.flatnonzero((row >= 0) & (row < rows) & (column >= 0) & (column < columns))
    found = np.stack([row[inside], column[inside]], axis=1).astype(np.int32)
    _, first, counts = np.unique(found, axis=0, return_index=True, return_counts=True)
    kept = np.sort(first[counts == 1])
    codes = marks.codes[inside[kept]].reshape(len(kept), len(STRINGS) * LENGTH)
    return np.concatenate([found[kept], codes], axis=1)


def _links(meta: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The paths and marks of `meta.values`."""
    links = meta.get("values")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and isinstance(link.get("mark"), int):
            path = link.get("path")
            if isinstance(path, list) and path:
                yield tuple(map(str, path)), link["mark"]


def _value(chart: Mapping[str, Any], path: Sequence[str]) -> str | None:
    """The value at a path in the dict of a chart, or of one of its panels."""
    keys = (PANELS, path[0], "values", *path[1:]) if PANELS in chart else ("values", *path)
    found: Any = chart
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else None


def _codes(text: str | None) -> list[int]:
    """The codes of a string; None is one that is not known."""
    if text is None:
        return [UNKNOWN] * LENGTH
    codes = [ord(character) for character in "".join(text.split())[:LENGTH]]
    return (codes + [BACKGROUND] + [UNKNOWN] * LENGTH)[:LENGTH]
