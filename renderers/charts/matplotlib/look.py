"""Looks: styles after well-known programs and publications, as data in `renderers/charts/looks/`.

A look fixes the colors and some choices of a style; everything else stays as it was drawn. Its file
has these keys:

    palette   background, ink, faint, grid, colors, ramp (renderers.charts.palette)
    font      `sans` or `serif`, where a family of that kind covers the texts
    panel     color of the plot area, or empty
    accent    color of a tag at the left top corner, or empty
    style     fields of ChartStyle; lengths (`radius`, `line_width`) in ems
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from renderers.charts.catalog import CATALOG
from renderers.charts.look_names import FOLDER, FREE, LOOKS
from renderers.charts.matplotlib.style import ChartStyle
from renderers.charts.palette import Palette
from renderers.charts.spec import ChartSpec, Flow, Points, Summary, Table, Tree
from renderers.fonts import Family

LOOK_SHARE = 0.4
"""Share of charts that have a look, where none is asked for."""
FEW_COLORS = 3
"""That a chart with one series may use, or one whose colors are on a ramp."""
IN_EMS = ("radius", "line_width")
"""Fields of a style that are lengths."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look as read from its file."""

    name: str
    palette: Palette
    font: str
    panel: str
    accent: str
    style: Mapping[str, Any]


@cache
def read_look(name: str) -> Look:
    """The look of this name.

    Raises:
        ValueError: its file has another key, or a field that no style has.
    """
    data = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    fields = {field.name for field in dataclasses.fields(ChartStyle)}
    if set(data) != {"palette", "font", "panel", "accent", "style"}:
        raise ValueError(f"look {name}: the keys are {', '.join(data)}")
    if unknown := set(data["style"]) - fields:
        raise ValueError(f"look {name}: a style has no {', '.join(sorted(unknown))}")
    colors = data["palette"]
    lists: dict[str, Any] = {key: tuple(colors.pop(key)) for key in ("colors", "ramp")}
    palette = Palette(name, **colors, **lists)
    return Look(name, palette, data["font"], data["panel"], data["accent"], data["style"])


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
    style: ChartStyle, look: Look | None, families: Sequence[Family], rng: np.random.Generator
) -> ChartStyle:
    """The style in this look."""
    if look is None:
        return style
    changes: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in look.style.items()
    }
    for key in IN_EMS:
        if key in changes:
            changes[key] = changes[key] * style.base
    fitting = [family for family in families if family.style == look.font] or list(families)
    return dataclasses.replace(
        style,
        look=look.name,
        palette=look.palette,
        colors=look.palette.colors,
        panel=look.panel,
        accent=look.accent,
        plain_area=True,
        family=fitting[int(rng.integers(len(fitting)))],
        **changes,
    )


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
