"""Looks: styles after well-known programs and publications, as data in `renderers/charts/looks/`.

A look fixes the colors and some choices of a style; everything else stays as it was drawn. Its file
has these keys, of which the first three are needed:

    palette    background, ink, faint, grid, colors, ramp (renderers.charts.palette)
    font       `sans`, `serif` or `kai`, where a family of that kind covers the texts
    style      choices of a style (`STYLE_TYPES`); `radius`, `line_width`, `marker_size` in ems
    trim       fields of `renderers.charts.trim.Trim`
    panel      color of the plot area
    accent     color of a tag at the left top corner
    families   names of families that come before others of the kind
    own_fonts  families that only this look has: name, style, package, regular, bold
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from renderers.charts.look_names import FOLDER
from renderers.charts.palette import Palette
from renderers.charts.trim import PLAIN, Trim
from renderers.languages.registry import FontEntry

KINDS = ("sans", "serif", "kai")
"""Kinds of fonts that a look may have."""
COLOR = re.compile(r"#[0-9a-f]{6}")
MARKER_NAMES = frozenset("osD^v<>dpP*Xh8")
"""Filled markers, in matplotlib's notation."""
STYLE_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("bold_title", "bands", "end_on_tick", "legend_frame", "value_title_above",
                     "hatched", "one_color", "dashed", "label_plate", "minor_ticks"), bool),
    **dict.fromkeys(("title_size", "slant", "bar_width", "radius", "line_width", "marker_size",
                     "fill_alpha", "label_size", "donut_hole", "start_angle"), float),
    **dict.fromkeys(("variant", "tick_count"), int),
    "grid_dash": tuple[float, ...],
    "title_align": ("left", "center", "right"),
    "source_align": ("left", "center", "right"),
    "spines": ("box", "left-bottom", "bottom", "range", "none"),
    "grid": ("none", "value", "both"),
    "ticks": ("out", "in", "none"),
    "legend": ("top", "bottom", "right", "inside"),
    "bar_edge": ("none", "dark", "background"),
    "label_place": ("out", "in"),
    "marker": ("", "o", "s", "^", "D", "v"),
    "logo": ("", "bars", "disc", "peak", "square", "stripes"),
}  # fmt: skip
"""The type, or the possible values, of each choice of a style that a look may fix."""
REQUIRED = frozenset({"palette", "font", "style"})
OPTIONAL = frozenset({"trim", "panel", "accent", "families", "own_fonts"})


@dataclass(frozen=True, slots=True)
class Look:
    """A look as read from its file. The choices of `style` are plain values, lists as tuples."""

    name: str
    palette: Palette
    font: str
    style: Mapping[str, Any]
    trim: Trim = PLAIN
    panel: str = ""
    accent: str = ""
    families: tuple[str, ...] = ()
    own_fonts: tuple[FontEntry, ...] = ()


@cache
def read_look(name: str) -> Look:
    """The look of this name.

    Raises:
        ValueError: its file has another key, or a value of another type.
    """
    return look_of(name, json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def look_of(name: str, data: Mapping[str, Any]) -> Look:
    """The look that a file describes.

    Raises:
        ValueError: see `read_look`.
    """
    _known(name, data, REQUIRED | OPTIONAL)
    if lacking := REQUIRED - set(data):
        raise ValueError(f"look {name}: {', '.join(sorted(lacking))} is missing")
    colors = _typed(f"{name}: palette", data["palette"], get_type_hints(Palette) | {"name": None})
    colors = {"name": name, **colors}
    own = [_typed(f"{name}: own_fonts", entry, get_type_hints(FontEntry))
           for entry in data.get("own_fonts", ())]  # fmt: skip
    trim = Trim(**_typed(f"{name}: trim", data.get("trim", {}), get_type_hints(Trim)))
    rest = {key: data[key] for key in ("font", "panel", "accent", "families") if key in data}
    types = {"font": KINDS, "panel": str, "accent": str, "families": tuple[str, ...]}
    rest = _typed(name, rest, types)
    style = _typed(f"{name}: style", data["style"], STYLE_TYPES)
    look = Look(name, Palette(**colors), style=style, trim=trim,
                own_fonts=tuple(FontEntry(**entry) for entry in own), **rest)  # fmt: skip
    _check_colors(look)
    return look


def _known(where: str, data: Mapping[str, Any], names: frozenset[str]) -> None:
    if unknown := set(data) - names:
        raise ValueError(f"look {where}: there is no {', '.join(sorted(unknown))}")


def _typed(where: str, data: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """The values, lists as tuples, each of its type or one of its choices."""
    _known(where, data, frozenset(types))
    result: dict[str, Any] = {}
    for key, value in data.items():
        wanted, plain = types[key], tuple(value) if isinstance(value, list) else value
        if not _fits(plain, wanted):
            raise ValueError(f"look {where}: {key} is {value!r}, not {wanted}")
        result[key] = plain
    return result


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        return value in wanted
    if wanted in (tuple[str, ...], tuple[float, ...]):
        inner = str if wanted == tuple[str, ...] else float
        return isinstance(value, tuple) and all(_fits(item, inner) for item in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is wanted


def _check_colors(look: Look) -> None:
    palette, trim = look.palette, look.trim
    strings = {f.name: getattr(trim, f.name) for f in dataclasses.fields(trim)}
    one = [palette.background, palette.ink, palette.faint, palette.grid]
    maybe = [v for k, v in strings.items() if isinstance(v, str) and k != "axis_titles"]
    maybe += [look.panel, look.accent]
    several = [*palette.colors, *palette.ramp, *trim.line_colors]
    wrong = [c for c in (*one, *several, *filter(None, maybe)) if not COLOR.fullmatch(c)]
    if wrong:
        raise ValueError(f"look {look.name}: {', '.join(wrong)} is no color like #1f77b4")
    if not set(trim.markers) <= MARKER_NAMES:
        raise ValueError(f"look {look.name}: no such markers: {' '.join(trim.markers)}")
    if trim.axis_titles not in ("", "bold", "plain"):
        raise ValueError(f"look {look.name}: axis_titles is {trim.axis_titles!r}")
