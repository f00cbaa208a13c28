"""Looks of charts: which one a chart has, and its style in it (`renderers.charts.look_data`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from renderers import fonts
from renderers.charts.catalog import CATALOG
from renderers.charts.look_data import Look, read_look
from renderers.charts.look_names import FREE, LOOKS
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.spec import ChartSpec, Flow, Points, Summary, Table, Tree
from renderers.fonts import Family

LOOK_SHARE = 0.4
"""Share of charts that have a look, where none is asked for."""
FEW_COLORS = 3
"""That a chart with one series may use, or one whose colors are on a ramp."""
IN_EMS = ("radius", "line_width", "marker_size")
"""Choices of a look that are lengths."""


def choose_look(
    spec: ChartSpec, names: Sequence[str] | None, rng: np.random.Generator
) -> Look | None:
    """One of these looks at random, or of all; None for a free style. A look with fewer colors
    than the chart needs is left out."""
    if names is None and rng.random() >= LOOK_SHARE:
        return None
    needed = colors_needed(spec)
    able = [
        name
        for name in (LOOKS if names is None else names)
        if name == FREE or len(read_look(name).palette.colors) >= needed
    ]
    chosen = able[int(rng.integers(len(able)))] if able else FREE
    return None if chosen == FREE else read_look(chosen)


def with_look(
    style: ChartStyle,
    look: Look | None,
    able: Sequence[Family],
    texts: Sequence[str],
    rng: np.random.Generator,
    *,
    own_fonts: bool = True,
) -> ChartStyle:
    """The style in this look, with a font that covers the texts: one of the `able` families or, if
    `own_fonts`, of those that only the look has."""
    if look is None:
        return style
    changes: dict[str, Any] = dict(look.style)
    for key in IN_EMS:
        if key in changes:
            changes[key] = changes[key] * style.base
    fitting = _fitting(look, able, texts, own_fonts)
    changes["family"] = fitting[int(rng.integers(len(fitting)))]
    if look.trim.jitter:
        changes["jitter_seed"] = int(rng.integers(2**32))
    return dataclasses.replace(
        style,
        look=look.name,
        palette=look.palette,
        colors=look.palette.colors,
        panel=look.panel,
        accent=look.accent,
        trim=look.trim,
        plain_area=True,
        **changes,
    )


def _fitting(
    look: Look, able: Sequence[Family], texts: Sequence[str], own_fonts: bool
) -> Sequence[Family]:
    """The families that suit the look best: those that it names, of its kind, any."""
    if own_fonts and look.own_fonts:
        known = [*able, *fonts.installed(look.own_fonts)]
        own = {entry.name for entry in look.own_fonts}
        found = [f for f in fonts.covering(known, texts) if f.name in (*look.families, *own)]
    else:
        found = [f for f in able if f.name in look.families]
    return found or [f for f in able if f.style == look.font] or able


def colors_needed(spec: ChartSpec) -> int:
    """How many colors a reader must tell apart."""
    match spec.data:
        case Table() if len(spec.data.series) > 1:
            return len(spec.data.series)
        case Table():
            by_ramp = spec.type == "tile_map"
            few = by_ramp or CATALOG[spec.type].axes
            return FEW_COLORS if few else len(spec.data.categories)
        case Summary():
            return 2
        case Points():
            return len(spec.data.series)
        case Tree():
            return len(spec.data.roots)
        case Flow():
            return len({link.source for link in spec.data.links})
