"""The data table of a chart, from which its tables in all forms are written.

Column headers are the titles and names on the picture; where it has none, a general word.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import ABSENT, POINT_FIELDS, Chart
from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.tables.table import Table


def data_table(chart: Chart) -> Table:
    """The values of a chart as a table with one header row and no spans."""
    return Table.of_texts(rows_of(chart), header_rows=1)


def rows_of(chart: Chart) -> list[list[str]]:
    """The rows of the data table; the first one has the headers."""
    match chart.shape:
        case "points":
            return _points(chart)
        case "tree":
            return _tree(chart)
        case "flow":
            words = chart_words(chart.lang).table
            links = [[*path, value] for path, value in chart.leaves()]
            return [[words["source"], words["target"], words["value"]], *links]
        case _:
            return _columns(chart)


def triples(chart: Chart) -> str:
    """The values as JSON triples of row, column and value, as chart metrics compare them."""
    return json.dumps(list(_triples(chart)), ensure_ascii=False)


def _triples(chart: Chart) -> Sequence[list[str]]:
    if chart.shape == "flow":
        return [[*path, value] for path, value in chart.leaves()]
    if chart.shape == "tree":
        return [["/".join(path[:-1]), path[-1], value] for path, value in chart.leaves()]
    heads, *rows = rows_of(chart)
    names = 2 if chart.shape == "points" and chart.points()[0][0] else 1
    return [
        ["/".join(row[:names]), head, value]
        for row in rows
        for head, value in zip(heads[names:], row[names:], strict=True)
        if value
    ]


def _columns(chart: Chart) -> list[list[str]]:
    """A row for each category, a column for each series."""
    words, series = chart_words(chart.lang).table, chart.series()
    names = [name or chart.value_title or words["value"] for name, _ in series]
    # A missing value leaves its cell empty.
    columns = [
        {name: "" if value == ABSENT else value for name, value in values} for _, values in series
    ]
    categories = dict.fromkeys(category for column in columns for category in column)
    head = [chart.category_title or words["category"], *names]
    return [head, *([name, *(column.get(name, "") for column in columns)] for name in categories)]


def _points(chart: Chart) -> list[list[str]]:
    words, series = chart_words(chart.lang).table, chart.points()
    given = {name for _, points in series for _, fields in points for name in fields}
    fields = [name for name in POINT_FIELDS if name in given]
    titles = {"x": chart.x_title, "y": chart.y_title}
    head = [words["point"], *(titles.get(name) or words[name] for name in fields)]
    rows = [
        [*([name] if series[0][0] else []), point, *(values.get(f, "") for f in fields)]
        for name, points in series
        for point, values in points
    ]
    return [[words["series"], *head] if series[0][0] else head, *rows]


def _tree(chart: Chart) -> list[list[str]]:
    """A row for each leaf; a leaf above the deepest level leaves columns empty."""
    words, leaves = chart_words(chart.lang).table, list(chart.leaves())
    depth = max(len(path) for path, _ in leaves)
    if depth > 20:
        raise Rejected("no-such-form", f"{depth} levels")
    head = [*(words["level"].format(level) for level in range(1, depth + 1)), words["value"]]
    return [head, *([*path, *[""] * (depth - len(path)), value] for path, value in leaves)]
