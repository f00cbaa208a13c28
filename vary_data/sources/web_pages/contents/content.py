"""What fills the place of a figure, and the role of those that make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from renderers.web.document import Inset


@dataclass(frozen=True, slots=True)
class Content:
    """A picture for a page; `facts` are what its row says of it, such as a license."""

    inset: Inset
    facts: Mapping[str, str] = field(default_factory=dict)


class Maker(Protocol):
    """Makes pictures of one kind."""

    name: str
    """`chart`, `molecule` or `photo`."""

    def make(self, width: float, ratio: float, rng: np.random.Generator) -> Content | None:
        """A picture for a place this many pixels wide, its height by its width; None if none fits.

        Raises:
            Rejected: the source of the picture cannot be read.
        """
        ...
