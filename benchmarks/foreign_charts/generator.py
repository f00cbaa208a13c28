"""Charts of a plotting library's defaults as a generator: `benchmarks.foreign_charts.generator`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from renderers.charts.drawing import Scale
from renderers.charts.spec import ChartSpec, NumberFormat, Points, Table
from renderers.charts.truth import literal, truth
from renderers.picture import Pixels, encode
from vary_data.base.options import option
from vary_data.base.seed import TaskSeed
from vary_data.dataset.rejection import Rejected, Rejection
from vary_data.engine.generator import Task
from vary_data.engine.recipe import Recipe
from vary_data.engine.sample import Outcome, Sample
from vary_data.generators import prompts
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import built_in

LIBRARIES = ("matplotlib", "seaborn", "plotly", "pyecharts")
TYPES = ("bar", "horizontal_bar", "grouped_bar", "stacked_bar", "line", "multi_line", "area",
         "pie", "scatter")  # fmt: skip
MOST_NAMES = 12
"""Categories of a chart; more would not fit the libraries' default sizes."""
ATTEMPTS = 8
"""Contents that are tried until the names of one do not overlap."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pixels [H, W, 3], and the value axes by `x` and `y`."""

    pixels: Pixels
    scales: dict[str, Scale]


class Library(Protocol):
    """Draws specs with a library's defaults; raises `Rejected` where names overlap."""

    def draw(self, spec: ChartSpec) -> Drawn: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Options:
    """Options of the generator."""

    num_samples: int = option(40, range=(1, None), role="count")
    """Number of charts."""
    library: str = option("matplotlib", choices=LIBRARIES)
    """What draws them."""


class ForeignCharts:
    """One chart for each task; types take turns."""

    name = "benchmarks.foreign_charts.generator:ForeignCharts"
    label = "foreign-charts"
    Options = Options

    def tasks(self, recipe: Recipe) -> Sequence[Task]:
        """As many tasks as charts."""
        numbers = range(recipe.options.num_samples)
        return [Task(f"{recipe.name}-{i:06d}", doc_id=f"{recipe.name}-{i}") for i in numbers]

    def open(self, recipe: Recipe) -> Runner:
        """Open the library."""
        return Runner(recipe)


class Runner:
    """Draws the chart of a task."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        module = importlib.import_module(f"benchmarks.foreign_charts.{recipe.options.library}_")
        self._library: Library = module.open_library(recipe.lang)

    def run(self, task: Task, seed: TaskSeed) -> Iterator[Outcome]:
        """The first content that the library draws without overlapping names."""
        recipe, number = self._recipe, int(task.key.rpartition("-")[2])
        type_ = TYPES[number % len(TYPES)]
        for attempt in range(ATTEMPTS):
            rng = seed.generator(attempt)
            spec = plain(random_spec(type_, recipe.lang, built_in(recipe.lang), rng, frozenset()))
            try:
                drawn = self._library.draw(spec)
                text = literal(truth(spec, drawn.scales))
            except Rejected as rejected:
                retried = attempt + 1 < ATTEMPTS
                yield Rejection(task.key, rejected.reason, rejected.detail, attempt, retried)
                continue
            height, width = drawn.pixels.shape[:2]
            yield Sample(
                id=task.key,
                image=encode(drawn.pixels, "png"),
                image_format="png",
                width=width,
                height=height,
                text=text,
                prompt=prompts.pick(seed.generator(attempt, "prompt"), "dict", recipe.lang),
                kind="chart",
                format="dict",
                lang=recipe.lang,
                doc_id=task.doc_id,
                source="foreign-charts",
                license=built_in(recipe.lang).license,
                renderer=recipe.options.library,
                template=type_,
                seed=seed.value,
                attempt=attempt,
                meta={"type": type_, "labels": spec.labels},
            )
            return

    def close(self) -> None:
        """Close the library."""
        self._library.close()


def plain(spec: ChartSpec) -> ChartSpec:
    """The spec as a plain script shows it: ticks have no unit, so neither have values that must
    be read off an axis, and of many categories the first ones are drawn."""
    if isinstance(spec.data, Points):
        bare = replace(spec.data, x_number=_bare(spec.data.x_number),
                       y_number=_bare(spec.data.y_number))  # fmt: skip
        return replace(spec, data=bare)
    table = spec.table
    if len(table.categories) > MOST_NAMES:
        kept = tuple(replace(s, values=s.values[:MOST_NAMES]) for s in table.series)
        table = Table(table.categories[:MOST_NAMES], kept)
    if not spec.labels:
        series = tuple(replace(s, number=_bare(s.number)) for s in table.series)
        table = replace(table, series=series)
    return replace(spec, data=table)


def _bare(number: NumberFormat) -> NumberFormat:
    return NumberFormat(decimals=number.decimals)


def turned(names: Sequence[str]) -> bool:
    """Whether names below an axis are long enough that a plain script turns them."""
    return sum(len(name.encode("gb18030")) for name in names) > 60


def upwards(spec: ChartSpec) -> ChartSpec:
    """The spec for a library that puts the first of horizontal bars at the bottom: categories are
    given from the last to the first, as scripts do that want the first on top."""
    if spec.type != "horizontal_bar":
        return spec
    table = spec.table
    series = tuple(replace(s, values=s.values[::-1]) for s in table.series)
    return replace(spec, data=Table(table.categories[::-1], series))


def value_axis(spec: ChartSpec) -> str:
    """The axis that has the values: `x` where bars are horizontal."""
    return "x" if spec.type == "horizontal_bar" else "y"


def grid(spec: ChartSpec) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values of a table: [series, categories]."""
    return np.array([series.values for series in spec.table.series])


def ticks_scale(low: float, high: float, pixels: float, ticks: Sequence[float]) -> Scale:
    """A value axis from its ends, its length in pixels, and its ticks."""
    distances = np.diff(sorted(ticks))
    return Scale(low, high, pixels, float(distances.min()) if len(distances) else 0.0)
