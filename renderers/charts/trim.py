"""The trim of a look: what a program or publisher always draws around marks and at them.

It is data of a look's file, read with its types by `renderers.charts.look_data`. The plain trim, of
charts without a look, changes nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trim:
    """Colors are `#rrggbb`; an empty one leaves its shape out, or as the palette has it. Widths are
    factors of the thin line at this size of text."""

    spine_color: str = ""
    """Of spines and tick strokes; empty for that of tick labels."""
    spine_width: float = 1.0
    grid_width: float = 1.0
    grid_over: bool = False
    """Grid lines are drawn over bars and areas, in the color of the background."""
    plot_edge: str = ""
    """A line around the plot, below spines."""
    four_sides: bool = False
    """Tick strokes at all four sides of the plot."""
    legend_edge: str = ""
    """Of the frame of a legend, also of several rows; empty for that of the grid."""
    legend_fill: str = ""
    swatch: float = 1.1
    """Width of the swatch of a bar or slice in the legend, in ems."""
    line_swatch: float = 1.1
    """The same of a line, with or without a marker."""
    logos: bool = False
    """Some charts have a logo in the row of the source, as publishers do."""
    border: str = ""
    """A line around the picture."""
    rule: str = ""
    """A thick line along the upper edge, above the title."""
    title_bar: str = ""
    """A bar behind the title, as wide as the picture."""
    title_ink: str = ""
    """Of the title; empty for the ink of the palette."""
    axis_titles: str = ""
    """`bold`, `plain`; empty: as the style has them."""
    markers: tuple[str, ...] = ()
    """Markers of series, in this order, on every line and in every scatter chart."""
    hollow: bool = False
    """Markers are filled with the color of the plot."""
    line_colors: tuple[str, ...] = ()
    """Colors of lines and points, where they are not those of bars."""
    outline: str = ""
    """Of bars and slices."""
    outline_width: float = 1.0
    jitter: float = 0.0
    """How far a hand draws beside the line, in ems; 0 for a ruler."""

    def describe(self) -> dict[str, Any]:
        """What differs from the plain trim, as plain data."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        own = {k: v for k, v in plain.items() if v != getattr(PLAIN, k)}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in own.items()}


PLAIN = Trim()
