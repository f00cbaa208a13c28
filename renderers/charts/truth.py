"""The ground truth of a chart: the dict that a careful reader would write from the picture.

    {"title": …, "source": …, "x_title": …, "y_title": …, "values": …}

`y2_title` is between `y_title` and `values` where the type has a second axis. A text that is
not on the picture is the string "None". Values are strings, exactly as printed, with unit:

    table     {category: value}, or {series: {category: value}} when the series are named
    summary   {category: {field: value}}
    points    {point: {"x": …, "y": …, "size": …}}, inside {series: …} when the series are named;
              a point goes by its printed label, or by its place from left to right: "1", "2", …;
              `size` is there only where it is printed; the further figures of some types
              (`ChartType.fields`) follow
    tree      {root: {child: value}} to any depth; a leaf is replaced by its value
    flow      {source: {target: value}}

A value that is printed on the picture is taken to the letter. One that must be read off an axis
is rounded to what that axis can carry (`renderers.charts.precision`): about a tenth of the
distance of its ticks. Backends print axis ticks with the prefix and suffix of the
number's format, which is where a reader gets the unit from.

A chart with a table of its values has the key `table` after `values`: `{row: {column: text}}`, or
`{row: text}` where the table has one column besides its names. A chart with annotations has one
more key, `annotations`: a dict by kind (docs/charts.md lists them).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from renderers.charts.annotations.told import annotations_truth
from renderers.charts.catalog import CATALOG
from renderers.charts.drawing import Scale
from renderers.charts.paths import left_to_right
from renderers.charts.precision import axis_scale, read_off, readings_of, value_scale
from renderers.charts.spec import (
    ChartSpec,
    Flow,
    Node,
    NumberFormat,
    Point,
    Points,
    Summary,
    Table,
    Tree,
)

ABSENT = "None"


def truth(spec: ChartSpec, scales: Mapping[str, Scale]) -> dict[str, Any]:
    """The ground truth of `spec` as drawn on value axes of these scales.

    `scales` as in `Drawing`: a table or summary has its value axis under `y`, or under `x` when
    its bars are horizontal; the last series of a type with a second axis is read off `y2`; the
    axis of a single category (parallel coordinates) is keyed `y/<category>`.

    Raises:
        ValueError: two names are equal, or a value has neither label nor axis.
    """
    result: dict[str, Any] = {
        "title": spec.title or ABSENT,
        "source": spec.source or ABSENT,
        "x_title": spec.x_title or ABSENT,
        "y_title": spec.y_title or ABSENT,
    }
    if CATALOG[spec.type].second_axis:
        result["y2_title"] = spec.y2_title or ABSENT
    result["values"] = _values(spec, scales)
    if isinstance(spec.data, Table) and spec.data.listed:
        result["table"] = _listed(spec.data)
    if told := annotations_truth(spec, scales):
        result["annotations"] = told
    return result


def literal(value: Mapping[str, Any]) -> str:
    """The dict as a Python literal on one line; `ast.literal_eval` gives it back."""
    return repr(dict(value))


def _values(spec: ChartSpec, scales: Mapping[str, Scale]) -> dict[str, Any]:
    match spec.data:
        case Table():
            return _table(spec, spec.data, scales)
        case Summary():
            return _summary(spec, spec.data, scales)
        case Points():
            return _points(spec, spec.data, scales)
        case Tree():
            return _tree(spec.data.roots, spec.data.number)
        case Flow():
            return _flow(spec.data)


def _table(spec: ChartSpec, data: Table, scales: Mapping[str, Scale]) -> dict[str, Any]:
    _unique(data.categories, "category")
    _unique([series.name for series in data.series], "series")
    second = CATALOG[spec.type].second_axis
    readings = readings_of(spec)
    columns: dict[str, dict[str, str]] = {}
    for i, series in enumerate(data.series):
        last = second and i == len(data.series) - 1
        columns[series.name] = {
            category: ABSENT
            if math.isnan(value)
            else series.number.print(value)
            if spec.labels
            else read_off(value, series.number, value_scale(scales, category, last), readings)
            for category, value in zip(data.categories, series.values, strict=True)
        }
    if len(columns) == 1 and "" in columns:
        return dict(columns[""])
    if "" in columns:
        raise ValueError("one of several series has no name")
    return dict(columns)


def _listed(data: Table) -> dict[str, Any]:
    """The cells of the table of a chart, row by row."""
    columns = {
        series.name: {
            name: series.number.print(value)
            for name, value in zip(data.categories, series.values, strict=True)
        }
        for series in data.series
    }
    if list(columns) == [""]:
        return dict(columns[""])
    if data.listed == "below":
        return dict(columns)
    return {
        name: {series: column[name] for series, column in columns.items()}
        for name in data.categories
    }


def _summary(spec: ChartSpec, data: Summary, scales: Mapping[str, Scale]) -> dict[str, Any]:
    _unique(data.categories, "category")
    _unique(data.fields, "field")

    def printed(category: str, value: float) -> str:
        if spec.labels:
            return data.number.print(value)
        scale = value_scale(scales, category)
        return read_off(value, data.number, scale, readings_of(spec))

    return {
        category: {
            name: printed(category, value) for name, value in zip(data.fields, row, strict=True)
        }
        for category, row in zip(data.categories, data.rows, strict=True)
    }


def _points(spec: ChartSpec, data: Points, scales: Mapping[str, Scale]) -> dict[str, Any]:
    _unique([series.name for series in data.series], "series")
    _unique([p.label for s in data.series for p in s.points if p.label], "point")
    result: dict[str, Any] = {}
    readings = readings_of(spec)
    for series, order in zip(data.series, left_to_right(data), strict=True):
        column: dict[str, dict[str, str]] = {}
        for rank, index in enumerate(order, 1):
            point = series.points[index]
            figures = {
                "x": read_off(point.x, data.x_number, axis_scale(scales, "x"), readings),
                "y": read_off(point.y, data.y_number, axis_scale(scales, "y")),
            }
            if point.size is not None and spec.labels:
                figures["size"] = data.size_number.print(point.size)
            figures |= _further(spec, data, point, scales)
            column[point.label or str(rank)] = figures
        result[series.name] = column
    return dict(result[""]) if list(result) == [""] else result


def _further(
    spec: ChartSpec, data: Points, point: Point, scales: Mapping[str, Scale]
) -> dict[str, str]:
    """The figures of a point besides its place and size."""
    axis, fields = CATALOG[spec.type].figure_axis, CATALOG[spec.type].fields
    return {
        name: read_off(value, data.size_number, axis_scale(scales, axis))
        if axis
        else data.size_number.print(value)
        for name, value in zip(fields, point.figures, strict=True)
    }


def _tree(nodes: Sequence[Node], number: NumberFormat) -> dict[str, Any]:
    _unique([node.name for node in nodes], "sibling")
    return {
        node.name: _tree(node.children, number) if node.children else number.print(node.value)
        for node in nodes
    }


def _flow(data: Flow) -> dict[str, Any]:
    _unique([f"{link.source}\n{link.target}" for link in data.links], "link")
    result: dict[str, Any] = {}
    for link in data.links:
        result.setdefault(link.source, {})[link.target] = data.number.print(link.value)
    return result


def _unique(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        plain = "".join(name.split()).casefold()
        if plain in seen:
            raise ValueError(f"two names for a {what} are equal: {name!r}")
        seen.add(plain)
