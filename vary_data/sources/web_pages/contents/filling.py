"""Puts content of other kinds into a composed page: into its figures, and for its formulas."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from renderers.fonts import Family
from renderers.web.art import DIAGRAMS, PHOTOS
from renderers.web.document import Art, DisplayFormula, Figure, InlineFormula, WebPage
from renderers.web.katex import tex
from vary_data.sources.web_pages.contents.content import Content, Maker
from vary_data.sources.web_pages.contents.formulas import Latex

if TYPE_CHECKING:
    from vary_data.sources.web_pages.contents.photos import Photos

CONTENTS = ("charts", "formulas", "molecules")
FILLED = 0.9
"""Share of the figures that are filled; the others stay drawings."""
OWN_LATEX = 0.6
"""Share of the formulas in whose place comes one that only LaTeX has."""
SCHOOL = ("academic", "textbook", "exam", "worksheet", "slide", "report")
"""Genres with molecules."""

Measure = Callable[[WebPage], Sequence[tuple[float, float]]]
"""Width and height of each figure of a page, in pixels."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A page with its content. `contents` is a list of facts of each picture, as plain data."""

    page: WebPage
    contents: list[dict[str, str]] = field(default_factory=list)


class Contents:
    """Fills pages with content of some kinds, which must be installed; it is opened at once."""

    def __init__(
        self,
        names: Sequence[str],
        lang: str,
        fonts: Sequence[Family] = (),
        photos: Photos | None = None,
    ) -> None:
        self._latex = "formulas" in names
        self._makers: list[Maker] = [photos] if photos else []
        if "charts" in names:
            from vary_data.sources.web_pages.contents.charts import Charts

            self._makers.append(Charts(lang, fonts))
        if "molecules" in names:
            from vary_data.sources.web_pages.contents.molecules import Molecules

            self._makers.append(Molecules())

    def fill(
        self,
        page: WebPage,
        measure: Measure,
        rng: np.random.Generator,
        *,
        keep_formulas: bool = False,
    ) -> Filled:
        """The page with its content; formulas of a document are kept.

        Raises:
            Rejected: the source of a picture cannot be read.
        """
        if self._latex and not keep_formulas:
            page = with_latex(page, rng)
        return with_pictures(page, self._makers, measure, rng)


def open_photos(source: str, split: str | None, unknown_license: str) -> Photos | None:
    """The photographs of a source, if one is given.

    Raises:
        SourceError: it has none.
    """
    if not source:
        return None
    from vary_data.sources.web_pages.contents.photos import Photos

    return Photos(source, split, unknown_license)


def with_latex(page: WebPage, rng: np.random.Generator) -> WebPage:
    """The page with formulas that KaTeX draws in the places of its own."""
    latex = Latex(rng)

    def change(value: Any) -> Any:
        if not isinstance(value, InlineFormula | DisplayFormula):
            return None
        source = value.math.latex
        if rng.random() < OWN_LATEX:
            source = latex.inline() if isinstance(value, InlineFormula) else latex.display()
        return replace(value, math=tex(source))

    return replace(page, blocks=_changed(page.blocks, change))


def with_pictures(
    page: WebPage, makers: Sequence[Maker], measure: Measure, rng: np.random.Generator
) -> Filled:
    """The page with pictures in the places of drawings that are large enough for them.

    Raises:
        Rejected: the source of a picture cannot be read.
    """
    figures = list(_figures(page.blocks))
    if not makers or not figures:
        return Filled(page)
    made: list[Content | None] = []
    contents: list[dict[str, str]] = []
    for figure, (width, _) in zip(figures, measure(page), strict=True):
        content = None
        assert isinstance(figure.art, Art)  # genres compose drawings alone
        if maker := _maker_for(figure.art, page.genre, makers, rng):
            content = maker.make(width, figure.art.ratio, rng)
        made.append(content)
        if maker and content:
            contents.append({"kind": maker.name, **content.facts})
    left = iter(made)

    def change(value: Any) -> Any:
        if not isinstance(value, Figure):
            return None
        content = next(left)
        return value if content is None else replace(value, art=content.inset)

    return Filled(replace(page, blocks=_changed(page.blocks, change)), contents)


def _maker_for(
    art: Art, genre: str, makers: Sequence[Maker], rng: np.random.Generator
) -> Maker | None:
    """What may fill the place of a drawing: photographs go before charts where it is a scene."""
    chance = rng.random()
    if chance > FILLED:
        return None
    known = {maker.name: maker for maker in makers}
    if art.kind in PHOTOS and "photo" in known:
        return known["photo"]
    if art.kind not in (*DIAGRAMS, *PHOTOS):
        return None
    wanted = [name for name in ("chart", "molecule") if name in known]
    if genre not in SCHOOL and "molecule" in wanted:
        wanted.remove("molecule")
    return known[wanted[int(rng.integers(len(wanted)))]] if wanted else None


def _figures(value: Any) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _figures(item)
    elif dataclasses.is_dataclass(value):
        for entry in dataclasses.fields(value):
            yield from _figures(getattr(value, entry.name))


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with the parts that `change` gives another value for; None leaves a part."""
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    new = change(value)
    if new is not None:
        return new
    names = [entry.name for entry in dataclasses.fields(value)]
    return replace(value, **{name: _changed(getattr(value, name), change) for name in names})
