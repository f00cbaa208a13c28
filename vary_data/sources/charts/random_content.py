"""Random but coherent content for a chart of any type: `random_content`, and `random_spec`.

A description is drawn first (what is measured, of what, when, where); numbers, names and titles
follow from it, so that a title never contradicts its chart.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from renderers.charts.catalog import CATALOG
from renderers.charts.spec import ChartSpec
from vary_data.sources.charts.content import ChartContent, to_spec, wants_labels
from vary_data.sources.charts.difficulty import level
from vary_data.sources.charts.distributions import DISTRIBUTIONS
from vary_data.sources.charts.figures import FIGURES
from vary_data.sources.charts.long_names import with_cut_names
from vary_data.sources.charts.plane_content import PLANE_CONTENT
from vary_data.sources.charts.scenarios import SCENARIOS
from vary_data.sources.charts.shapes import SHAPES
from vary_data.sources.charts.studies import STUDIES
from vary_data.sources.charts.tables import TABLES, table
from vary_data.sources.corpus import Corpus

WITHOUT_VALUE_TITLE = 0.35
"""Share of charts without a title at the value axis where nothing needs it."""
WITHOUT_CATEGORY_TITLE = 0.45
"""Share of charts whose categories have no title."""
WITHOUT_SECOND_TITLE = 0.3
"""Share of charts without a title at the second axis."""
WITHOUT_TITLE = 0.08
"""Share of charts without a title, of types whose content is known without one."""
WITHOUT_SOURCE = 0.55
"""Share of charts without a source line."""
WITH_LABELS = 0.55
"""Share of charts with printed values where the type allows both."""

LEVEL_TRIES = 200
"""Contents that are drawn until one has the level that is asked for."""

MEASURED_ALONG = frozenset({"histogram", "histogram_2d", "survival"})
"""Types whose categories are numbers, which mean nothing without the title of their axis."""

MAKE = {**SHAPES, **TABLES, **SCENARIOS, **STUDIES, **FIGURES, **DISTRIBUTIONS, **PLANE_CONTENT}
"""Makers of content by chart type; types that are not here show a plain table."""


def random_spec(
    type_: str,
    lang: str,
    corpus: Corpus,
    rng: np.random.Generator,
    forms: frozenset[str] | None = None,
    difficulty: str | None = None,
) -> ChartSpec:
    """A random chart of this type of the catalog, every name in it unique.

    `forms` are those that its backend draws (`ChartType.forms`), None for all. With a `difficulty`,
    content is drawn until a chart has this level, up to `LEVEL_TRIES` times.
    """
    for _ in range(LEVEL_TRIES if difficulty else 1):
        content = random_content(type_, corpus, rng, forms)
        assert content.lang == lang
        labels = wants_labels(content.data, type_, WITH_LABELS, rng)
        spec = to_spec(content, type_, labels=labels)
        if difficulty is None or level(spec) == difficulty:
            break
    return spec


def whole_content(
    type_: str, corpus: Corpus, rng: np.random.Generator, forms: frozenset[str] | None = None
) -> ChartContent:
    """Content that this type shows, with all of its texts."""
    entry = CATALOG[type_]
    if forms is not None:
        entry = replace(entry, forms=entry.forms & forms)
    return MAKE.get(type_, table)(entry, corpus, rng)


def random_content(
    type_: str, corpus: Corpus, rng: np.random.Generator, forms: frozenset[str] | None = None
) -> ChartContent:
    """Content that this type shows, with some of its texts left out."""
    entry = CATALOG[type_]
    content = whole_content(type_, corpus, rng, forms)
    content = with_cut_names(content, entry, rng)
    drop = rng.random(5)
    # Where no axis can name the values, their unit is in the title.
    only_unit = content.unit_in_title and not entry.has_value_title
    if type_ != "calendar" and drop[0] < WITHOUT_TITLE and not only_unit:
        content = replace(content, title="")
    if drop[1] < WITHOUT_SOURCE:
        content = replace(content, source="")
    if drop[2] < WITHOUT_VALUE_TITLE and entry.axes and not content.unit_in_title:
        content = replace(content, value_title="")
    # The axes of a cloud of points are not known without their titles.
    plane = entry.shape == "points" or type_ in MEASURED_ALONG
    if drop[3] < WITHOUT_CATEGORY_TITLE and not plane:
        content = replace(content, category_title="", series_title="")
    if drop[4] < WITHOUT_SECOND_TITLE and not plane:
        content = replace(content, second_title="")
    return content
