"""How a chart looks: every choice made beforehand, so that drawing itself is deterministic."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from renderers.charts.audit import MIN_SIZE, TRAINED_SIDE, min_size
from renderers.charts.directions import Align
from renderers.charts.matplotlib.text import Font
from renderers.charts.palette import PALETTES, Palette
from renderers.charts.slots import AROUND_COLUMNS, AROUND_ROWS, EMS_PER_SLOT
from renderers.charts.trim import PLAIN, Trim
from renderers.fonts import Family
from renderers.languages.registry import language

EMS_PER_STROKE = 14
MIN_STROKE = 0.8
"""Pixels."""
MIN_BASE, MIN_FINE_BASE = 11.0, 11.5
"""Pixels: labels are smaller than the base and must stay legible; the second of scripts with fine
letters."""
MAX_BASE = 26.0
"""Pixels."""
MANY_TEXTS = 20
"""From this number of texts on, a chart has smaller ones."""
CROWDING = 120
"""This many texts more halve the size."""
MINOR_TICKS = 0.3
"""Share of styles with minor ticks."""
MARKERS = ("o", "s", "^", "D", "v")
"""Markers of series that differ by them, in matplotlib's notation."""
LABEL_INK = 0.45
"""Opacity of the text color over a series' color in its labels, where there are several series."""


@dataclass(frozen=True, slots=True)
class ChartStyle:
    """Lengths are pixels, sizes ems in pixels. `colors` is the palette's, in this chart's order."""

    width: int
    height: int
    base: float
    least: float
    """The smallest em that may be drawn."""
    palette: Palette
    colors: tuple[str, ...]
    family: Family
    hinted: bool
    bold_title: bool
    title_size: float
    title_align: Align
    source_align: Align
    margin: int
    spines: str
    """`box`, `left-bottom`, `bottom`, `none`; `range` from the first to the last tick of values."""
    grid: str
    """`none`, `value`, `both`."""
    grid_dash: tuple[float, ...]
    bands: bool
    ticks: str
    """`out`, `in`, `none`: the little strokes."""
    tick_count: int
    end_on_tick: bool
    legend: str
    """`top`, `bottom`, `right`; `inside` the plot where a corner of it is free."""
    legend_frame: bool
    value_title_above: bool
    category_fit: int
    """First way to try for category names: 0 flat, 1 wrapped, 2 slanted, 3 upright."""
    slant: float
    bar_width: float
    bar_edge: str
    """`none`, `dark`, `background`."""
    radius: float
    hatched: bool
    one_color: bool
    line_width: float
    marker: str
    marker_size: float
    dashed: bool
    fill_alpha: float
    label_place: str
    """`out`, `in`: value labels beyond the end of a bar, or within it where they fit."""
    label_size: float
    label_plate: bool
    donut_hole: float
    start_angle: float
    plain_area: bool
    variant: int
    """A number from 0 to 3 for choices that only one type has."""
    look: str = "free"
    """The look that the style follows; `free` for none."""
    panel: str = ""
    """Color of the plot area; empty for that of the background."""
    accent: str = ""
    """Color of a tag at the left top corner; empty for none."""
    logo: str = ""
    """The shape of a logo in the row of the source; empty for none."""
    direct_names: bool = False
    """Lines are named at their ends, not in a legend."""
    value_range: tuple[float, float] | None = None
    """Values that the value axis must hold: those of all panels that share it."""
    free_above: float = 0.0
    """Share of the plot that stays free above its marks, for an inset."""
    pointer: str = "arrow"
    """From a note to its mark: `arrow`, `leader`, `box`."""
    minor_ticks: bool = False
    """Unlabeled ticks between the labeled ones, where there are tick strokes."""
    trim: Trim = PLAIN
    """What the look draws around marks and at them."""
    jitter_seed: int = 0
    """Of the hand that draws, where the trim has a jitter."""

    def font(self, size: float = 1.0, bold: bool = False) -> Font:
        """The family at `size` times the base size."""
        face = self.family.bold if bold and self.family.bold else self.family.regular
        return Font(face, max(self.least, round(self.base * size * 2) / 2), self.hinted)

    def color(self, index: int) -> str:
        """The color of a series or slice; they repeat after the palette's last."""
        return self.colors[index % len(self.colors)]

    def line_color(self, index: int) -> str:
        """The color of a series of lines or points."""
        colors = self.trim.line_colors or self.colors
        return colors[index % len(colors)]

    @property
    def plot_color(self) -> str:
        """What lies behind marks."""
        return self.panel or self.palette.background

    @property
    def jitter(self) -> float:
        """How far a hand draws beside the line, in pixels."""
        return self.trim.jitter * self.base

    @property
    def has_strokes(self) -> bool:
        """Whether ticks are drawn as little strokes at the axes."""
        return self.ticks != "none" and self.spines in ("box", "left-bottom", "range")

    @property
    def stroke(self) -> float:
        """The width of a thin line at this size of text."""
        return max(MIN_STROKE, self.base / EMS_PER_STROKE)

    def describe(self) -> dict[str, Any]:
        """Plain data, for the sample's meta."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        plain |= {"palette": self.palette.name, "family": self.family.name}
        plain["trim"] = self.trim.describe()
        del plain["colors"]
        return {k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}


def min_base(lang: str) -> float:
    """The least base size of a language in pixels."""
    return MIN_FINE_BASE if language(lang).fine else MIN_BASE


def sample_style(
    families: Sequence[Family],
    lang: str,
    crowd: int,
    size: tuple[int, int] | None,
    rng: np.random.Generator,
) -> ChartStyle:
    """Draw a style. `crowd` is about how many texts the chart must hold: it decides the size of
    the text against the picture's. `size` fixes width and height."""
    palette = PALETTES[int(rng.integers(len(PALETTES)))]
    width, height = size or _size(rng)
    side = (width * height) ** 0.5
    # From 40 (a slide) to 58 (a report) ems along the picture's mean side, more where there is
    # much text.
    ems = rng.uniform(40, 58)
    base = side / ems / (1 + max(0, crowd - MANY_TEXTS) / CROWDING)
    # Larger pictures are shrunk before training: their texts must be larger.
    shrunk = max(1.0, max(width, height) / TRAINED_SIDE)
    base = min(max(base, min_base(lang) * shrunk), MAX_BASE)
    colors = tuple(palette.colors[int(i)] for i in rng.permutation(len(palette.colors)))

    def choose(*options: Any) -> Any:
        return options[int(rng.integers(len(options)))]

    # Every field names its own range; what is frequent in published charts is listed more often.
    return ChartStyle(
        width=width,
        height=height,
        base=float(base),
        least=min_size(lang) * shrunk,
        palette=palette,
        colors=colors,
        family=families[int(rng.integers(len(families)))],
        hinted=rng.random() < 0.5,
        bold_title=rng.random() < 0.55,
        title_size=float(rng.uniform(1.15, 1.6)),
        title_align=choose("center", "center", "left", "left", "right"),
        source_align=choose("left", "left", "right", "center"),
        margin=round(base * rng.uniform(0.8, 1.8)),
        spines=choose("box", "left-bottom", "left-bottom", "bottom", "none"),
        grid=choose("none", "value", "value", "value", "both"),
        grid_dash=choose((), (), (4.0, 3.0), (1.0, 2.5)),
        bands=rng.random() < 0.1,
        ticks=choose("out", "in", "none", "none"),
        tick_count=int(rng.integers(4, 8)),
        end_on_tick=rng.random() < 0.65,
        legend=choose("top", "top", "bottom", "right"),
        legend_frame=rng.random() < 0.25,
        value_title_above=rng.random() < 0.3,
        category_fit=int(rng.choice([0, 0, 0, 1, 2, 3], p=[0.4, 0.2, 0.1, 0.12, 0.14, 0.04])),
        slant=float(choose(30.0, 45.0, 45.0, 60.0)),
        bar_width=float(rng.uniform(0.5, 0.86)),
        bar_edge=choose("none", "none", "none", "dark", "background"),
        radius=float(choose(0, 0, 0, 0.25, 0.5)) * base,
        hatched=rng.random() < 0.08,
        one_color=rng.random() < 0.6,
        line_width=float(rng.uniform(0.1, 0.26) * base),
        marker=choose("", "", "o", "o", "s", "D", "^"),
        marker_size=float(rng.uniform(0.4, 0.65) * base),
        dashed=rng.random() < 0.25,
        fill_alpha=float(rng.uniform(0.25, 0.9)),
        label_place=choose("out", "out", "in"),
        label_size=float(rng.uniform(0.82, 0.98)),
        label_plate=rng.random() < 0.1,
        donut_hole=float(rng.uniform(0.4, 0.68)),
        start_angle=float(choose(90.0, 90.0, 0.0, float(rng.uniform(0, 360)))),
        plain_area=rng.random() < 0.8,
        variant=int(rng.integers(4)),
        minor_ticks=rng.random() < MINOR_TICKS,
    )


