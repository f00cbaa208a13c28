"""The role of a chart backend: a specification in, an audited drawing and its truth out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from renderers.charts.drawing import Drawing
from renderers.charts.spec import ChartSpec
from renderers.tool_errors import BackendDied as BackendDied
from renderers.tool_errors import BackendError as BackendError
from renderers.tool_errors import ToolNotFound as ToolNotFound

if TYPE_CHECKING:
    from renderers.charts.panels.figure import RenderedFigure
    from renderers.charts.panels.spec import PanelSpec


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """`truth` is the chart's dict (renderers.charts.truth); `style` is how it was drawn, as
    plain JSON data; `repairs` are the names of the repairs before it passed the audit; `links`
    say which regions show each value (renderers.charts.links), `notes` those of each annotation."""

    drawing: Drawing
    truth: Mapping[str, Any]
    style: Mapping[str, Any]
    repairs: tuple[str, ...] = ()
    links: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[Mapping[str, Any], ...] = ()


class ChartBackend(Protocol):
    """Draws specifications of its types; holds what it needs for that open until `close`."""

    name: str
    """`matplotlib` or `pyecharts`."""

    types: frozenset[str]
    """The catalog's types that this backend draws."""

    annotations: frozenset[str]
    """The kinds of annotations that it draws."""

    figures: bool
    """Whether it draws figures of several charts (`render_figure`)."""

    forms: frozenset[str]
    """The forms of values and axes that it draws (`renderers.charts.catalog.ChartType.forms`)."""

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            Rejected: no repair makes the chart pass the audit.
        """
        ...

    def render_figure(self, spec: PanelSpec, rng: np.random.Generator) -> RenderedFigure:
        """Draw several charts in one picture; only asked for if `figures` is true.

        Raises:
            Rejected: as `render`.
        """
        ...

    def close(self) -> None:
        """Release what is held open."""
        ...
