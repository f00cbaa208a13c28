"""Charts per second of one core against a plain pyplot script, and memory over many charts.

    python benchmarks/charts_matplotlib.py [--charts 120] [--memory 1000]

Both sides draw the same specifications at the same sizes. The plain side is what one writes
without an engine: `plt`, `bar_label`, `legend`, `savefig(bbox_inches="tight")`; it does not
check anything. Ours samples a style, draws, audits, reads every box back and encodes. Ratios
are of CPU time, taken in turns within one process, so that other load falls on both.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("agg")
import matplotlib.pyplot as plt

from renderers import fonts
from renderers.charts.backend import RenderedChart
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.spec import ChartSpec, Points, Summary, Table
from renderers.picture import encode
from renderers.rejected import Rejected
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import load_corpus

TYPES = (
    "bar",
    "horizontal_bar",
    "grouped_bar",
    "stacked_bar",
    "line",
    "multi_line",
    "area",
    "pie",
    "scatter",
    "histogram",
    "box",
    "heatmap",
)


def plain(spec: ChartSpec, size: tuple[int, int], family: str, **png: Any) -> bytes:
    """The chart as a short pyplot script draws it."""
    plt.rcParams["font.family"] = family
    figure = plt.figure(figsize=(size[0] / 100, size[1] / 100), dpi=100)
    axes = figure.add_subplot()
    PLAIN[spec.type](axes, spec)
    if spec.title:
        plt.title(spec.title)
    if spec.x_title:
        plt.xlabel(spec.x_title)
    if spec.y_title:
        plt.ylabel(spec.y_title)
    if spec.source:
        figure.text(0.01, 0.01, spec.source)
    out = io.BytesIO()
    plt.savefig(out, bbox_inches="tight", **png)
    plt.close(figure)
    return out.getvalue()


def _bars(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Table)
    data, n = spec.data, len(spec.data.series)
    base = np.zeros(len(data.categories))
    for i, series in enumerate(data.series):
        where = np.arange(len(data.categories), dtype=float)
        if spec.type == "horizontal_bar":
            made = axes.barh(where, series.values)
        elif spec.type == "stacked_bar":
            made = axes.bar(where, series.values, bottom=base, label=series.name)
            base += series.values
        else:
            made = axes.bar(where + (i - (n - 1) / 2) * 0.8 / n, series.values, 0.8 / n)
            made.set_label(series.name)
        if spec.labels:
            axes.bar_label(made, [series.number.print(v) for v in series.values])
    if spec.type == "horizontal_bar":
        axes.set_yticks(range(len(data.categories)), data.categories)
    else:
        axes.set_xticks(range(len(data.categories)), data.categories, rotation=45, ha="right")
    if n > 1:
        axes.legend()
    axes.grid(axis="y")


def _lines(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Table)
    for series in spec.data.series:
        axes.plot(spec.data.categories, series.values, marker="o", label=series.name)
        if spec.type == "area":
            axes.fill_between(spec.data.categories, series.values, alpha=0.5)
        if spec.labels:
            for i, value in enumerate(series.values):
                axes.annotate(series.number.print(value), (i, value))
    axes.tick_params(axis="x", rotation=45)
    if len(spec.data.series) > 1:
        axes.legend()
    axes.grid()


def _pie(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Table)
    series = spec.data.series[0]
    names = [
        f"{name}: {series.number.print(v)}"
        for name, v in zip(spec.data.categories, series.values, strict=True)
    ]
    axes.pie(series.values, labels=names)


def _scatter(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Points)
    for series in spec.data.series:
        axes.scatter([p.x for p in series.points], [p.y for p in series.points], label=series.name)
    if len(spec.data.series) > 1:
        axes.legend()
    axes.grid()


def _box(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Summary)
    axes.boxplot(spec.data.rows)
    axes.set_xticks(range(1, len(spec.data.categories) + 1), spec.data.categories, rotation=45)


def _heatmap(axes: Any, spec: ChartSpec) -> None:
    assert isinstance(spec.data, Table)
    axes.imshow([series.values for series in spec.data.series], aspect="auto")
    for y, series in enumerate(spec.data.series):
        for x, value in enumerate(series.values):
            axes.text(x, y, series.number.print(value), ha="center", va="center")
    axes.set_xticks(range(len(spec.data.categories)), spec.data.categories, rotation=45)
    axes.set_yticks(range(len(spec.data.series)), [s.name for s in spec.data.series])


PLAIN: dict[str, Callable[[Any, ChartSpec], None]] = {
    **dict.fromkeys(("bar", "horizontal_bar", "grouped_bar", "stacked_bar", "histogram"), _bars),
    **dict.fromkeys(("line", "multi_line", "area"), _lines),
    "pie": _pie,
    "scatter": _scatter,
    "box": _box,
    "heatmap": _heatmap,
}


def specs(lang: str, count: int) -> list[ChartSpec]:
    """Charts of the compared types in turn."""
    corpus = load_corpus(lang)
    made = []
    for i in range(count):
        rng = np.random.default_rng([7, i])
        # The plain side draws linear axes only.
        made.append(random_spec(TYPES[i % len(TYPES)], lang, corpus, rng, frozenset()))
    return made


def compare(lang: str, count: int) -> None:
    """Print seconds per chart and ratios for one language."""
    backend = MatplotlibBackend()
    family = fonts.families(lang)[0].name
    spent: dict[str, float] = {}
    for turn, spec in enumerate([*specs(lang, len(TYPES)), *specs(lang, count)]):
        rng = np.random.default_rng([8, turn])
        times = {}
        start = time.process_time()
        chart: RenderedChart = backend.render(spec, rng)
        pixels = chart.drawing.picture().pixels
        times["ours, no PNG"] = time.process_time() - start
        encode(pixels)
        times["ours"] = time.process_time() - start
        size = (pixels.shape[1], pixels.shape[0])
        for name, png in (
            ("plain", {}),
            ("plain, PNG level 1", {"pil_kwargs": {"compress_level": 1}}),
            ("plain, no PNG", {"format": "raw"}),
        ):
            start = time.process_time()
            plain(spec, size, family, **png)
            times[name] = time.process_time() - start
        if turn >= len(TYPES):  # the first round fills caches on both sides
            for name, seconds in times.items():
                spent[name] = spent.get(name, 0.0) + seconds
    for name, seconds in spent.items():
        print(f"{lang}  {name:20s} {seconds / count * 1e3:7.1f} ms per chart")
    for name, ours in (
        ("plain", "ours"),
        ("plain, PNG level 1", "ours"),
        ("plain, no PNG", "ours, no PNG"),
    ):
        print(f"{lang}  {ours} against {name}: {spent[name] / spent[ours]:.1f}x")


def memory(count: int) -> None:
    """Print the process's resident memory while drawing many charts."""
    backend, corpus = MatplotlibBackend(), load_corpus("zh")
    types = sorted(backend.types)
    rejected = 0
    for i in range(count + 1):
        if i % max(1, count // 5) == 0:
            print(f"after {i:6d} charts: {resident():6.1f} MiB")
        rng = np.random.default_rng([9, i])
        spec = random_spec(types[i % len(types)], "zh", corpus, rng)
        try:
            encode(backend.render(spec, rng).drawing.pixels)
        except Rejected:
            rejected += 1
    print(f"rejected at the first attempt: {rejected} of {count}")


def resident() -> float:
    """MiB now; the peak where /proc does not tell."""
    try:
        with open("/proc/self/statm") as statm:  # noqa: PTH123
            return int(statm.read().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=120)
    parser.add_argument("--memory", type=int, default=1000)
    chosen = parser.parse_args()
    for lang in ("en", "zh"):
        compare(lang, chosen.charts)
    memory(chosen.memory)


if __name__ == "__main__":
    main()
