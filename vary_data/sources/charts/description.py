"""`Description`: what a random chart is about, from which all of its texts follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from renderers.charts.catalog import ChartType
from renderers.languages.registry import chart_forms, language
from vary_data.sources.corpus import ChartMeasure, Corpus, Subject

FIRST_YEAR, LAST_YEAR = 1998, 2025
"""Of the data in random charts."""
MONTHS, QUARTERS, WEEKDAYS = 0.25, 0.4, 0.47
"""Cumulative shares of time axes; the rest are years."""
YEARS_AS_SERIES = 0.4
"""Share of charts whose series are years where they could be other names as well."""
MANY = 0.18
"""Share of charts with more categories, and of those with more series, than are usual."""
WITH_PLACE = 0.4
"""Share of descriptions that name a place, where the measure has places."""
MAX_DELAY = 2
"""Years after the data within which a source is published."""
TITLES_TRIED = 4
"""Titles of a user's corpus that are tried before one is composed."""

PLACE, AGE = "place", "age"
"""Dimensions of subjects that have rules."""
UNRELATED = frozenset(
    frozenset((one, other))
    for one, others in {
        "animal": "species",
        "channel": "site transport ward",
        "crime": "disease ward",
        "field": "occupation software transport",
        "genre": "site transport",
        "organization": "household site sport transport ward",
        "site": "sport transport ward",
        "thing": "budget energy field genre site software species transport vehicle",
        "transport": "sport vehicle",
    }.items()
    for other in others.split()
)
"""Dimensions that never cross, though they have measures in common: museums and matches have ticket
prices, but there is none of a museum for each sport."""
YEAR_NUMBER = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Period:
    """The years of the data. `times` are the names along a time axis, `word` names that axis."""

    first: int
    last: int
    times: tuple[str, ...] = ()
    word: str = ""

    @property
    def names_years(self) -> bool:
        """Whether the times say which years they are in."""
        return bool(self.times) and YEAR_NUMBER.search(self.times[0]) is not None


@dataclass(frozen=True, slots=True)
class Description:
    """A `measure` of the `members` of a `subject`, perhaps in a `place`, during a `period`.

    `groups` are the members of a second subject, or the years in `period.times`.
    """

    measure: ChartMeasure
    subject: Subject
    members: tuple[str, ...]
    period: Period
    place: str = ""
    group_subject: Subject | None = None
    groups: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    """Further measures by the fields that title patterns call them."""


