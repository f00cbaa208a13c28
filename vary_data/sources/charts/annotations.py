"""Annotations of random charts: which kinds a type may have, and what they say.

Names are listed in `words/<lang>/scenarios.txt`. What is said of values follows from them: an
average is the average of the chart, a peak its highest value. A line of an annotation would run
through printed values, so charts with labels have none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import replace

import numpy as np

from renderers.charts.annotations.annotation import Annotation, value_number
from renderers.charts.annotations.levels import Band, Threshold
from renderers.charts.annotations.pointers import Callout, Highlight, Significance
from renderers.charts.annotations.sums import Totals, Trend
from renderers.charts.annotations.texts import Footnote, Subtitle, TextBlock
from renderers.charts.annotations.times import Event, Period
from renderers.charts.drawing import Path
from renderers.charts.paths import table_paths
from renderers.charts.spec import ChartSpec, Points, Summary, Table
from vary_data.sources.charts.content import values
from vary_data.sources.charts.description import fill
from vary_data.sources.corpus import Corpus

MAX_ANNOTATIONS = 3
SUMS = 0.4
"""Share of the footnotes that are about sums, where there are such ones."""
LEAST_POINTS = 5
"""Values or points that a trend or a period needs."""

APART = (frozenset({"callouts", "significance"}), frozenset({"totals", "thresholds"}))
"""Kinds that would be in each other's way."""
LINES = frozenset({"line", "multi_line", "step", "area"})
BARS = frozenset({"bar", "horizontal_bar", "lollipop", "histogram"})
LEVELS = frozenset(
    {
        *(*LINES, *BARS, "grouped_bar", "stacked_bar", "box", "violin", "box_points"),
        *("error_bar", "range_bar", "interval_line", "scatter", "diverging_bar"),
        *("horizontal_grouped_bar", "horizontal_stacked_bar"),
    }
)
"""Types with a value axis across which a limit can be drawn."""
TIMES = frozenset({*LINES, "stacked_area", "interval_line"})
POINTED = frozenset({"line", "multi_line", "area", "bar", "grouped_bar", "lollipop", "histogram"})
STACKS = frozenset({"stacked_bar", "horizontal_stacked_bar"})
TESTED = frozenset({"bar", "box", "violin", "box_points", "error_bar"})
HIGHLIGHTED = frozenset({"bar", "horizontal_bar"})
RANKED = frozenset({"bar", "horizontal_bar", "lollipop", "pie", "donut"})
"""Types whose single series can be put in an order."""

Make = Callable[[ChartSpec, Corpus, np.random.Generator], Annotation | None]


def annotated(
    spec: ChartSpec, kinds: Set[str], corpus: Corpus, rng: np.random.Generator
) -> ChartSpec:
    """The chart with up to `MAX_ANNOTATIONS` annotations of different kinds out of these."""
    count = int(rng.choice([1, 2, MAX_ANNOTATIONS], p=[0.5, 0.35, 0.15]))
    made: dict[str, Annotation] = {}
    # By a random key that the weights raise: those with a shape come first more often.
    keys = [rng.random() ** (1 / weight) for weight in MAKERS.values()]
    for _, make in sorted(zip(keys, MAKERS, strict=True), key=lambda pair: -pair[0]):
        if len(made) == count:
            break
        if make not in AROUND and not _plain(spec):
            continue
        item = make(spec, corpus, rng)
        if item is not None and item.kind in kinds and _together(item, made):
            made[item.kind] = item
    return replace(spec, annotations=tuple(made.values()))


def _plain(spec: ChartSpec) -> bool:
    """Whether all values are there, on linear axes."""
    if spec.axis.kind != "linear" or spec.x_axis.kind != "linear" or spec.axis.truncated:
        return False
    series = spec.data.series if isinstance(spec.data, Table) else ()
    return not any(math.isnan(value) for item in series for value in item.values)


def _together(item: Annotation, made: dict[str, Annotation]) -> bool:
    """Whether it can be read next to the others: not two names at one place, no text twice."""
    text = _letters(item)
    same = text and any(
        shown in text or text in shown for other in made.values() if (shown := _letters(other))
    )
    crowded = any({item.kind, kind} <= group for kind in made for group in APART)
    return item.kind not in made and not same and not crowded


def _letters(item: Annotation) -> str:
    """The letters of its text: `* Preliminary figures.` says what `Preliminary figures` does."""
    return re.sub(r"\W", "", getattr(item, "text", "")).casefold()


