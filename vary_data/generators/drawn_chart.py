"""What a sample records of a chart, or of a figure of several charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from renderers.charts.axis_facts import axes_of, reading_rule
from renderers.charts.backend import RenderedChart
from renderers.charts.panels.figure import RenderedFigure
from renderers.charts.panels.spec import PANELS, PanelSpec
from renderers.charts.region_order import in_truth_order
from renderers.charts.spec import ChartSpec
from renderers.picture import Picture
from vary_data.sources.charts.difficulty import describe_difficulty


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """The picture with its regions in order, the truth, and `meta` of the sample."""

    picture: Picture
    truth: Mapping[str, Any]
    lang: str
    meta: Mapping[str, Any]


def plain_chart(spec: ChartSpec, chart: RenderedChart) -> DrawnChart:
    """Of a single chart."""
    picture = chart.drawing.picture()
    regions = in_truth_order(picture.regions, (*chart.links, *chart.notes))
    meta = {
        **_facts(spec, chart),
        "style": dict(chart.style),
        "values": [dict(link) for link in chart.links],
    }
    if chart.notes:
        meta["annotations"] = [dict(note) for note in chart.notes]
    return DrawnChart(replace(picture, regions=regions), chart.truth, spec.lang, meta)


def panel_chart(spec: PanelSpec, figure: RenderedFigure) -> DrawnChart:
    """Of a figure: `panels` has the facts of each chart by its name, and its region. The style is
    that of the whole."""
    panels = {
        panel.name: {**_facts(panel.spec, chart), "region": place}
        for panel, chart, place in zip(spec.panels, figure.charts, figure.places, strict=True)
    }
    specs = [panel.spec for panel in spec.panels]
    meta = {
        "type": PANELS,
        "labels": all(spec.labels for spec in specs),
        "difficulty": describe_difficulty(*specs),
        "shared": spec.shared,
        "inset": spec.inset,
        "panels": panels,
        "repairs": list(figure.repairs),
        "style": dict(figure.style),
        "values": [dict(link) for link in figure.links],
    }
    if figure.notes:
        meta["annotations"] = [dict(note) for note in figure.notes]
    return DrawnChart(figure.picture, figure.truth, spec.lang, meta)


def _facts(spec: ChartSpec, chart: RenderedChart) -> dict[str, Any]:
    steady = chart.drawing.steady
    return {
        "type": spec.type,
        "labels": spec.labels,
        "difficulty": describe_difficulty(spec),
        "reading": reading_rule(spec),
        "axes": axes_of(spec, chart.drawing),
        "repairs": list(chart.repairs),
        **({"jitter": steady.reach} if steady else {}),
    }
