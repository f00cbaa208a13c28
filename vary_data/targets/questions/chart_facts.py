"""The functions of programs over a chart, computed from its dict and its regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.chart import Chart, Path, chart_of, meta_of
from vary_data.targets.charts.chart_words import chart_words
from vary_data.targets.charts.compare import margin
from vary_data.targets.printed import Number, difference, number, numbers, total
from vary_data.targets.questions.colors import mark_colors
from vary_data.targets.regions import sound_regions

BARS = frozenset(
    {
        "bar", "horizontal_bar", "grouped_bar", "stacked_bar", "percent_bar", "diverging_bar",
        "histogram", "pyramid", "waterfall",
    }
)  # fmt: skip
"""Types whose marks fill their boxes."""

MIN_PIXELS = 3
"""How far apart two neighbors must be on the picture."""


@dataclass(frozen=True)
class ChartFacts:
    """What programs can use of a chart: its values, and where and how its marks are drawn."""

    chart: Chart
    boxes: Mapping[Path, Sequence[float]] = field(default_factory=dict)
    """The box of the mark of each value, in pixels."""
    image: bytes = b""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ChartFacts:
        """The facts of a row.

        Raises:
            Rejected: its text is not the dict of a chart.
        """
        chart = chart_of(row)
        regions = sound_regions(row) if row.get("regions") else ()
        boxes = {}
        links = meta_of(row).get("values")
        for link in links if isinstance(links, list) else ():
            mark = link.get("mark") if isinstance(link, dict) else None
            if not isinstance(mark, int) or not 0 <= mark < len(regions):
                continue
            if regions[mark]["role"] == "mark" and isinstance(link.get("path"), list):
                boxes[tuple(map(str, link["path"]))] = regions[mark]["bbox"]
        return cls(chart, boxes, (row.get("image") or {}).get("bytes") or b"")

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        """The functions by name."""
        names = (
            "value", "sum", "difference", "argmax", "argmin", "larger", "greater", "trend",
            "count", "text", "color", "first", "last", "after",
        )  # fmt: skip
        return {name: getattr(self, f"_{name}") for name in names}

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The values by series and category; the only series of a chart has no name."""
        if self.chart.shape in ("table", "summary"):
            return {name: dict(values) for name, values in self.chart.series()}
        if self.chart.shape == "tree" and all(len(p) == 1 for p, _ in self.chart.leaves()):
            return {"": {path[0]: value for path, value in self.chart.leaves()}}
        return {}

    def path(self, series: str, category: str) -> Path:
        """The path of a value in the dict."""
        if self.chart.shape == "summary":
            return category, series
        return (series, category) if series else (category,)

    @cached_property
    def places(self) -> list[str]:
        """The categories from left to right (from top to bottom if bars are horizontal), by their
        marks; empty if marks do not show that, as where a name without value has none."""
        found: dict[str, list[float]] = {}
        axis = 1 if self.chart.horizontal else 0
        for series, values in self.columns.items():
            for category in values:
                box = self.boxes.get(self.path(series, category))
                if box is not None:
                    found.setdefault(category, []).append((box[axis] + box[axis + 2]) / 2)
        middles = {category: sum(v) / len(v) for category, v in found.items()}
        ordered = sorted(middles, key=middles.__getitem__)
        near = any(middles[b] - middles[a] < MIN_PIXELS for a, b in pairwise(ordered))
        named = {category for values in self.columns.values() for category in values}
        return [] if near or named - set(middles) else ordered

    @cached_property
    def series_colors(self) -> dict[str, str]:
        """The color of each series whose bars all have one, if no other series has it."""
        if self.chart.type not in BARS or not self.image or len(self.columns) < 2:
            return {}
        try:
            named = mark_colors(self.image, self.boxes)
        except Exception as error:  # decoders raise many types
            raise Rejected("picture", f"cannot be decoded: {error}") from None
        found = {}
        for series, values in self.columns.items():
            colors = {named.get(self.path(series, category), "") for category in values}
            if len(colors) == 1 and "" not in colors:
                found[series] = colors.pop()
        counts = list(found.values())
        return {series: color for series, color in found.items() if counts.count(color) == 1}

    def _text_at(self, *path: str) -> str:
        values: Any = self.chart.values
        for name in path:
            values = values[name]
        if not isinstance(values, str):
            raise LookupError(f"{path} is not a value")
        return values

    def _value(self, *path: str) -> Number | str:
        text = self._text_at(*path)
        found = number(text, self.chart.printed_in)
        return found if found is not None and not found.scientific else text

    def _sum(self, *items: Number) -> Number:
        return total(_of_one_unit(items))

    def _difference(self, first: Number, second: Number) -> Number:
        return difference(*_of_one_unit((first, second)))

    def _column(self, series: str) -> list[tuple[str, Number]]:
        values = self.columns[series]
        found = numbers(list(values.values()), self.chart.printed_in)
        if found is None:
            raise LookupError("the values are not numbers of one unit")
        return list(zip(values, found, strict=True))

    def _argmax(self, series: str) -> str:
        return self._extreme(series, largest=True)

    def _argmin(self, series: str) -> str:
        return self._extreme(series, largest=False)

    def _extreme(self, series: str, largest: bool) -> str:
        column = sorted(self._column(series), key=lambda item: item[1].value, reverse=largest)
        best, second = column[0], column[1]
        self._check_apart(series, best, second)
        return best[0]

    def _larger(self, series: str, first: str, second: str) -> str:
        return first if self._greater(series, first, second) else second

    def _greater(self, series: str, first: str, second: str) -> bool:
        column = dict(self._column(series))
        self._check_apart(series, (first, column[first]), (second, column[second]))
        return column[first].value > column[second].value

    def _trend(self, series: str) -> str:
        column = self._column(series)
        first, last = column[0], column[-1]
        self._check_apart(series, first, last)
        return "up" if last[1].value > first[1].value else "down"

    def _check_apart(self, series: str, one: tuple[str, Number], two: tuple[str, Number]) -> None:
        """Raises:
        LookupError: a reader of the picture cannot tell the two values apart.
        """
        paths = (self.path(series, one[0]), self.path(series, two[0]))
        apart: Decimal = abs(one[1].value - two[1].value)
        if apart <= margin(self.chart, *paths):
            raise LookupError(f"{one[0]!r} and {two[0]!r} cannot be told apart")

    def _count(self, what: str) -> int:
        match what:
            case "categories":
                return len(next(iter(self.columns.values())))
            case "series":
                return len(self.columns)
            case "links" | "parts":
                return len(list(self.chart.leaves()))
            case "groups":
                return len(self.chart.values)
        raise LookupError(f"nothing to count by the name of {what!r}")

    def _text(self, name: str) -> str:
        found = {
            "title": self.chart.title, "source": self.chart.source,
            "x_title": self.chart.x_title, "y_title": self.chart.y_title,
        }[name]  # fmt: skip
        if not found:
            raise LookupError(f"the chart has no {name}")
        return found

    def _color(self, series: str) -> str:
        name = self.series_colors[series]
        return chart_words(self.chart.lang).colors[name]

    def _first(self) -> str:
        return self.places[0]

    def _last(self) -> str:
        return self.places[-1]

    def _after(self, category: str) -> str:
        return self.places[self.places.index(category) + 1]


def _of_one_unit(items: Sequence[Number]) -> Sequence[Number]:
    if not all(isinstance(item, Number) for item in items) or len({i.unit for i in items}) != 1:
        raise ValueError("not numbers of one unit")
    return items
