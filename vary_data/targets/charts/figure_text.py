"""Figures of several charts in the forms of charts, where a form can hold more than one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vary_data.base.literals import literal
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.as_data import as_html, as_markdown, dict_json
from vary_data.targets.charts.caption import caption
from vary_data.targets.charts.chart import Chart

Parts = Sequence[tuple[str, Chart]]

JOINED: Mapping[str, Callable[[Chart], str]] = {
    "markdown": as_markdown,
    "html": as_html,
    "caption": caption,
}
"""Forms in which the panels follow each other, each below its name and title."""


def figure_text(row: Mapping[str, Any], panels: Parts, form: str) -> str:
    """The text of a figure: its dict, or a part for each panel.

    Raises:
        Rejected: `panels` if the form holds one chart only; else as the writer of the form.
    """
    if form == "dict":
        return str(row["text"])
    if form == "json":
        return dict_json(literal(row["text"]))
    if form not in JOINED:
        raise Rejected("panels", f"{form} holds one chart only")
    return "\n\n".join(_part(name, chart, form) for name, chart in panels)


def _part(name: str, chart: Chart, form: str) -> str:
    head = f"{name} {chart.title}" if chart.title and chart.title != name else name
    text = JOINED[form](chart)
    match form:
        case "markdown":
            return f"**{head}**\n\n{text}"
        case "caption":
            return f"{name}: {text}" if name != chart.title else text
        case _:
            return text
