"""Color palettes, and the contrast measures that make text on them readable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

RGB = tuple[float, float, float]
"""Red, green and blue from 0 to 1 (sRGB)."""

MIN_TEXT_CONTRAST = 4.5
"""WCAG ratio of `ink` and `faint` against the background."""
MIN_THIN_CONTRAST = 2.4
"""WCAG ratio of thin strokes, such as arrows, against the plot."""
AGAIN = 0.9
"""Opacity of the ink over colors that are used again, of two rounds half of it."""
CLEARING_STEPS = 8
"""In which a color goes to that of the ink."""
DARK_LUMINANCE = 0.2
"""Backgrounds below this relative luminance are dark."""
LUMINANCE_WEIGHTS = np.array([0.2126, 0.7152, 0.0722])
"""Weights of linear red, green and blue in relative luminance (WCAG 2.2)."""
FLARE = 0.05
"""Stray light that WCAG 2.2 adds to both luminances of a contrast ratio."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colors as `#rrggbb`. `colors` are for series and slices, `ramp` runs from low to high
    for heat maps, `ink` is for titles, `faint` for tick labels and sources, `grid` for lines."""

    name: str
    background: str
    ink: str
    faint: str
    grid: str
    colors: tuple[str, ...]
    ramp: tuple[str, ...]

    @property
    def dark(self) -> bool:
        """Whether the background is dark, so that texts on it are light."""
        return luminance(rgb(self.background)) < DARK_LUMINANCE


def rgb_bytes(color: str) -> tuple[int, int, int]:
    """`#rrggbb` as numbers from 0 to 255."""
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue


def rgb(color: str) -> RGB:
    """`#rrggbb` as numbers from 0 to 1."""
    red, green, blue = rgb_bytes(color)
    return red / 255, green / 255, blue / 255  # 255: the largest byte


def luminance(color: RGB) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue = (_linear(c) for c in color)
    weights = LUMINANCE_WEIGHTS
    return float(weights[0] * red + weights[1] * green + weights[2] * blue)


def pixel_luminance(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Relative luminance `[n]` of pixels `[n, 3]`, WCAG 2.2."""
    return np.asarray(LINEAR[pixels] @ LUMINANCE_WEIGHTS)


