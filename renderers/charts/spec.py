"""The content of a chart without its style: a frozen value that every backend draws.

Numbers are held already rounded to what their format prints, so that a printed label and the
value behind it never disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from renderers.languages.grouping import indian_groups

if TYPE_CHECKING:
    from renderers.charts.annotations.annotation import Annotation


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """The marks in the numbers of a language: before decimals, and between groups of three digits
    of numbers from `grouped_from` on; `indian` groups above the thousands have two."""

    decimal: str = "."
    group: str = ","
    grouped_from: float = 1000.0
    indian: bool = False


ASCII_MARKS = NumberMarks()


POWER_MARK = re.compile(r"e-?\d+")
"""A power of ten at the beginning of a suffix: `1.2e6`. A zero has none: it is `0`, not `0e6`."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is printed: `prefix` + digits + `suffix`, e.g. `$1,234.5` or `3.2万`.

    Units are part of the suffix (with a leading space where the language wants one).
    """

    decimals: int = 0
    thousands: bool = False
    prefix: str = ""
    suffix: str = ""
    marks: NumberMarks = ASCII_MARKS

    def print(self, value: float) -> str:
        """The number as a label shows it; the minus sign is ASCII and comes first."""
        grouped = self.thousands and abs(value) >= self.marks.grouped_from
        digits = f"{abs(value):{',' if grouped else ''}.{self.decimals}f}"
        if self.marks != ASCII_MARKS:
            whole, point, rest = digits.partition(".")
            if self.marks.indian and grouped:
                whole = indian_groups(whole)
            digits = whole.replace(",", self.marks.group) + self.marks.decimal * bool(point) + rest
        suffix, zero = self.suffix, not any(c in "123456789" for c in digits)
        if zero and (power := POWER_MARK.match(suffix)):
            digits, suffix = "0", suffix[power.end() :]
        return f"{'-' if value < 0 and not zero else ''}{self.prefix}{digits}{suffix}"


@dataclass(frozen=True, slots=True)
class Series:
    """One value per category; not a number where it is missing, which leaves a gap on the picture.
    The name is empty when the chart has a single, unnamed series."""

    name: str
    values: tuple[float, ...]
    number: NumberFormat = NumberFormat()


@dataclass(frozen=True, slots=True)
class Course:
    """The points of lines that have more of them than the axis names.

    `places` are those of the categories along the axis, from 0 to 1; they need not be at equal
    distances. `at` are the places of all points, `values` those of each series, not a number where
    a line has a gap. A category is at one of the points, with its value.
    """

    places: tuple[float, ...]
    at: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


Curve = tuple[tuple[float, float], ...]
"""Places `(x, y)` from left to right, joined by a line, in the units of its axes."""


@dataclass(frozen=True, slots=True)
class Table:
    """Values by series and category: bars, lines, areas, pies, radars, heat maps, …

    Lines with a `course` run through more points than those of the categories, which are the ones
    that a reader can read. `listed` tells where the values are printed in a table: `below` the
    plot, where each series is a row, or `beside` it, where each category is one.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    course: Course | None = None
    listed: Literal["", "below", "beside"] = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Several figures for each category: box plots, candlesticks, error bars, ranges.

    `fields` name the figures (`min`, `median`, …), `rows[i]` are those of `categories[i]`. A
    category with a curve is drawn by it; its figures are places on the curve.
    """

    categories: tuple[str, ...]
    fields: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    number: NumberFormat = NumberFormat()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a scatter or bubble chart; `label` is printed next to it where not empty.
    `figures` are what else it shows, in the order of `ChartType.fields`."""

    x: float
    y: float
    size: float | None = None
    label: str = ""
    figures: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class PointSeries:
    """Points of one kind; the name is empty when the chart has a single, unnamed series. A series
    with a `curve` is drawn by it; its points are the peaks."""

    name: str
    points: tuple[Point, ...]
    curve: Curve = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A smooth field over the plane: `values[r][c]` on a regular grid, row `r` from the lowest `y`
    to the highest, column `c` from the lowest `x` to the highest; linear between neighbors.

    `levels` ascend at equal distances, from at or below its lowest value to at or above its
    highest one.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    values: tuple[tuple[float, ...], ...]
    levels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Points in the plane, in one or several series.

    `size_number` prints sizes and further figures. `field` is what the points are in; `key` is the
    figure that the arrow of the legend stands for.
    """

    series: tuple[PointSeries, ...]
    x_number: NumberFormat = NumberFormat()
    y_number: NumberFormat = NumberFormat()
    size_number: NumberFormat = NumberFormat()
    field: Field | None = None
    key: float | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a tree; only leaves have a value."""

    name: str
    value: float = 0.0
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A hierarchy: treemap, sunburst, tree."""

    roots: tuple[Node, ...]
    number: NumberFormat = NumberFormat()


@dataclass(frozen=True, slots=True)
class Link:
    """`value` flows from one named node to another."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Links between named nodes: Sankey diagram, graph, chord."""

    links: tuple[Link, ...]
    number: NumberFormat = NumberFormat()


Data = Table | Summary | Points | Tree | Flow


@dataclass(frozen=True, slots=True)
class AxisForm:
    """How a value axis shows numbers (`renderers.charts.warp`).

    A `broken` axis leaves out the values between the two ends of `gap`. A `truncated` one begins
    above zero although bars grow from it. The ticks of a logarithmic axis with `powers` are
    written 10², 10³, ….
    """

    kind: Literal["linear", "log", "symlog", "broken"] = "linear"
    truncated: bool = False
    threshold: float = 1.0
    gap: tuple[float, float] | None = None
    powers: bool = False

    @property
    def cuts_zero(self) -> bool:
        """Whether bars begin at the low end of the axis, not at zero."""
        return self.truncated or self.kind == "log"


LINEAR_FORM = AxisForm()
"""The form of most axes."""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart's content. Absent texts are None.

    With `labels`, every value is printed next to its mark; otherwise values are read off the
    axes, and the ground truth holds them only as precisely as the axes allow. `source` is the
    text of a source line, as it is printed. `annotations` are drawn in addition to the data
    (`renderers.charts.annotations`).
    """

    type: str
    lang: str
    data: Data
    title: str | None = None
    source: str | None = None
    x_title: str | None = None
    y_title: str | None = None
    y2_title: str | None = None
    labels: bool = True
    axis: AxisForm = LINEAR_FORM
    """Of the values; of points from bottom to top."""
    x_axis: AxisForm = LINEAR_FORM
    """Of points from left to right."""
    annotations: tuple[Annotation, ...] = ()

    @property
    def table(self) -> Table:
        """The data of a type whose shape is a table."""
        assert isinstance(self.data, Table)
        return self.data

    @property
    def summary(self) -> Summary:
        """The data of a type whose shape is a summary."""
        assert isinstance(self.data, Summary)
        return self.data

    @property
    def points(self) -> Points:
        """The data of a type whose shape is points."""
        assert isinstance(self.data, Points)
        return self.data

    @property
    def tree(self) -> Tree:
        """The data of a type whose shape is a tree."""
        assert isinstance(self.data, Tree)
        return self.data

    @property
    def flow(self) -> Flow:
        """The data of a type whose shape is a flow."""
        assert isinstance(self.data, Flow)
        return self.data
