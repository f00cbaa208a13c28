"""Groups of digits that are not of three."""

from __future__ import annotations

import re

INDIAN_BORDER = re.compile(r"\B(?=(?:\d\d)*\d{3}$)")
"""Where a group of digits ends: three digits from the end, and every two before."""


def indian_groups(whole: str) -> str:
    """A whole number with commas, as they are put in India: 12,34,567."""
    return INDIAN_BORDER.sub(",", whole.replace(",", ""))
