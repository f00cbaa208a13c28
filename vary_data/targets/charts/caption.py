"""A short caption of a chart, built from its values."""

from __future__ import annotations

from collections.abc import Sequence

from vary_data.targets.charts.chart import Chart
from vary_data.targets.charts.chart_words import ChartWords, chart_words
from vary_data.targets.charts.compare import differ, extreme
from vary_data.targets.printed import numbers

WITHOUT_EXTREMES = ("waterfall", "gauge", "parallel", "bar_line", "timeline", "bump")
"""Types whose values are not compared with each other: a sum, a single one, several axes, years,
ranks."""


def caption(chart: Chart) -> str:
    """Two or three sentences: what the chart is, what it compares, and its extremes or trend."""
    words = chart_words(chart.lang)
    sentences = [_about(chart, words), _content(chart, words), _fact(chart, words)]
    return words.space.join(filter(None, sentences))


def _about(chart: Chart, words: ChartWords) -> str:
    pattern = words.caption["titled" if chart.title else "plain"]
    return str(pattern.format(type=words.type_name(chart.type), title=chart.title))


def _content(chart: Chart, words: ChartWords) -> str:
    """What the chart shows; empty for a single value."""
    patterns = words.caption
    match chart.shape:
        case "points":
            clouds = chart.points()
            points = words.point_count(chart.type, sum(len(cloud) for _, cloud in clouds))
            names = words.listed(_names(clouds))
            pattern = patterns["grouped_points" if clouds[0][0] else "points"]
            found = pattern.format(points=points, groups=len(clouds), names=names)
        case "tree":
            parts = words.count("part", len(list(chart.leaves())))
            found = patterns["tree"].format(
                groups=words.count("group", len(chart.values)), parts=parts
            )
        case "flow":
            links = words.count("link", len(list(chart.leaves())))
            found = patterns["flow"].format(
                links=links, sources=words.count("source", len(chart.values))
            )
        case "summary":
            fields = [words.field_name(name) for name in _names(chart.series())]
            found = patterns["summary"].format(
                fields=words.listed(fields, len(fields)),
                categories=words.count("category", len(chart.values)),
            )
        case _:
            series = chart.series()
            count = len(series[0][1])
            if not series[0][0] and count < 2:
                return ""
            found = patterns["series" if series[0][0] else "categories"].format(
                count=len(series),
                names=words.listed(_names(series)),
                categories=words.count("category", count),
            )
    return str(found)


def _fact(chart: Chart, words: ChartWords) -> str:
    """The trend, or the extremes, or the single value; empty where there is none to tell."""
    near = 1 if chart.steps else 0
    if trend := _trend(chart):
        (first, low), (last, high), up = trend
        pattern = words.caption["rise" if up else "fall"][near]
        return str(pattern.format(first=first, low=low, last=last, high=high))
    largest, smallest = _extremes(chart, words)
    if largest:
        pattern = words.caption["extremes" if smallest else "highest"][near]
        highest, high = largest
        lowest, low = smallest or ("", "")
        return str(pattern.format(highest=highest, high=high, lowest=lowest, low=low))
    if chart.type == "gauge":
        ((path, value),) = list(chart.leaves())[:1]
        return str(words.caption["single"].format(name=path[-1], value=value))
    return ""


Fact = tuple[str, str]
"""The name and the printed text of a value."""


def _trend(chart: Chart) -> tuple[Fact, Fact, bool] | None:
    """First and last value of the only series over a sequence; None if a reader cannot tell them
    apart."""
    if not chart.ordered or chart.shape != "table" or chart.type in ("histogram", "calendar"):
        return None
    series = chart.series()
    if len(series) > 1 or len(series[0][1]) < 2:
        return None
    first, last = series[0][1][0], series[0][1][-1]
    found = numbers([first[1], last[1]], chart.printed_in)
    prefix = (series[0][0],) if series[0][0] else ()
    paths = ((*prefix, first[0]), (*prefix, last[0]))
    if found is None or not differ(chart, *paths, (found[0], found[1])):
        return None
    return first, last, found[1].value > found[0].value


def _extremes(chart: Chart, words: ChartWords) -> tuple[Fact | None, Fact | None]:
    if chart.shape not in ("table", "tree", "flow") or chart.type in WITHOUT_EXTREMES:
        return None, None
    items = list(chart.leaves())
    join = words.arrow if chart.shape == "flow" else words.path
    facts = [extreme(chart, items, largest) for largest in (True, False)]
    largest, smallest = ((join.join(f[0]), f[1]) if f else None for f in facts)
    return largest, smallest


def _names(series: Sequence[tuple[str, object]]) -> list[str]:
    return [name for name, _ in series]