def contrast(a: RGB, b: RGB) -> float:
    """WCAG contrast ratio, from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + FLARE) / (low + FLARE)


def contrast_to(
    luminances: npt.NDArray[np.float64], ink_luminance: float
) -> npt.NDArray[np.float64]:
    """WCAG contrast ratios `[n]` of an ink against backgrounds of these luminances `[n]`."""
    low = np.minimum(luminances, ink_luminance)
    return np.asarray((np.maximum(luminances, ink_luminance) + FLARE) / (low + FLARE))


def blend(top: str, below: str, alpha: float) -> str:
    """The color of `top` laid over `below` with this opacity."""
    mixed = (a * alpha + b * (1 - alpha) for a, b in zip(rgb(top), rgb(below), strict=True))
    return "#" + "".join(f"{round(c * 255):02x}" for c in mixed)  # bytes


def readable_on(background: RGB, *inks: str) -> str:
    """The first of `inks` that text can be written in there, or else black or white."""
    for ink in inks:
        if contrast(rgb(ink), background) >= MIN_TEXT_CONTRAST:
            return ink
    return max(("#111111", "#ffffff"), key=lambda ink: contrast(rgb(ink), background))


def enough_colors(colors: Sequence[str], count: int, ink: str) -> tuple[str, ...]:
    """At least so many colors: after the last one they come again, nearer to the ink."""
    rounds = math.ceil(count / len(colors))
    again = (blend(ink, c, AGAIN * turn / rounds) for turn in range(1, rounds) for c in colors)
    return (*colors, *again)


def clear_on(background: str, color: str, ink: str, least: float = MIN_THIN_CONTRAST) -> str:
    """The color, nearer to the ink where thin strokes of it would hardly be seen on the
    background."""
    for step in range(CLEARING_STEPS + 1):
        mixed = blend(ink, color, step / CLEARING_STEPS)
        if contrast(rgb(mixed), rgb(background)) >= least:
            return mixed
    return ink


def on_ramp(colors: Sequence[str], share: float) -> str:
    """The color at `share` (0 to 1) of the way through a ramp."""
    position = min(max(share, 0.0), 1.0) * (len(colors) - 1)
    index = min(int(position), len(colors) - 2)
    return blend(colors[index + 1], colors[index], position - index)


def share_on_ramp(colors: Sequence[str], color: str) -> tuple[float, float]:
    """Where on a ramp (0 to 1) the color nearest to this one is, and the ramp's length in bytes
    of a channel: the largest change of any channel, summed over its parts."""
    wanted = np.array(rgb_bytes(color), float)
    corners = np.array([rgb_bytes(c) for c in colors], float)
    best, share = math.inf, 0.0
    for i, (start, end) in enumerate(pairwise(corners)):
        along = float(np.dot(wanted - start, end - start) / np.dot(end - start, end - start))
        along = min(max(along, 0.0), 1.0)
        distance = float(np.abs(start + along * (end - start) - wanted).max())
        if distance < best:
            best, share = distance, (i + along) / (len(colors) - 1)
    length = float(np.abs(np.diff(corners, axis=0)).max(axis=1).sum())
    return share, length


def _linear(c: float) -> float:
    """Linear light of an sRGB component from 0 to 1 (IEC 61966-2-1, the constants of WCAG 2.2)."""
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # as the standard has them


LINEAR = np.array([_linear(level / 255) for level in range(256)])
"""Linear light by sRGB byte."""


def _palette(
    name: str, background: str, ink: str, faint: str, grid: str, colors: str, ramp: str
) -> Palette:
    return Palette(name, background, ink, faint, grid, tuple(colors.split()), tuple(ramp.split()))


PALETTES: tuple[Palette, ...] = (
    _palette(
        "harbor",
        "#ffffff",
        "#1f2933",
        "#52606d",
        "#d9e2ec",
        "#4292f9 #687205 #b0323f #21cba6 #e7a270 #ed90dd #6d45a8 #8b4f07 #037b60 #12c4e5",
        "#ddf1f9 #5cbbe7 #006590",
    ),
    _palette(
        "orchard",
        "#fffdf8",
        "#2b2118",
        "#6b5b4b",
        "#e9e0d2",
        "#df6840 #3cda8e #007bc8 #b4339c #6f650a #d8affb #dbb95d #2acce5 #408657 #ff759d",
        "#ffe9e9 #ec9c90 #98462a",
    ),
    _palette(
        "slate",
        "#f7f9fb",
        "#1c2733",
        "#556575",
        "#dde4ea",
        "#00658c #f292b6 #979948 #823e3a #3fbbb9 #18643e #91a4e8 #d98d60 #6f4a8e #60500a",
        "#dcf1f9 #55bce4 #00658c",
    ),
    _palette(
        "meadow",
        "#ffffff",
        "#1d2b1f",
        "#566a58",
        "#dfe8df",
        "#449452 #9b3798 #fe9552 #5eb0f8 #e7b4e9 #835b33 #cdc245 #146498 #eb5268 #28ddcd",
        "#ebf0e0 #96bb82 #1c6c31",
    ),
    _palette(
        "candy",
        "#ffffff",
        "#2d2140",
        "#6c5f80",
        "#ebe5f3",
        "#f063ab #51dd80 #1fa4f2 #be7207 #74880c #786edb #4dd0d2 #dcc17e #f89786 #058e6a",
        "#f7eaf6 #df9cc8 #9b3b6c",
    ),
    _palette(
        "print",
        "#ffffff",
        "#000000",
        "#444444",
        "#d0d0d0",
        "#bf0125 #2bcd52 #5799eb #265406 #e9a13e #fa89dc #692ca2 #8c5811 #f6756e #888905",
        "#fee9ec #ee9a9f #9f3f3b",
    ),
    _palette(
        "clay",
        "#faf5ef",
        "#33241c",
        "#705a4d",
        "#e6d9cc",
        "#b55640 #00b9d8 #3a6e29 #cb99e3 #3d5a8d #c1a451 #47be8a #953572 #f29f9d #70541f",
        "#ffe9ea #ed9b95 #9b4330",
    ),
    _palette(
        "lagoon",
        "#f3fafa",
        "#10292e",
        "#4b676c",
        "#d3e6e7",
        "#a76d27 #64c5fa #624692 #46ae68 #f48fb3 #05747c #a83c45 #3c6024 #9892e2 #ccb781",
        "#ddf2ec #53c2b8 #00696c",
    ),
    _palette(
        "festival",
        "#ffffff",
        "#222222",
        "#5c5c5c",
        "#e6e6e6",
        "#e73831 #16d269 #1381e6 #f6b225 #fd64fc #627500 #8354b9 #ae6a14 #d12a79 #aab43d",
        "#ffe9eb #ee9a9a #9d4135",
    ),
    _palette(
        "ledger",
        "#fdfdfb",
        "#22262b",
        "#5d646c",
        "#e2e2dc",
        "#739146 #6d3694 #31b5fd #f48887 #753500 #b895fb #076b81 #ca8a3a #2a5130 #9e0e40",
        "#e0f0fc #73b7ed #0362a0",
    ),
    _palette(
        "midnight",
        "#14181f",
        "#f2f5f9",
        "#aeb9c6",
        "#313a46",
        "#d399f3 #66ab49 #df833b #44d7fb #f8d25a #3c8ff3 #ff818d #08a195 #40ecb5 #a18f2f",
        "#133a42 #0a748f #16bef8",
    ),
    _palette(
        "neon",
        "#0f1020",
        "#ffffff",
        "#b4b6cc",
        "#2c2e48",
        "#fd83f1 #1ff784 #fe9818 #559afb #f37570 #b1b129 #00faf7 #21ae7c #9b85f8 #c4f162",
        "#393145 #825c91 #e398d9",
    ),
    _palette(
        "forest",
        "#16211c",
        "#eef5ef",
        "#a9bcb0",
        "#2f3f37",
        "#73c88b #e268a7 #37a0ee #d69042 #d2c2fe #59e7f5 #e1d474 #fbaaa4 #91924a #219ea6",
        "#2f3824 #4a7543 #6fc287",
    ),
    _palette(
        "cocoa",
        "#241c19",
        "#f8efe8",
        "#c3b1a5",
        "#43362f",
        "#f29d5f #20ead6 #aa86ea #809848 #109dd1 #f76b87 #e7d162 #fac0e9 #449c8e #b1e5a1",
        "#482e29 #995b41 #eaa06c",
    ),
)
"""Each palette's colors were searched for: those that are farthest apart (CIEDE2000) within a range
of lightness and chroma."""
