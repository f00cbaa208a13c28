"""Color tags: every glyph of a page carries the number of the atom that it belongs to.

A fill color in PDF is a real number, a pixel is a byte. Adding less than half of 1/255 to a
color changes no pixel, and the character list of the PDF page still reports the exact value.
So each atom of a document (a run of text, a formula, a label) is printed in another shade of the
same visible color, and which glyph of which page belongs to which atom is read from the PDF
itself, with no matching of texts. TeX's color stack keeps the shade over lines, columns and
pages like any color.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

LEVELS = 196
"""Shades per channel: the base of the digits of a number."""
STEP = 400 * 255
"""A shade is `n / STEP` above the visible color: at most 0.49 of one level of 255."""

CAPACITY = LEVELS**3

Color = tuple[int, int, int]
"""Red, green, blue from 0 to 254 (255 leaves no room for a shade)."""

BLACK: Color = (0, 0, 0)


def encode(number: int, color: Color = BLACK) -> str:
    """The PDF operator that sets `color` with `number` encoded in it.

    Raises:
        ValueError: `number` is not below `CAPACITY`.
    """
    if not 0 <= number < CAPACITY:
        raise ValueError(f"a color tag must be between 0 and {CAPACITY - 1}, not {number}")
    digits = (number // LEVELS**2, number // LEVELS % LEVELS, number % LEVELS)
    shades = (_shade(base, digit) for base, digit in zip(color, digits, strict=True))
    return " ".join(shades) + " rg"


def decode(color: Sequence[float]) -> int:
    """The number encoded in a color as a PDF reader reports it; 0 for plain black or gray."""
    if len(color) != 3:
        return 0
    number = 0
    for value in color:
        above = round((value - int(value * 255 + 0.01) / 255) * STEP)
        number = number * LEVELS + min(max(above, 0), LEVELS - 1)
    return number


@lru_cache(maxsize=8 * LEVELS)
def _shade(base: int, digit: int) -> str:
    value = min(base, 254) / 255 + digit / STEP
    return f"{value:.7f}".rstrip("0").rstrip(".") or "0"
