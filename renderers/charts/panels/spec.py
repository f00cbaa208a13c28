"""A figure of several charts: a frozen value that holds their specifications unchanged."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.charts.spec import ChartSpec

PANELS = "panels"
"""The type of such a figure in a sample, and the key of its charts in the truth."""
MIN_PANELS, MAX_PANELS = 2, 9


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart of a figure. It goes by its `letter` as printed (`a`, `(a)`, …), or by its title
    where it has none."""

    spec: ChartSpec
    letter: str = ""

    @property
    def name(self) -> str:
        """Its key in the truth."""
        return self.letter or self.spec.title or ""


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """Two to nine charts with a common title and source.

    `shared`: all have the same range of values on their value axis, which is linear. `inset`: there
    are two, and the second lies inside the plot of the first.

    Raises:
        ValueError: the number of panels is wrong, two have one name or none, or the axes are such
            that no range suits all.
    """

    lang: str
    panels: tuple[Panel, ...]
    title: str | None = None
    source: str | None = None
    shared: bool = False
    inset: bool = False

    def __post_init__(self) -> None:
        names = [panel.name for panel in self.panels]
        if not MIN_PANELS <= len(names) <= MAX_PANELS or (self.inset and len(names) != MIN_PANELS):
            raise ValueError(f"a figure has no {len(names)} panels")
        if not all(names) or len(set(names)) < len(names):
            raise ValueError(f"the names of panels are not distinct: {', '.join(names)}")
        axes = [panel.spec.axis for panel in self.panels]
        if self.shared and any(axis.kind != "linear" or axis.truncated for axis in axes):
            raise ValueError("panels with one range of values need linear axes from zero")

    @property
    def type(self) -> str:
        """What a sample records as its type."""
        return PANELS
