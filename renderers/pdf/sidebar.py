"""Long lines along the edge of a page ("Downloaded from …", the stamp of a preprint server)."""

from __future__ import annotations

import numpy as np

from renderers.pdf.characters import PageCharacters
from renderers.pdf.line_parts import keep, starts_of

_MOST_BESIDE = 0.3
"""Length of all such lines, in that of the body, from which they are a page of their own: a table
that is set sideways below a horizontal header."""
_OUTLIERS = 2.0
"""Percent of the body's characters that may reach further out than its edges."""


def without_sidebars(found: PageCharacters, most: int) -> PageCharacters:
    """The page without vertical lines beside its body, if these have more than `most` characters.

    Shorter ones (a label, a short stamp) stay, as the last lines of the text.
    """
    flat = np.array([line.horizontal for line in found.lines], np.bool_)
    lengths = np.array([len(line.text) for line in found.lines])
    if flat.all() or not flat.any() or lengths[~flat].sum() <= most:
        return found
    starts = starts_of(found.lines)
    owners = np.searchsorted(starts, np.arange(len(found.edges)), side="right") - 1
    body = found.edges[flat[owners]]
    left = np.percentile(body[:, 0], _OUTLIERS)
    right = np.percentile(body[:, 2], 100 - _OUTLIERS)
    beside = np.array(
        [
            not line.horizontal and (line.box[2] <= left or line.box[0] >= right)
            for line in found.lines
        ],
        np.bool_,
    )
    if lengths[beside].sum() > _MOST_BESIDE * lengths[flat].sum():
        return found
    return keep(found, ~beside[owners])
