"""The corners of turned text, from its box on the picture."""

from __future__ import annotations

import math

from renderers.picture import Box, Quad

LEVEL = 1.0
"""Text turned by fewer degrees is upright."""
INK_EM = 0.8
"""Height of the ink of a line, in font sizes."""
LINE_EM = 1.1
"""From one line to the next, in font sizes: 1 in ECharts, 1.2 in matplotlib."""


def turned_quad(box: Box, angle: float, size: float, lines: int = 1) -> Quad | None:
    """The corners of a turned text.

    Args:
        box: around the text on the picture, in pixels.
        angle: in degrees, counter-clockwise; 0 is upright, 90 is read upwards.
        size: the font size in pixels, from which the height of slanted text follows.
        lines: how many lines it has.

    Returns:
        Its corners around the center of `box`, clockwise from the text's own top left; None for
        upright text.
    """
    angle %= 360
    if min(angle, 360 - angle) < LEVEL:
        return None
    x0, y0, x1, y1 = box
    quarter = round(angle / 90)
    if abs(angle - 90 * quarter) < LEVEL:
        around = (x0, y0, x1, y0, x1, y1, x0, y1)
        first = 8 - 2 * quarter  # turned by a quarter, the text's top left is at the bottom left
        turned: Quad = (*around[first:], *around[:first])  # type: ignore[assignment]
        return turned
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # The length whose box is nearest to the given one: both sides have their share of the height.
    # A single digit may be lower than that; it is not narrower than half of its height.
    both, shares = (x1 - x0) * abs(cos) + (y1 - y0) * abs(sin), 2 * abs(sin * cos)
    high = min((INK_EM + LINE_EM * (lines - 1)) * size, both / (shares + 0.5))
    wide = both - high * shares
    across, down = (wide / 2 * cos, -wide / 2 * sin), (high / 2 * sin, high / 2 * cos)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    corners = [
        (x + a * across[0] + d * down[0], y + a * across[1] + d * down[1])
        for a, d in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    return tuple(place for corner in corners for place in corner)  # type: ignore[return-value]