def describe(
    corpus: Corpus,
    count: int,
    rng: np.random.Generator,
    sort: str = "level",
    accept: Callable[[Subject], bool] = lambda subject: True,
) -> Description:
    """A measure of this sort (`level`: an amount or a rate) and `count` names of one subject that
    has it, in one year."""
    sorts = ("amount", "rate") if sort == "level" else (sort,)
    measures = [measure for measure in corpus.measures if measure.sort in sorts]
    # The first one in random order that has a subject: each of those is as likely as another.
    for i in rng.permutation(len(measures)):
        measure = measures[int(i)]
        subjects = [s for s in _having(corpus, measure, count) if accept(s)]
        if subjects:
            break
    else:
        # No subject has so many names.
        return describe(corpus, count * 2 // 3, rng, sort, accept)
    subject = subjects[int(rng.integers(len(subjects)))]
    year = random_year(rng)
    place = _place(corpus, measure, subject, rng)
    return Description(measure, subject, names_of(subject, count, rng), Period(year, year), place)


def with_groups(
    description: Description,
    corpus: Corpus,
    count: int,
    rng: np.random.Generator,
    *,
    years: bool = True,
) -> Description | None:
    """The description by `count` groups too: years, or names of a subject of another dimension that
    the measure has. None where it has none and years would make no sense."""
    taken = set(description.members)
    crossing = [
        subject
        for subject in _having(corpus, description.measure, count)
        if may_cross(subject, description.subject) and not taken & set(subject.names)
    ]
    if description.place:
        crossing = [subject for subject in crossing if subject.dimension != PLACE]
    if years and (not crossing or rng.random() < YEARS_AS_SERIES):
        last = max(description.period.last, FIRST_YEAR + count - 1)
        times = tuple(str(last - count + 1 + i) for i in range(count))
        return replace(description, groups=times, period=Period(last - count + 1, last, times))
    if not crossing:
        return None
    subject = crossing[int(rng.integers(len(crossing)))]
    return replace(description, group_subject=subject, groups=names_of(subject, count, rng))


def may_cross(one: Subject, other: Subject) -> bool:
    """Whether a measure can be of each name of one subject in each name of the other."""
    dimensions = frozenset((one.dimension, other.dimension))
    return len(dimensions) == 2 and dimensions not in UNRELATED


def over_time(
    description: Description, corpus: Corpus, count: int, rng: np.random.Generator
) -> Description:
    """The description with `count` consecutive times."""
    return replace(description, period=_timeline(corpus, count, rng))


def other_measure(
    description: Description,
    corpus: Corpus,
    rng: np.random.Generator,
    taken: Sequence[str] = (),
    sorts: Sequence[str] = ("amount", "rate"),
) -> ChartMeasure:
    """A different measure that the subject and its members have as well."""
    names = {description.measure.name, *taken}
    shown = {*description.members, *description.groups, description.place}
    others = [
        m
        for m in corpus.measures
        if m.sort in sorts and m.name not in names and not shown & m.without
    ]
    label = description.subject.label
    natural = [m for m in others if label in m.subjects]
    apart = [m for m in natural if m.unit != description.measure.unit]
    fitting = apart or natural or others
    return fitting[int(rng.integers(len(fitting)))]


def names_of(subject: Subject, count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Distinct names; those that follow an order (age groups) keep it, without gaps."""
    if subject.dimension == AGE:
        first = int(rng.integers(len(subject.names) - count + 1))
        return subject.names[first : first + count]
    chosen = rng.choice(len(subject.names), count, replace=False)
    return tuple(subject.names[int(i)] for i in chosen)


def compose_title(
    corpus: Corpus, description: Description, rng: np.random.Generator, purpose: str = "title"
) -> str:
    """A ready-made title of the corpus, or one composed of what is known of the chart."""
    if ready := ready_title(corpus, description.period, rng):
        return ready
    known = _fields(description)
    if chart_forms(corpus.lang).small_names:
        inside = ("place", "first", "last", "name")
        known = {k: v if k in inside else lower_first(v) for k, v in known.items()}
    patterns = [p for p in corpus.phrases[purpose] if set(FIELD.findall(p)) <= set(known)]
    title = fill(pick(patterns, rng), **known)
    return contracted(corpus, title[:1].upper() + title[1:])


def contracted(corpus: Corpus, text: str) -> str:
    """The text with the forms that words of the language have before each other, and with the
    contractions of its words: in Chinese, "each country" has one character less than "each" and
    "country"."""
    text = language(corpus.lang).joined(text)
    for entry in corpus.phrases.get("contractions", ()):
        whole, _, short = entry.partition(" > ")
        text = text.replace(whole, short)
    return text


def ready_title(corpus: Corpus, period: Period, rng: np.random.Generator) -> str:
    """A title of a user's corpus that names no year outside of the chart's; empty if none."""
    for _ in range(TITLES_TRIED if corpus.titles else 0):
        title = pick(corpus.titles, rng)
        if not any(char.isdigit() for char in title):
            return title
        years = [int(year) for year in YEAR_NUMBER.findall(title)]
        # Numbers that are no years could be taken for values.
        if not re.search(r"\d{2,}", YEAR_NUMBER.sub("", title)) and all(
            period.first <= year <= period.last for year in years
        ):
            return title
    return ""


def source_line(corpus: Corpus, period: Period, rng: np.random.Generator) -> str:
    """A source that was published after the data."""
    delay = int(rng.integers(MAX_DELAY))
    return fill(pick(corpus.phrases["source"], rng), published=period.last + delay)


def unit_note(unit: str, lang: str) -> str:
    """How an axis title carries its unit."""
    if not unit:
        return ""
    return f"（{unit}）" if language(lang).wide else f" ({unit})"


def with_unit(text: str, unit: str, lang: str) -> str:
    """A name or title with the unit of its numbers, unless it says the unit itself: no `Downloads
    (downloads)`."""
    return text if says_unit(text, unit) else text + unit_note(unit, lang)


def says_unit(text: str, unit: str) -> bool:
    """Whether a unit is one of the words of a text."""
    return bool(unit) and unit.casefold() in re.split(r"[\s,.:;()]+", text.casefold())


def between(limits: tuple[int, int], rng: np.random.Generator) -> int:
    """A whole number within inclusive limits."""
    return int(rng.integers(limits[0], limits[1] + 1))


def category_count(entry: ChartType, rng: np.random.Generator) -> int:
    """How many categories a chart of this type has: seldom more than is usual."""
    return _count(entry.usual_categories, entry.categories[1], rng)


def series_count(entry: ChartType, rng: np.random.Generator) -> int:
    """How many series a chart of this type has: seldom more than is usual."""
    return _count(entry.usual_series, entry.series[1], rng)


def _count(usual: tuple[int, int], most: int, rng: np.random.Generator) -> int:
    if most > usual[1] and rng.random() < MANY:
        return between((usual[1] + 1, most), rng)
    return between(usual, rng)


def pick(entries: Sequence[str], rng: np.random.Generator) -> str:
    """One of the entries, all equally likely."""
    return entries[int(rng.integers(len(entries)))]


def with_ends(length: int, count: int, rng: np.random.Generator) -> list[int]:
    """The places of `count` entries of a list of `length`, in order: the first, the last, and some
    between them. Both are at least 2."""
    between_ends = 1 + rng.permutation(length - 2)[: count - 2]
    return [0, *sorted(map(int, between_ends)), length - 1]


def random_year(rng: np.random.Generator) -> int:
    """A year from `FIRST_YEAR` to `LAST_YEAR`."""
    return int(rng.integers(FIRST_YEAR, LAST_YEAR + 1))


def fill(pattern: str, **values: object) -> str:
    """The pattern with its fields replaced; a plain replacement, as corpora may hold braces."""
    for name, value in values.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return pattern


def lower_first(text: str) -> str:
    """English names are written small within a title; abbreviations are not."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _having(corpus: Corpus, measure: ChartMeasure, count: int) -> list[Subject]:
    """The subjects of this measure that have enough names, with those that have it."""
    having = (
        replace(s, names=tuple(name for name in s.names if name not in measure.without))
        if measure.without
        else s
        for s in corpus.subjects
    )
    return [
        subject
        for subject in having
        if len(subject.names) >= count
        # One age group would be written into the title, where its numbers look like data.
        and (count > 1 or subject.dimension != AGE)
        and (subject.label in measure.subjects or "*" in measure.subjects)
    ]


def _place(
    corpus: Corpus, measure: ChartMeasure, subject: Subject, rng: np.random.Generator
) -> str:
    """The name of a place that has the measure, unless the chart compares places."""
    places = [s for s in _having(corpus, measure, 1) if s.dimension == PLACE]
    if not places or subject.dimension == PLACE or rng.random() >= WITH_PLACE:
        return ""
    place = places[int(rng.integers(len(places)))]
    return pick(place.names, rng)


def _timeline(corpus: Corpus, count: int, rng: np.random.Generator) -> Period:
    year_word, month_word, quarter_word, weekday_word = corpus.phrases["time"][:4]
    draw, year = rng.random(), random_year(rng)
    if draw < MONTHS and count <= 12:  # a year has twelve
        # A stretch within the year.
        first = int(rng.integers(0, 12 - count + 1))
        return Period(year, year, corpus.phrases["months"][first : first + count], month_word)
    if draw < QUARTERS and 4 <= count <= 8:  # one or two years
        n = int(rng.integers(0, 4))  # the first quarter
        pattern = corpus.phrases["quarter"][0]
        quarters = [(year + (n + i) // 4, (n + i) % 4 + 1) for i in range(count)]
        start = max(0, quarters[-1][0] - LAST_YEAR)  # years by which the end is too late
        quarters = [(y - start, q) for y, q in quarters]
        names = tuple(fill(pattern, year=y, n=q) for y, q in quarters)
        return Period(quarters[0][0], quarters[-1][0], names, quarter_word)
    if draw < WEEKDAYS and count <= 7:  # a week has seven
        return Period(year, year, corpus.phrases["weekdays"][:count], weekday_word)
    last = max(year, FIRST_YEAR + count - 1)
    forms = corpus.phrases["year"]
    form = forms[int(rng.random() * len(forms))] if len(forms) > 1 else forms[0]
    names = tuple(fill(form, year=last - count + 1 + i) for i in range(count))
    return Period(last - count + 1, last, names, year_word)


def _fields(description: Description) -> dict[str, str]:
    """What title patterns may name. Times that say their years exclude another year."""
    period = description.period
    known = {
        "measure": description.measure.name,
        "subject": description.subject.label,
        "by_subject": description.subject.form or description.subject.label,
        **description.others,
    }
    if not period.names_years:
        known["year"] = str(period.last)
    if period.times:
        known |= {"first": period.times[0], "last": period.times[-1]}
    if description.place:
        known["place"] = description.place
    if description.group_subject is not None:
        known["groups"] = description.group_subject.label
        known["by_groups"] = description.group_subject.form or description.group_subject.label
    if len(description.members) == 1:
        known["name"] = description.members[0]
    return known
