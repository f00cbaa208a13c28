"""Colors that text can be read in, by the contrast of WCAG 2.1."""

from __future__ import annotations

from benchmarks.styled_pages.sheet import BLACK, Ink

WHITE: Ink = (1.0, 1.0, 1.0)
TEXT_CONTRAST = 4.5
"""Of text and its ground, at least (WCAG 2.1, level AA)."""
FADED_CONTRAST = 3.0
"""Of text that is gray on purpose, such as the sections before and after the current one."""


def contrast(first: Ink, second: Ink) -> float:
    """From 1, for equal colors, to 21, for black and white."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def blended(first: Ink, second: Ink, share: float) -> Ink:
    """The first color with a share of the second, as exact as a page states colors."""
    r, g, b = (round((1 - share) * a + share * c, 2) for a, c in zip(first, second, strict=True))
    return r, g, b


def opposite(ground: Ink) -> Ink:
    """White on a dark ground, black on a light one: one of them always has `TEXT_CONTRAST`."""
    return WHITE if contrast(WHITE, ground) >= TEXT_CONTRAST else BLACK


def readable(ink: Ink, ground: Ink, least: float = TEXT_CONTRAST) -> Ink:
    """The color, or one between it and the opposite of the ground with a contrast of `least`."""
    end = opposite(ground)
    steps = (blended(ink, end, k / 20) for k in range(20))
    return next((step for step in steps if contrast(step, ground) >= least), end)


def _luminance(ink: Ink) -> float:
    r, g, b = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in ink
    )
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
