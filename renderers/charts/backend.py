"""The role of a chart backend: a specification in, an audited drawing and its truth out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from renderers.charts.drawing import Drawing
from renderers.charts.spec import ChartSpec


class BackendError(Exception):
    """A backend failed for another reason than the chart; `hint` is what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


class BackendDied(BackendError):
    """The program that draws crashed, hung or ran out of memory: open a new backend."""


class ToolNotFound(BackendError):
    """A program or file that the backend needs is not there."""


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """`truth` is the chart's dict (renderers.charts.truth); `style` is how it was drawn, as
    plain JSON data; `repairs` are the names of the repairs before it passed the audit; `links`
    say which regions show each value (renderers.charts.links)."""

    drawing: Drawing
    truth: Mapping[str, Any]
    style: Mapping[str, Any]
    repairs: tuple[str, ...] = ()
    links: tuple[Mapping[str, Any], ...] = ()


class ChartBackend(Protocol):
    """Draws specifications of its types; holds what it needs for that open until `close`."""

    name: str
    """`matplotlib` or `pyecharts`."""

    types: frozenset[str]
    """The catalog's types that this backend draws."""

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            Rejected: no repair makes the chart pass the audit.
        """
        ...

    def close(self) -> None:
        """Release what is held open."""
        ...
