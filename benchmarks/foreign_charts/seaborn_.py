"""Charts with seaborn's default theme."""

from __future__ import annotations

from typing import Any

import matplotlib
import pandas as pd
import seaborn
from matplotlib.axes import Axes

from benchmarks.foreign_charts.generator import turned
from benchmarks.foreign_charts.matplotlib_ import Plain, turn
from renderers.charts.spec import ChartSpec
from renderers.fonts import families


class Seaborn(Plain):
    """Draws bars, lines and points by seaborn's functions, and what it has none for by
    matplotlib's in its theme."""

    upwards = False

    def __init__(self, lang: str) -> None:
        seaborn.set_theme()
        self._lang = lang
        if lang != "en":
            seaborn.set_theme(font=families(lang)[0].name)
            matplotlib.rcParams["axes.unicode_minus"] = False

    def plot(self, spec: ChartSpec, axes: Axes) -> None:
        """Draw the marks."""
        if spec.type in ("pie", "stacked_bar", "area"):
            super().plot(spec, axes)
            return
        if spec.type == "scatter":
            rows = [(p.x, p.y, s.name) for s in spec.points.series for p in s.points]
            frame = pd.DataFrame(rows, columns=["x", "y", "series"])
            named = any(s.name for s in spec.points.series)
            seaborn.scatterplot(frame, x="x", y="y", hue="series" if named else None, ax=axes)
            return
        table = spec.table
        values = [
            (category, value, series.name)
            for series in table.series
            for category, value in zip(table.categories, series.values, strict=True)
        ]
        frame = pd.DataFrame(values, columns=["name", "value", "series"])
        named = any(s.name for s in table.series)
        common: dict[str, Any] = {"hue": "series" if named else None, "ax": axes}
        if spec.type in ("line", "multi_line"):
            seaborn.lineplot(frame, x="name", y="value", marker="o" if spec.labels else None,
                             sort=False, **common)  # fmt: skip
            for i, row in enumerate(values) if spec.labels else ():
                number = table.series[i // len(table.categories)].number
                axes.annotate(number.print(row[1]), (i % len(table.categories), row[1]), (0, 5),
                              textcoords="offset points", ha="center")  # fmt: skip
        elif spec.type == "horizontal_bar":
            seaborn.barplot(frame, x="value", y="name", **common)
        else:
            seaborn.barplot(frame, x="name", y="value", **common)
        if spec.labels and spec.type not in ("line", "multi_line"):
            for series, bars in zip(table.series, axes.containers, strict=True):
                axes.bar_label(bars, [series.number.print(v) for v in series.values])  # type: ignore[arg-type]
        if spec.type != "horizontal_bar" and turned(table.categories):
            axes.set_xticks(range(len(table.categories)), table.categories, **turn())


def open_library(lang: str) -> Seaborn:
    """seaborn for a language."""
    return Seaborn(lang)
