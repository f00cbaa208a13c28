"""What is wrong with content whose author is not trusted: `problem`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from renderers.charts.catalog import CATALOG, SET_JOINT, ChartType
from renderers.charts.spec import Flow, NumberFormat, Points, Summary, Table, Tree
from renderers.charts.truth import ABSENT
from renderers.languages.registry import language
from renderers.twins import usual_signs
from vary_data.sources.charts.content import ChartContent, columns, names, values
from vary_data.sources.charts.problem import Problem
from vary_data.sources.charts.table_rules import TABLE_RULES
from vary_data.sources.scripts import in_script

MAX_TITLE, MAX_DENSE_TITLE = 120, 60
MAX_NAME, MAX_DENSE_NAME = 60, 30
"""Characters; the second ones where letters are syllables or words."""
MORE_FOR_AXES = 20
"""Characters of an axis title, with its unit, beyond those of a name."""
MAX_SUFFIX = 16
"""Characters of a unit with the mark of its notation."""
MAX_PERCENTAGE = 1000
WHOLE = 100
"""Percent."""
ALMOST_WHOLE = 1
"""Percent by which rounded parts may miss a whole."""
ROUNDED_DIGITS = 1e-6
"""Relative difference below which a number in a title is one of the data."""
POWERS = (0, 3, 4, 6, 8, 9, 12)
"""A title may say `12 million` where the chart prints `12M` or `12,000,000`."""
TREE_LEVELS = 2
"""Groups and their members."""

HAN_SCRIPTS = ("Hans", "Hant", "Jpan", "Kore")
CHINESE_CHARACTER = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
NUMBER = re.compile(r"\d[\d,]*\.?\d*")
YEAR_NUMBER = re.compile(r"(?<![\d.,])(?:18|19|20)\d\d(?![\d.,]*\d)")
JOINERS = re.compile(
    "(?<=[\u0620-\u06ff\u0900-\u0dff])[\u200c\u200d](?=[\u0620-\u06ff\u0900-\u0dff])"
)
"""Joiners between letters: many Persian words have U+200C."""
YEARS = range(1800, 2101)


def max_title(lang: str) -> int:
    """The most characters of a title or source in a language."""
    return MAX_DENSE_TITLE if language(lang).dense else MAX_TITLE


def max_name(lang: str) -> int:
    """The most characters of a name in a language."""
    return MAX_DENSE_NAME if language(lang).dense else MAX_NAME


def problem(content: ChartContent, type_: str = "") -> Problem | None:
    """The first thing that is wrong with the content as a chart of this type (default: of its
    first type)."""
    return next(_problems(content, CATALOG[type_ or content.types[0]]), None)


def fits(content: ChartContent, entry: ChartType) -> bool:
    """Whether a type takes data of this shape and size."""
    return not wrong_shape(content, entry)


def wrong_shape(content: ChartContent, entry: ChartType) -> str:
    """How the data differ from what the type takes; empty when they do not."""
    data = content.data
    shape = type(data).__name__.lower()
    if shape != entry.shape:
        return f"{entry.name} takes a {entry.shape}, not a {shape}"
    match data:
        case Table():
            count = len(data.categories)
            uneven = [s.name for s in data.series if len(s.values) != count]
            if uneven:
                return f"series {uneven[0]!r} has not one value for each of {count} categories"
            return _outside(count, entry.categories, "categories", entry) or _outside(
                len(data.series), entry.series, "series", entry
            )
        case Summary():
            uneven_rows = [n for n, row in enumerate(data.rows) if len(row) != len(data.fields)]
            if uneven_rows or len(data.rows) != len(data.categories):
                return f"each category needs {len(data.fields)} figures"
            if entry.fields and data.fields != entry.fields:
                return f"{entry.name} needs the figures {', '.join(entry.fields)}"
            if not entry.fields and len(data.fields) != entry.named_figures:
                return f"{entry.name} needs {entry.named_figures} figures"
            return _outside(len(data.categories), entry.categories, "categories", entry)
        case Points():
            counts = [len(series.points) for series in data.series]
            wrong = (_outside(n, entry.categories, "points in a series", entry) for n in counts)
            return next(filter(None, wrong), "") or _outside(
                len(counts), entry.series, "series", entry
            )
        case Tree():
            if any(node.children for root in data.roots for node in root.children):
                return f"a tree has {TREE_LEVELS} levels: groups and their members"
            if any(len(root.children) < 2 for root in data.roots):  # else it is no group
                return "each group needs two members"
            return _outside(len(data.roots), entry.categories, "groups", entry)
        case Flow():
            return _outside(len(data.links), entry.categories, "links", entry)


def _outside(count: int, limits: tuple[int, int], what: str, entry: ChartType) -> str:
    low, high = limits
    if low <= count <= high:
        return ""
    allowed = f"{low}" if low == high else f"{low} to {high}"
    return f"{entry.name} takes {allowed} {what}, not {count}"


def _problems(content: ChartContent, entry: ChartType) -> Iterator[Problem]:
    if shape := wrong_shape(content, entry):
        yield Problem("wrong-shape", shape)
        return
    yield from _text_problems(content)
    yield from _value_problems(content, entry)
    yield from _shape_problems(content, entry)
    yield from _title_problems(content)


def _text_problems(content: ChartContent) -> Iterator[Problem]:
    lang = content.lang
    grouped = names(content.data)
    axes = (
        content.value_title, content.category_title, content.series_title, content.second_title
    )  # fmt: skip
    titles = (content.title, content.source, *axes)
    every = [*titles, *(name for group in grouped for name in group), *_suffixes(content)]
    for text in every:
        if hidden := invisible_characters(text):
            yield Problem("control-character", f"{hidden} in {text!r}")
    for text in titles:
        if text.strip() == ABSENT:
            # The ground truth uses this word for a text that is not on the picture.
            yield Problem("reserved-word", f"a title that is literally {ABSENT!r}")
    if not content.title.strip() or len(content.title) > max_title(lang):
        yield Problem("title-length", content.title)
    parts = (part for group in grouped for name in group for part in name.split(SET_JOINT))
    for name in parts:
        if not 0 < len(name.strip()) <= max_name(lang):
            yield Problem("name-length", repr(name))
    for text in axes:
        if len(text) > max_name(lang) + MORE_FOR_AXES:
            yield Problem("axis-length", text)
    for text in _suffixes(content):
        if len(text) > MAX_SUFFIX:
            yield Problem("axis-length", text)
    if len(content.source) > max_title(lang):
        yield Problem("source-length", content.source)
    for group in grouped:
        if repeated := first_repeated(group):
            yield Problem("repeated-name", repeated)
    if wrong := _wrong_script(content.title, every, lang):
        yield Problem("wrong-language", wrong)


def invisible_characters(text: str) -> str:
    """The code points of characters that leave no ink or change the direction of writing. Joiners
    within words change the shape of letters."""
    text = JOINERS.sub("", text)
    hidden = [c for c in text if c != " " and unicodedata.category(c)[0] in "CZ"]
    hidden += [c for c in text if c == "\ufffd"]
    return ", ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in hidden))


def first_repeated(group: Sequence[str]) -> str:
    """The first name that differs from an earlier one at most in case, spaces, and signs that
    pictures do not tell apart, as ∆ and Δ: a row has one of them."""
    seen: set[str] = set()
    for name in group:
        plain = usual_signs("".join(name.split())).casefold()
        if plain in seen:
            return name
        seen.add(plain)
    return ""


def _suffixes(content: ChartContent) -> Iterator[str]:
    for number in dict.fromkeys(number for number, _ in columns(content.data)):
        yield number.prefix
        yield number.suffix


def _wrong_script(title: str, texts: Iterable[str], lang: str) -> str:
    """A title has letters of the language's script, and a chart in a script without Han characters
    has none anywhere."""
    known = language(lang)
    if lang != "en" and not any(in_script(c, known.script) for c in title):
        return f"no {known.name} character in {title!r}"
    if known.script in HAN_SCRIPTS:
        return ""
    return next((text for text in texts if CHINESE_CHARACTER.search(text)), "")


def _value_problems(content: ChartContent, entry: ChartType) -> Iterator[Problem]:
    numbers = values(content.data)
    if any(not math.isfinite(v) for v in numbers):
        yield Problem("implausible-value", "a value is not finite")
        return
    if entry.positive and any(v < 0 for v in numbers):
        yield Problem("negative-value", f"{min(numbers):g} in {entry.name}")
    for number, column in columns(content.data):
        if _is_percent(number) and max(abs(v) for v in column) > MAX_PERCENTAGE:
            yield Problem("implausible-percentage", f"{max(column, key=abs):g} %")
    if len(numbers) > 1 and len(set(numbers)) == 1:
        yield Problem("constant-values", f"all are {numbers[0]:g}")
    if (entry.whole or isinstance(content.data, Tree | Flow)) and any(v <= 0 for v in numbers):
        yield Problem("empty-part", f"{min(numbers):g} in {entry.name}")
    if not isinstance(content.data, Table) or not entry.whole:
        return
    for total in totals(content.data) if _is_percent(content.data.series[0].number) else ():
        if abs(total - WHOLE) > ALMOST_WHOLE:
            yield Problem("parts-do-not-sum", f"{total:g} %")


def _is_percent(number: NumberFormat) -> bool:
    return number.suffix.strip() == "%"


def totals(data: Table) -> list[float]:
    """What must be whole: the only series (a pie), or every category's stack (percent bars)."""
    if len(data.series) == 1:
        return [sum(data.series[0].values)]
    return [sum(series.values[i] for series in data.series) for i in range(len(data.categories))]


