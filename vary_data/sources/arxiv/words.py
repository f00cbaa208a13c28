"""Word lists in source code: one string instead of a hundred quotes."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, cut at white space."""
    return tuple(text.split())