def threshold(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Threshold | None:
    """The average, or a limit somewhere among the values."""
    if spec.labels or spec.type not in LEVELS:
        return None
    numbers, number = _level_values(spec), value_number(spec)
    printed = bool(rng.random() < 0.6)
    course = isinstance(spec.data, Table) and spec.data.course is not None
    if rng.random() < 0.35 and spec.type in BARS | LINES and not course:
        value, kind = sum(numbers) / len(numbers), "average"
    else:
        low, high = min(numbers), max(numbers)
        value, kind = low + (high - low) * rng.uniform(0.3, 0.95), "threshold"
    value = round(value, number.decimals)
    if kind == "threshold" and number.decimals == 0 and abs(value) >= 100:
        value = float(round(value, 1 - len(str(int(abs(value))))))
        value = value if min(numbers) <= value <= max(numbers) else round(max(numbers))
    return Threshold(_pick(corpus, kind, rng, spec), float(value), printed)


def band(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Band | None:
    """A range of a sixth to a third of the values."""
    if spec.type not in LEVELS - STACKS - {"horizontal_grouped_bar"}:
        return None
    numbers, number = _level_values(spec), value_number(spec)
    low, high = min(numbers), max(numbers)
    start = low + (high - low) * rng.uniform(0.15, 0.6)
    end = start + (high - low) * rng.uniform(0.16, 0.33)
    start, end = round(start, number.decimals), round(end, number.decimals)
    return Band(_pick(corpus, "band", rng), float(start), float(end)) if start < end else None


def event(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Event | None:
    """At a time that is neither the first nor the last one."""
    names = _times(spec)
    if spec.labels or len(names) < LEAST_POINTS:
        return None
    return Event(_pick(corpus, "event", rng, spec), names[int(rng.integers(1, len(names) - 1))])


def period(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Period | None:
    """Of one to three steps."""
    names = _times(spec)
    if len(names) < LEAST_POINTS:
        return None
    length = int(rng.integers(1, min(4, len(names) - 2)))
    first = int(rng.integers(0, len(names) - length))
    return Period(_pick(corpus, "period", rng), names[first], names[first + length])


def callout(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Callout | None:
    """On the highest or lowest value, or on any one."""
    if spec.labels or spec.type not in POINTED:
        return None
    cells = [
        (value, path)
        for series, paths in zip(spec.table.series, table_paths(spec.table), strict=True)
        for value, path in zip(series.values, paths, strict=True)
    ]
    kind = ("highest", "lowest", "callout")[int(rng.integers(3))]
    if kind == "callout" or len({value for value, _ in cells}) < len(cells):
        path: Path = cells[int(rng.integers(len(cells)))][1]
        return Callout(_pick(corpus, "callout", rng), path)
    extreme = max if kind == "highest" else min
    value, path = extreme(cells)
    course = spec.table.course
    points = [v for line in course.values for v in line if not math.isnan(v)] if course else []
    if extreme([value, *points]) != value:
        # The line goes further between the named dates.
        kind = "callout"
    return Callout(_pick(corpus, kind, rng), path)


def highlight(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Highlight | None:
    """Any bar."""
    if spec.type not in HIGHLIGHTED:
        return None
    names = spec.table.categories
    return Highlight(names[int(rng.integers(len(names)))])


def totals(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Totals | None:
    """Of stacks."""
    return Totals() if spec.type in STACKS else None


def significance(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Significance | None:
    """Between two neighbors, or over one category."""
    if spec.type not in TESTED or min(values(spec.data)) < 0 or spec.labels:
        return None
    names = spec.table.categories if isinstance(spec.data, Table) else spec.summary.categories
    if len(names) > 7:
        return None
    first = int(rng.integers(0, len(names) - 1))
    second = min(len(names) - 1, first + int(rng.integers(1, 3)))
    return Significance(names[first], names[second], _pick(corpus, "test", rng))


def trend(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Trend | None:
    """The line of least squares through the points of a single series."""
    if spec.type != "scatter" or len(spec.points.series) > 1:
        return None
    points = spec.points.series[0].points
    if len(points) < LEAST_POINTS:
        return None
    xs, ys = np.array([p.x for p in points]), np.array([p.y for p in points])
    spread = float(np.var(xs))
    if spread == 0 or float(np.var(ys)) == 0:
        return None
    slope = float(np.mean((xs - xs.mean()) * (ys - ys.mean()))) / spread
    intercept = float(ys.mean() - slope * xs.mean())
    # Enough decimals for a place on the picture to follow from the equation.
    reach = float(np.abs(xs).max()) or 1.0
    per_value = float(np.ptp(ys)) / 1000
    of_slope, of_intercept = _decimals(per_value / reach), _decimals(per_value)
    slope, intercept = round(slope, of_slope), round(intercept, of_intercept)
    r2 = f"{float(np.corrcoef(xs, ys)[0, 1]) ** 2:.2f}" if rng.random() < 0.5 else ""
    return Trend(slope, intercept, (of_slope, of_intercept), r2) if slope else None


def subtitle(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Subtitle | None:
    """Below a title."""
    if not spec.title or spec.type in NO_SURVEY:
        return None
    return Subtitle(_pick(corpus, "subtitle", rng))


def footnote(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> Footnote | None:
    """A footnote, except on charts of `NO_SURVEY`."""
    if spec.type in NO_SURVEY:
        return None
    sums = spec.type in ADDED_UP and rng.random() < SUMS
    return Footnote(_pick(corpus, "footnote sums" if sums else "footnote", rng))


def text_block(spec: ChartSpec, corpus: Corpus, rng: np.random.Generator) -> TextBlock | None:
    """About the first and last ones of a single series."""
    if spec.type not in RANKED or len(spec.table.series) > 1 or len(spec.table.categories) < 3:
        return None
    column = spec.table.series[0].values
    if len(set(column)) < len(column):
        return None
    order = [name for _, name in sorted(zip(column, spec.table.categories, strict=True))][::-1]
    known = {"first": order[0], "second": order[1], "last": order[-1]}
    return TextBlock(fill(_pick(corpus, "text", rng), **known))


MAKERS: Mapping[Make, float] = {
    threshold: 3.0,
    band: 1.5,
    event: 3.0,
    period: 2.5,
    callout: 3.0,
    highlight: 3.0,
    totals: 5.0,
    significance: 2.5,
    trend: 5.0,
    subtitle: 1.2,
    footnote: 0.8,
    text_block: 1.0,
}
"""What makes annotations, with a weight: texts suit every chart, shapes only few."""


NO_SURVEY = frozenset(
    {
        *("contour", "quiver", "ternary"),
        *("gantt", "timeline", "org_chart", "flowchart"),
        *("roc_curve", "pr_curve", "confusion_matrix", "candlestick"),
    }
)
"""Chart types that show terrain and substances, plans and events, tests of classifiers, exchange
prices. Subtitles and footnotes about participants, groups or methods of a survey would be wrong
there."""
ADDED_UP = frozenset(
    {
        *("pie", "donut", "rose", "waffle", "pyramid", "waterfall", "marimekko", "percent_bar"),
        *("horizontal_percent_bar", "stacked_bar", "horizontal_stacked_bar", "stacked_area"),
        *("treemap", "sunburst", "icicle", "mind_map", "sankey", "histogram"),
    }
)
"""Chart types whose values are parts of a sum, so that a footnote may say how well they add up."""
MONEY = frozenset("$€£¥₽₫đ₹元円원")
"""Signs by which numbers are amounts of money."""
AROUND = frozenset({subtitle, footnote})
"""Makers of texts that say nothing of the values."""


def _pick(
    corpus: Corpus, kind: str, rng: np.random.Generator, spec: ChartSpec | None = None
) -> str:
    """One of the texts of a kind; some, such as a break-even point, are for money alone."""
    rows = corpus.scenarios[kind]
    if spec is not None and _in_money(spec):
        rows = (*rows, *corpus.scenarios.get(f"{kind} of money", ()))
    return rows[int(rng.integers(len(rows)))][0]


def _in_money(spec: ChartSpec) -> bool:
    number = value_number(spec)
    return not MONEY.isdisjoint(number.prefix + number.suffix)


def _times(spec: ChartSpec) -> tuple[str, ...]:
    if spec.type not in TIMES:
        return ()
    return spec.table.categories if isinstance(spec.data, Table) else spec.summary.categories


def _level_values(spec: ChartSpec) -> list[float]:
    """The values on the value axis; of stacks their sums."""
    match spec.data:
        case Table() if spec.type in STACKS:
            columns = zip(*(series.values for series in spec.data.series), strict=True)
            return [sum(column) for column in columns]
        case Summary() if spec.type == "error_bar":
            return [row[0] for row in spec.data.rows]
        case Points():
            return [point.y for series in spec.data.series for point in series.points]
        case _:
            return values(spec.data)


def _decimals(step: float) -> int:
    return max(0, int(np.ceil(-np.log10(step)))) if step > 0 else 0
