"""Content for other axes, dates, levels of difficulty, cut names."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from renderers.charts.catalog import CATALOG
from renderers.charts.matplotlib.backend import MatplotlibBackend
from renderers.charts.spec import ChartSpec, Course, Series, Table
from vary_data.sources.charts.annotations import annotated, callout
from vary_data.sources.charts.calendars import random_calendar
from vary_data.sources.charts.difficulty import (
    LEVELS,
    describe_difficulty,
    effort,
    level,
    level_of,
    types_of,
    value_count,
)
from vary_data.sources.charts.forms import with_missing
from vary_data.sources.charts.long_names import cut
from vary_data.sources.charts.number_format import title_notation
from vary_data.sources.charts.panels import ANNOTATED_SHARE, random_figure
from vary_data.sources.charts.random_content import random_spec
from vary_data.sources.charts.times import are_times
from vary_data.sources.corpus import load_corpus


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_there_are_eight_hundred_topics(lang):
    corpus = load_corpus(lang)
    labels = {subject.label for subject in corpus.subjects}
    topics = {(m.name, label) for m in corpus.measures for label in m.subjects}
    assert len(topics) >= 800
    assert {label for _, label in topics} <= labels | {"*"}
    assert len({m.name for m in corpus.measures}) == len(corpus.measures)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_dates_are_in_order_and_named_at_points(lang):
    corpus = load_corpus(lang)
    spans = set()
    for seed in range(60):
        measure = corpus.phrases["hourly"][0] if seed % 2 else ""
        calendar = random_calendar(corpus, measure, np.random.default_rng(seed))
        assert all(a < b for a, b in pairwise(calendar.times))
        assert calendar.places[0] == 0
        assert calendar.places[-1] == 1
        assert 3 <= len(calendar.named) <= 11
        assert len(set(calendar.names)) == len(calendar.names)
        assert are_times(calendar.names), calendar.names
        assert len(calendar.times) <= 520
        spans.add((calendar.times[-1] - calendar.times[0]).days // 400)
    assert 0 in spans
    assert max(spans) > 50


def test_forms_are_only_those_that_the_backend_draws():
    corpus = load_corpus("en")
    found = Counter()
    for seed in range(300):
        rng = np.random.default_rng(seed)
        spec = random_spec(("bar", "line", "scatter")[seed % 3], "en", corpus, rng)
        course = getattr(spec.data, "course", None)
        found.update([spec.axis.kind, "truncated" if spec.axis.truncated else ""])
        found["course"] += course is not None
        bare = random_spec(
            ("bar", "line", "scatter")[seed % 3], "en", corpus, np.random.default_rng(seed),
            frozenset(),
        )  # fmt: skip
        assert bare.axis.kind == bare.x_axis.kind == "linear"
        assert not bare.axis.truncated
        assert getattr(bare.data, "course", None) is None
    assert min(found[key] for key in ("log", "broken", "truncated", "course")) >= 2


@pytest.mark.parametrize("wanted", LEVELS)
def test_charts_have_the_level_that_is_asked_for(wanted):
    corpus = load_corpus("zh")
    for type_ in sorted(types_of(wanted)):
        spec = random_spec(type_, "zh", corpus, np.random.default_rng(5), None, wanted)
        assert level(spec) == wanted, type_


def test_what_is_read_off_an_axis_counts_twice():
    assert effort(10, printed=True) == 10
    assert effort(10, printed=False) == 20
    assert [level_of(n) for n in (11, 12, 29, 30)] == ["easy", "medium", "medium", "hard"]
    printed = bars(8, labels=True)
    assert describe_difficulty(bars(8, labels=False)) == {
        "level": "medium", "effort": 16, "values": 8, "printed": False, "panels": 1
    }  # fmt: skip
    # In a figure, too, only the values that are not printed count twice.
    assert describe_difficulty(printed, bars(4, labels=False), printed) == {
        "level": "hard", "effort": 36, "values": 20, "printed": False, "panels": 3
    }  # fmt: skip
    spec = random_spec("box", "en", load_corpus("en"), np.random.default_rng(0))
    assert value_count(spec) == 5 * len(spec.data.categories)


def bars(count, *, labels):
    names = tuple("abcdefgh"[:count])
    return ChartSpec("bar", "en", Table(names, (Series("", (1.0,) * count),)), labels=labels)


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_panels_have_annotations_as_often_as_is_asked_for(share):
    corpus = load_corpus("en")
    forms, kinds = MatplotlibBackend.forms, MatplotlibBackend.annotations
    panels = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        figure = random_figure("bar", ("bar", "pie"), corpus, rng, forms, kinds, share)
        if figure is not None and not (figure.shared or figure.inset):
            panels += [bool(panel.spec.annotations) for panel in figure.panels]
    assert sum(panels) / len(panels) == pytest.approx(share * ANNOTATED_SHARE, abs=0.08)


@pytest.mark.parametrize("count", [1, 2])
def test_charts_with_missing_values_have_no_annotation_of_values(count):
    data = Table(tuple("abcdefgh"), (Series("x", (3.0,) * 8), Series("y", (4.0,) * 8))[:count])
    corpus = load_corpus("en")
    lacking = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        made = with_missing(data, rng)
        if not any(math.isnan(value) for item in made.series for value in item.values):
            continue
        lacking += 1
        spec = ChartSpec("grouped_bar" if count > 1 else "bar", "en", made, "T", labels=False)
        spec = annotated(spec, MatplotlibBackend.annotations, corpus, rng)
        assert {item.kind for item in spec.annotations} <= {"subtitle", "footnote"}
    assert lacking > 10


def test_a_peak_is_the_highest_of_all_points_of_a_line():
    corpus = load_corpus("en")
    course = Course((0.0, 0.5, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0), ((3.0, 1.0, 4.0, 9.0, 2.0),))
    numbers = Series("", (3.0, 4.0, 2.0))
    texts = []
    for lines in (None, course):
        spec = ChartSpec("line", "en", Table(("a", "b", "c"), (numbers,), lines), labels=False)
        made = [callout(spec, corpus, np.random.default_rng(seed)) for seed in range(30)]
        texts.append({item.text for item in made if item is not None})
    ranked = {row[0] for kind in ("highest", "lowest") for row in corpus.scenarios[kind]}
    assert texts[0] & ranked
    assert not texts[1] & ranked


def test_every_type_has_a_level():
    assert set(CATALOG) == set().union(*map(types_of, LEVELS))


def test_names_are_cut_with_an_ellipsis():
    assert cut(("Glass", "Rubber and plastics"), 10) == ("Glass", "Rubber an…")
    assert cut(("Rubber and plastics",), 12) == ("Rubber and…",)


def test_a_power_of_ten_may_go_into_the_title():
    seen = {title_notation(4.2e6, "tonnes", "en", np.random.default_rng(i)) for i in range(60)}
    assert (0, "tonnes") in seen
    assert (3, "×10³ tonnes") in seen
    assert all(power <= 5 for power, _ in seen)
    # Units that hold a magnitude or a ratio stay as they are.
    for unit in ("million dollars", "litres per day", "kt"):
        assert title_notation(4.2e6, unit, "en", np.random.default_rng(1)) == (0, unit)


@pytest.mark.parametrize(
    "type_", ["contour", "quiver", "gantt", "timeline", "roc_curve", "ternary"]
)
def test_nobody_takes_part_in_the_wind_or_in_a_plan(type_):
    corpus, rng = load_corpus("en"), np.random.default_rng(6)
    for _ in range(10):
        spec = random_spec(type_, "en", corpus, rng)
        assert not annotated(spec, frozenset({"subtitle", "footnote"}), corpus, rng).annotations
