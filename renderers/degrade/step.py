"""What a step of a profile is: its stage, its parameters, and the function that applies it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
"""`[height, width, 3]` RGB or `[height, width]` gray, from 0 to 255."""
Points = npt.NDArray[np.float64]
"""`[n, 2]`: x, y in pixels; (0, 0) is the corner of the first pixel, not its center."""
Boxes = npt.NDArray[np.float64]
"""`[n, 4]`: x0, y0, x1, y1 in pixels."""
Values = Mapping[str, Any]
"""The drawn parameters of a step: numbers, and strings of choices."""
Streams = Callable[[str], np.random.Generator]
"""A new random generator for each name; the same name always gives the same numbers."""


class Stage(IntEnum):
    """When a step is applied. Within a stage the order of the profile counts."""

    PAPER = 0
    """On the sheet, before it is bent and photographed."""
    GEOMETRY = 1
    LIGHT = 2
    CAMERA = 3
    FILE = 4


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric parameter, drawn evenly from a range.

    `neutral` is the value that has no effect: a strength below 1 moves the drawn value toward it.
    None means that the strength does not change the value.
    """

    default: tuple[float, float]
    least: float
    greatest: float
    neutral: float | None = None
    signed: bool = False
    """Whether the value gets a random sign."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A parameter that is one of several names; a profile lists those to choose from."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """A parameter that is the path of a folder; empty for none."""


Parameter = Number | Choice | Folder


Back = Callable[[], npt.NDArray[np.uint8] | None]
"""Gives the page on the other side of the sheet, gray [h, w]; None if it is not known."""


def no_back() -> None:
    """The `Back` of a page whose other side is not known."""


@dataclass(frozen=True, slots=True)
class Surface:
    """The picture that a step changes, and where its text is.

    `unit` is the median height of the text in pixels, in which lengths are given, so that a blur
    of 0.1 is equally strong on large and small pictures. `boxes` is [n, 4]. `back` is called only
    by a step that needs the other side, which takes time to read.
    """

    pixels: Image
    boxes: Boxes
    unit: float
    back: Back = no_back


Apply = Callable[[Surface, Values, np.random.Generator], Image]
"""Changes the pixels of a surface; it must not write into the given array."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: `apply` is an `Apply`, for geometric ones a `renderers.degrade.warp.Build`."""

    stage: Stage
    apply: Callable[..., Any]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@cache
def step_names() -> tuple[str, ...]:
    """The names of all steps: the modules in `renderers/degrade/steps`."""
    package = importlib.import_module("renderers.degrade.steps")
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.__path__)))


@cache
def find_step(name: str) -> Step:
    """The step of this name, one of `step_names()`."""
    step: Step = importlib.import_module(f"renderers.degrade.steps.{name}").STEP
    return step
