"""The marks of charts: where each one is, and the names and the value that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trainer.warmup.cells import BACKGROUND, STRIDE, UNKNOWN
from trainer.warmup.quads import Boxes, Quads, of_boxes
from vary_data.base.literals import literal
from vary_data.targets.charts.chart import MAX_CHARACTERS, meta_of
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
    """The marks of a picture: their boxes as `quads` [n, 4, 2] in pixels, and `codes`."""

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
        regions = row["regions"] or ()
        paths: dict[int, list[tuple[str, ...]]] = {}
        for path, mark in _links(row):
            if 0 <= mark < len(regions) and regions[mark]["role"] == "mark":
                paths.setdefault(mark, []).append(path)
        chart = _dict(row["text"] or "") if paths else {}
        boxes, codes = [], []
        for mark, found in paths.items():
            box = regions[mark]["bbox"]
            if box is None or len(box) != 4:
                continue
            value = _value(chart, found[0]) if len(found) == 1 else None
            names = found[0] if len(found) == 1 else found[0][:-1]
            if PANELS in chart:
                names = names[1:]
            category, series = ("", "", *names)[:-3:-1]
            boxes.append(box)
            codes.append([_codes(category), _codes(series), _codes(value)])
        quads = of_boxes(np.array(boxes, np.float32).reshape(-1, 4))
        return cls(quads, np.array(codes, np.int32).reshape(-1, len(STRINGS), LENGTH))

    @property
    def boxes(self) -> Boxes:
        """[n, 4]: x0, y0, x1, y1."""
        return np.concatenate([self.quads.min(1), self.quads.max(1)], axis=1)

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
    row = np.floor(y * places[0] / STRIDE).astype(np.int64)
    column = np.floor(x * places[1] / STRIDE).astype(np.int64)
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    _, first, counts = np.unique(
        (row * columns + column)[inside], return_index=True, return_counts=True
    )
    kept = np.flatnonzero(inside)[np.sort(first[counts == 1])]
    codes = marks.codes[kept].reshape(len(kept), len(STRINGS) * LENGTH)
    return np.concatenate([row[kept, None], column[kept, None], codes], axis=1).astype(np.int32)


def _links(row: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The paths and marks of `meta.values`."""
    links = meta_of(row).get("values")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and isinstance(link.get("mark"), int):
            path = link.get("path")
            if isinstance(path, list) and path:
                yield tuple(map(str, path)), link["mark"]


def _dict(text: str) -> Mapping[str, Any]:
    if len(text) > MAX_CHARACTERS:
        return {}
    try:
        chart = literal(text)
    except ValueError:
        return {}
    return chart if isinstance(chart, dict) else {}


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
