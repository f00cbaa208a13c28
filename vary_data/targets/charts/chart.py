"""The content of a chart, from the dict that is its ground truth."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from renderers.charts.catalog import CATALOG, Shape
from vary_data.base.literals import literal
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart_words import DEFAULT, word_languages
from vary_data.targets.charts.panels import PANELS

ABSENT = "None"
MAX_CHARACTERS = 200_000
MAX_DEPTH = 8
POINT_FIELDS = ("x", "y", "size", "from", "to", "u", "v")

Path = tuple[str, ...]
Series = tuple[str, tuple[tuple[str, str], ...]]
"""A name, empty for the only series of a chart, and the values by category."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; texts that are not on the picture are empty.

    `values` is that of the dict (docs/charts.md). `steps` has what a value was rounded to, for
    those that are read off an axis, by path; `annotations` and `table` are those of the dict.
    `axes` has the facts of the value axes, as `meta.axes` does.
    """

    type: str
    shape: Shape
    lang: str
    values: Mapping[str, Any]
    title: str = ""
    source: str = ""
    x_title: str = ""
    y_title: str = ""
    y2_title: str = ""
    steps: Mapping[Path, str] = field(default_factory=dict)
    annotations: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    printed_in: str = "en"
    """The language in whose marks numbers are printed; `lang` is that of the words about them."""
    axes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def horizontal(self) -> bool:
        """Whether values run from left to right, so that `x_title` names them."""
        return self.type in CATALOG and CATALOG[self.type].horizontal

    @property
    def second_axis(self) -> bool:
        """Whether the last series has a value axis of its own."""
        return bool(self.y2_title) or (self.type in CATALOG and CATALOG[self.type].second_axis)

    @property
    def ordered(self) -> bool:
        """Whether the categories are a sequence, such as years."""
        return self.type in CATALOG and CATALOG[self.type].ordered

    @property
    def category_title(self) -> str:
        """The title of the axis of categories, wherever that is; may be empty."""
        return self.y_title if self.horizontal else self.x_title

    @property
    def value_title(self) -> str:
        """The title of the axis of values, wherever that is; may be empty."""
        return self.x_title if self.horizontal else self.y_title

    def leaves(self) -> Iterator[tuple[Path, str]]:
        """Every value with its path, in the order of the dict."""
        yield from _leaves(self.values, ())

    def series(self) -> tuple[Series, ...]:
        """The series of a table. In a summary, these are the figures: `median`, `max`, …

        Raises:
            Rejected: the chart has another shape.
        """
        if self.shape == "summary":
            fields = list(next(iter(self.values.values())))
            return tuple(
                (name, tuple((category, row[name]) for category, row in self.values.items()))
                for name in fields
            )
        if self.shape != "table":
            raise Rejected("no-such-form", f"{self.type or 'chart'}: not a table of values")
        if isinstance(next(iter(self.values.values())), str):
            return (("", tuple(self.values.items())),)
        return tuple((name, tuple(column.items())) for name, column in self.values.items())

    def points(self) -> tuple[tuple[str, tuple[tuple[str, Mapping[str, str]], ...]], ...]:
        """The series of points, each with its name (or number) and fields.

        Raises:
            Rejected: the chart has another shape, or a point without `x` or `y`.
        """
        if self.shape != "points":
            raise Rejected("no-such-form", f"{self.type or 'chart'}: no points")
        if all(isinstance(value, str) for value in next(iter(self.values.values())).values()):
            series: tuple[Any, ...] = (("", tuple(self.values.items())),)
        else:
            series = tuple((name, tuple(points.items())) for name, points in self.values.items())
        if not all({"x", "y"} <= set(fields) for _, points in series for _, fields in points):
            raise Rejected("no-dict", "a point has no x or no y")
        return series


def chart_of(row: Mapping[str, Any]) -> Chart:
    """The chart of a row, from its columns `text`, `lang` and `meta`.

    Raises:
        Rejected: `no-dict` if the text is not the dict of a chart, `panels` if it is that of
            several.
    """
    data = dict_of(row["text"] or "")
    if PANELS in data:
        raise Rejected("panels", "a figure of several charts has no such form")
    meta = meta_of(row)
    values = data.get("values")
    if not isinstance(values, dict) or not values:
        raise Rejected("no-dict", "the dict has no values")
    check_texts(values)
    type_ = str(meta.get("type") or "")
    shape = CATALOG[type_].shape if type_ in CATALOG else _shape(values)
    texts = {
        name: "" if data.get(name, ABSENT) == ABSENT else str(data[name])
        for name in ("title", "source", "x_title", "y_title", "y2_title")
    }
    lang = row["lang"] if row["lang"] in word_languages() else DEFAULT
    told = data.get("annotations")
    if told is not None:
        check_texts(told)
    listed = data.get("table")
    if listed is not None:
        check_texts(listed)
    chart = Chart(
        type_,
        shape,
        lang,
        values,
        steps=_steps(meta),
        annotations=told or {},
        table=listed or {},
        axes=_axes(meta),
        printed_in=str(row["lang"] or "en"),
        **texts,
    )
    _check_shape(chart)
    return chart


def meta_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The column `meta` of a row; empty if it is not a JSON object."""
    try:
        meta = json.loads(row.get("meta") or "{}")
    except (TypeError, ValueError, RecursionError):
        return {}
    return meta if isinstance(meta, dict) else {}


