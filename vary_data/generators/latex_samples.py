"""Samples of a typeset page: the page itself, and crops of its tables and formulas."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vary_data.base.seed import TaskSeed
from vary_data.engine.generator import Task
from vary_data.engine.sample import Sample
from vary_data.generators import prompts

if TYPE_CHECKING:
    import numpy as np

    from renderers.latex.pages import VerifiedPage
    from renderers.latex.style import PageStyle
    from renderers.latex.template import Template
    from renderers.picture import Picture
    from vary_data.engine.recipe import Recipe


@dataclass(frozen=True, slots=True)
class PageSampleBuilder:
    """Builds the samples of one page, which share all but picture and text."""

    recipe: Recipe
    task: Task
    seed: TaskSeed
    lang: str
    template: Template
    style: PageStyle
    page: VerifiedPage
    rng: np.random.Generator
    name: str
    license: str
    dropped: Mapping[str, int]
    """What is left out of the page: counts by kind and reason."""

    def sample(self, part: str, picture: Picture, markdown: str, kind: str) -> Sample:
        """A sample of the page; `part` distinguishes its id from those of the page's others."""
        from renderers.picture import encode

        return Sample(
            id=f"{self.task.key}#{part}",
            image=encode(picture.pixels, self.recipe.image_format),  # type: ignore[arg-type]
            image_format=self.recipe.image_format,  # type: ignore[arg-type]
            width=picture.width,
            height=picture.height,
            text=markdown,
            prompt=prompts.pick(self.rng, "mmd", self.lang),
            kind=kind,
            format="mmd",
            lang=self.lang,
            doc_id=self.task.doc_id,
            source=self.name,
            license=self.license,
            renderer="pdflatex",
            template=self.template.name,
            seed=self.seed.value,
            regions=picture.regions,
            meta=self._meta(),
        )

    def _meta(self) -> Mapping[str, Any]:
        counts: dict[str, int] = {}
        for block in self.page.blocks:
            name = type(block).__name__.removesuffix("Block").lower()
            counts[name] = counts.get(name, 0) + 1
        style = dataclasses.asdict(self.style)
        meta = {"page": self.page.number, "blocks": counts, "style": style}
        if self.dropped:
            meta["dropped"] = self.dropped
        return meta


def dropped_from(
    page: VerifiedPage, losses: Sequence[tuple[int, str]], page_end: tuple[int, int]
) -> dict[str, int]:
    """What is left out of a page, by kind and reason.

    `losses` are the places in the document where something is missing, each the number of blocks
    before it; `page_end` is the number of the page before, and the first place after it.
    """
    if not page.places:
        return {}
    number, end = page_end
    first = end if number == page.number - 1 else min(page.places)
    last = max(page.places) + 1
    here = [what for place, what in losses if first <= place <= last]
    return dict(sorted(Counter(here).items()))
