"""How many names, or bars, a chart has in a row or column: what its picture must have space for."""

from __future__ import annotations

import math

from renderers.charts.catalog import CATALOG, GRIDS
from renderers.charts.spec import ChartSpec, Summary, Table

MANY_SLOTS = 18
"""From this number on, the picture is made for them."""
EMS_PER_SLOT = 1.42
"""Of a name in a row or column of many."""
AROUND_ROWS, AROUND_COLUMNS = 9.0, 6.0
"""Ems above, below and next to such rows and columns."""
GROUPED = ("grouped_bar", "horizontal_grouped_bar")
LANE_SHARE = 0.8
"""Of a name's slot, for a bar of a group."""


def slot_count(spec: ChartSpec) -> int:
    """The slots of the chart; 0 for types without a row or column of names."""
    data = spec.data
    if not CATALOG[spec.type].axes or spec.type in GRIDS:
        return 0
    if isinstance(data, Summary):
        return len(data.categories)
    if not isinstance(data, Table) or data.course is not None:
        return 0
    lanes = max(1.0, len(data.series) * LANE_SHARE) if spec.type in GROUPED else 1.0
    return math.ceil(len(data.categories) * lanes)
