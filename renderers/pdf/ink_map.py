"""The ink audit: checks that the picture shows the whole text, and nothing else.

Ink is detected by its edges (steps of brightness between neighboring pixels), which works on
any background. The audit looks for ink under every character, and for ink that no text,
picture or drawing explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from renderers.ink import Mask, any_in_boxes, brightness, find_ink
from renderers.pdf.characters import BoxArray, Line
from renderers.pdf.painted import Painted
from renderers.picture import Box, Pixels

_MOST_UNREAD = 0.001
"""Share of the ink beside the lines of text from which a page has text that was not read."""


@dataclass(frozen=True, slots=True)
class InkReport:
    """Shares, 0 to 1.

    `blank_characters` is the share of characters that were left out because they are not
    shown. `text_ink`, `drawn_ink` and
    `stray_ink` divide the ink: under text, only under pictures and drawings, under none of these.
    """

    blank_characters: float
    text_ink: float
    drawn_ink: float
    stray_ink: float


class InkMap:
    """The positions of ink on rendered pixels `[H, W(, 3)]`; scales are pixels per point."""

    def __init__(self, pixels: Pixels, scale_x: float, scale_y: float) -> None:
        self.gray = brightness(pixels)
        self.ink = find_ink(self.gray)
        self.scale = (scale_x / 2, scale_y / 2)
        """Cells of the map per point."""

    def shows(self, edges: BoxArray) -> Mask:
        """Whether there is ink in each box, `[N]`, with half a cell of padding."""
        left, top, right, bottom = edges.T
        (scale_x, scale_y) = self.scale
        boxes = np.stack((left * scale_x, top * scale_y, right * scale_x, bottom * scale_y), 1)
        return any_in_boxes(self.ink, boxes, padding=0.5)

    def report(
        self,
        lines: Sequence[Line],
        blank: int,
        painted: Painted,
        texts: Sequence[Box] = (),
        backdrop: Pixels | None = None,
        coverage: Pixels | None = None,
    ) -> InkReport:
        """Compare all ink of the page with its lines, pictures and drawings.

        `blank` counts the characters that were left out because they are not shown. `texts` is
        where text is painted: tall brackets reach beyond the boxes of their font. `backdrop` is
        the page without text: its ink is drawn, also where no drawing has a box (patterns,
        shadings). That is not used if `coverage` has text beside the lines: a pattern may be made
        of letters.
        """
        letters = sum([len(line.text) - line.text.count(" ") for line in lines])
        total = int(np.count_nonzero(self.ink))
        other = self.ink.copy()
        self._clear_lines(other, lines)
        for box in texts:
            self._clear(other, box)
        not_text = stray = int(np.count_nonzero(other))
        if not_text:
            for x0, y0, x1, y1 in (*painted.images, *painted.drawings):
                self._clear(other, (x0 - 1, y0 - 1, x1 + 1, y1 + 1))
            if backdrop is not None and coverage is not None:
                unread = find_ink(coverage)
                self._clear_lines(unread, lines)
                if np.count_nonzero(unread) < _MOST_UNREAD * total:
                    other &= ~find_ink(backdrop)
            stray = int(np.count_nonzero(other))
        return InkReport(
            blank_characters=blank / max(1, letters),
            text_ink=(total - not_text) / max(1, total),
            drawn_ink=(not_text - stray) / max(1, total),
            stray_ink=stray / max(1, total),
        )

    def _clear_lines(self, mask: Mask, lines: Sequence[Line]) -> None:
        for line in lines:
            padding = 0.15 * line.size
            x0, y0, x1, y1 = line.box
            self._clear(mask, (x0 - padding, y0 - padding, x1 + padding, y1 + padding))

    def _clear(self, mask: Mask, box: Box) -> None:
        scale_x, scale_y = self.scale
        x0, y0 = max(0, int(box[0] * scale_x)), max(0, int(box[1] * scale_y))
        x1, y1 = int(box[2] * scale_x) + 1, int(box[3] * scale_y) + 1
        if x1 > 0 and y1 > 0:
            mask[y0:y1, x0:x1] = False
