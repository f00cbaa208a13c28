"""How often each chart type is drawn where no types are asked for.

On the web, bars, lines and scatter charts (besides maps) make up most charts, and pies are rare
(Battle et al., Beagle, CHI 2018, arXiv 1711.05962: 41,000 charts of five tools); in ChartQA, whose
charts come from four publishers, bars are the most frequent, then lines, then pies (Masry et al.,
arXiv 2203.10244). The weights have this order, and half of their sum: the other half is spread over
all types, since a model must see each of them often enough to learn it.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, int] = {
    "bar": 9,
    "horizontal_bar": 8,
    "grouped_bar": 6,
    "stacked_bar": 4,
    "horizontal_grouped_bar": 2,
    "horizontal_stacked_bar": 2,
    "percent_bar": 2,
    "histogram": 2,
    "line": 7,
    "multi_line": 7,
    "area": 2,
    "stacked_area": 2,
    "scatter": 5,
    "bubble": 2,
    "pie": 3,
    "donut": 2,
    "bar_line": 2,
}
"""Charts of a type in each round, of all other types 1."""


def weight(type_: str) -> int:
    """How often a type is drawn in each round."""
    return WEIGHTS.get(type_, 1)
