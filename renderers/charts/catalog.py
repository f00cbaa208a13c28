"""Every chart type: what data it takes, how much of it, and what must hold for its numbers.

A type is one entry here and one drawing function in each backend that draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["table", "summary", "points", "tree", "flow"]


@dataclass(frozen=True, slots=True)
class ChartType:
    """Limits are inclusive. For points, `categories` counts the points of a series; for a tree
    its roots; for a flow its links. A histogram's categories are its bins, `0-10`, `10-20`, …; a
    waterfall's last value is the sum of those before it; a calendar's categories are the days of
    one month as ISO dates.

    `labeled` is whether values are printed: always (they cannot be read otherwise), never, or
    either. With `axes`, the chart has x and y axes that can carry titles.
    """

    name: str
    shape: Shape
    categories: tuple[int, int]
    series: tuple[int, int] = (1, 1)
    positive: bool = True
    whole: bool = False
    """Parts of a whole: the values of a series make sense as shares."""
    ordered: bool = False
    """Categories are a sequence (years, months), as a line implies."""
    labeled: Literal["always", "never", "either"] = "either"
    axes: bool = True
    fields: tuple[str, ...] = ()
    """For summaries: the figures of each category, by the names the ground truth uses. Empty:
    the specification names its figures itself and the picture prints their names. For points: what
    each of them shows besides its place."""
    named_figures: int = 0
    """How many figures a specification of a summary names itself."""
    together: bool = False
    """One mark shows all figures of a category, also those that the specification names."""
    figure_axis: str = ""
    """The scale that the further figures of points are read off; empty where they are printed, as
    the levels of a color bar."""
    second_axis: bool = False
    """The last series has a separate value axis, on the right."""
    recorded: bool = True
    """Whether records of users and language models may have this type: its places or links follow
    a rule that they would hardly keep."""
    horizontal: bool = False
    """The value axis runs from left to right, so that `x_title` names the values."""
    usual: tuple[int, int] = (0, 0)
    """Most charts have at most so many categories, and series; 0 for the limits above."""
    forms: frozenset[str] = frozenset()
    """What its values may have besides a linear axis: `log`, `symlog`, `broken`, `truncated`
    (`renderers.charts.spec.AxisForm`), `course` (lines through more points than are named) and
    `missing` (values that are not there)."""

    @property
    def has_value_title(self) -> bool:
        """Whether an axis can have the title of the values. The axes of grids name their cells."""
        return self.axes and self.name not in GRIDS

    @property
    def usual_categories(self) -> tuple[int, int]:
        """The limits of the categories that most charts keep."""
        return self.categories[0], self.usual[0] or self.categories[1]

    @property
    def usual_series(self) -> tuple[int, int]:
        """The limits of the series that most charts keep."""
        return self.series[0], self.usual[1] or self.series[1]


_BAR_FORMS = frozenset({"log", "broken", "truncated", "missing"})

FIVE_NUMBERS = ("min", "q1", "median", "q3", "max")
"""Of a distribution: its ends, quartiles and middle."""

_TYPES = (
    ChartType("bar", "table", (3, 40), positive=False, usual=(14, 0), forms=_BAR_FORMS),
    ChartType(
        "horizontal_bar",
        "table",
        (3, 60),
        positive=False,
        horizontal=True,
        usual=(14, 0),
        forms=_BAR_FORMS,
    ),
    ChartType(
        "grouped_bar",
        "table",
        (2, 14),
        (2, 6),
        positive=False,
        usual=(7, 4),
        forms=frozenset({"log", "truncated", "missing"}),
    ),
    ChartType("stacked_bar", "table", (3, 24), (2, 8), usual=(9, 5)),
    ChartType("percent_bar", "table", (2, 14), (2, 6), whole=True, labeled="always", usual=(8, 5)),
    ChartType("diverging_bar", "table", (3, 24), positive=False, usual=(12, 0)),
    ChartType(
        "line",
        "table",
        (4, 28),
        positive=False,
        ordered=True,
        usual=(16, 0),
        forms=frozenset({"log", "symlog", "course"}),
    ),
    ChartType(
        "multi_line",
        "table",
        (4, 24),
        (2, 12),
        positive=False,
        ordered=True,
        usual=(12, 5),
        forms=frozenset({"log", "course"}),
    ),
    ChartType("step", "table", (4, 20), (1, 4), positive=False, ordered=True, usual=(12, 3)),
    ChartType(
        "area",
        "table",
        (4, 28),
        positive=False,
        ordered=True,
        usual=(14, 0),
        forms=frozenset({"course"}),
    ),
    ChartType("stacked_area", "table", (4, 20), (2, 8), ordered=True, usual=(12, 5)),
    ChartType("pie", "table", (2, 9), whole=True, labeled="always", axes=False),
    ChartType("donut", "table", (2, 9), whole=True, labeled="always", axes=False),
    ChartType("rose", "table", (4, 10), labeled="always", axes=False),
    ChartType(
        "scatter",
        "points",
        (5, 60),
        (1, 4),
        positive=False,
        labeled="never",
        usual=(20, 3),
        forms=frozenset({"log"}),
    ),
    ChartType("bubble", "points", (4, 12), (1, 2), positive=False, labeled="always"),
    ChartType("radar", "table", (4, 8), (1, 3), axes=False),
    ChartType("histogram", "table", (5, 24), ordered=True, usual=(12, 0)),
    ChartType("box", "summary", (2, 8), positive=False, labeled="never", fields=FIVE_NUMBERS),
    ChartType("heatmap", "table", (3, 14), (3, 12), positive=False, labeled="always", usual=(9, 8)),
    ChartType("bar_line", "table", (4, 10), (2, 2), positive=False, second_axis=True),
    ChartType("waterfall", "table", (4, 9), positive=False, labeled="always"),
    ChartType("lollipop", "table", (3, 30), positive=False, usual=(14, 0)),
    ChartType(
        "error_bar", "summary", (3, 9), positive=False, labeled="either", fields=("mean", "error")
    ),
    ChartType(
        "dumbbell",
        "summary",
        (3, 9),
        positive=False,
        labeled="always",
        horizontal=True,
        named_figures=2,
    ),
    ChartType("pyramid", "table", (4, 10), (2, 2), labeled="always", horizontal=True),
    ChartType("funnel", "table", (3, 8), labeled="always", axes=False),
    ChartType("gauge", "table", (1, 1), labeled="always", axes=False),
    ChartType("calendar", "table", (28, 31), ordered=True, labeled="always", axes=False),
    ChartType(
        "candlestick", "summary", (5, 12), labeled="never", fields=("open", "close", "low", "high")
    ),
    ChartType("treemap", "tree", (3, 6), labeled="always", axes=False),
    ChartType("sunburst", "tree", (3, 5), labeled="always", axes=False),
    ChartType("sankey", "flow", (4, 10), labeled="always", axes=False),
    ChartType("graph", "flow", (4, 9), labeled="always", axes=False),
    ChartType("theme_river", "table", (5, 10), (3, 5), ordered=True, labeled="never"),
    ChartType("parallel", "table", (3, 6), (2, 5), labeled="never", axes=False),
    ChartType("polar_bar", "table", (4, 9), labeled="always", axes=False),
    ChartType("pictorial_bar", "table", (3, 8), labeled="always"),
    ChartType("effect_scatter", "points", (4, 12), (1, 2), positive=False, labeled="always"),
    ChartType("horizontal_grouped_bar", "table", (2, 6), (2, 3), positive=False, horizontal=True),
    ChartType("horizontal_stacked_bar", "table", (3, 24), (2, 8), horizontal=True, usual=(9, 5)),
    ChartType(
        "horizontal_percent_bar",
        "table",
        (2, 8),
        (2, 5),
        whole=True,
        labeled="always",
        horizontal=True,
    ),
    ChartType("marimekko", "table", (2, 5), (2, 4), labeled="always", axes=False),
    ChartType("small_multiples", "table", (3, 7), (2, 4), labeled="always", axes=False),
    ChartType("slope", "table", (2, 2), (3, 7), ordered=True, labeled="always", axes=False),
    ChartType("bump", "table", (4, 7), (4, 8), ordered=True, labeled="always", axes=False),
    ChartType("survival", "table", (5, 9), (2, 3), ordered=True, labeled="never"),
    ChartType("confusion_matrix", "table", (3, 6), (3, 6), labeled="always"),
    ChartType("tile_map", "table", (12, 51), labeled="always", axes=False),
    ChartType("waffle", "table", (2, 6), whole=True, labeled="always", axes=False),
    ChartType("venn", "table", (3, 7), labeled="always", axes=False),
    ChartType("timeline", "table", (4, 8), labeled="always", axes=False),
    ChartType("range_bar", "summary", (3, 9), positive=False, fields=("min", "max")),
    ChartType("bullet", "summary", (2, 7), labeled="never", horizontal=True, named_figures=2),
    ChartType(
        "forest",
        "summary",
        (4, 10),
        labeled="either",
        fields=("estimate", "lower", "upper"),
        horizontal=True,
    ),
    ChartType(
        "gantt", "summary", (4, 9), labeled="never", fields=("start", "end"), horizontal=True
    ),
    ChartType("violin", "summary", (2, 7), positive=False, labeled="never", fields=FIVE_NUMBERS),
    ChartType(
        "box_points", "summary", (2, 7), positive=False, labeled="never", fields=FIVE_NUMBERS
    ),
    ChartType(
        "interval_line",
        "summary",
        (5, 12),
        positive=False,
        ordered=True,
        labeled="never",
        fields=("lower", "mean", "upper"),
    ),
    ChartType("roc_curve", "points", (5, 9), (1, 3), labeled="never"),
    ChartType("pr_curve", "points", (5, 9), (1, 3), labeled="never"),
    ChartType("icicle", "tree", (3, 5), labeled="always", axes=False),
    ChartType("org_chart", "tree", (2, 4), labeled="always", axes=False),
    ChartType("strip", "summary", (2, 7), positive=False, labeled="never", fields=FIVE_NUMBERS),
    ChartType("swarm", "summary", (2, 6), positive=False, labeled="never", fields=FIVE_NUMBERS),
    ChartType("hexbin", "points", (10, 24), labeled="always", recorded=False),
    ChartType("flowchart", "flow", (3, 8), labeled="always", axes=False, recorded=False),
    ChartType("mind_map", "tree", (3, 6), labeled="always", axes=False),
    ChartType(
        "contour",
        "points",
        (3, 6),
        positive=False,
        labeled="never",
        fields=("from", "to"),
        second_axis=True,
        recorded=False,
    ),
    ChartType("density", "points", (1, 2), (1, 3), positive=False, labeled="never", recorded=False),
    ChartType(
        "ridgeline",
        "summary",
        (3, 9),
        positive=False,
        labeled="never",
        fields=("peak",),
        horizontal=True,
        recorded=False,
    ),
    ChartType("histogram_2d", "table", (4, 8), (3, 7), labeled="always", recorded=False),
    ChartType(
        "quiver",
        "points",
        (9, 25),
        positive=False,
        labeled="never",
        fields=("u", "v"),
        figure_axis="key",
        recorded=False,
    ),
    ChartType("table_chart", "table", (3, 8), (1, 4), labeled="always", recorded=False),
    ChartType(
        "ternary",
        "summary",
        (4, 10),
        labeled="never",
        axes=False,
        named_figures=3,
        together=True,
        recorded=False,
    ),
)

CATALOG: dict[str, ChartType] = {entry.name: entry for entry in _TYPES}

FORMS = frozenset(form for entry in _TYPES for form in entry.forms)
"""All forms that the values of some type may have."""
GRIDS = frozenset({"heatmap", "confusion_matrix", "histogram_2d"})
"""Types whose axes name categories and series: the values are in the cells between them."""
SET_JOINT = " ∩ "
"""Between the names of the sets whose common region a value of a Venn diagram is of."""
