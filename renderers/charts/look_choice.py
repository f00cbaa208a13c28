"""Which look a chart has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renderers.charts.catalog import CATALOG
from renderers.charts.look_data import Look, read_look
from renderers.charts.look_names import FREE, LOOKS
from renderers.charts.spec import ChartSpec, Flow, Points, Summary, Table, Tree

LOOK_SHARE = 0.4
"""Share of charts that have a look, where none is asked for."""
BY_RAMP = frozenset({"heatmap", "calendar", "confusion_matrix", "tile_map"})
"""Types whose colors are on a ramp."""
FEW_COLORS = 3
"""That a chart with one series may use, or one whose colors are on a ramp."""


def choose_look(
    spec: ChartSpec, names: Sequence[str] | None, rng: np.random.Generator, *, ruled: bool = False
) -> Look | None:
    """One of these looks at random, or of all; None for a free style. A look with fewer colors
    than the chart needs is left out; so are, if `ruled`, those that a hand draws."""
    if names is None and rng.random() >= LOOK_SHARE:
        return None
    needed = colors_needed(spec)
    able = [
        name
        for name in (LOOKS if names is None else names)
        if name == FREE or _suits(read_look(name), needed, ruled)
    ]
    chosen = able[int(rng.integers(len(able)))] if able else FREE
    return None if chosen == FREE else read_look(chosen)


def _suits(look: Look, needed: int, ruled: bool) -> bool:
    return len(look.palette.colors) >= needed and not (ruled and look.trim.jitter)


def series_count(spec: ChartSpec) -> int:
    """How many series a reader must tell apart by their colors."""
    return len(spec.data.series) if isinstance(spec.data, Table | Points) else 1


def colors_needed(spec: ChartSpec) -> int:
    """How many colors a reader must tell apart."""
    match spec.data:
        case Table() if spec.type in BY_RAMP:
            return FEW_COLORS
        case Table() if len(spec.data.series) > 1:
            return len(spec.data.series)
        case Table():
            return FEW_COLORS if CATALOG[spec.type].axes else len(spec.data.categories)
        case Summary():
            return 2
        case Points():
            return len(spec.data.series)
        case Tree():
            return len(spec.data.roots)
        case Flow():
            return len({link.source for link in spec.data.links})
