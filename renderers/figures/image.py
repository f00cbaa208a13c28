"""A figure's picture as it is placed on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FigureImage:
    """An encoded picture of `width` and `height` pixels; not `colored` if it is only gray."""

    data: bytes
    format: Literal["png", "jpeg"]
    width: int
    height: int
    colored: bool
