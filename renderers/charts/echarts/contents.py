"""The strings of a specification, for the choice of a font."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renderers.charts.annotations.told import notes_of
from renderers.charts.spec import ChartSpec, Flow, Node, NumberFormat, Points, Summary, Table, Tree
from renderers.languages.registry import chart_forms

ALWAYS_DRAWN = "0123456789-.,:%± "
"""Characters that are drawn in any case: digits, signs and joints."""


def texts_of(spec: ChartSpec) -> list[str]:
    """Every text that a chart will draw, so that a font with all of its characters is chosen."""
    titles = (spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title)
    notes = (note.text for note in notes_of(spec))
    return [ALWAYS_DRAWN, *(t for t in titles if t), *_data_texts(spec), *notes]


def _data_texts(spec: ChartSpec) -> Iterator[str]:
    data = spec.data
    match data:
        case Table():
            yield from data.categories
            for series in data.series:
                yield series.name
                yield from _units(series.number)
        case Summary():
            yield from (*data.categories, *data.fields, *_units(data.number))
            yield from chart_forms(spec.lang).rise_and_fall
        case Points():
            for group in data.series:
                yield group.name
                yield from (point.label for point in group.points)
            for number in (data.x_number, data.y_number, data.size_number):
                yield from _units(number)
        case Tree():
            yield from _node_names(data.roots)
            yield from _units(data.number)
        case Flow():
            for link in data.links:
                yield from (link.source, link.target)
            yield from _units(data.number)


def _node_names(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        yield node.name
        yield from _node_names(node.children)


def _units(number: NumberFormat) -> tuple[str, str]:
    return number.prefix, number.suffix
