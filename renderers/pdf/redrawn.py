"""Whether another rasterizer draws the text that MuPDF draws.

The text of a page is read from MuPDF's display list and compared with MuPDF's picture. Where the
picture comes from another program, this may differ: it evaluates optional content, boxes of the
page and damaged fonts in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from renderers.ink import Mask, box_sums, find_ink
from renderers.pdf.characters import Line, as_array
from renderers.picture import Pixels
from renderers.rejected import Rejected

MOST_LOST = 0.02
"""Share of the ink of all lines that may be elsewhere. On 90 pages of Debian's documentation that
poppler drew, it was at most 0.0002."""
MOST_LOST_OF_LINE = 0.2
"""The same of one line: at most 0.01 there."""


def check_redrawn(
    ink: Mask, gray: Pixels, lines: Sequence[Line], scale_x: float, scale_y: float
) -> None:
    """Compare the ink of the other program, `[H // 2, W // 2]`, with MuPDF's gray picture.

    The scales are pixels per point. Ink may be one cell of 2 by 2 pixels away.

    Raises:
        Rejected: `drawn-otherwise`, the other picture lacks ink of the lines.
    """
    own = find_ink(gray)
    lost = own & ~_spread(ink)
    boxes = as_array([line.box for line in lines]) * (scale_x, scale_y, scale_x, scale_y) / 2
    inks, losts = box_sums(own, boxes), box_sums(lost, boxes)
    share = losts.sum() / max(1, inks.sum())
    if share > MOST_LOST:
        raise Rejected("drawn-otherwise", f"{share:.0%} of the ink of the text is elsewhere")
    (missing,) = np.nonzero(losts > MOST_LOST_OF_LINE * inks)
    if len(missing):
        text = lines[int(missing[0])].text
        raise Rejected("drawn-otherwise", f"{len(missing)} lines are not drawn: {text[:60]!r}")


def _spread(ink: Mask) -> Mask:
    """The cells with ink, and their eight neighbors."""
    wide = ink.copy()
    wide[:, 1:] |= ink[:, :-1]
    wide[:, :-1] |= ink[:, 1:]
    spread = wide.copy()
    spread[1:] |= wide[:-1]
    spread[:-1] |= wide[1:]
    return spread
