"""Lines of code that several writers of matplotlib code share."""

from __future__ import annotations

from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.source_code import Column, items, mapping, texts

Lines = list[str]
FIGURE = "fig, ax = plt.subplots()"


def bar_labels(name: str, column: Column, chart: Chart, **more: str) -> Lines:
    """The printed values at bars; none if the picture prints none."""
    if chart.steps:
        return []
    extra = "".join(f", {key}={value}" for key, value in more.items())
    return [f"ax.bar_label({name}, labels={texts(column.texts)}{extra})"]


def at_points(xs: str, column: Column, axes: str = "ax") -> Lines:
    """The printed values above the points of a line."""
    return [
        f"for x, y, label in zip({xs}, {items(column.numbers)}, {texts(column.texts)}):",
        f'    {axes}.annotate(label, (x, y), (0, 4), textcoords="offset points", ha="center")',
    ]


def names_line(categories: tuple[str, ...], name: str = "names") -> str:
    """The categories as a list."""
    return f"{name} = {texts(categories)}"


def series_line(columns: list[Column]) -> str:
    """The series as a dict of lists."""
    return f"series = {mapping({c.name: items(c.numbers, 4) for c in columns})}"


def turned(axes: str) -> str:
    """Names below an axis, slanted."""
    return f'{axes}.tick_params(axis="x", rotation=45)'
