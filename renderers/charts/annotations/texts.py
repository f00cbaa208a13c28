"""Texts around the plot: subtitles, paragraphs, footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from renderers.charts.annotations.annotation import Note
from renderers.charts.drawing import Drawing, Path, Scale
from renderers.charts.flaw import Flaw
from renderers.charts.spec import ChartSpec


class _Text:
    """A text without a shape."""

    __slots__ = ()
    kind: ClassVar[str]
    role: ClassVar[str] = "note"
    text: str

    def notes(self, spec: ChartSpec) -> tuple[Note, ...]:
        return (Note((self.kind,), self.text, self.role),)

    def truth(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Any:
        return self.text

    def steps(self, spec: ChartSpec, scales: Mapping[str, Scale]) -> Mapping[Path, str]:
        return {}

    def flaws(self, spec: ChartSpec, drawing: Drawing) -> Iterator[Flaw]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Subtitle(_Text):
    """A line below the title."""

    kind: ClassVar[str] = "subtitle"
    role: ClassVar[str] = "subtitle"
    text: str


@dataclass(frozen=True, slots=True)
class TextBlock(_Text):
    """A paragraph below the title."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class Footnote(_Text):
    """A note above the source line."""

    kind: ClassVar[str] = "footnote"
    text: str
