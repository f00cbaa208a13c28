"""Rules by which a reader would notice that a chart contradicts itself: `broken_rules`.

They look at the content alone, with the vocabulary that it may have been made of, and know nothing
of how it was made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from renderers.charts.catalog import CATALOG, GRIDS
from renderers.charts.spec import Flow, NumberFormat, Points, Summary, Table, Tree
from renderers.languages.registry import language
from vary_data.sources.charts.checks import problem
from vary_data.sources.charts.content import ChartContent, columns, names, to_spec
from vary_data.sources.charts.description import says_unit
from vary_data.sources.charts.long_names import ELLIPSIS
from vary_data.sources.charts.times import are_times
from vary_data.sources.corpus import ChartMeasure, Corpus, Subject

YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
ADDED_TYPES = (
    *("stacked_bar", "stacked_area", "theme_river", "horizontal_stacked_bar", "marimekko"),
    *("percent_bar", "horizontal_percent_bar"),
)
"""The shares of the last ones may be added up in any measure."""
BINNED = ("histogram", "histogram_2d", "pyramid")
"""Types whose categories are ranges of numbers, which may look like dates."""
LATEST_SOURCE = 2026
"""No source is from the future."""
IN_BRACKETS = re.compile(r"(.*?) ?[(（]([^()（）]+)[)）]$")
"""A title and the unit after it."""
WHOLE = 100

Rule = Callable[[ChartContent, Corpus], bool]


def broken_rules(content: ChartContent, corpus: Corpus, *, of_words: bool = True) -> list[str]:
    """The names of the rules that this content breaks; `of_words` tells whether its measures and
    subjects are those of the corpus."""
    rules = {**RULES, **WORD_RULES} if of_words else RULES
    return [name for name, keeps in rules.items() if not keeps(content, corpus)]


def _has_no_problem(content: ChartContent, corpus: Corpus) -> bool:
    # A title may be absent; the other checks need some title in the language.
    title = content.title or language(content.lang).native
    return problem(replace(content, title=title)) is None


def _title_years_are_those_of_the_data(content: ChartContent, corpus: Corpus) -> bool:
    years, named = _years(content), _numbers(content.title)
    return not years or all(min(years) <= year <= max(years) for year in named)


def _source_is_younger_than_the_data(content: ChartContent, corpus: Corpus) -> bool:
    published = _numbers(content.source)
    latest = max([*_years(content), *_numbers(content.title)], default=0)
    return not published or latest <= max(published) <= LATEST_SOURCE


def _title_names_the_measures_shown(content: ChartContent, corpus: Corpus) -> bool:
    """Every measure that the title names is at an axis or in the legend, or is that of sizes."""
    if isinstance(content.data, Tree | Flow) or content.types[0] == "pyramid":
        return True
    if CATALOG[content.types[0]].axes and not content.value_title:
        return True
    shown = " ".join([content.value_title, content.category_title, content.second_title])
    shown += " ".join(name for group in names(content.data) for name in group)
    sized = content.types[0] == "bubble"
    named = [m.name.casefold() for m in _measures_in(content.title, corpus)]
    missing = [name for name in named if name not in shown.casefold()]
    return len(missing) <= (1 if sized else 0)


def _title_names_the_subjects_shown(content: ChartContent, corpus: Corpus) -> bool:
    """`by country` needs countries among the categories, series or points; unnamed points may be
    anything."""
    if isinstance(content.data, Points) and not names(content.data)[0]:
        return True
    if content.types[0] == "pyramid":
        return set(names(content.data)[0]) <= set(corpus.phrases["bands"])
    groups = [set(group) for group in names(content.data) if group]
    return all(
        any(_holds(subject, group) for subject in subjects for group in groups)
        or _are_criteria(content, corpus)
        for subjects in _subjects_in(content.title, corpus)
    )


def _are_criteria(content: ChartContent, corpus: Corpus) -> bool:
    """Whether the categories are the qualities that things are rated for."""
    qualities = {q for _, listed in corpus.scenarios["ratings"] for q in listed.split(", ")}
    return isinstance(content.data, Table) and set(content.data.categories) <= qualities


def _axis_names_its_categories(content: ChartContent, corpus: Corpus) -> bool:
    """`Year` is under years, `Country` under countries."""
    categories = names(content.data)[0]
    if isinstance(content.data, Points) or not categories or not content.category_title:
        return True
    if content.types[0] == "pyramid":
        return set(categories) <= set(corpus.phrases["bands"])
    subjects = [s for s in corpus.subjects if s.label == content.category_title]
    if subjects:
        return any(_holds(subject, set(categories)) for subject in subjects)
    if content.category_title in corpus.phrases["time"]:
        return are_times(categories, content.lang)
    return not are_times(categories, content.lang) or content.types[0] in BINNED


def _place_is_not_compared(content: ChartContent, corpus: Corpus) -> bool:
    """A title about one place has no other places as categories."""
    places = [s for s in corpus.subjects if s.dimension == "place"]
    categories = set(names(content.data)[0])
    if not any(_holds(subject, categories) for subject in places) or len(categories) < 2:
        return True
    return not any(
        re.match(rf"{re.escape(name)}(?:[:：]|\d{{4}})", content.title)
        for subject in places
        for name in subject.names
    )


def _no_years_are_added_up(content: ChartContent, corpus: Corpus) -> bool:
    if content.types[0] not in ADDED_TYPES or not isinstance(content.data, Table):
        return True
    return not all(YEAR.search(series.name) for series in content.data.series)


def _only_amounts_are_added_up(content: ChartContent, corpus: Corpus) -> bool:
    if content.types[0] not in ADDED_TYPES[:5]:
        return True
    return all(m.sort == "amount" for m in _measures_in(content.value_title, corpus))


def _rates_are_possible(content: ChartContent, corpus: Corpus) -> bool:
    """No rate or share is above 100 %, no rating above its scale, errors included."""
    for measure, highest in _highest_values(content, corpus):
        if measure.sort in ("rate", "share") and measure.unit == "%" and highest > WHOLE:
            return False
    return True


def _names_have_the_measures(content: ChartContent, corpus: Corpus) -> bool:
    """What an axis measures exists for all names: walking has no ticket price."""
    texts = [content.value_title]
    if isinstance(content.data, Points):
        texts.append(content.category_title)
    elif CATALOG[content.types[0]].second_axis:
        texts += names(content.data)[1]
    measures = [measure for text in texts for measure in _measures_in(text, corpus)[:1]]
    return all(
        not measure.without & group and _is_measured(measure, group, corpus)
        for measure in measures
        for group in _measured(content)
    )


def _numbers_have_the_units(content: ChartContent, corpus: Corpus) -> bool:
    """The unit of a measure is at its numbers or in the title of their axis: `$450M` or `million
    dollars`, not `$450`."""
    if content.types[0] in ("bump", "pyramid"):
        return True  # ranks; shares of a population
    return all(
        _has_unit(measure, shown.casefold(), number)
        for text, shown, number in _numbers_with_titles(content)
        for measure in _measures_in(text, corpus)[:1]
    )


def _units_are_said_once(content: ChartContent, corpus: Corpus) -> bool:
    """No `Downloads (downloads)`."""
    texts = (content.title, content.value_title, content.category_title, content.second_title)
    return not any(
        says_unit(found[1], found[2]) for text in texts if (found := IN_BRACKETS.match(text))
    )


def _has_unit(measure: ChartMeasure, title: str, number: NumberFormat) -> bool:
    if not (measure.unit or measure.prefix or measure.suffix):
        return True
    rest = title.replace(measure.name.casefold(), "", 1)
    if measure.unit and (measure.unit.casefold() in rest or says_unit(title, measure.unit)):
        return True
    # A currency precedes the digits in some languages and follows them in others.
    around = number.prefix + number.suffix
    return all(part in around for part in (measure.prefix, measure.suffix))


def _numbers_with_titles(content: ChartContent) -> Iterator[tuple[str, str, NumberFormat]]:
    """How each column of values is printed, with the title that names it, and the one on the
    picture that can have its unit: that of the chart where no axis can carry one."""
    found = columns(content.data)
    entry = CATALOG[content.types[0]]
    texts = [content.value_title] * len(found)
    if isinstance(content.data, Points):
        texts = [content.category_title, content.value_title, ""][: len(found)]
    elif isinstance(content.data, Table) and entry.second_axis:
        texts = [content.value_title, content.second_title]
    for text, (number, _) in zip(texts, found, strict=True):
        yield text, text if entry.has_value_title else content.title, number


def _measured(content: ChartContent) -> Iterator[set[str]]:
    """The groups of names that the values are of: not figures of a summary, names of measures, or
    what named points belong to."""
    found = [set(group) for group in names(content.data)]
    first_only = isinstance(content.data, Summary) or CATALOG[content.types[0]].second_axis
    if isinstance(content.data, Points):
        first_only = bool(found[0])
    yield from (group for group in found[: 1 if first_only else None] if group)


def _is_measured(measure: ChartMeasure, group: set[str], corpus: Corpus) -> bool:
    """Whether one of the subjects that have all these names has the measure, if there are any."""
    labels = {subject.label for subject in corpus.subjects if _holds(subject, group)}
    return not labels or bool(labels & {*measure.subjects}) or "*" in measure.subjects


def _stages_shrink(content: ChartContent, corpus: Corpus) -> bool:
    if content.types[0] != "funnel" or not isinstance(content.data, Table):
        return True
    values = content.data.series[0].values
    return all(a >= b for a, b in pairwise(values))


def _titles_are_at_their_axes(content: ChartContent, corpus: Corpus) -> bool:
    """On a chart that lies, the values run from left to right."""
    entry = CATALOG[content.types[0]]
    spec = to_spec(content, entry.name, labels=True)
    if not entry.axes or entry.name in GRIDS:
        return True
    at_values = spec.x_title if entry.horizontal else spec.y_title
    return (at_values or "") == content.value_title


RULES: Mapping[str, Rule] = {
    "has no problem": _has_no_problem,
    "title years are those of the data": _title_years_are_those_of_the_data,
    "source is younger than the data": _source_is_younger_than_the_data,
    "no years are added up": _no_years_are_added_up,
    "rates are possible": _rates_are_possible,
    "stages shrink": _stages_shrink,
    "titles are at their axes": _titles_are_at_their_axes,
}
"""Rules for any content."""
WORD_RULES: Mapping[str, Rule] = {
    "title names the measures shown": _title_names_the_measures_shown,
    "title names the subjects shown": _title_names_the_subjects_shown,
    "axis names its categories": _axis_names_its_categories,
    "place is not compared": _place_is_not_compared,
    "only amounts are added up": _only_amounts_are_added_up,
    "names have the measures": _names_have_the_measures,
    "numbers have the units": _numbers_have_the_units,
    "units are said once": _units_are_said_once,
}
"""Rules for content whose measures and subjects are those of the corpus."""


def _years(content: ChartContent) -> list[int]:
    return [year for group in names(content.data) for name in group for year in _numbers(name)]


def _numbers(text: str) -> list[int]:
    return [int(year) for year in YEAR.findall(text)]


def _measures_in(text: str, corpus: Corpus) -> list[ChartMeasure]:
    """The measures that a text names, longest first, so that `Sales growth` is no `Sales`."""
    rest, found = text.casefold(), []
    spaced = language(corpus.lang).splitting == "spaces"
    for measure in sorted(corpus.measures, key=lambda m: -len(m.name)):
        pattern = re.escape(measure.name.casefold())
        if spaced:
            pattern = rf"\b{pattern}\b"
        if re.search(pattern, rest):
            found.append(measure)
            rest = re.sub(pattern, " ", rest)
    return found


def _subjects_in(title: str, corpus: Corpus) -> Iterator[list[Subject]]:
    """For each label that a title says the data are by, the subjects of that label."""
    labels = dict.fromkeys(subject.label for subject in corpus.subjects)
    for label in labels:
        word = re.escape(label.casefold())
        if corpus.lang == "en":
            pattern = rf"\b(?:by|per) (?:[\w ]+ and )?{word}\b|^{word} comparison"
        else:
            pattern = f"各{word[:1] if label == '国家' else word}|按{word}|不同{word}"
        if re.search(pattern, title.casefold()):
            yield [subject for subject in corpus.subjects if subject.label == label]


def _holds(subject: Subject, group: set[str]) -> bool:
    names = set(subject.names)
    return all(
        name in names
        or (name.endswith(ELLIPSIS) and any(n.startswith(name[: -len(ELLIPSIS)]) for n in names))
        for name in group
    )


def _highest_values(content: ChartContent, corpus: Corpus) -> Iterator[tuple[ChartMeasure, float]]:
    """Each measure that an axis names, with its highest value, errors included."""
    found = columns(content.data)
    texts = [content.value_title] * len(found)
    if isinstance(content.data, Points):
        texts = [content.category_title, content.value_title, ""][: len(found)]
    elif isinstance(content.data, Table) and CATALOG[content.types[0]].second_axis:
        texts = [series.name for series in content.data.series]
    for text, (_, column) in zip(texts, found, strict=True):
        highest = max(column)
        if isinstance(content.data, Summary) and content.data.fields == ("mean", "error"):
            highest = max(mean + error for mean, error in content.data.rows)
        for measure in _measures_in(text, corpus)[:1]:
            yield measure, highest
