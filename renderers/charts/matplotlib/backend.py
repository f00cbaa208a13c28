"""Charts drawn with matplotlib's Agg and FreeType, audited and repaired."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from renderers.charts.annotations.told import notes_of
from renderers.charts.audit import TRAINED_SIDE
from renderers.charts.backend import RenderedChart
from renderers.charts.catalog import CATALOG, FORMS
from renderers.charts.drawing import Drawing
from renderers.charts.expected import expected
from renderers.charts.flaw import Flaw
from renderers.charts.look_choice import choose_look, colors_needed, series_count
from renderers.charts.look_data import Look
from renderers.charts.matplotlib.annotations.pen import open_sheet
from renderers.charts.matplotlib.edges import open_canvas
from renderers.charts.matplotlib.extras import with_extras
from renderers.charts.matplotlib.figures import lay_out_figure, panel_style
from renderers.charts.matplotlib.inner_legend import place_inner_legend
from renderers.charts.matplotlib.look import with_look
from renderers.charts.matplotlib.style import ChartStyle, sample_style, with_slots
from renderers.charts.matplotlib.types import DRAW
from renderers.charts.palette import enough_colors
from renderers.charts.panels.compose import compose
from renderers.charts.panels.crowded import crowded
from renderers.charts.panels.figure import RenderedFigure
from renderers.charts.panels.plan import INSET_GAP
from renderers.charts.panels.spec import Panel, PanelSpec
from renderers.charts.repair import draw_until_flawless
from renderers.charts.sheets.kinds import KINDS, draw_on, needs_sheet
from renderers.charts.slots import MANY_SLOTS, slot_count
from renderers.charts.spec import ChartSpec, Points
from renderers.charts.warped_axes import SUPERSCRIPTS
from renderers.fonts import Family, covering, families
from renderers.picture import Box
from renderers.rejected import Rejected

MAX_REPAIRS = 6
SHRINK_TEXT = 0.88
"""Factor of the text's size in a repair."""
MIN_SHRINKAGE = 0.97
"""A size above this share of the last one is no repair."""
GROW_PICTURE = 1.18
"""Factor of both sides of the picture in a repair."""
MAX_SIDE = 1280
"""Pixels of the longer side from which on a picture does not grow."""
MAX_DETAIL = 60
"""Characters of the texts that a rejection quotes."""


