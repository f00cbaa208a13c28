"""Questions about a chart that its picture answers.

A value that is not printed is asked for as an approximate one, with its step as the tolerance.
Sums and differences are asked of printed values only. Values are compared only if a reader can
tell them apart: a tie makes no question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.printed import numbers
from vary_data.targets.questions.chart_facts import ChartFacts
from vary_data.targets.questions.program import ProgramError, Raw, answer_text, call, evaluate
from vary_data.targets.questions.question import Question, several

MAX_TOTAL = 6
"""Values of a series that a question asks to add up."""
NOT_ADDED = frozenset({"waterfall", "calendar", "parallel", "radar", "gauge", "timeline", "bump"})
"""Types whose values make no sensible sum: totals, days, other axes, years, ranks."""
NOT_COMPARED = frozenset({"waterfall", "gauge", "calendar", "parallel", "timeline", "bump"})
"""Types whose values are not higher or lower than others: the first rank is the highest one."""
NOT_READ = frozenset({"theme_river"})
"""Types whose values can hardly be read: the step is about as large as the value."""
UNCOUNTED = frozenset({"calendar", "gauge"})
WITH_PLACES = frozenset(
    {
        "bar", "horizontal_bar", "grouped_bar", "stacked_bar", "percent_bar", "line", "multi_line",
        "step", "lollipop", "histogram", "waterfall", "pictorial_bar", "bar_line",
    }
)  # fmt: skip


class _Maker:
    """Makes questions of one chart; each method gives one or none."""

    def __init__(self, facts: ChartFacts, rng: np.random.Generator) -> None:
        self.facts = facts
        self.chart = facts.chart
        self.rng = rng
        self.words = chart_words(facts.chart.lang)

    def read(self) -> Question | None:
        """The value of one path."""
        paths = [path for path, _ in self.chart.leaves() if self._is_named(path)]
        if not paths or self.chart.type in NOT_READ:
            return None
        path = paths[int(self.rng.integers(len(paths)))]
        step = self.chart.steps.get(path, "")
        near = "_near" if step else ""
        match self.chart.shape:
            case "flow":
                phrase, names = "link", {"category": path[0], "other": path[1]}
            case "tree" if len(path) > 1:
                phrase, names = "part", {"category": path[-1], "other": path[-2]}
            case "points" if len(path) > 2:
                return None
            case "points" | "summary" if self._field(path[-1]):
                names = {"category": path[-2], "field": self._field(path[-1])}
                phrase = f"field{near}"
            case "summary":  # the legend names the figures
                phrase, names = f"read{near}", {"category": path[0], "series": path[1]}
            case _:
                series = path[0] if len(path) > 1 else ""
                phrase, names = f"read{near}", {"category": path[-1], "series": series}
        return self._question("read", phrase, names, call("value", *path), 1, step)

    def sum(self) -> Question | None:
        """The sum of two printed values, or of all of a short series."""
        if self.chart.type in NOT_ADDED or (picked := self._pair(printed=True)) is None:
            return None
        series, one, two = picked
        column = self.facts.columns[series]
        if len(column) <= MAX_TOTAL and self.rng.random() < 0.3:
            values = [call("value", *self.facts.path(series, name)) for name in column]
            return self._question("sum", "total", {"series": series}, call("sum", *values), 3)
        return self._of_two("sum", "sum", series, one, two)

    def difference(self) -> Question | None:
        """The distance of two printed values."""
        if self.chart.type in NOT_COMPARED or (picked := self._pair(printed=True)) is None:
            return None
        return self._of_two("difference", "difference", *picked)

    def largest(self) -> Question | None:
        """The category of the highest or lowest value of a series."""
        if self.chart.type in NOT_COMPARED or self.chart.shape == "summary":
            return None
        if (series := self._series()) is None or len(self.facts.columns[series]) < 3:
            return None
        kind = "argmax" if self.rng.random() < 0.5 else "argmin"
        return self._question(kind, kind, {"series": series}, call(kind, series), 2)

    def compare(self) -> Question | None:
        """Which of two values is higher."""
        if self.chart.type in NOT_COMPARED or (picked := self._pair()) is None:
            return None
        series, one, two = picked
        kind = "larger" if self.rng.random() < 0.5 else "greater"
        names = {"series": series, "category": one, "other": two}
        return self._question("compare", kind, names, call(kind, series, one, two), 2)

    def trend(self) -> Question | None:
        """Whether a series rises or falls from its first to its last value."""
        if not self.chart.ordered or self.chart.type in ("calendar", "histogram", "bump"):
            return None
        if (series := self._series()) is None:
            return None
        first, *_, last = self.facts.columns[series]
        names = {"series": series, "category": first, "other": last}
        return self._question("trend", "trend", names, call("trend", series), 2)

    def count(self) -> Question | None:
        """The number of categories, series, links or parts."""
        if self.chart.type in UNCOUNTED or self.chart.shape == "points":
            return None
        if self.chart.shape in ("tree", "flow"):
            what = "links" if self.chart.shape == "flow" else "parts"
        else:
            several = self.chart.shape == "table" and len(self.facts.columns) > 1
            what = "series" if several and self.rng.random() < 0.5 else "categories"
        return self._question("count", f"count_{what}", {}, call("count", what), 1)

    def text(self) -> Question | None:
        """A title or the source."""
        given = [n for n in ("title", "source", "x_title", "y_title") if getattr(self.chart, n)]
        if not given:
            return None
        name = given[int(self.rng.integers(len(given)))]
        return self._question("text", name, {}, call("text", name), 1)

    def color(self) -> Question | None:
        """The color of a series of bars."""
        colors = list(self.facts.series_colors)
        if not colors:
            return None
        series = colors[int(self.rng.integers(len(colors)))]
        return self._question("color", "color", {"category": series}, call("color", series), 1)

    def position(self) -> Question | None:
        """The first, last or next category on the picture."""
        places = self.facts.places if self.chart.type in WITH_PLACES else []
        if len(places) < 3:
            return None
        kind = ("first", "last", "after")[int(self.rng.integers(3))]
        phrase = f"{kind}_down" if self.chart.horizontal else kind
        if kind != "after":
            return self._question("position", phrase, {}, call(kind), 1)
        name = places[int(self.rng.integers(len(places) - 1))]
        return self._question("position", phrase, {"category": name}, call("after", name), 2)

    def _is_named(self, path: tuple[str, ...]) -> bool:
        """Whether a reader can find the value by its name: unlabeled points have numbers."""
        return self.chart.shape != "points" or not path[-2].isdecimal()

    def _field(self, name: str) -> str:
        """The figure of a point or summary in words; empty for names of the legend."""
        return self.words.fields.get(name, "")

    def _series(self) -> str | None:
        """A series whose values are numbers of one unit."""
        lang, columns = self.chart.printed_in, self.facts.columns
        found = [
            name
            for name, column in columns.items()
            if len(column) > 1 and numbers(list(column.values()), lang)
        ]
        return found[int(self.rng.integers(len(found)))] if found else None

    def _pair(self, printed: bool = False) -> tuple[str, str, str] | None:
        """A series and two of its categories."""
        if self.chart.shape == "summary" or (printed and self.chart.steps):
            return None
        if (series := self._series()) is None:
            return None
        names = list(self.facts.columns[series])
        one, two = (names[int(i)] for i in self.rng.permutation(len(names))[:2])
        return series, one, two

    def _of_two(
        self, function: str, phrase: str, series: str, one: str, two: str
    ) -> Question | None:
        values = (call("value", *self.facts.path(series, name)) for name in (one, two))
        names = {"series": series, "category": one, "other": two}
        return self._question(function, phrase, names, call(function, *values), 3)

    def _question(
        self,
        kind: str,
        phrase: str,
        names: Mapping[str, str],
        program: Raw,
        difficulty: int,
        tolerance: str = "",
    ) -> Question | None:
        """The question if its program has a value."""
        try:
            answer = answer_text(evaluate(program, self.facts.functions), self.chart.lang)
        except ProgramError:
            return None
        phrases = self.words.questions
        choices = phrases[phrase]
        template = choices[int(self.rng.integers(len(choices)))]
        series = names.get("series", "")
        said = phrases["in_series"].format(series) if series else ""
        asked = template.format(**{**names, "series": said})
        return Question(kind, asked, answer, str(program), difficulty, tolerance, names)


KINDS: tuple[Callable[[_Maker], Question | None], ...] = (
    _Maker.read,
    _Maker.sum,
    _Maker.difference,
    _Maker.largest,
    _Maker.compare,
    _Maker.trend,
    _Maker.count,
    _Maker.text,
    _Maker.color,
    _Maker.position,
)


def chart_questions(row: Mapping[str, Any], rng: np.random.Generator, count: int) -> list[Question]:
    """Up to `count` questions of different kinds about a chart, in random order.

    Raises:
        Rejected: the row has no chart.
    """
    maker = _Maker(ChartFacts.of(row), rng)
    return several({kind.__name__: partial(kind, maker) for kind in KINDS}, rng, count)
