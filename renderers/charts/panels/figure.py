"""The picture of a figure: drawings of charts at their places, under a common title.

Each panel was drawn and audited as a chart of its own. What the panels together may get wrong is
audited here: texts that overlap across panels, are too small on the whole picture, or lack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from renderers.charts.audit import layout_flaws
from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing, DrawnText, text_regions
from renderers.charts.expected import plain
from renderers.charts.flaw import Flaw
from renderers.charts.palette import rgb_bytes
from renderers.charts.panels.spec import PANELS, PanelSpec
from renderers.charts.region_order import in_truth_order
from renderers.charts.truth import ABSENT
from renderers.picture import Box, Picture, Region
from renderers.region_tree import moved
from renderers.roles import CHART

FRAME, FRAME_GAP = 1, 4
"""Pixels of the line around an inset, and between the two: its texts may reach to its edge."""


@dataclass(frozen=True, slots=True)
class PlacedPanel:
    """A chart as drawn, and the pixel of the figure where its left top corner is."""

    name: str
    chart: RenderedChart
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class RenderedFigure:
    """`truth` has a dict for each panel; `links` and `notes` are those of `RenderedChart`, their
    paths begin with the name of the panel. `places` are the regions of the panels, `charts` the
    panels as drawn."""

    picture: Picture
    truth: Mapping[str, Any]
    style: Mapping[str, Any]
    repairs: tuple[str, ...]
    links: tuple[Mapping[str, Any], ...]
    notes: tuple[Mapping[str, Any], ...]
    places: tuple[int, ...]
    charts: tuple[RenderedChart, ...]


def figure_truth(spec: PanelSpec, panels: Sequence[PlacedPanel]) -> dict[str, Any]:
    """`{"title": …, "source": …, "panels": {name: dict of the chart}}`."""
    return {
        "title": spec.title or ABSENT,
        "source": spec.source or ABSENT,
        PANELS: {panel.name: dict(panel.chart.truth) for panel in panels},
    }


def figure_flaws(
    spec: PanelSpec, around: Drawing, panels: Sequence[PlacedPanel]
) -> tuple[Flaw, ...]:
    """What is wrong with the whole. `around` has the texts that no panel has: the title, the
    source, and the letters with the path `(name,)`."""
    whole = replace(
        around,
        texts=(*around.texts, *(text for panel in panels for text in _texts_at(panel))),
    )
    return (*_common_texts(spec, around), *layout_flaws(spec.lang, whole))


def _texts_at(panel: PlacedPanel) -> Iterator[DrawnText]:
    """The texts of a panel on the figure."""
    for text in panel.chart.drawing.texts:
        yield replace(text, bbox=_shifted(text.bbox, panel.x, panel.y))


def _common_texts(spec: PanelSpec, around: Drawing) -> Iterator[Flaw]:
    wanted = [("title", spec.title), ("source", spec.source)]
    wanted += [("note", panel.letter) for panel in spec.panels if panel.letter]
    found = [(text.role, plain(text.text)) for text in around.texts]
    for role, text in wanted:
        if text and found.count((role, plain(text))) != 1:
            yield Flaw("missing", text)
    if len(found) > sum(bool(text) for _, text in wanted):
        yield Flaw("unexpected", around.texts[-1].text)


def figure_picture(
    around: Drawing, panels: Sequence[PlacedPanel], frame: str | None = None
) -> tuple[Picture, tuple[int, ...], tuple[int, ...]]:
    """The figure, the indices of its panels' regions, and for each panel what is added to an index
    of its own regions to get that of the figure.

    The region of the figure is the first one. Each panel is a region `chart` below it, with its
    name as text; its letter, if any, and its own regions are below it. `frame` is the color,
    `#rrggbb`, of a line around the last panel: an inset may have the color of the plot
    around it.
    """
    pixels = around.pixels.copy()
    height, width = pixels.shape[:2]
    regions = [Region((0.0, 0.0, float(width), float(height)), "", CHART, order=0)]
    for text in around.texts:
        if not text.path:
            regions += text_regions(text, 0, len(regions))
    places, offsets = list[int](), list[int]()
    for panel in panels:
        drawing = panel.chart.drawing
        height, width = drawing.pixels.shape[:2]
        if frame is not None and panel is panels[-1]:
            for wider, color in ((FRAME_GAP + FRAME, rgb_bytes(frame)),
                                 (FRAME_GAP, drawing.pixels[0, 0])):  # fmt: skip
                pixels[panel.y - wider : panel.y + height + wider,
                       panel.x - wider : panel.x + width + wider] = color  # fmt: skip
        pixels[panel.y : panel.y + height, panel.x : panel.x + width] = drawing.pixels
        links = (*panel.chart.links, *panel.chart.notes)
        chart, *parts = moved(in_truth_order(drawing.picture().regions, links), panel.x, panel.y)
        first = len(regions)
        letters = [
            region
            for text in around.texts
            if text.path == (panel.name,)
            for region in text_regions(text, first, first + 1)
        ]
        box = _union(chart.bbox, letters[0].bbox) if letters else chart.bbox
        regions.append(replace(chart, bbox=box, text=panel.name, parent=0, order=first))
        regions += letters
        offset = first + len(letters)
        for part in parts:
            parent = offset + part.parent if part.parent else first
            regions.append(replace(part, parent=parent, order=offset + (part.order or 0)))
        places.append(first)
        offsets.append(offset)
    # What has no order yet is read where it is listed.
    whole = (replace(r, order=i) if r.order is None else r for i, r in enumerate(regions))
    return Picture(pixels, tuple(whole)), tuple(places), tuple(offsets)


def figure_links(
    panels: Sequence[PlacedPanel], offsets: Sequence[int], of: Literal["links", "notes"]
) -> tuple[Mapping[str, Any], ...]:
    """The links or notes of all panels, with the indices of the figure's regions."""
    result = []
    for panel, offset in zip(panels, offsets, strict=True):
        for link in getattr(panel.chart, of):
            entry = {**link, "path": [panel.name, *link["path"]]}
            for key in ("mark", "label"):
                if key in entry:
                    entry[key] += offset
            result.append(entry)
    return tuple(result)


def _shifted(box: Box, dx: float, dy: float) -> Box:
    x0, y0, x1, y1 = box
    return x0 + dx, y0 + dy, x1 + dx, y1 + dy


def _union(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
