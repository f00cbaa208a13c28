"""The role of a chart backend: a specification in, an audited drawing and its truth out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from renderers.charts.drawing import Drawing
from renderers.charts.spec import ChartSpec


class BackendError(Exception):
    """What a backend raises besides `Rejected`; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


class BackendDied(BackendError):
    """The program that draws crashed, hung or ran out of memory: open the backend anew."""


class ToolNotFound(BackendError):
    """A program or file that the backend needs is not there."""


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """`truth` is the chart's dict (renderers.charts.truth); `style` says how it was drawn, as
    plain JSON data; `repairs` names what the audit had to mend before it passed."""

    drawing: Drawing
    truth: Mapping[str, Any]
    style: Mapping[str, Any]
    repairs: tuple[str, ...] = ()


class ChartBackend(Protocol):
    """Draws specifications of its types; holds what it needs for that open until `close`."""

    name: str
    """`matplotlib` or `pyecharts`."""

    types: frozenset[str]
    """The catalog's types that this backend draws."""

    def render(self, spec: ChartSpec, rng: np.random.Generator) -> RenderedChart:
        """Sample a style, draw, audit, repair.

        Raises:
            Rejected: no style within reach passes the audit.
        """
        ...

    def close(self) -> None: ...
