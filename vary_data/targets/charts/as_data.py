"""Charts as data: the dict itself, and its data table in the forms of tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vary_data.targets.charts.chart import ABSENT, Chart
from vary_data.targets.charts.data_table import data_table
from vary_data.targets.tables.csv_text import csv_text
from vary_data.targets.tables.html import html
from vary_data.targets.tables.latex import latex
from vary_data.targets.tables.markdown import markdown
from vary_data.targets.tables.otsl import otsl


def as_dict(chart: Chart) -> str:
    """The dict, as in docs/charts.md."""
    return repr(_data(chart))


def as_json(chart: Chart) -> str:
    """The dict as JSON."""
    return dict_json(_data(chart))


def dict_json(data: Mapping[str, Any]) -> str:
    """A dict as JSON; texts and values that are not on the picture are null."""
    return json.dumps(_nulls(data), ensure_ascii=False)


def _nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _nulls(item) for key, item in value.items()}
    return None if value == ABSENT else value


def as_html(chart: Chart) -> str:
    """The values as a table in HTML."""
    return html(data_table(chart))


def as_otsl(chart: Chart) -> str:
    """The values as a table in OTSL."""
    return otsl(data_table(chart))


def as_markdown(chart: Chart) -> str:
    """The values as a table in Markdown."""
    return markdown(data_table(chart))


def as_csv(chart: Chart) -> str:
    """The values as a table in CSV."""
    return csv_text(data_table(chart))


def as_latex(chart: Chart) -> str:
    """The values as a table in LaTeX."""
    return latex(data_table(chart))


def _data(chart: Chart) -> dict[str, Any]:
    names = ["title", "source", "x_title", "y_title"]
    if chart.second_axis:
        names.append("y2_title")
    texts = {name: getattr(chart, name) or ABSENT for name in names}
    data: dict[str, Any] = {**texts, "values": dict(chart.values)}
    if chart.table:
        data["table"] = dict(chart.table)
    if chart.annotations:
        data["annotations"] = dict(chart.annotations)
    return data
