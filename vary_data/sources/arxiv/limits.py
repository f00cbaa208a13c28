"""How much work one document may cause."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractionLimits:
    """Upper bounds; a document that passes one is refused, never cut short without a word."""

    input_bytes: int = 200_000_000
    """The archive, or one file, as it lies on disk."""
    members: int = 5_000
    """Names in an archive or folder."""
    unpacked_bytes: int = 2_000_000_000
    """All that is decompressed, kept or not: figures are decompressed too, on the way by."""
    ratio: int = 300
    """Unpacked over packed size, once more than 20 MB have been unpacked."""
    text_bytes: int = 20_000_000
    """Text files that are kept in memory, together."""
    file_bytes: int = 5_000_000
    """One text file."""
    inputs: int = 500
    """How often `\\input` and its kin may open a file."""
    input_depth: int = 20
    tokens: int = 3_000_000
    """Tokens that macros and files may put into the stream."""
    expansions: int = 300_000
    """Macro calls."""
    nesting: int = 60
    """Groups and environments inside one another where blocks are made."""
