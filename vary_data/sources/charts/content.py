"""`ChartContent`: what a chart shows, by meaning, from whatever source; and its specification.

Random charts, the built-in generator, language models and users' tables all make this value.
`to_spec` is the only way from it to a specification, so a rule about titles or printed values
has one place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from renderers.charts.catalog import CATALOG, GRIDS, ChartType
from renderers.charts.local_numbers import local_data
from renderers.charts.spec import (
    LINEAR_FORM,
    AxisForm,
    ChartSpec,
    Data,
    Flow,
    Node,
    NumberFormat,
    Points,
    Summary,
    Table,
    Tree,
)
from renderers.languages.registry import language

MAX_LABELS_ON_LINES, MAX_LABELS = 14, 24
"""Printed values of several series that a picture has space for."""
MAX_LABELS_BELOW, MAX_LABELS_BESIDE = 30, 60
"""The same for one series, of upright and of horizontal bars."""
LABELED_COURSES = 0.5
"""Share of the lines through many points, among those that print values, that print some."""
SUPERSCRIPT_SCRIPTS = ("Latn", "Cyrl")
"""Scripts whose fonts have superscript digits."""
LEAST_SHARE_OF_AXIS = 0.02
"""A value below this share of the largest cannot be read off an axis that begins at zero."""


@dataclass(frozen=True, slots=True)
class ChartContent:
    """Texts that the chart does not have are empty.

    `types` are the chart types that show the content, the intended one first. `value_title` names
    the values, `category_title` what they are of, `series_title` the series; for points,
    `category_title` names the values from left to right. `unit_in_title` says that the unit is
    in the value title only, so that it must be drawn. Numbers in `data` are rounded to what
    their format prints.
    """

    lang: str
    types: tuple[str, ...]
    data: Data
    title: str = ""
    source: str = ""
    value_title: str = ""
    category_title: str = ""
    series_title: str = ""
    second_title: str = ""
    unit_in_title: bool = False
    topic: str = ""
    axis: AxisForm = LINEAR_FORM
    """Of the values; of points from bottom to top."""
    x_axis: AxisForm = LINEAR_FORM
    """Of points from left to right."""


def to_spec(content: ChartContent, type_: str, *, labels: bool) -> ChartSpec:
    """The content as a chart of one of its types, every given title at the axis that it names.

    `labels` asks for printed values; the type's rule comes first, then whether the values could
    be read without them.
    """
    entry = CATALOG[type_]
    x_title, y_title = _axis_titles(content, entry)
    return ChartSpec(
        type_,
        content.lang,
        local_data(content.data, content.lang),
        content.title or None,
        content.source or None,
        x_title or None,
        y_title or None,
        (content.second_title or None) if entry.second_axis else None,
        _labeled(content, entry, labels),
        _axis(content.axis, content.lang),
        _axis(content.x_axis, content.lang),
    )


def names(data: Data) -> tuple[tuple[str, ...], ...]:
    """The names of a chart in groups; within a group, each must be distinguishable."""
    match data:
        case Table():
            return data.categories, tuple(s.name for s in data.series if s.name)
        case Summary():
            return data.categories, data.fields
        case Points():
            labels = tuple(p.label for s in data.series for p in s.points if p.label)
            return labels, tuple(s.name for s in data.series if s.name)
        case Tree():
            return (tuple(node.name for node in nodes(data.roots)),)
        case Flow():
            ends = (name for link in data.links for name in (link.source, link.target))
            return (tuple(dict.fromkeys(ends)),)


def columns(data: Data) -> list[tuple[NumberFormat, list[float]]]:
    """The numbers of a chart, those of one format and series together; none is empty."""
    match data:
        case Table():
            found = [
                (series.number, [v for v in series.values if not math.isnan(v)])
                for series in data.series
            ]
        case Summary():
            found = [(data.number, [value for row in data.rows for value in row])]
        case Points():
            points = [p for series in data.series for p in series.points]
            sizes = [p.size for p in points if p.size is not None]
            sizes += [figure for p in points for figure in p.figures]
            xs, ys = [p.x for p in points], [p.y for p in points]
            found = [(data.x_number, xs), (data.y_number, ys), (data.size_number, sizes)]
        case Tree():
            leaves = [node.value for node in nodes(data.roots) if not node.children]
            found = [(data.number, leaves)]
        case Flow():
            found = [(data.number, [link.value for link in data.links])]
    return [(number, column) for number, column in found if column]


def values(data: Data) -> list[float]:
    """Every number of a chart."""
    return [value for _, column in columns(data) for value in column]


def nodes(roots: Sequence[Node]) -> Iterator[Node]:
    """All nodes of a tree, parents before their children."""
    for node in roots:
        yield node
        yield from nodes(node.children)


def wants_labels(data: Data, type_: str, share: float, rng: np.random.Generator) -> bool:
    """Whether this chart prints its values, where the type leaves it open: in `share` of the
    cases, and not where several series have more values than there is space for."""
    wanted = rng.random() < share
    if not isinstance(data, Table):
        return wanted
    if data.course is not None:
        return wanted and len(data.series) == 1 and rng.random() < LABELED_COURSES
    if len(data.series) == 1:
        upright = not CATALOG[type_].horizontal
        return wanted and len(data.categories) <= (
            MAX_LABELS_BELOW if upright else MAX_LABELS_BESIDE
        )
    lines = type_ in ("multi_line", "step", "radar")
    limit = MAX_LABELS_ON_LINES if lines else MAX_LABELS
    return wanted and len(data.categories) * len(data.series) <= limit


def _axis_titles(content: ChartContent, entry: ChartType) -> tuple[str, str]:
    """(x, y). The cells of a heat map stand for the values: its axes name categories and series."""
    if not entry.axes:
        return "", ""
    if entry.name in GRIDS:
        return content.category_title, content.series_title
    if entry.horizontal:
        return content.value_title, content.category_title
    return content.category_title, content.value_title


def _axis(form: AxisForm, lang: str) -> AxisForm:
    """Fonts of other scripts lack the digits of 10³."""
    return form if language(lang).script in SUPERSCRIPT_SCRIPTS else replace(form, powers=False)


def _labeled(content: ChartContent, entry: ChartType, wanted: bool) -> bool:
    if entry.labeled != "either":
        return entry.labeled == "always"
    # The other forms of axes are there to make small values readable.
    return wanted or (content.axis.kind == "linear" and not _readable(content.data))


def _readable(data: Data) -> bool:
    """Whether the smallest value can be seen next to the largest one of the same axis."""
    by_format: dict[NumberFormat, list[float]] = {}
    for number, column in columns(data):
        by_format.setdefault(number, []).extend(abs(value) for value in column if value)
    return all(
        sizes and min(sizes) >= max(sizes) * LEAST_SHARE_OF_AXIS for sizes in by_format.values()
    )
