"""Photographs on pages, of the sources that `negatives` takes, with their licenses."""

from __future__ import annotations

import numpy as np

from renderers.photo import prepare
from renderers.rejected import Rejected
from renderers.web.document import Inset
from vary_data.base.seed import stable_hash
from vary_data.sources.coco import PictureReader, list_pictures
from vary_data.sources.web_pages.contents.content import Content

MIN_WIDTH = 40
"""Pixels of the smallest place for a photograph."""
MAX_CROP = 1.35
"""How much flatter or taller than its place a photograph may be before a part is cut off."""


class Photos:
    """Reads photographs; keeps the last archive open. `unknown` is the license of those without."""

    name = "photo"

    def __init__(self, source: str, split: str | None, unknown: str) -> None:
        """List the photographs.

        Raises:
            SourceError: the source has none.
        """
        self._refs = list_pictures(source, split)
        self._reader = PictureReader()
        self._unknown = unknown or "unknown"

    @property
    def digest(self) -> str:
        """A hash of the names of all photographs."""
        return f"{stable_hash(*(ref.name for ref in self._refs)):016x}"

    def make(self, width: float, ratio: float, rng: np.random.Generator) -> Content | None:
        """A photograph for a place of this many pixels; its middle, if it has another shape.

        Raises:
            Rejected: it cannot be read.
        """
        if width < MIN_WIDTH:
            return None
        ref = self._refs[int(rng.integers(len(self._refs)))]
        side = max(64, round(MAX_CROP * width * max(1.0, ratio)))
        try:
            photo = prepare(self._reader.read(ref), ref.name, side, "png", ref.expected)
        except Rejected as error:
            raise Rejected(error.reason, f"{ref.name}: {error.detail}") from None
        shown = min(max(photo.height / photo.width, ratio / MAX_CROP), ratio * MAX_CROP)
        wide = max(16, round(width))
        inset = Inset(photo.data, f"image/{photo.image_format}", wide, max(16, round(shown * wide)))
        return Content(inset, {"name": ref.name, "license": ref.license or self._unknown})

    def close(self) -> None:
        """Close the archive."""
        self._reader.close()