def _shape_problems(content: ChartContent, entry: ChartType) -> Iterator[Problem]:
    """Rules of single types."""
    data = content.data
    match data:
        case Table() if entry.name == "waterfall":
            *steps, total = data.series[0].values
            # Steps that were rounded may miss the rounded total by their last digit.
            decimals = data.series[0].number.decimals
            tolerance = 1.01 * 10.0**-decimals if decimals else 0.5
            if abs(sum(steps) - total) > tolerance:
                yield Problem("sum-differs", f"the last value is {total:g}, not {sum(steps):g}")
        case Table() if entry.name == "funnel":
            stages = data.series[0].values
            if any(later > earlier for earlier, later in pairwise(stages)):
                yield Problem("wrong-order", "the stages of a funnel do not grow")
        case Table() if entry.name == "calendar":
            if not _is_month(data.categories):
                yield Problem("wrong-order", "a calendar needs all days of a month as ISO dates")
        case Table() if entry.name == "histogram":
            if not all(re.fullmatch(r"-?[\d.,]+\s?-\s?[\d.,]+", c) for c in data.categories):
                yield Problem("wrong-shape", "the bins of a histogram are written 0-10, 10-20")
        case Table() if entry.name in TABLE_RULES:
            yield from TABLE_RULES[entry.name](data)
        case Summary() if entry.name in ASCENDING:
            if any(list(row) != sorted(row) for row in data.rows):
                yield Problem("wrong-order", f"{', '.join(data.fields)} must ascend")
        case Summary() if entry.name == "candlestick":
            if any(not low <= min(a, b) <= max(a, b) <= high for a, b, low, high in data.rows):
                yield Problem("wrong-order", "open and close must lie between low and high")
        case Summary() if entry.name == "forest":
            if any(not 0 < low <= middle <= high for middle, low, high in data.rows):
                yield Problem("wrong-order", "an estimate must lie in its interval, above zero")
        case Points() if entry.name in ("roc_curve", "pr_curve"):
            points = [p for series in data.series for p in series.points]
            if any(not (0 <= p.x <= 1 and 0 <= p.y <= 1) for p in points):
                yield Problem("implausible-value", "rates of classifiers are from 0 to 1")
            if any(p.label for p in points):
                yield Problem("wrong-shape", "the points of a curve have no names")
        case Summary() if entry.name == "error_bar":
            if any(error <= 0 for _, error in data.rows):
                yield Problem("negative-value", "an error must be above zero")
        case Flow():
            sources = {link.source for link in data.links}
            back = sources & {link.target for link in data.links}
            # In a flowchart, what a step leads to is the next one.
            if back and entry.name != "flowchart":
                yield Problem("wrong-order", f"{min(back)!r} is a source and a target")
            pairs = [f"{link.source} > {link.target}" for link in data.links]
            if repeated := first_repeated(pairs):
                yield Problem("repeated-name", repeated)


