"""Colors of text: names of xcolor, definitions of the document, and mixtures."""

from __future__ import annotations

import re
from collections.abc import Mapping

from renderers.latex.color_tag import Color

_BASE: dict[str, Color] = {
    "black": (0, 0, 0), "red": (254, 0, 0), "green": (0, 200, 0), "blue": (0, 0, 254),
    "cyan": (0, 174, 239), "magenta": (236, 0, 140), "brown": (191, 128, 64),
    "gray": (128, 128, 128),
    "darkgray": (64, 64, 64), "olive": (128, 128, 0), "orange": (254, 128, 0),
    "purple": (191, 0, 64), "teal": (0, 128, 128), "violet": (128, 0, 128),
}  # fmt: skip
_DEFINITION = re.compile(
    r"\\(?:definecolor|providecolor)\s*\{([^{}]*)\}\s*\{(rgb|RGB|HTML|gray)\}\s*\{([^{}]*)\}"
)
_MAX_BRIGHTNESS = 165
"""Lighter colors are hard to read on white paper; such text is printed in the usual color."""


def read_colors(source: str) -> dict[str, Color]:
    """Colors by name, of xcolor and of the definitions in a source."""
    found = dict(_BASE)
    for name, model, value in _DEFINITION.findall(source):
        color = _value(model, value)
        if color is not None:
            found[name.strip()] = color
    return found


def color_of(colors: Mapping[str, Color], model: str | None, name: str) -> Color | None:
    """The color of `\\textcolor[model]{name}`; None for one that is unknown, black or too light.

    Of a mixture such as `blue!60!black`, the first color counts in full.
    """
    name = name.strip()
    color = _value(model, name) if model else colors.get(name.split("!")[0])
    if color is None:
        color = colors.get(name.split("!")[0].lower())
    if color is None or color == _BASE["black"]:
        return None
    red, green, blue = color
    return color if 0.3 * red + 0.59 * green + 0.11 * blue <= _MAX_BRIGHTNESS else None


def _value(model: str, value: str) -> Color | None:
    try:
        if model == "HTML":
            number = int(value.strip(), 16)
            return _bounded(number >> 16 & 255, number >> 8 & 255, number & 255)
        parts = [float(part) for part in value.split(",")]
    except ValueError:
        return None
    if model == "gray" and len(parts) == 1:
        parts = parts * 3
    if len(parts) != 3:
        return None
    scale = 1.0 if model == "RGB" else 255.0
    return _bounded(*(part * scale for part in parts))


def _bounded(red: float, green: float, blue: float) -> Color:
    """A color tag needs levels below 255."""
    low = [max(0, min(int(level), 254)) for level in (red, green, blue)]
    return (low[0], low[1], low[2])
