"""Bounds on the work that one document may cause."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DIGITS = 9
"""Of a number in a source; the largest number of TeX has ten."""


@dataclass(frozen=True, slots=True)
class ExtractionLimits:
    """Upper bounds; a document that exceeds one is rejected, never silently truncated."""

    input_bytes: int = 200_000_000
    """Size of the archive, or of a single file."""
    members: int = 5_000
    """Names in an archive or folder."""
    bundle_members: int = 100_000
    """Archives and other files in a bundle of papers."""
    unpacked_bytes: int = 2_000_000_000
    """Everything that is decompressed, figures included, whether it is kept or not."""
    ratio: int = 300
    """Unpacked over packed size, once more than 20 MB have been unpacked."""
    text_bytes: int = 20_000_000
    """Text files in memory, together."""
    file_bytes: int = 5_000_000
    """One text file."""
    picture_bytes: int = 20_000_000
    """One file of a figure."""
    pictures_bytes: int = 200_000_000
    """Files of figures in memory, together."""
    picture_seconds: float = 30.0
    """Converting the figures of one document."""
    figure_panels: int = 12
    """Pictures in one figure."""
    inputs: int = 500
    """How often `\\input` and similar commands may open a file."""
    input_depth: int = 20
    tokens: int = 3_000_000
    """Tokens that macros and files may put into the stream."""
    expansions: int = 300_000
    """Macro calls."""
    nesting: int = 60
    """Groups and environments inside one another where blocks are made."""


def is_number(text: str) -> bool:
    """Whether a text is a number that TeX can count to; Python refuses to read very long ones."""
    text = text.strip()
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