ASCENDING = frozenset(
    {
        *("box", "violin", "box_points", "strip", "swarm", "range_bar", "gantt"),
        "interval_line",
    }
)
"""Summaries whose figures ascend."""


def _is_month(days: Sequence[str]) -> bool:
    expected = [f"{days[0][:7]}-{day:02d}" for day in range(1, len(days) + 1)]
    return re.fullmatch(r"\d{4}-\d{2}-01", days[0]) is not None and list(days) == expected


def _title_problems(content: ChartContent) -> Iterator[Problem]:
    """Every number in the title is a year, a number of the data, or a count of what is there."""
    grouped = names(content.data)
    years = [int(y) for group in grouped for name in group for y in YEAR_NUMBER.findall(name)]
    known = {float(len(group)) for group in grouped if group}
    known.update(abs(value) for value in values(content.data))
    texts = (
        *(name for group in grouped for name in group), *_suffixes(content), content.value_title
    )  # fmt: skip
    for text in texts:
        known.update(_numbers(text))
    for number in _numbers(content.title):
        year = number in YEARS and (not years or min(years) <= number <= max(years))
        if not year and not _is_known(number, known):
            yield Problem("title-contradicts", f"{number:g} in {content.title!r}")
    latest = max([*years, *(int(y) for y in YEAR_NUMBER.findall(content.title))], default=0)
    written = [int(y) for y in YEAR_NUMBER.findall(content.source)]
    if written and max(written) < latest:
        yield Problem("source-too-old", f"{content.source!r} has data of {latest}")


def _is_known(number: float, known: Iterable[float]) -> bool:
    return any(
        math.isclose(number, value * 10.0**power, rel_tol=ROUNDED_DIGITS)
        or math.isclose(number * 10.0**power, value, rel_tol=ROUNDED_DIGITS)
        for value in known
        for power in POWERS
    )


def _numbers(text: str) -> list[float]:
    return [float(match.replace(",", "").rstrip(".")) for match in NUMBER.findall(text)]