class MatplotlibBackend:
    """Draws without pyplot: nothing is shared between charts, and nothing is kept.

    `size` fixes the picture's width and height in pixels; otherwise they vary. Each chart has one
    of the `looks` at random (`renderers.charts.matplotlib.look`); by default `LOOK_SHARE` of the
    charts have any of them. `fonts` are drawn in place of the built-in families.
    """

    name = "matplotlib"
    types = frozenset(DRAW)
    annotations = KINDS
    figures = True
    forms = FORMS

    def __init__(
        self,
        size: tuple[int, int] | None = None,
        looks: Sequence[str] | None = None,
        fonts: Sequence[Family] = (),
    ) -> None:
        self._size = size
        self._fonts = fonts
        self._looks = looks

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            Rejected: no font covers the texts (`glyph`), or the chart keeps a
                flaw after `MAX_REPAIRS` (the flaw's reason).
        """
        texts = _texts(spec)
        able = covering(self._fonts or families(spec.lang), texts)
        if not able:
            raise Rejected("glyph", f"no font covers {''.join(texts)[:MAX_DETAIL]!r}")
        style = sample_style(able, spec.lang, len(texts), self._size, rng)
        style = self._in_look(style, choose_look(spec, self._looks, rng), able, texts, rng)
        style = with_extras(style, spec, rng)
        slots = slot_count(spec)
        if slots >= MANY_SLOTS and self._size is None:
            style = with_slots(style, slots, horizontal=CATALOG[spec.type].horizontal)
        return draw_until_flawless(
            spec,
            style,
            draw=lambda style: _described(*draw_in(spec, style)),
            repair=lambda style, flaws, tries: repair(
                style, flaws, tries, fixed_size=self._size is not None
            ),
        )

    def render_figure(self, spec: PanelSpec, rng: np.random.Generator) -> RenderedFigure:
        """Draw a figure: its panels are audited and repaired one by one, then the whole.

        Raises:
            Rejected: as `render`, for a panel or for the whole; `inset` or `shared-axis` where a
                common axis or a place for an inset is not found.
        """
        texts = [text for panel in spec.panels for text in _texts(panel.spec)]
        texts += [text for text in (spec.title, spec.source) if text]
        texts += [panel.letter for panel in spec.panels if panel.letter]
        able = covering(self._fonts or families(spec.lang), texts)
        if not able:
            raise Rejected("glyph", f"no font covers {''.join(texts)[:MAX_DETAIL]!r}")
        style = sample_style(able, spec.lang, 0, None, rng)
        first = max(spec.panels, key=lambda panel: colors_needed(panel.spec)).spec
        style = self._in_look(style, choose_look(first, self._looks, rng), able, texts, rng)
        layout = lay_out_figure(spec, style, rng)

        def panel(panel: Panel, index: int, cell: Box) -> RenderedChart:
            # Extras are sampled for each panel, in their order.
            own = with_extras(layout.style, panel.spec, rng)
            own = dataclasses.replace(panel_style(own, cell, spec, index), logo="")
            return draw_until_flawless(
                panel.spec,
                own,
                draw=lambda style: _described(*draw_in(panel.spec, style)),
                repair=lambda style, flaws, tries: repair(style, flaws, tries, fixed_size=True),
                further=lambda drawing: crowded(drawing, layout.style.base),
            )

        return compose(
            spec,
            layout.cells,
            lambda: layout.around.finish({}),
            panel,
            layout.style.describe(),
            inset_gap=layout.style.base * INSET_GAP,
            frame=layout.style.palette.faint,
        )

    def _in_look(
        self,
        style: ChartStyle,
        look: Look | None,
        able: Sequence[Family],
        texts: Sequence[str],
        rng: np.random.Generator,
    ) -> ChartStyle:
        return with_look(style, look, able, texts, rng, own_fonts=not self._fonts)

    def close(self) -> None:
        """Nothing is held open."""


def draw(spec: ChartSpec, style: ChartStyle) -> Drawing:
    """The chart in this style, not audited. Same arguments, same drawing."""
    return draw_in(spec, style)[0]


def draw_in(spec: ChartSpec, style: ChartStyle) -> tuple[Drawing, ChartStyle]:
    """The chart, and its style: a legend for which the plot has no space is above it, and there are
    as many colors as series."""
    colors = enough_colors(style.colors, series_count(spec), style.palette.ink)
    style = dataclasses.replace(style, colors=colors)
    canvas = open_canvas(style)
    scales = DRAW[spec.type](spec, style, canvas)
    if canvas.inner_keys and not place_inner_legend(style, canvas, canvas.inner_keys):
        return draw_in(spec, dataclasses.replace(style, legend="top"))
    if needs_sheet(spec):
        draw_on(open_sheet(spec, style, canvas, scales))
    return canvas.finish(scales), style


def _described(drawing: Drawing, style: ChartStyle) -> tuple[Drawing, Mapping[str, Any]]:
    return drawing, style.describe()


def repair(
    style: ChartStyle, flaws: Sequence[Flaw], tries: int, *, fixed_size: bool
) -> tuple[ChartStyle, str] | None:
    """A style that may avoid these flaws, and the name of the repair.

    None when no style helps: after `MAX_REPAIRS`, for flaws that do not come from crowding, or
    when the text has its smallest size and the picture may not grow.
    """
    if tries == MAX_REPAIRS:
        return None
    reasons = {flaw.reason for flaw in flaws}
    if reasons & {"contrast", "crossed"} and not style.label_plate:
        return dataclasses.replace(style, label_plate=True), "plate"
    if reasons & {"missing", "unexpected", "duplicate", "glyph", "unmarked", "mark", "parts"}:
        return None
    if tries and max(style.width, style.height) >= MAX_SIDE:
        fixed_size = True
    smaller = max(style.base * SHRINK_TEXT, style.least)
    shrinks = smaller < style.base * MIN_SHRINKAGE
    if not fixed_size and (tries % 2 == 1 or not shrinks):
        return _grown(style), "picture"
    if shrinks:
        changed = dataclasses.replace(
            style,
            base=smaller,
            category_fit=min(style.category_fit + 1, 2) if tries else style.category_fit,
            label_place="out",
        )
        return changed, "size"
    return None


def _grown(style: ChartStyle) -> ChartStyle:
    """The same texts on a larger picture; texts that would be too small when it is shrunk for
    training grow with it."""
    width, height = round(style.width * GROW_PICTURE), round(style.height * GROW_PICTURE)
    before, after = (
        max(1.0, side / TRAINED_SIDE)
        for side in (max(style.width, style.height), max(width, height))
    )
    return dataclasses.replace(
        style, width=width, height=height, least=style.least * after / before
    )


def _texts(spec: ChartSpec) -> list[str]:
    """Everything that may be written, digits and signs of value axes included."""
    # Ticks carry the signs and units of the values, printed or not.
    wanted = expected(dataclasses.replace(spec, labels=True))
    titles = (spec.title, spec.source, spec.x_title, spec.y_title, spec.y2_title)
    names = [name for name, _ in wanted.names]
    ticks = ["0123456789.,-:()"]
    if isinstance(spec.data, Points):
        ticks += [spec.data.x_number.print(0), spec.data.y_number.print(0)]
    if spec.axis.powers or spec.x_axis.powers:
        ticks.append(SUPERSCRIPTS)
    notes = [note.text for note in notes_of(spec)]
    return [t for t in titles if t] + names + list(wanted.values) + notes + ticks
