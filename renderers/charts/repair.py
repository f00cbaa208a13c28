"""The repair loop of every backend: draw, audit, repair, and reject what no repair saves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from renderers.charts.annotations.told import annotation_links
from renderers.charts.audit import audit
from renderers.charts.backend import RenderedChart
from renderers.charts.drawing import Drawing
from renderers.charts.expected import unwrapped
from renderers.charts.flaw import Flaw
from renderers.charts.links import links
from renderers.charts.precision import printed_steps
from renderers.charts.spec import ChartSpec
from renderers.charts.truth import truth
from renderers.rejected import Rejected

T = TypeVar("T")


def draw_until_flawless(
    spec: ChartSpec,
    attempt: T,
    draw: Callable[[T], tuple[Drawing, Mapping[str, Any]]],
    repair: Callable[[T, Sequence[Flaw], int], tuple[T, str] | None],
    further: Callable[[Drawing], Iterable[Flaw]] = lambda drawing: (),
) -> RenderedChart:
    """Draw an attempt; while the audit finds flaws, draw the next one.

    Args:
        spec: the chart's content.
        attempt: whatever the backend varies between two draws, a style for example.
        draw: returns the drawing of an attempt and its style as plain data.
        repair: gets the last attempt, its flaws and the number of repairs so far; returns the
            next attempt and the name of the repair, or None when there is none left.
        further: flaws besides those that the audit finds.

    Raises:
        Rejected: no repair is left; the reason is that of the gravest flaw.
    """
    repairs: list[str] = []
    while True:
        drawing, style = draw(attempt)
        flaws = (*audit(spec, drawing), *further(drawing))
        if not flaws:
            drawing = dataclasses.replace(drawing, texts=unwrapped(spec, drawing.texts))
            values = truth(spec, drawing.scales)
            shown = links(values, drawing, printed_steps(spec, drawing.scales))
            notes = annotation_links(spec, drawing)
            return RenderedChart(drawing, values, style, tuple(repairs), shown, notes)
        repaired = repair(attempt, flaws, len(repairs))
        if repaired is None:
            raise Rejected(flaws[0].reason, flaws[0].text)
        attempt, name = repaired
        repairs.append(name)
