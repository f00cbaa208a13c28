"""Charts cut out of figures of several charts: each panel as a chart of its own, with its dict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renderers.roles import CHART
from vary_data.base.literals import literal
from vary_data.dataset.rejection import Rejected
from vary_data.targets.charts.panels import PANELS, panels_of

KIND = "chart"
MAX_PANELS = 64
"""Of a figure; the generators draw at most nine."""


@dataclass(frozen=True, slots=True)
class ChartPart:
    """A panel: the text of its dict, the indices of its regions, and `meta` as that of a chart."""

    text: str
    regions: tuple[int, ...]
    meta: Mapping[str, Any]


def panel_places(regions: Sequence[Mapping[str, Any]], index: int) -> list[int]:
    """The panels of the figure at this index, in the order of their regions; none of other
    regions."""
    if regions[index]["role"] != CHART:
        return []
    return [
        i for i, region in enumerate(regions)
        if (region["role"], region["parent"]) == (CHART, index) and i != index
    ]  # fmt: skip


def panel_at(row: Mapping[str, Any], index: int) -> ChartPart | None:
    """The panel whose region is at this index of the row; None if it is no panel of a figure.

    Raises:
        Rejected: `inset` for a chart with another one inside its plot, `no-dict` if the row's text
            has no panel of this name, `panels` if the figure has too many.
    """
    regions = row["regions"]
    parent = regions[index]["parent"]
    if regions[index]["role"] != CHART or parent is None or regions[parent]["role"] != CHART:
        return None
    if len(panel_places(regions, parent)) > MAX_PANELS:
        raise Rejected("panels", f"a figure of more than {MAX_PANELS} charts")
    try:
        truth, meta = literal(row["text"]), json.loads(row["meta"])
    except (ValueError, RecursionError) as error:
        raise Rejected("no-dict", "the text is not the dict of a figure") from error
    known = isinstance(truth, dict) and isinstance(truth.get(PANELS), dict)
    found = panels_of(truth, regions, meta) if known and isinstance(meta, dict) else ()
    for number, part in enumerate(found):
        if part.indices[0] != index:
            continue
        if not isinstance(part.truth, dict):
            raise Rejected("no-dict", f"the panel {part.name!r} of the text is no dict")
        if number == 0 and meta.get("inset"):
            raise Rejected("inset", f"another chart lies in the plot of {part.name}")
        return ChartPart(repr(dict(part.truth)), part.indices, part.meta)
    raise Rejected("no-dict", f"the text has no panel {regions[index]['text']!r}")
