"""Charts with matplotlib's defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from benchmarks.foreign_charts.generator import (
    Drawn,
    grid,
    ticks_scale,
    turned,
    upwards,
    value_axis,
)
from renderers.charts.drawing import Scale
from renderers.charts.spec import ChartSpec
from renderers.fonts import families
from renderers.rejected import Rejected

BAR_WIDTH = 0.8


class Plain:
    """Draws with pyplot's defaults, Chinese with a font that has its characters."""

    upwards = True
    """Whether the first of horizontal bars is the lowest."""

    def __init__(self, lang: str) -> None:
        if lang != "en":
            matplotlib.rcParams["font.family"] = families(lang)[0].name
            matplotlib.rcParams["axes.unicode_minus"] = False

    def draw(self, spec: ChartSpec) -> Drawn:
        """See `Library`."""
        figure, axes = plt.subplots()
        try:
            self.plot(upwards(spec) if self.upwards else spec, axes)
            label(spec, figure, axes)
            figure.tight_layout()
            return finish(spec, figure, axes)
        finally:
            plt.close(figure)

    def plot(self, spec: ChartSpec, axes: Axes) -> None:
        """Draw the marks."""
        if spec.type == "scatter":
            for series in spec.points.series:
                points = series.points
                axes.scatter([p.x for p in points], [p.y for p in points], label=series.name)
            return
        names, values = spec.table.categories, grid(spec)
        print_ = [series.number.print for series in spec.table.series]
        if spec.type == "pie":
            shares = zip(names, values[0], strict=True)
            axes.pie(values[0], labels=[f"{name}: {print_[0](value)}" for name, value in shares])
            return
        places, bottom = np.arange(len(names)), np.zeros(len(names))
        for i, (series, row) in enumerate(zip(spec.table.series, values, strict=True)):
            if spec.type in ("line", "multi_line", "area"):
                axes.plot(places, row, marker="o" if spec.labels else None, label=series.name)
                if spec.type == "area":
                    axes.fill_between(places, row, alpha=0.4)
                for x, value in zip(places, row, strict=True) if spec.labels else ():
                    axes.annotate(print_[i](value), (x, value), (0, 5), textcoords="offset points",
                                  ha="center")  # fmt: skip
                continue
            width = BAR_WIDTH / (len(values) if spec.type == "grouped_bar" else 1)
            shift = (i - (len(values) - 1) / 2) * width if spec.type == "grouped_bar" else 0.0
            if spec.type == "horizontal_bar":
                bars = axes.barh(places, row, label=series.name)
            else:
                stacked = spec.type == "stacked_bar"
                bars = axes.bar(places + shift, row, width, bottom if stacked else 0.0,
                                label=series.name)  # fmt: skip
                bottom = bottom + row if stacked else bottom
            if spec.labels:
                kind: Any = "center" if spec.type == "stacked_bar" else "edge"
                axes.bar_label(bars, [print_[i](v) for v in row], label_type=kind)
        if spec.type == "horizontal_bar":
            axes.set_yticks(places, names)
        else:
            axes.set_xticks(places, names, **(turn() if turned(names) else {}))

    def close(self) -> None:
        """Nothing is open."""


def turn() -> dict[str, Any]:
    """Arguments that turn the names of ticks."""
    return {"rotation": 45, "ha": "right"}


def label(spec: ChartSpec, figure: Figure, axes: Axes) -> None:
    """Titles, legend and source."""
    axes.set_title(spec.title or "")
    axes.set_xlabel(spec.x_title or "")
    axes.set_ylabel(spec.y_title or "")
    series = spec.points.series if spec.type == "scatter" else spec.table.series
    if any(one.name for one in series):
        axes.legend()
    if spec.source:
        figure.text(0.99, 0.01, spec.source, ha="right", va="bottom", fontsize=8)
        figure.subplots_adjust(bottom=0.2)


def finish(spec: ChartSpec, figure: Figure, axes: Axes) -> Drawn:
    """The pixels and the axes.

    Raises:
        Rejected: texts overlap or are cut.
    """
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()  # type: ignore[attr-defined]
    check_texts(figure, pixels.shape[1], pixels.shape[0])
    scales: dict[str, Scale] = {}
    if spec.type != "pie":
        keys = ("x", "y") if spec.type == "scatter" else (value_axis(spec),)
        for key in keys:
            axis = axes.xaxis if key == "x" else axes.yaxis
            low, high = axis.get_view_interval()
            length = axes.bbox.width if key == "x" else axes.bbox.height
            scales[key] = ticks_scale(
                float(low), float(high), float(length), axis.get_majorticklocs()
            )
    return Drawn(pixels, scales)


def check_texts(figure: Figure, width: int, height: int) -> None:
    """Texts lie apart from each other and within the figure."""
    boxes = [_box(text) for text in _texts(figure) if text.get_text().strip()]
    for x0, y0, x1, y1 in boxes:
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            raise Rejected("text-cut", "a text leaves the picture")
    if overlapping(boxes):
        raise Rejected("texts-overlap", "names or values overlap")


def _texts(figure: Figure) -> Iterator[Text]:
    """What is drawn: the labels of ticks beyond the ends of an axis are not."""
    yield from figure.texts
    for axes in figure.axes:
        legend = axes.get_legend()
        yield from (*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label)
        yield from legend.get_texts() if legend else ()
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if low <= tick.get_loc() <= high:
                    yield tick.label1


def overlapping(boxes: Iterable[tuple[float, float, float, float]]) -> bool:
    """Whether two boxes share more than a pixel in both directions."""
    return any(
        min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 1
        for a, b in combinations(boxes, 2)
    )


def _box(text: Text) -> tuple[float, float, float, float]:
    """The box of a text; of one that is turned only its end at the axis, for boxes of turned names
    overlap where the names do not."""
    box = text.get_window_extent()
    if text.get_rotation() % 90:
        return box.x1 - box.height / 8, box.y1 - 8, box.x1, box.y1
    return box.x0, box.y0, box.x1, box.y1


def open_library(lang: str) -> Plain:
    """matplotlib for a language."""
    return Plain(lang)
