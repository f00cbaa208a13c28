"""What a random chart is about, and how its titles follow from that."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from renderers.charts.spec import Data
from vary_data.sources.corpus import ChartMeasure, Corpus, Subject

ODD_SUBJECTS = 0.03
"""Share of charts whose subject does not fit the measure: a reader must not guess."""
MONTHS, QUARTERS, WEEKDAYS = 0.25, 0.4, 0.47
"""Cumulative shares of time axes; the rest are years."""


@dataclass(frozen=True, slots=True)
class ChartTopic:
    """`names` are as many distinct names as were asked for."""

    measure: ChartMeasure
    subject: Subject
    names: tuple[str, ...]
    year: int


@dataclass(frozen=True, slots=True)
class Content:
    """What a shape decides; titles are added to it. `value_title` names the value axis,
    `category_title` the other one."""

    data: Data
    title: str
    value_title: str = ""
    category_title: str = ""
    y2_title: str = ""
    needs_value_title: bool = False
    """The value axis title carries the unit, so it must be there."""


def random_topic(
    corpus: Corpus, count: int, rng: np.random.Generator, sort: str = "level"
) -> ChartTopic:
    """A measure of this sort (`level`: an amount or a rate) and `count` names of one subject that
    has it."""
    sorts = ("amount", "rate") if sort == "level" else (sort,)
    measures = [m for m in corpus.measures if m.sort in sorts]
    measure = measures[int(rng.integers(len(measures)))]
    fitting = [s for s in corpus.subjects if s.label in measure.subjects and len(s.names) >= count]
    if not fitting or rng.random() < ODD_SUBJECTS:
        fitting = [s for s in corpus.subjects if len(s.names) >= count]
    subject = fitting[int(rng.integers(len(fitting)))]
    return ChartTopic(measure, subject, names_of(subject, count, rng), random_year(rng))


def names_of(subject: Subject, count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Distinct names; those that follow an order (age groups) keep it."""
    chosen = rng.choice(len(subject.names), count, replace=False)
    if any(c.isdigit() for c in subject.names[1]):
        chosen = np.sort(chosen)
    return tuple(subject.names[int(i)] for i in chosen)


def other_subjects(corpus: Corpus, taken: set[str]) -> list[Subject]:
    """Subjects of known sorts that share no name with these."""
    sorted_ = [s for s in corpus.subjects if any(s.label in m.subjects for m in corpus.measures)]
    return [s for s in sorted_ or corpus.subjects if not taken & set(s.names)]


def timeline(corpus: Corpus, count: int, rng: np.random.Generator) -> tuple[str, tuple[str, ...]]:
    """What the time axis is called, and `count` consecutive times."""
    year_word, month_word, quarter_word, weekday_word = corpus.phrases["time"][
        :4
    ]  # the fifth is the word for days
    draw = rng.random()
    if draw < MONTHS and count <= 12:  # a year has twelve
        months = corpus.phrases["months"]
        # A stretch within the year.
        first = int(rng.integers(0, 12 - count + 1))
        return month_word, months[first : first + count]
    if draw < QUARTERS and 4 <= count <= 8:  # one or two years
        # The first quarter.
        year, n = int(rng.integers(2015, 2025)), int(rng.integers(0, 4))
        pattern = corpus.phrases["quarter"][0]
        # Four quarters a year.
        quarters = tuple(
            fill(pattern, year=year + (n + i) // 4, n=(n + i) % 4 + 1) for i in range(count)
        )
        return quarter_word, quarters
    if draw < WEEKDAYS and count <= 7:  # a week has seven
        return weekday_word, corpus.phrases["weekdays"][:count]
    # The last year.
    last = int(rng.integers(2008, 2026))
    end = "年" if corpus.lang == "zh" and rng.random() < 0.5 else ""
    return year_word, tuple(f"{last - count + 1 + i}{end}" for i in range(count))


def compose_title(
    corpus: Corpus, topic: ChartTopic, rng: np.random.Generator, purpose: str = "title", **more: str
) -> str:
    """A ready-made title of the corpus, or one composed from the topic."""
    if corpus.titles:
        return pick(corpus.titles, rng)
    values = {
        "measure": topic.measure.name,
        "subject": topic.subject.label,
        "year": str(topic.year),
        "count": str(len(topic.names)),
        "place": pick(corpus.phrases["place"], rng),
        **more,
    }
    title = fill(pick(corpus.phrases[purpose], rng), **_lower_inside(values, corpus.lang))
    return title[:1].upper() + title[1:]


def trend_title(
    corpus: Corpus, topic: ChartTopic, times: tuple[str, ...], rng: np.random.Generator
) -> str:
    """A title of times that name their years must not name another one."""
    if not re.search(r"\d{4}", times[0]):
        return compose_title(corpus, topic, rng)
    return compose_title(corpus, topic, rng, "trend", first=times[0], last=times[-1])


def unit_note(unit: str, lang: str) -> str:
    """How an axis title carries its unit."""
    if not unit:
        return ""
    return f"（{unit}）" if lang == "zh" else f" ({unit})"


def between(limits: tuple[int, int], rng: np.random.Generator) -> int:
    """A whole number within inclusive limits."""
    return int(rng.integers(limits[0], limits[1] + 1))


def pick(entries: tuple[str, ...], rng: np.random.Generator) -> str:
    return entries[int(rng.integers(len(entries)))]


def random_year(rng: np.random.Generator) -> int:
    # From 1998 to 2025.
    return int(rng.integers(1998, 2026))


def _lower_inside(values: dict[str, str], lang: str) -> dict[str, str]:
    """English measures and subjects are written small within a title."""
    if lang != "en":
        return values
    names = ("place", "first", "last")
    return {k: v if k in names else v[:1].lower() + v[1:] for k, v in values.items()}


def fill(pattern: str, **values: object) -> str:
    """The pattern with its fields replaced; a plain replacement, as corpora may hold braces."""
    for name, value in values.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return pattern