def check_texts(values: Any, depth: int = 0) -> None:
    """Raises:
    Rejected: something in a dict of values is neither a text nor such a dict.
    """
    if depth > MAX_DEPTH:
        raise Rejected("no-dict", f"more than {MAX_DEPTH} levels")
    if isinstance(values, dict) and values:
        for name, value in values.items():
            if not isinstance(name, str):
                raise Rejected("no-dict", f"the name {name!r} is not a text")
            check_texts(value, depth + 1)
    elif not isinstance(values, str):
        raise Rejected("no-dict", f"the value {values!r} is not a text")


def dict_of(text: str) -> dict[str, Any]:
    """The dict that a text is.

    Raises:
        Rejected: `no-dict` if it is none, or too long.
    """
    if len(text) <= MAX_CHARACTERS:
        try:
            data = literal(text)
        except ValueError:
            data = None
        if isinstance(data, dict):
            return data
    raise Rejected("no-dict", "the text is not the dict of a chart")


def _steps(meta: Mapping[str, Any]) -> dict[Path, str]:
    links = meta.get("values")
    return {
        tuple(map(str, link["path"])): str(link["step"])
        for link in (links if isinstance(links, list) else ())
        if isinstance(link, dict) and isinstance(link.get("path"), list) and link.get("step")
    }


def _axes(meta: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The facts of axes whose ends are numbers."""
    axes = meta.get("axes")
    return {
        str(name): facts
        for name, facts in (axes.items() if isinstance(axes, dict) else ())
        if isinstance(facts, dict) and all(_is_number(facts.get(end)) for end in ("low", "high"))
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _leaves(values: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(values, Mapping):
        for name, inner in values.items():
            yield from _leaves(inner, (*path, name))
    else:
        yield path, values


def _depths(values: Any) -> set[int]:
    return {len(path) for path, _ in _leaves(values, ())}


def _shape(values: Mapping[str, Any]) -> Shape:
    """The shape of a chart of unknown type: points have x and y, a table one or two names."""
    last = {path[-1] for path, _ in _leaves(values, ())}
    if {"x", "y"} <= last <= set(POINT_FIELDS):
        return "points"
    return "table" if _depths(values) in ({1}, {2}) else "tree"


def _check_shape(chart: Chart) -> None:
    allowed: dict[Shape, tuple[set[int], ...]] = {
        "table": ({1}, {2}), "summary": ({2},), "points": ({2}, {3}), "flow": ({2},)
    }  # fmt: skip
    if chart.shape in allowed and _depths(chart.values) not in allowed[chart.shape]:
        raise Rejected("no-dict", f"the values are not those of a {chart.type}")
    if chart.shape == "summary":
        rows = [tuple(row) for row in chart.values.values()]
        if len(set(rows)) > 1:
            raise Rejected("no-dict", "the categories have different figures")
    if chart.shape == "points":
        for path, _ in chart.leaves():
            if path[-1] not in POINT_FIELDS:
                raise Rejected("no-dict", f"a point has the field {path[-1]!r}")
