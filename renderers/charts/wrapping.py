"""Breaking text into lines and legends into rows, for any way of measuring widths."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

NEVER_FIRST = "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々・"
"""Small kana and marks that do not begin a line."""


def break_lines(
    pieces: Iterable[str], fits: Callable[[str], bool], never_first: Collection[str] = ()
) -> list[str]:
    """Fill lines with unbreakable pieces, as long as `fits` accepts the line.

    A piece wider than a line gets a separate line. Pieces in `never_first` (closing
    punctuation) do not begin a line, even if the line before becomes too long.
    """
    lines = [""]
    for piece in pieces:
        longer = lines[-1] + piece
        if not lines[-1] or piece in never_first or fits(longer.strip()):
            lines[-1] = longer
        else:
            lines.append(piece.lstrip())
    return [line.strip() for line in lines]


def pack_rows(widths: Sequence[float], gap: float, limit: float) -> list[list[int]]:
    """The indices of items of these widths, in rows of at most `limit` with `gap` between items."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, width in enumerate(widths):
        if rows[-1] and used + gap + width > limit:
            rows.append([])
            used = 0.0
        used += width + (gap if rows[-1] else 0)
        rows[-1].append(index)
    return rows