def with_slots(style: ChartStyle, slots: int, *, horizontal: bool) -> ChartStyle:
    """The style with texts small enough, and a picture large enough, for this many names in a row
    or column."""
    side = style.height if horizontal else style.width
    around = AROUND_ROWS if horizontal else AROUND_COLUMNS
    fitting = side / (slots * EMS_PER_SLOT + around)
    base = min(style.base, max(fitting, style.least * MIN_BASE / MIN_SIZE))
    grown = round(max(side, (slots * EMS_PER_SLOT + around) * base))
    if base == style.base and grown == side:
        return style
    shrunk = max(1.0, max(grown, style.width, style.height) / TRAINED_SIDE)
    before = max(1.0, max(style.width, style.height) / TRAINED_SIDE)
    return dataclasses.replace(
        style,
        base=base * shrunk / before,
        least=style.least * shrunk / before,
        width=style.width if horizontal else grown,
        height=grown if horizontal else style.height,
    )


def _size(rng: np.random.Generator) -> tuple[int, int]:
    """Width and height: from a small figure of a paper to a slide, mostly landscape."""
    # Formats of figures, screens and slides, each varied by 6 %.
    aspect = float(rng.choice([4 / 3, 3 / 2, 16 / 9, 1.0, 5 / 4, 2.0, 0.8]))
    # Six percent more or less.
    aspect *= rng.uniform(0.94, 1.06)
    # The mean side in pixels.
    area = rng.uniform(480, 960) ** 2
    return round((area * aspect) ** 0.5), round((area / aspect) ** 0.5)
