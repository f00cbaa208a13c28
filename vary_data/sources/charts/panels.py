"""Random figures of two to nine charts, and of a chart with an inset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.spec import ChartSpec, Points, Summary, Table
from vary_data.sources.charts.annotations import annotated
from vary_data.sources.charts.content import names
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.corpus import Corpus

COUNTS = {2: 0.34, 3: 0.18, 4: 0.28, 5: 0.03, 6: 0.1, 7: 0.01, 8: 0.02, 9: 0.04}
"""Shares of figures by their number of panels."""
SAME_SHARE, SHARED_SHARE, INSET_SHARE = 0.35, 0.5, 0.12
"""Figures whose panels have one type; those of them with one value axis; charts with an inset."""
LETTER_SHARE, TITLE_SHARE, SOURCE_SHARE = 0.75, 0.6, 0.4
ANNOTATED_SHARE = 0.5
"""Panels with annotations, as a part of the share of charts that have them."""
LETTERS = ("{}", "({})", "{})")
SMALL_TYPES = frozenset(
    {
        *("bar", "horizontal_bar", "grouped_bar", "stacked_bar", "percent_bar", "line"),
        *("multi_line", "step", "area", "stacked_area", "pie", "donut", "scatter", "histogram"),
        *("box", "lollipop", "heatmap", "error_bar", "violin", "box_points", "range_bar"),
        *("radar", "waterfall", "interval_line", "diverging_bar", "survival", "roc_curve"),
        *("pr_curve", "horizontal_stacked_bar", "slope", "waffle", "confusion_matrix"),
    }
)
"""Types that can be read in a panel."""
SHARING = frozenset({"bar", "line", "area", "lollipop", "step", "multi_line", "grouped_bar"})
INSET_TYPES = frozenset({"pie", "donut", "bar", "line", "histogram"})
AROUND_INSET = frozenset({"bar", "line", "area", "multi_line", "histogram", "step", "scatter"})
TRIES = 30
"""Contents that are drawn until one is small enough."""
MAX_TEXTS, MAX_NAME, MAX_TITLE = 34, 14, 44
"""Names and printed values of a panel; characters of a name and of a title."""


def random_figure(
    type_: str,
    types: Sequence[str],
    corpus: Corpus,
    rng: np.random.Generator,
    forms: frozenset[str],
    kinds: frozenset[str],
    annotations: float,
) -> PanelSpec | None:
    """A figure whose first panel has this type, the others any of `types`; None where the type is
    not one of those that can be read in a panel. Of charts a share of `annotations` has some, of
    panels a part of it."""
    if type_ not in SMALL_TYPES:
        return None
    able = [name for name in types if name in SMALL_TYPES]
    inset = type_ in AROUND_INSET and rng.random() < INSET_SHARE
    count = 2 if inset else int(rng.choice(list(COUNTS), p=list(COUNTS.values())))
    same = not inset and rng.random() < SAME_SHARE
    shared = same and type_ in SHARING and rng.random() < SHARED_SHARE
    if shared:
        # One range of values, also of smaller ones, suits no logarithmic, broken or truncated axis.
        forms &= {"missing"}
    most = MAX_TEXTS if count <= 4 else MAX_TEXTS * 2 // 3

    def small(name: str, limit: int) -> ChartSpec:
        return _small(name, limit, corpus, rng, forms)

    specs = [small(type_, most)]
    if inset:
        inner = [name for name in able if name in INSET_TYPES] or [type_]
        specs.append(small(inner[int(rng.integers(len(inner)))], 10))
    while len(specs) < count:
        specs.append(small(type_ if same else able[int(rng.integers(len(able)))], most))
    if shared:
        specs = [replace(specs[0], labels=False)]
        specs += [_alike(specs[0], rng) for _ in range(count - 1)]
    lettered = not inset and (shared or rng.random() < LETTER_SHARE)
    titles = [spec.title for spec in specs]
    if None in titles or len(set(titles)) < count:
        lettered = not inset
    pattern = LETTERS[int(rng.integers(len(LETTERS)))]
    upper = rng.random() < 0.3
    panels = []
    for i, spec in enumerate(specs):
        if rng.random() < annotations * ANNOTATED_SHARE and not (inset or shared):
            spec = annotated(spec, kinds, corpus, rng)
        letter = pattern.format("ABCDEFGHI"[i] if upper else "abcdefghi"[i]) if lettered else ""
        panels.append(Panel(replace(spec, source=None), letter))
    if len({panel.name for panel in panels} - {""}) < count:
        return None
    title = None
    if shared:
        title = specs[0].title
        panels = [replace(panel, spec=replace(panel.spec, title=None)) for panel in panels]
    elif rng.random() < TITLE_SHARE or inset:
        rows = corpus.scenarios["panels"]
        title = rows[int(rng.integers(len(rows)))][0]
    source = next((spec.source for spec in specs if spec.source), None)
    kept = source if rng.random() < SOURCE_SHARE else None
    return PanelSpec(corpus.lang, tuple(panels), title, kept, shared, inset)


def _small(
    type_: str, most: int, corpus: Corpus, rng: np.random.Generator, forms: frozenset[str]
) -> ChartSpec:
    """A chart with few texts and short names; the smallest one of some where none has so few."""
    best: tuple[int, ChartSpec] | None = None
    for _ in range(TRIES):
        spec = random_spec(type_, corpus.lang, corpus, rng, forms - {"course"})
        size = _size(spec)
        if best is None or size < best[0]:
            best = size, spec
        if size <= most:
            break
    assert best is not None
    return best[1]


def _size(spec: ChartSpec) -> int:
    """About how much there is to write; long names and titles count as many."""
    groups = [name for group in names(spec.data) for name in group]
    long = sum(max(0, _wide(name) - MAX_NAME) for name in groups)
    long += max(0, _wide(spec.title or "") - MAX_TITLE) + max(0, len(groups) - 12) * 3
    match spec.data:
        case Table():
            values = len(spec.data.categories) * len(spec.data.series)
        case Summary():
            values = len(spec.data.categories) * len(spec.data.fields) // 2
        case Points():
            values = sum(len(series.points) for series in spec.data.series) // 3
        case _:
            values = len(groups)
    return len(groups) + (values if spec.labels else values // 4) + long


def _wide(text: str) -> int:
    """The width of a text in Latin letters."""
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _alike(first: ChartSpec, rng: np.random.Generator) -> ChartSpec:
    """A chart like the first one, with its values in another order and smaller."""
    factor = rng.uniform(0.5, 1.0)
    series = []
    for column in first.table.series:
        order = rng.permutation(len(column.values))
        shuffled = (column.values[int(i)] * factor for i in order)
        values = tuple(round(value, column.number.decimals) for value in shuffled)
        series.append(replace(column, values=values))
    data = replace(first.table, series=tuple(series))
    return replace(first, data=data, labels=False)
